"""The places of a bulletin: the ranking tables, and who is praised for what."""

from __future__ import annotations

from typing import Any

from guatu.documents.figures import (
    NONE,
    PERCENT,
    Figure,
    ahead_points,
    basis_text,
    change_mark,
    change_words,
    fact,
    figure,
    light_text,
    pace,
    places_for,
    with_unit,
    yi,
)
from guatu.documents.month import Basis, JudgedMonth
from guatu.documents.paper import Block, Column, Heading, Note, Paragraph, Table
from guatu.documents.wording import gettext as _


def entity_word(ranking_id: str) -> str:
    """What the entities of a ranking are called."""
    if "county" in ranking_id:
        return _("县（市、区）")
    return _("牵头部门") if "department" in ranking_id else _("单位")


def ranking_basis(entry: dict[str, Any]) -> Basis:
    """The clause of a ranking."""
    return Basis(str(entry.get("clause") or ""), bool(entry.get("local_choice")))


def rankings(month: JudgedMonth) -> list[Block]:
    """One table per ranking, in the order of its places."""
    blocks: list[Block] = []
    for ranking_id in month.ranking_ids():
        rows = month.ranking(ranking_id)
        name = str(rows[0]["ranking_name"])
        blocks += [
            Heading(name, 2),
            Paragraph(
                _("{count}个{entities}按{measure}排列如下{basis}。").format(
                    count=len(rows),
                    entities=entity_word(ranking_id),
                    measure=name.removeprefix(entity_word(ranking_id)),
                    basis=basis_text(ranking_basis(rows[0])),
                )
            ),
            ranking_table(ranking_id, rows),
        ]
        note = _ranking_note(rows)
        if note:
            blocks.append(Note(note))
    return blocks


def ranking_table(ranking_id: str, rows: list[dict[str, Any]]) -> Table:
    """Place, change, entity, done, annual plan, rate, points against the schedule, light."""
    places = places_for(row["value"] for row in rows)
    percent = rows[0].get("unit") in PERCENT
    return Table(
        "",
        (
            Column(_("名次"), "center"),
            Column(_("较上月"), "center"),
            Column(entity_word(ranking_id), wraps=True),
            Column(_("累计完成\n（亿元）"), "right"),
            Column(_("年度计划\n（亿元）"), "right"),
            Column(_("完成率\n（%）") if percent else _("数值"), "right"),
            Column(_("比序时进度\n（百分点）"), "right"),
            Column(_("灯"), "center", light=True),
        ),
        tuple(
            (
                NONE if row["rank"] is None else str(row["rank"]),
                change_mark(row.get("change")),
                str(row["entity"]),
                yi(fact(row, "invested_ytd")),
                yi(fact(row, "planned_year")),
                figure(row["value"], places),
                figure(ahead_points(row), 1, signed=True),
                light_text((row.get("light") or {}).get("level"), (row.get("light") or {}).get("level_name")),
            )
            for row in rows
        ),
    )


def _ranking_note(rows: list[dict[str, Any]]) -> str:
    """What a reader must know of the table: ties, missing places, places that questioned cells move."""
    notes = []
    if any(row.get("tied_with") for row in rows):
        notes.append(_("数值相同的名次并列"))
    if any(row["rank"] is None for row in rows):
        notes.append(_("“–”表示没有可以计算的数字"))
    return _("注：{notes}。").format(notes="；".join(notes)) if notes else ""


def praised(month: JudgedMonth, ranking_id: str) -> list[dict[str, Any]]:
    """Who is praised: the first places as many as the scheme states, ties included, but nobody
    who is behind the schedule, has a light of its own, or has nothing that can be measured."""
    return [
        row
        for row in month.ranking(ranking_id)
        if row["rank"] is not None
        and row["rank"] <= month.papers.praised_places
        and row["value"] is not None
        and (row.get("light") or {}).get("level") not in ("red", "yellow", "blue")
        and not _behind(ahead_points(row))
    ]


def _behind(points: Figure) -> bool:
    return points is not None and points < 0


def praise(month: JudgedMonth) -> list[Block]:
    """One paragraph per ranking: who, the place, and what was done. Empty when nobody earns it."""
    blocks: list[Block] = []
    for ranking_id in month.ranking_ids():
        rows = praised(month, ranking_id)
        if rows:
            names = "、".join(str(row["entity"]) for row in rows)
            done = "；".join(_deed(row) for row in rows)
            basis = basis_text(month.papers.bases.get("bulletin"))
            blocks.append(
                Paragraph(_("对{names}予以表扬{basis}。{done}。").format(names=names, basis=basis, done=done))
            )
    return blocks


def _deed(row: dict[str, Any]) -> str:
    percent = row.get("unit") in PERCENT
    parts = [
        _("{entity}列第{rank}名").format(entity=row["entity"], rank=row["rank"]),
        change_words(row.get("change")),
        _("累计完成投资{done}亿元").format(done=yi(fact(row, "invested_ytd")))
        if fact(row, "invested_ytd") is not None
        else "",
        _("完成年度计划的{percent}%").format(percent=figure(row["value"]))
        if percent
        else with_unit(row["value"], row.get("unit")),
        pace(ahead_points(row)),
    ]
    words = "，".join(filter(None, parts))
    reported, without = row.get("as_reported") or {}, row.get("without_questioned") or {}
    if without and reported.get("rank") != without.get("rank") and without.get("rank") is not None:
        words += _("（不计待核数字列第{rank}名）").format(rank=without["rank"])
    return words
