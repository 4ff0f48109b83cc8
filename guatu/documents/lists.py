"""The attachments of a bulletin: the lit projects, who has not reported, the questioned cells."""

from __future__ import annotations

from typing import Any

from guatu.documents.criticism import NAMED_IN_TEXT, lights_basis
from guatu.documents.data_notes import IN_TEXT, cells_table, questioned
from guatu.documents.figures import (
    NONE,
    POINTS,
    figure,
    level_names,
    light_text,
    light_word,
    places_for,
    short_day,
    with_unit,
)
from guatu.documents.month import JudgedMonth
from guatu.documents.paper import Attachment, Block, Column, Note, Table
from guatu.documents.wording import gettext as _
from guatu.values import Period

LIT = ("red", "yellow", "blue")


def attachments(month: JudgedMonth) -> tuple[Attachment, ...]:
    """The lists that are not empty, in the order in which the text speaks of them."""
    found: list[Attachment] = []
    lit, silent = month.lit(*LIT), month.silent
    if lit and 0 < len(silent) <= NAMED_IN_TEXT:
        title = _("{month}亮灯项目和未报项目清单").format(month=month.period.label)
        found.append(Attachment(title, (*_lit(month, _("亮灯项目")), _silent(month, _("未报项目")))))
    else:
        if lit:
            found.append(Attachment(_("{month}亮灯项目清单").format(month=month.period.label), _lit(month)))
        if silent:
            found.append(
                Attachment(_("{month}未报项目清单").format(month=month.period.label), (_silent(month),))
            )
    if len(month.late) > NAMED_IN_TEXT:
        found.append(Attachment(_("{month}迟报项目清单").format(month=month.period.label), (_late(month),)))
    if len(month.missed_starts) > NAMED_IN_TEXT:
        found.append(Attachment(_("未按期开工项目清单"), (_starts(month),)))
    cells = questioned(month)
    if len(cells) > IN_TEXT:
        found.append(Attachment(_("待核数字清单"), (cells_table(month, cells),)))
    return tuple(found)


def _lit(month: JudgedMonth, caption: str = "") -> tuple[Block, ...]:
    lights = month.lit(*LIT)
    several = len({light["light"] for light in lights}) > 1
    points = all(light.get("unit") in POINTS for light in lights)
    places = places_for(light["measure"] for light in lights)
    if points and not several:
        measure = Column(_("{measure}落后\n（百分点）").format(measure=lights[0]["light_name"]), "right")
    else:
        measure = Column(_("实测"), "right")
    columns = [
        Column(_("序号"), "center"),
        Column(_("项目"), wraps=True),
        Column(_("县（市、区）"), wraps=True),
        Column(_("灯"), "center", light=True),
        measure,
        Column(_("连续\n（月）"), "right"),
    ]
    if several:
        columns.insert(3, Column(_("指标"), wraps=True))

    def row(index: int, light: dict[str, Any]) -> tuple[str, ...]:
        cells = [
            str(index),
            str(light["name"]),
            str(light.get("county") or NONE),
            light_text(light["level"], light.get("level_name")),
            figure(light["measure"], places)
            if points and not several
            else with_unit(light["measure"], light.get("unit")),
            NONE if light.get("streak") is None else str(light["streak"]),
        ]
        if several:
            cells.insert(3, str(light["light_name"]))
        return tuple(cells)

    table = Table(caption, tuple(columns), tuple(row(index, light) for index, light in enumerate(lights, 1)))
    return table, Note(_("注：{edges}{basis}。").format(edges=_edges(month), basis=lights_basis(lights)))


def _edges(month: JudgedMonth) -> str:
    """From which value to which each light is on, in the words of its own threshold."""
    names = level_names(month.lights)
    words: dict[tuple[str, str], str] = {}
    for light in month.lit(*LIT):
        edge = str((light.get("threshold") or {}).get("sentence") or "").replace(" ", "")
        words.setdefault((light["light"], light["level"]), light_word(names[light["level"]]) + edge)
    return "，".join(words.values())


def _silent(month: JudgedMonth, caption: str = "") -> Table:
    return Table(
        caption,
        (
            Column(_("序号"), "center"),
            Column(_("项目"), wraps=True),
            Column(_("县（市、区）"), wraps=True),
            Column(_("责任单位"), wraps=True),
            Column(_("应报日"), "center"),
            Column(_("逾期\n（工作日）"), "right"),
            Column(_("本年\n未报（次）"), "right"),
        ),
        tuple(
            (
                str(index),
                str(row["name"]),
                str(row.get("county") or NONE),
                str(row.get("responsible_unit") or row.get("lead_department") or NONE),
                short_day(row.get("due")),
                _count(row.get("working_days_late")),
                _count(row.get("times")),
            )
            for index, row in enumerate(month.silent, 1)
        ),
    )


def _late(month: JudgedMonth) -> Table:
    return Table(
        "",
        (
            Column(_("序号"), "center"),
            Column(_("项目"), wraps=True),
            Column(_("县（市、区）"), wraps=True),
            Column(_("应报日"), "center"),
            Column(_("报送日"), "center"),
            Column(_("迟报\n（工作日）"), "right"),
        ),
        tuple(
            (
                str(index),
                str(row["name"]),
                str(row.get("county") or NONE),
                short_day(row.get("due")),
                short_day(row.get("handed_in")),
                _count(row.get("working_days_late")),
            )
            for index, row in enumerate(month.late, 1)
        ),
    )


def _starts(month: JudgedMonth) -> Table:
    return Table(
        "",
        (
            Column(_("序号"), "center"),
            Column(_("项目"), wraps=True),
            Column(_("县（市、区）"), wraps=True),
            Column(_("计划开工"), "center"),
        ),
        tuple(
            (
                str(index),
                str(row["name"]),
                str(row.get("county") or NONE),
                Period.parse(str(row["planned_start"])[:7]).label if row.get("planned_start") else NONE,
            )
            for index, row in enumerate(month.missed_starts, 1)
        ),
    )


def _count(value: int | None) -> str:
    return NONE if value is None else str(value)
