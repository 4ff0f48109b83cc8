"""What a bulletin leaves out: sheets that are no cells, and a scheme's figures about another ledger."""

from __future__ import annotations

from typing import Any

from guatu.documents.data_notes import data_notes, questioned
from guatu.documents.paper import Paragraph
from tests.documents.cast import finding, month, summary


def texts(**changes: Any) -> list[str]:
    return [block.text for block in data_notes(month(**changes)) if isinstance(block, Paragraph)]


def test_a_sheet_without_a_table_is_no_questioned_figure() -> None:
    sheet = finding("no_table", "", 0, "填报说明", "表头") | {"project": None, "row": None, "period": None}
    assert questioned(month(findings=[sheet])) == []


def test_more_contradictions_than_fit_are_one_sentence_with_their_number() -> None:
    each = {"id": "x", "clause": "澜江 二", "message": "项目数：方案印 73，台账为 8。"}
    said = texts(summary=summary() | {"contradictions": [each] * 34})
    assert [text for text in said if "34处" in text and "数据文件" in text]
    assert not [text for text in said if "方案印 73" in text]
    assert (
        len([text for text in texts(summary=summary() | {"contradictions": [each] * 3}) if "73" in text]) == 3
    )
