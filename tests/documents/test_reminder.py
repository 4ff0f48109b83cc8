"""催报: the group text and the letter."""

from __future__ import annotations

import io
from datetime import date

import pytest
from docx import Document

from guatu.documents.month import JudgedMonth
from guatu.documents.reminder import (
    NothingToRemind,
    group_text,
    letter_rows,
    units_to_remind,
    write_letter_docx,
)
from tests.documents.cast import month, silent, summary

DAY = date(2023, 10, 13)


def with_silent(*rows: dict[str, object]) -> JudgedMonth:
    return month(summary=summary() | {"silent": list(rows)})


def test_the_group_text_names_due_day_counties_units_and_days() -> None:
    lines = group_text(month(), DAY).split("\n")
    assert lines[0] == "【月报提醒】截至10月13日，2023年9月月报还有2个项目未报（应于10月5日前报送）："
    assert lines[1] == "北山县（1个）"
    assert lines[2] == "1. 北山县污水处理厂扩容工程，北山县水务局，已过应报日5个工作日"
    assert lines[-1] == "澜江市重点建设项目领导小组办公室，2023年10月13日"


def test_projects_of_one_county_stand_together() -> None:
    text = group_text(with_silent(silent(1, "北山县"), silent(2, "河阳县"), silent(3, "北山县")), DAY)
    assert text.index("北山县（2个）") < text.index("河阳县（1个）")
    assert text.count("北山县（") == 1


def test_before_the_due_day_nothing_is_said_to_be_late() -> None:
    assert "已过" not in group_text(with_silent(silent(1, "北山县", working_days_late=0)), date(2023, 10, 4))


def test_when_all_have_reported_the_text_says_so() -> None:
    assert group_text(with_silent(), DAY) == "2023年9月月报已全部报送。"


def test_a_letter_lists_all_silent_projects_of_the_unit_and_no_others() -> None:
    of = with_silent(
        silent(1, "北山县", unit="北山县水务局"),
        silent(2, "河阳县"),
        silent(3, "北山县", unit="北山县水务局"),
    )
    stream = io.BytesIO()
    write_letter_docx(of, of.silent[0]["project"], stream, day=DAY)
    stream.seek(0)
    paper = Document(stream)
    names = [row.cells[2].text for row in paper.tables[0].rows[1:]]
    assert names == ["北山县污水处理厂扩容工程", "北山县环湖公路改建工程"]
    texts = [paragraph.text for paragraph in paper.paragraphs]
    assert "北山县水务局：" in texts
    assert any("2个项目的2023年9月月报" in text for text in texts)
    assert "2023年10月13日" in texts


def test_a_letter_can_be_asked_for_by_the_unit() -> None:
    assert [row["county"] for row in letter_rows(month(), "桐川满族自治县水务局")] == ["桐川满族自治县"]


def test_the_units_to_remind_are_named_once() -> None:
    of = with_silent(
        silent(1, "北山县", unit="甲局"), silent(2, "北山县", unit="乙局"), silent(3, "北山县", unit="甲局")
    )
    assert units_to_remind(of) == ["甲局", "乙局"]


def test_a_project_without_any_unit_is_written_about_alone() -> None:
    bare = silent(1, "北山县", responsible_unit=None, lead_department=None)
    other = silent(2, "北山县", responsible_unit=None, lead_department=None)
    assert letter_rows(with_silent(bare, other), bare["project"]) == [bare]


def test_no_letter_is_written_where_nothing_is_missing() -> None:
    with pytest.raises(NothingToRemind, match="河阳县水务局没有未报"):
        write_letter_docx(month(), "河阳县水务局", io.BytesIO())


def test_a_letter_is_a_draft_until_it_is_signed() -> None:
    def text(signed_by: str | None) -> str:
        stream = io.BytesIO()
        write_letter_docx(month(), "北山县水务局", stream, signed_by=signed_by)
        stream.seek(0)
        return "\n".join(paragraph.text for paragraph in Document(stream).paragraphs)

    assert "未经签发" in text(None)
    assert "未经签发" not in text("王某")
