"""What a bulletin criticises: red lights, missing and late reports, missed starts. Only what the figures show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from guatu.documents.figures import (
    NONE,
    bases_text,
    basis_text,
    level_names,
    light_word,
    measured,
    short_day,
    with_unit,
)
from guatu.documents.month import Basis, JudgedMonth
from guatu.documents.paper import Block, Heading, Paragraph
from guatu.documents.wording import gettext as _
from guatu.values import Period

NAMED_IN_TEXT = 12
"""Up to so many projects are named in the text; more are counted by county, and listed at the end."""


def criticism(month: JudgedMonth) -> list[Block]:
    """The parts that have something to say, each under its heading. Empty when there is nothing."""
    blocks: list[Block] = []
    for title, texts in (
        (_red_title(month), _red(month)),
        (_("未报和迟报"), _reports(month)),
        (_("未按期开工"), _starts(month)),
    ):
        if texts:
            blocks.append(Heading(title, 2))
            blocks.extend(Paragraph(text) for text in texts)
    return blocks


def lights_basis(lights: Iterable[dict[str, Any]]) -> str:
    """The clauses of these lights; a threshold that the place chose itself is said to be so."""
    return bases_text(
        Basis(str(light.get("clause") or ""), bool((light.get("threshold") or {}).get("local_choice")))
        for light in lights
    )


def with_county(row: dict[str, Any]) -> str:
    """A project by name, with its county unless the name begins with it."""
    name, county = str(row["name"]), str(row.get("county") or "")
    return f"{name}（{county}）" if county and not name.startswith(county) else name


def by_county(rows: Iterable[dict[str, Any]]) -> str:
    """How many in each county, the most first: 云溪县12个、青石县9个."""
    counts = Counter(str(row.get("county") or _("未注明县（市、区）")) for row in rows)
    return "、".join(
        _("{county}{count}个").format(county=county, count=n) for county, n in counts.most_common()
    )


def _red_title(month: JudgedMonth) -> str:
    return _("{light}项目").format(light=light_word(level_names(month.lights)["red"]))


def _red(month: JudgedMonth) -> list[str]:
    red = month.lit("red")
    if not red:
        return []
    light = light_word(level_names(month.lights)["red"])
    count, basis = len({row["project"] for row in red}), lights_basis(red)
    if len(red) > NAMED_IN_TEXT:
        return [
            _("亮{light}的项目{count}个{basis}：{counties}。名单和数值见附件1。").format(
                light=light,
                count=count,
                basis=basis,
                counties=by_county({row["project"]: row for row in red}.values()),
            )
        ]
    head = _("亮{light}的项目{count}个{basis}：").format(light=light, count=count, basis=basis)
    if len(red) == 1:
        return [f"{head}{_red_words(red[0])}。"]
    return [head, *(f"{index}.{_red_words(row)}。" for index, row in enumerate(red, 1))]


def _red_words(row: dict[str, Any]) -> str:
    words = f"{with_county(row)}{measured(row)}"
    if (row.get("streak") or 0) > 1:
        words += _("，连续{months}个月").format(months=row["streak"])
    without = row.get("without_questioned") or {}
    if without.get("level") not in (None, row["level"]):
        words += _("（依据的数字待核；不计待核数字为{measure}，不亮{light}）").format(
            measure=with_unit(without.get("measure"), row.get("unit")),
            light=light_word(str(row["level_name"])),
        )
    elif without and without.get("measure") != row.get("measure"):
        words += _("（依据的数字待核；不计待核数字为{measure}）").format(
            measure=with_unit(without.get("measure"), row.get("unit"))
        )
    return words


def _reports(month: JudgedMonth) -> list[str]:
    texts = []
    number = month.period.month
    if month.silent:
        texts.append(
            _("未报送{month}月月报的项目{count}个{basis}：").format(
                month=number, count=len(month.silent), basis=basis_text(month.papers.bases.get("silent"))
            )
            + _named_or_counted(month.silent, [_silent_words(row) for row in month.silent])
        )
    if month.late:
        texts.append(
            _("迟报{month}月月报的项目{count}个{basis}：").format(
                month=number, count=len(month.late), basis=basis_text(month.papers.bases.get("late"))
            )
            + _named_or_counted(month.late, [_late_words(row) for row in month.late])
        )
    return texts


def _named_or_counted(rows: list[dict[str, Any]], words: list[str]) -> str:
    if len(rows) > NAMED_IN_TEXT:
        return by_county(rows) + _("。名单见附件。")
    return "；".join(words) + "。"


def _silent_words(row: dict[str, Any]) -> str:
    parts = [_("{unit}负责").format(unit=row["responsible_unit"])] if row.get("responsible_unit") else []
    if (row.get("times") or 0) > 1:
        parts.append(_("本年第{times}次未报").format(times=row["times"]))
    return with_county(row) + "".join(f"，{part}" for part in parts)


def _late_words(row: dict[str, Any]) -> str:
    return _("{project}{day}报送，迟{days}个工作日").format(
        project=with_county(row), day=short_day(row.get("handed_in")), days=row.get("working_days_late", NONE)
    )


def _starts(month: JudgedMonth) -> list[str]:
    rows = month.missed_starts
    if not rows:
        return []
    basis = basis_text(month.papers.bases.get("starts"))
    head = _("到{month}月底应开工而未开工的项目{count}个{basis}：").format(
        month=month.period.month, count=len(rows), basis=basis
    )
    return [head + _named_or_counted(rows, [_start_words(row) for row in rows])]


def _start_words(row: dict[str, Any]) -> str:
    planned = row.get("planned_start")
    if not planned:
        return with_county(row)
    return _("{project}计划{month}开工").format(
        project=with_county(row), month=Period.parse(str(planned)[:7]).label
    )
