"""The columns of the ledger: the words of the head, the cell on the page, the value in a workbook.

Cells are made by functions and not by templates, because a page draws more than a thousand of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Final

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from guatu.schemes.load import Scheme
from guatu.server.frame import drawing
from guatu.server.portfolio.facts import person_and_post
from guatu.server.portfolio.filters import BUILDING_PHASE, PHASES, light_word, stage_words
from guatu.server.portfolio.ledger_queries import Row, Sums
from guatu.values import FEN_PER_WAN, Period, amount

Value = str | Decimal | int | None
BUILDING: Final = PHASES[BUILDING_PHASE]

SHAPES: Final[Mapping[str, str]] = {
    "octagon": "red",
    "triangle": "yellow",
    "disc": "blue",
    "check": "normal",
    "ring": "silent",
}
"""The drawing of each shape that a scheme may give to a level of its lights."""


def light(level: str | None, scheme: Scheme, *, big: bool = False) -> SafeString:
    """The light of a level under the scheme's own name and shape; "–" where no light applies."""
    known = scheme.levels.get(level or "")
    return drawing.light(SHAPES[known.shape] if known else None, known.name if known else "", big=big)


def colour(level: str | None, scheme: Scheme) -> str | None:
    """The colour of a bar: that of the light's shape."""
    known = scheme.levels.get(level or "")
    return SHAPES[known.shape] if known else None


def wan(fen: int | None) -> str:
    """分 → whole 万元, as guatu.values.money_text writes it, at a tenth of its cost."""
    if fen is None:
        return "–"
    whole = (abs(fen) + FEN_PER_WAN // 2) // FEN_PER_WAN
    digits = f"{whole:,}" if whole >= 10_000 else str(whole)
    return "−" + digits if fen < 0 and whole else digits


def tenths(part: int | None, whole: int | None) -> int | None:
    """part ÷ whole in tenths of a per cent, half-up; None where the ratio cannot exist."""
    if part is None or not whole or whole < 0:
        return None
    size = (abs(part) * 2000 + whole) // (2 * whole)
    return -size if part < 0 else size


def percent_text(value: int | None) -> str:
    """Tenths of a per cent for people: 22.2%."""
    if value is None:
        return "–"
    return f"{_tenths_text(value)}%"


def points_text(value: int | None) -> str:
    """Tenths of a percentage point with their sign: −68.6, +1.8, 0.0."""
    if value is None:
        return "–"
    return ("+" if value > 0 else "") + _tenths_text(value)


def _tenths_text(value: int) -> str:
    whole, tenth = divmod(abs(value), 10)
    return f"{'−' if value < 0 else ''}{whole:,}.{tenth}" if whole >= 10_000 else (
        f"{'−' if value < 0 else ''}{whole}.{tenth}"
    )  # fmt: skip


def done_tenths(row: Row) -> int | None:
    return tenths(row.invested_ytd, row.planned)


def points_tenths(row: Row) -> int | None:
    """Completion against the schedule in tenths of a percentage point: negative is behind."""
    if row.invested_ytd is None or row.planned_ytd is None:
        return None
    return tenths(row.invested_ytd - row.planned_ytd, row.planned)


@lru_cache(maxsize=4096)
def month_text(month: str) -> str:
    """2023-09 → 2023年9月; "–" where there is none."""
    return Period.parse(month).label if month else "–"


@lru_cache(maxsize=4096)
def leader_name(stated: str) -> str:
    """The name alone of 阎子衿（市委副书记）."""
    return person_and_post(stated)[0] if stated else ""


def bar(row: Row, scheme: Scheme) -> str:
    """Completion with a tick where the schedule says it should be."""
    if not row.planned:
        return ""
    done, due = tenths(row.invested_ytd, row.planned), tenths(row.planned_ytd, row.planned)
    return drawing.bar(
        None if done is None else done / 10, None if due is None else due / 10, colour(row.light, scheme)
    )


@dataclass(frozen=True, slots=True)
class Line:
    """What a cell may know: the project, its number in the list, its address, the scheme, short names."""

    row: Row
    number: int
    href: str
    scheme: Scheme
    short: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `words` and `unit` of its head, `cell` as HTML, `value` and `format` in a workbook.

    `sort` is the name to sort by (empty: not at all), `css` the classes of its cells, `usual` whether it is
    shown unless chosen otherwise, `sums` its cell in the row of sums, `width` in characters.
    """

    key: str
    words: str
    cell: Callable[[Line], str]
    value: Callable[[Line], Value]
    sort: str = ""
    unit: str = ""
    css: str = ""
    usual: bool = True
    sums: Callable[[Sums], str] | None = None
    sums_value: Callable[[Sums], Value] | None = None
    format: str = ""
    width: int = 12


def _text(part: Callable[[Row], str | None]) -> Callable[[Line], str]:
    return lambda line: escape(part(line.row) or "–")


def _short(part: Callable[[Row], str]) -> Callable[[Line], str]:
    """A long name by its short one; the whole name at the pointer."""

    def cell(line: Line) -> str:
        whole = part(line.row)
        short = line.short.get(whole)
        return f'<span title="{escape(whole)}">{escape(short)}</span>' if short else escape(whole or "–")

    return cell


def _plain(part: Callable[[Row], str | None]) -> Callable[[Line], Value]:
    return lambda line: part(line.row) or None


def _money(part: Callable[[Row], int | None]) -> Callable[[Line], str]:
    return lambda line: wan(part(line.row))


def _amount(part: Callable[[Row], int | None]) -> Callable[[Line], Value]:
    def value(line: Line) -> Value:
        fen = part(line.row)
        return None if fen is None else amount(fen, "万元")

    return value


def _name(line: Line) -> str:
    row = line.row
    return f'<a data-main href="{escape(line.href)}">{escape(row.name)}</a><span class="code">{escape(row.code)}</span>'


MARK_WORDS: Final = (gettext_noop("未报"), gettext_noop("迟报"), gettext_noop("待核"))


def marks(row: Row) -> list[str]:
    """What is to be said about the report of the month: 未报, 迟报, 待核."""
    if row.stage not in BUILDING or row.reported is None:
        return []
    said = (not row.reported, row.late, row.questioned)
    return [_(words) for words, holds in zip(MARK_WORDS, said, strict=True) if holds]


def _done(line: Line) -> str:
    said = "".join(f'<span class="mark">{escape(words)}</span>' for words in marks(line.row))
    return f"{wan(line.row.invested_ytd)}{f'<span class=marks>{said}</span>' if said else ''}"


def _percent(line: Line) -> str:
    """On a narrow screen this is the number of the row, so the difference stands beneath it there."""
    points = points_text(points_tenths(line.row))
    return f'{percent_text(done_tenths(line.row))}<span class="sub narrow">{points}</span>'


def _light(line: Line) -> str:
    return light(line.row.light, line.scheme)


def _stage(row: Row, scheme: Scheme) -> str:
    return stage_words(row.stage, scheme) if row.stage else ""


def _ratio(part: int | None, whole: int | None) -> Value:
    value = tenths(part, whole)
    return None if value is None else Decimal(value) / 1000


def _points_value(part: int | None) -> Value:
    return None if part is None else Decimal(part) / 10


def _sums_points(sums: Sums) -> int | None:
    return tenths(sums.ahead, sums.planned)


COLUMNS: Final[tuple[Column, ...]] = (
    Column("number", gettext_noop("序号"), lambda line: str(line.number), lambda line: line.number,
           sort="position", css="n wide", width=6),
    Column("light", gettext_noop("灯"), _light,
           lambda line: light_word(line.row.light or "", line.scheme), sort="light", css="lamp", width=8),
    Column("name", gettext_noop("项目"), _name, lambda line: line.row.name, sort="name", css="name", width=40),
    Column("county", gettext_noop("县区"), _short(lambda row: row.county), _plain(lambda row: row.county),
           sort="county", css="wide nowrap"),
    Column("category", gettext_noop("行业"), _short(lambda row: row.category),
           _plain(lambda row: row.category), sort="category", css="wide lesser"),
    Column("stage", gettext_noop("阶段"), lambda line: escape(_stage(line.row, line.scheme) or "–"),
           lambda line: _stage(line.row, line.scheme) or None, sort="stage", css="wide lesser nowrap", width=8),
    Column("level", gettext_noop("层级"), _text(lambda row: row.level), _plain(lambda row: row.level),
           sort="level", css="wide", usual=False),
    Column("total", gettext_noop("总投资"), _money(lambda row: row.total), _amount(lambda row: row.total),
           sort="total", unit=gettext_noop("万元"), css="n wide", sums=lambda sums: wan(sums.total),
           sums_value=lambda sums: amount(sums.total, "万元"), format="#,##0"),
    Column("done_before", gettext_noop("往年完成"), _money(lambda row: row.done_before),
           _amount(lambda row: row.done_before), sort="done_before", unit=gettext_noop("万元"), css="n wide",
           usual=False, format="#,##0"),
    Column("planned", gettext_noop("年计划"), _money(lambda row: row.planned),
           _amount(lambda row: row.planned), sort="planned", unit=gettext_noop("万元"), css="n wide",
           sums=lambda sums: wan(sums.planned), sums_value=lambda sums: amount(sums.planned, "万元"),
           format="#,##0"),
    Column("done", gettext_noop("完成"), _done, _amount(lambda row: row.invested_ytd), sort="done",
           unit=gettext_noop("万元"), css="n wide", sums=lambda sums: wan(sums.done),
           sums_value=lambda sums: None if sums.done is None else amount(sums.done, "万元"), format="#,##0"),
    Column("bar", gettext_noop("进度"), lambda line: bar(line.row, line.scheme), lambda line: None,
           unit=gettext_noop("刻度为序时"), css="bar-cell wide"),
    Column("percent", gettext_noop("完成率"), _percent,
           lambda line: _ratio(line.row.invested_ytd, line.row.planned), sort="percent", css="n",
           sums=lambda sums: percent_text(tenths(sums.done, sums.planned)),
           sums_value=lambda sums: _ratio(sums.done, sums.planned), format="0.0%", width=9),
    Column("points", gettext_noop("比序时"), lambda line: points_text(points_tenths(line.row)),
           lambda line: _points_value(points_tenths(line.row)), sort="points", unit=gettext_noop("百分点"),
           css="n wide", sums=lambda sums: points_text(_sums_points(sums)),
           sums_value=lambda sums: _points_value(_sums_points(sums)), format="+0.0;-0.0;0.0", width=9),
    Column("planned_start", gettext_noop("计划开工"), lambda line: month_text(line.row.planned_start),
           lambda line: month_text(line.row.planned_start), sort="planned_start", css="n wide", usual=False),
    Column("planned_finish", gettext_noop("计划竣工"), lambda line: month_text(line.row.planned_finish),
           lambda line: month_text(line.row.planned_finish), sort="planned_finish", css="n wide", usual=False),
    Column("department", gettext_noop("牵头部门"), _text(lambda row: row.department),
           _plain(lambda row: row.department), sort="department", css="wide", usual=False, width=20),
    Column("responsible_unit", gettext_noop("责任单位"), _text(lambda row: row.responsible_unit),
           _plain(lambda row: row.responsible_unit), sort="responsible_unit", css="wide", usual=False, width=24),
    Column("county_leader", gettext_noop("包保领导"), _text(lambda row: leader_name(row.county_leader)),
           _plain(lambda row: row.county_leader), sort="county_leader", css="wide nowrap", width=20),
    Column("city_leader", gettext_noop("市级领导"), _text(lambda row: leader_name(row.city_leader)),
           _plain(lambda row: row.city_leader), sort="city_leader", css="wide nowrap", usual=False, width=20),
    Column("company", gettext_noop("项目单位"), _text(lambda row: row.company),
           _plain(lambda row: row.company), sort="company", css="wide", usual=False, width=30),
)  # fmt: skip
"""Every column, in the order of the page."""

BY_KEY: Final[Mapping[str, Column]] = {column.key: column for column in COLUMNS}
ALWAYS: Final = frozenset({"number", "name"})
"""The columns that cannot be put away: without them a row says nothing."""

WITHOUT_MONTH: Final = frozenset({"light", "planned", "done", "bar", "percent", "points"})
"""The columns that say something only of projects under construction."""

CODE: Final = Column("code", gettext_noop("项目代码"), lambda line: escape(line.row.code),
                     lambda line: line.row.code, width=28)  # fmt: skip
"""In a workbook the code has a column of its own; on the page it stands under the name."""


def chosen_columns(kept: str | None, phase: str) -> tuple[Column, ...]:
    """The columns to show: those kept by the browser (keys with dots between), else the usual ones.

    In a tab without projects under construction the columns that would be empty are left out.
    """
    wanted = set((kept or "").split(".")) & set(BY_KEY)
    building = not PHASES[phase] or bool(PHASES[phase] & BUILDING)
    if not wanted:
        wanted = {column.key for column in COLUMNS if column.usual}
        if not building:
            wanted.add("department")
    wanted |= ALWAYS
    if not building:
        wanted -= WITHOUT_MONTH
    return tuple(column for column in COLUMNS if column.key in wanted)


def rows_html(lines: Iterable[Line], columns: tuple[Column, ...]) -> SafeString:
    """The rows of the table's body. About 10 µs a cell."""
    cells = [
        (
            f'<th scope="row" class="{column.css}">'
            if column.key == "name"
            else f'<td class="{column.css}">',
            column.cell,
            "</th>" if column.key == "name" else "</td>",
        )
        for column in columns
    ]
    return mark_safe(
        "".join(
            "<tr>" + "".join(f"{before}{cell(line)}{after}" for before, cell, after in cells) + "</tr>"
            for line in lines
        )
    )


def sums_html(sums: Sums, columns: tuple[Column, ...]) -> SafeString:
    """The row of sums, over every project that the filter finds."""
    cells = []
    for column in columns:
        if column.key == "name":
            words = _("合计 %d 个") % sums.projects
            cells.append(f'<th scope="row" class="{column.css}">{escape(words)}</th>')
        else:
            text = column.sums(sums) if column.sums else ""
            narrow = ""
            if column.key == "percent" and text:
                narrow = f'<span class="sub narrow">{points_text(_sums_points(sums))}</span>'
            cells.append(f'<td class="{column.css}">{text}{narrow}</td>')
    return mark_safe("<tr>" + "".join(cells) + "</tr>")
