"""催报: the silent as text for a chat group, and as a letter to the unit that answers for them.

Short and without accusation: what is missing, until when it was due, how to hand it in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import IO, Any

from guatu.documents.docx import add, add_block, describe, letter_head, signature, title
from guatu.documents.figures import NONE, basis_text, day_text, short_day
from guatu.documents.month import JudgedMonth
from guatu.documents.page_layout import STYLE_BODY, STYLE_RECIPIENTS, new_paper
from guatu.documents.paper import Column, Table
from guatu.documents.wording import gettext as _
from guatu.values import date_text


class NothingToRemind(ValueError):
    """The project or unit named has no missing report; the message says so."""


def group_text(month: JudgedMonth, day: date) -> str:
    """The silent of the month, county by county, as plain text sent on `day`.

    Working days late are counted to the last day of what was known, which the text names. When
    nothing is missing it says so in one line.
    """
    label = month.period.label
    if not month.silent:
        return _("{month}月报已全部报送。").format(month=label)
    due = sorted({row["due"] for row in month.silent if row.get("due")})
    lines = [
        _("【月报提醒】截至{known}，{month}月报还有{count}个项目未报（应于{due}前报送）：").format(
            known=short_day(month.head["as_of"]),
            month=label,
            count=len(month.silent),
            due="、".join(map(short_day, due)) or NONE,
        )
    ]
    for county, rows in _by_county(month.silent).items():
        lines.append(_("{county}（{count}个）").format(county=county, count=len(rows)))
        lines += [f"{index}. {_item(row)}" for index, row in enumerate(rows, 1)]
    lines.append(_("请责任单位补报，已报的请忽略。如有困难请与我们联系。"))
    lines.append(_("{agency}，{day}").format(agency=month.papers.agency, day=date_text(day)))
    return "\n".join(lines)


def units_to_remind(month: JudgedMonth) -> list[str]:
    """The responsible units that have a missing report, in the order of the list, each once."""
    return list(dict.fromkeys(unit for row in month.silent if (unit := _unit(row))))


def letter_rows(month: JudgedMonth, project_or_unit: str) -> list[dict[str, Any]]:
    """The silent projects a letter lists: all of the unit that is named, or that answers for the
    project (by code or name) that is named. Raises NothingToRemind when there is none."""
    named = [row for row in month.silent if project_or_unit in (row["project"], row["name"])]
    unit = _unit(named[0]) if named else project_or_unit
    rows = [row for row in month.silent if unit and _unit(row) == unit] or named
    if not rows:
        raise NothingToRemind(
            _("{name}没有未报的{month}月报，不需要发函。").format(
                name=project_or_unit, month=month.period.label
            )
        )
    return rows


def write_letter_docx(
    month: JudgedMonth,
    project_or_unit: str,
    stream: str | Path | IO[bytes],
    *,
    day: date | None = None,
    signed_by: str | None = None,
) -> None:
    """A letter (函) to the responsible unit, listing its silent projects, to a path or a stream.

    `day` is the day below the signature, else the last day of what was known. Unsigned, it says that
    it is a draft. Raises NothingToRemind when nothing is missing.
    """
    rows = letter_rows(month, project_or_unit)
    words = month.papers
    subject = _("关于补报{month}项目月报的函").format(month=month.period.label)
    written = date_text(day or month.as_of)
    paper = new_paper()
    describe(paper, subject, words.agency, written, signed_by)
    letter_head(paper, words.agency)
    title(paper, subject, None if signed_by else _("（征求意见稿，未经签发）"))
    add(paper, (_unit(rows[0]) or rows[0]["name"]) + "：", STYLE_RECIPIENTS)
    add(
        paper,
        _("截至{known}，我们还没有收到你单位负责的{count}个项目的{month}月报{basis}：").format(
            known=day_text(month.head["as_of"]),
            count=len(rows),
            month=month.period.label,
            basis=basis_text(words.bases.get("reminder")),
        ),
        STYLE_BODY,
    )
    add_block(paper, _table(rows))
    add(
        paper,
        _("请核对后补报；如已报送或项目情况有变化，请说明报送时间或变化情况，以便更正台账。"),
        STYLE_BODY,
    )
    add(paper, _("特此函告。"), STYLE_BODY)
    signature(paper, words.agency, written)
    paper.save(str(stream) if isinstance(stream, Path) else stream)


def _unit(row: dict[str, Any]) -> str | None:
    unit = row.get("responsible_unit") or row.get("lead_department")
    return str(unit) if unit else None


def _by_county(rows: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        grouped.setdefault(str(row.get("county") or _("未注明县（市、区）")), []).append(row)
    return grouped


def _item(row: dict[str, Any]) -> str:
    unit = _unit(row)
    days = row.get("working_days_late")
    parts = [str(row["name"])]
    if unit:
        parts.append(unit)
    if days:
        parts.append(_("已过应报日{days}个工作日").format(days=days))
    return "，".join(parts)


def _table(rows: Sequence[dict[str, Any]]) -> Table:
    return Table(
        "",
        (
            Column(_("序号"), "center"),
            Column(_("项目代码"), wraps=True),
            Column(_("项目"), wraps=True),
            Column(_("应报日"), "center"),
            Column(_("已过\n（工作日）"), "right"),
        ),
        tuple(
            (
                str(index),
                str(row["project"]),
                str(row["name"]),
                short_day(row.get("due")),
                NONE if row.get("working_days_late") is None else str(row["working_days_late"]),
            )
            for index, row in enumerate(rows, 1)
        ),
    )
