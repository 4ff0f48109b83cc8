"""The notes on the data (数据说明): what would differ without the questioned cells, each questioned
cell, and where published figures contradict each other."""

from __future__ import annotations

from typing import Any

from guatu.documents.criticism import with_county
from guatu.documents.figures import (
    NONE,
    Figure,
    basis_text,
    clause_text,
    closed_up,
    day_text,
    exact,
    figure,
    light_word,
    places_for,
    with_unit,
    yi,
)
from guatu.documents.month import JudgedMonth
from guatu.documents.paper import Block, Column, Heading, Note, Paragraph, Table
from guatu.documents.wording import gettext as _

IN_TEXT = 8
"""Up to so many questioned cells or contradictions stand in the text; of more cells an attachment is
made, of more contradictions one sentence."""

SAID_ELSEWHERE = frozenset({"handed_in_late"})
"""Findings that another part of the bulletin names."""


def data_notes(month: JudgedMonth) -> list[Block]:
    """The three notes that apply, and what the paper was computed from."""
    blocks: list[Block] = []
    cells = questioned(month)
    texts = _differing(month)
    if cells or texts:
        blocks += [Heading(_("待核数字的影响"), 2), *_differences(month, texts)]
    blocks.append(Heading(_("待核数字"), 2))
    blocks += _cells(month, cells) if cells else [Paragraph(_("上报材料中没有待核数字。"))]
    contradictions = month.summary.get("contradictions") or []
    if contradictions:
        blocks.append(Heading(_("公布数字之间的出入"), 2))
        shown = contradictions if len(contradictions) <= IN_TEXT else []
        if not shown:
            blocks.append(Paragraph(_many(contradictions)))
        blocks += [
            Paragraph(f"{index}.{_with_clause(item)}") if len(shown) > 1 else Paragraph(_with_clause(item))
            for index, item in enumerate(shown, 1)
        ]
    blocks.append(Note(_source(month)))
    return blocks


def _many(contradictions: list[dict[str, Any]]) -> str:
    """One sentence for so many contradictions that the ledger is plainly not the one of the scheme."""
    return _(
        "方案印出的数字与台账不同或彼此不符的有{number}处，台账多半不是方案印发时的那一批项目；逐处见随通报写出的数据文件。"
    ).format(number=len(contradictions))


def questioned(month: JudgedMonth) -> list[dict[str, Any]]:
    """The findings this month's paper must name: those of the period, those that belong to no
    period, and older ones on which a light of this month still rests."""
    resting = {light["project"] for light in month.lights if light.get("questioned") or _light_differs(light)}
    period = str(month.period)
    return [
        finding
        for finding in month.findings
        if finding["severity"] in ("error", "warning")
        and finding["id"] not in SAID_ELSEWHERE
        and (finding.get("project") or finding.get("row"))
        and (finding.get("period") in (None, period) or finding.get("project") in resting)
    ]


def _light_differs(light: dict[str, Any]) -> bool:
    without = light.get("without_questioned") or {}
    return bool(without) and _differs(light.get("measure"), without.get("measure"))


def cells_table(month: JudgedMonth, cells: list[dict[str, Any]]) -> Table:
    """Each questioned cell: project, where it stands, what it shows, what is expected."""
    names = {light["project"]: light["name"] for light in month.lights}
    return Table(
        "",
        (
            Column(_("序号"), "center"),
            Column(_("项目"), wraps=True),
            Column(_("位置"), wraps=True),
            Column(_("所填"), wraps=True),
            Column(_("应为"), wraps=True),
        ),
        tuple(
            (
                str(index),
                str(names.get(cell.get("project"), cell.get("project") or NONE)),
                _place(cell),
                _short(cell.get("found")),
                _short(cell.get("expected") or cell.get("message")),
            )
            for index, cell in enumerate(cells, 1)
        ),
    )


def _place(cell: dict[str, Any]) -> str:
    sheet = str(cell.get("sheet") or cell.get("file") or "").strip()
    address = f"{cell.get('column') or ''}{cell.get('row') or ''}"
    return " ".join(filter(None, [sheet, address, str(cell.get("header") or "").replace("\n", "")])) or NONE


def _short(text: Any, letters: int = 48) -> str:
    """A cell of a paper: one line of text, cut where it would fill the page."""
    words = closed_up(str(text)) if text is not None else NONE
    return words if len(words) <= letters else words[: letters - 2] + "……"


def _cells(month: JudgedMonth, cells: list[dict[str, Any]]) -> list[Block]:
    projects = len({cell["project"] for cell in cells if cell.get("project")})
    words = _("上报材料中有{cells}处待核，涉及{projects}个项目{basis}").format(
        cells=len(cells), projects=projects, basis=basis_text(month.papers.bases.get("questioned"))
    )
    if len(cells) > IN_TEXT:
        return [
            Paragraph(words + _("，逐处列在附件“待核数字清单”。请有关单位核实，确有差错的按原渠道更正。"))
        ]
    return [
        Paragraph(words + _("，逐处列出如下。请有关单位核实，确有差错的按原渠道更正。")),
        cells_table(month, cells),
    ]


def _differing(month: JudgedMonth) -> list[str]:
    """Everything that would differ without the questioned cells, with both figures."""
    return list(
        filter(None, [_city(month), *(_ranking(month, each) for each in month.ranking_ids()), _lights(month)])
    )


def _differences(month: JudgedMonth, texts: list[str]) -> list[Block]:
    if not texts:
        return [Paragraph(_("不计待核数字，完成率、名次和灯均不变。"))]
    return [Paragraph(_official(month)), *map(Paragraph, texts)]


def _official(month: JudgedMonth) -> str:
    without = month.rankings and all(
        row["rank"] == row["without_questioned"]["rank"]
        and row["value"] == row["without_questioned"]["value"]
        for row in month.rankings
    )
    if without:
        return _("本通报的完成率和名次不计待核数字。与按上报数计算的结果不同的，列出如下。")
    return _("本通报的完成率、名次和灯以上报数为准。不计待核数字时结果不同的，列出如下。")


def _city(month: JudgedMonth) -> str:
    now = month.this_month
    reported, without = now.get("reported"), now.get("without_questioned")
    if without is None or reported is None or exact(reported) == exact(without):
        return ""
    percents = now.get("reported_percent"), now.get("without_questioned_percent")
    places = places_for(percents)
    return _(
        "{place}累计完成投资按上报数为{reported}亿元、{percent}%，不计待核数字为{without}亿元、{without_percent}%。"
    ).format(
        place=month.papers.jurisdiction,
        reported=yi(reported),
        percent=figure(percents[0], places),
        without=yi(without),
        without_percent=figure(percents[1], places),
    )


def _ranking(month: JudgedMonth, ranking_id: str) -> str:
    rows = month.ranking(ranking_id)
    places = places_for(row[side]["value"] for row in rows for side in ("as_reported", "without_questioned"))
    items = [
        _("{entity}按上报数{reported}，不计待核数字{without}").format(
            entity=row["entity"],
            reported=_value_and_place(row, row["as_reported"], places),
            without=_value_and_place(row, row["without_questioned"], places),
        )
        for row in rows
        if any(
            _differs(row["as_reported"].get(key), row["without_questioned"].get(key))
            for key in ("value", "rank")
        )
    ]
    return f"{rows[0]['ranking_name']}：{'；'.join(items)}。" if items else ""


def _differs(one: Figure, other: Figure) -> bool:
    return exact(one) != exact(other)


def _value_and_place(row: dict[str, Any], side: dict[str, Any], places: int) -> str:
    value = figure(side["value"], places)
    if side["value"] is not None:
        value += "%" if row.get("unit") in ("percent", "%") else ""
    place = _("第{rank}名").format(rank=side["rank"]) if side["rank"] is not None else _("不排名")
    return f"{value}、{place}"


def _lights(month: JudgedMonth) -> str:
    names = {light["level"]: light["level_name"] for light in month.lights if light.get("level_name")}
    items = []
    for light in month.lights:
        without = light.get("without_questioned")
        if not without or without.get("level") == light["level"]:
            continue
        items.append(
            _("{project}按上报数为{light}（{measure}），不计待核数字为{other}（{other_measure}）").format(
                project=with_county(light),
                light=_level_words(light["level"], names),
                measure=with_unit(light.get("measure"), light.get("unit")),
                other=_level_words(without["level"], names),
                other_measure=with_unit(without.get("measure"), light.get("unit")),
            )
        )
    return _("项目的灯：{items}。").format(items="；".join(items)) if items else ""


def _level_words(level: str, names: dict[str, str]) -> str:
    if level in ("normal", "none"):
        return names.get(level, _("正常") if level == "normal" else _("不适用"))
    usual = {"red": _("红"), "yellow": _("黄"), "blue": _("蓝")}
    return light_word(names.get(level, usual.get(level, level)))


def _with_clause(item: dict[str, Any]) -> str:
    message = closed_up(str(item["message"])).rstrip("。")
    clause = clause_text(str(item.get("clause") or ""))
    return (
        message
        + (_("（依据：{clause}）").format(clause=clause) if clause and clause not in message else "")
        + "。"
    )


def _source(month: JudgedMonth) -> str:
    scheme = month.head["scheme"]
    return _(
        "注：本通报按方案“{scheme}”（摘要{digest}）和截至{day}的上报材料（摘要{facts}）计算，各数可据此复算。"
    ).format(
        scheme=scheme["name"],
        digest=str(scheme["digest"])[:8],
        day=day_text(month.head["as_of"]),
        facts=str(month.head["facts_digest"])[:8],
    )
