"""A bulletin goes to the page and comes back: words may change, figures in tables may not."""

from __future__ import annotations

import json

import pytest

from guatu.documents.bulletin import compose_bulletin
from guatu.documents.paper import Bulletin, Table
from tests.documents.cast import month


def test_a_bulletin_survives_json() -> None:
    bulletin = compose_bulletin(month(), signed_by="王某", number="12")
    assert Bulletin.from_json(json.loads(json.dumps(bulletin.as_json()))) == bulletin


def test_a_rewritten_paragraph_changes_that_paragraph_only() -> None:
    bulletin = compose_bulletin(month())
    changed = bulletin.edited({"text.0": "截至9月底，  情况如下。"})
    assert changed.texts()["text.0"] == "截至9月底， 情况如下。"
    assert changed.blocks[1:] == bulletin.blocks[1:]


def test_an_emptied_paragraph_is_left_out() -> None:
    bulletin = compose_bulletin(month())
    assert len(bulletin.edited({"text.0": "  "}).blocks) == len(bulletin.blocks) - 1


def test_a_note_of_an_attachment_can_be_rewritten() -> None:
    changed = compose_bulletin(month()).edited({"attachment.1.1": "注：按本市预警线。"})
    assert changed.texts()["attachment.1.1"] == "注：按本市预警线。"


def test_a_table_cannot_be_edited() -> None:
    bulletin = compose_bulletin(month())
    index = next(i for i, block in enumerate(bulletin.blocks) if isinstance(block, Table))
    with pytest.raises(ValueError, match="表格中的数字不能修改"):
        bulletin.edited({f"text.{index}": "1"})


def test_a_missing_key_is_named() -> None:
    data = compose_bulletin(month()).as_json()
    del data["agency"]
    with pytest.raises(ValueError, match="agency"):
        Bulletin.from_json(data)


def test_a_row_with_a_cell_too_few_is_refused() -> None:
    data = compose_bulletin(month()).as_json()
    table = next(block for block in data["blocks"] if block["kind"] == "table")
    table["rows"][2].pop()
    with pytest.raises(ValueError, match="第3行有7格，应有8格"):
        Bulletin.from_json(data)


def test_an_unknown_kind_of_block_is_named() -> None:
    data = compose_bulletin(month()).as_json()
    data["blocks"][0]["kind"] = "picture"
    with pytest.raises(ValueError, match="picture"):
        Bulletin.from_json(data)
