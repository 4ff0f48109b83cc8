"""Finding a table in a sheet: its header rows of any depth, and what each column means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from guatu.language import gettext as _
from guatu.workbooks.cells import plain, shown
from guatu.workbooks.fields import BY_MONTH, KEPT, Dictionary, Header, HeaderMatch, bare_header
from guatu.workbooks.reading import TableKind
from guatu.workbooks.sheets import Sheet, column_letter
from guatu.workbooks.splits import Column, settle_splits

_UNIT_OR_DATE = re.compile(r"单位[:：]|填报|截[至止]|制表|日期[:：]")
_PARENT_WORDS = re.compile(r"投资|计划|进度|责任|坐标|手续|完成|分月|季度|\d月|领导|单位|时间|年限|情况")
_TOTAL = re.compile(r"^.{0,16}?(小计|合计|总计|共计|累计|总和|汇总)")
_LEAF_WORDS: Final = frozenset(
    bare_header(word)[0]
    for word in (
        "姓名",
        "职务",
        "电话",
        "单位",
        "计划",
        "完成",
        "累计",
        "本月",
        "当月",
        "实际",
        "开工",
        "竣工",
        "完工",
        "经度",
        "纬度",
        "小计",
        "合计",
        "全年",
        "名称",
        "代码",
        "起",
        "止",
        "单位名称",
        "联系电话",
        "联系人",
        "手机",
        "牵头部门",
        "责任单位",
        "内容",
        "目标",
        "措施",
        "建议",
        "时间",
        "比例",
        "万元",
        "亿元",
        "年度",
        "一季度",
        "二季度",
        "三季度",
        "四季度",
        "上半年",
        "下半年",
        "总投资",
        "数量",
        "面积",
        "新建",
        "新开工",
        "续建",
        "在建",
        "前期",
        "竣工",
    )
)
_MONTH_LEAF = re.compile(
    r"(?:1-)?(?:\d{1,2}|十[一二]|[一二三四五六七八九十])月(份|底|累计|完成|计划)?.{0,4}|(?:第?[一二三四1-4]|1-[234])季度?.{0,4}"
)
_NUMBERING = re.compile(r"\d{1,2}|[甲乙丙丁戊己庚辛]|\(?\d{1,2}\)?(?:=.*)?")
MAX_HEADER_CELL: Final = 40
SEARCHED_ROWS: Final = 200


@dataclass(slots=True)
class Layout:
    """A table as found: rows count from 0, `bottom` is the last header row."""

    top: int
    bottom: int
    columns: list[Column]
    kind: TableKind = TableKind.UNKNOWN
    twice: list[tuple[Column, Column]] = field(default_factory=list)
    end: int = 0
    """The row after its last one, where the sheet or the table ends."""

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.field == name), None)

    def has(self, *names: str) -> bool:
        return any(
            column.field is not None and column.field.partition(".")[0] in names for column in self.columns
        )

    @property
    def signature(self) -> tuple[str, ...]:
        """The headers in their order: two tables of one form have the same signature."""
        return tuple(column.header.path for column in self.columns)


Words = Mapping[str, str]
"""What the mapping file says of this table: header (or path, or path@letter) → field, "" for kept."""


def _hits(sheet: Sheet, row: int, dictionary: Dictionary, words: Words) -> tuple[set[str], int]:
    """The fields named in a row, and its number of short texts; no fields for a row with numbers."""
    fields: set[str] = set()
    texts = 0
    for value in sheet.rows[row]:
        if value == "":
            continue
        if not isinstance(value, str):
            return set(), 0
        if len(value) > MAX_HEADER_CELL:
            continue
        texts += 1
        header = Header.of([value])
        if header.text in words:
            fields.add(words[header.text])
        elif found := dictionary.match(header):
            fields.add(found.field)
    return fields, texts


def find_header(sheet: Sheet, start: int, dictionary: Dictionary, words: Words) -> tuple[int, int] | None:
    """The first and last header row of the next table at or below `start`, or None."""
    for row in range(start, min(len(sheet.rows), start + SEARCHED_ROWS)):
        fields, texts = _hits(sheet, row, dictionary, words)
        if texts >= 3 and len(fields) >= 2 and fields & {"name", "name_code", "code", "own_number"}:
            return _extent(sheet, row, start, dictionary)
    return None


def _extent(sheet: Sheet, row: int, start: int, dictionary: Dictionary) -> tuple[int, int]:
    top = bottom = row
    for column in range(len(sheet.rows[row])):
        area = sheet.merged_at.get((row, column))
        if area and area[2] - area[0] < 6:
            top, bottom = min(top, area[0]), max(bottom, area[2])
    while top > start and _is_upper_level(sheet, top - 1, top):
        top -= 1
    while bottom + 1 < len(sheet.rows) and _is_lower_level(sheet, bottom + 1, row, dictionary):
        bottom += 1
    return max(top, start), bottom


def _is_upper_level(sheet: Sheet, row: int, below: int) -> bool:
    """Whether the row above a header groups its columns: texts over several columns, no title."""
    filled = [column for column, value in enumerate(sheet.rows[row]) if value != ""]
    if not filled or any(not isinstance(sheet.rows[row][column], str) for column in filled):
        return False
    width = max(1, sum(1 for value in sheet.rows[below] if value != ""))
    grouping = 0
    for column in filled:
        text = str(sheet.rows[row][column])
        area = sheet.merged_at.get((row, column))
        if _UNIT_OR_DATE.search(text) or (area and area[3] - area[1] + 1 >= 0.8 * width):
            return False
        if len(plain(text)) <= MAX_HEADER_CELL and (
            (area and area[3] > area[1] and area[1] > 0) or (column > 0 and _PARENT_WORDS.search(text))
        ):
            grouping += 1
    return grouping == len(filled)


def _is_lower_level(sheet: Sheet, row: int, anchor: int, dictionary: Dictionary) -> bool:
    filled = [(column, value) for column, value in enumerate(sheet.rows[row]) if value != ""]
    if len(filled) < 2 or any(not isinstance(value, str) for _column, value in filled):
        return False
    for column, value in enumerate(sheet.rows[anchor]):
        if isinstance(value, str) and sheet.value(row, column) != "":
            field = dictionary.exact.get(bare_header(value)[0])
            if field in ("name", "code", "serial") and sheet.merged_at.get((row, column)) is None:
                return False
    known = 0
    for _column, value in filled:
        bare, unit = bare_header(str(value))
        named = bare in _LEAF_WORDS or bare == "%" or (unit is not None and not bare)
        if named or _MONTH_LEAF.fullmatch(bare) or dictionary.match(Header.of([str(value)])):
            known += 1
    return known >= 0.6 * len(filled)


def levels_of(sheet: Sheet, top: int, bottom: int, column: int) -> list[str]:
    """The header texts of a column from the top level down; a merged text counts once, and an upper
    level that is not merged reaches to the right over columns that have a lower level of their own."""
    levels: list[str] = []
    seen: set[tuple[int, int]] = set()
    for row in range(top, bottom + 1):
        area = sheet.merged_at.get((row, column))
        place = (area[0], area[1]) if area else (row, column)
        value = sheet.value(*place)
        if value == "" and area is None and row < bottom:
            place, value = _from_the_left(sheet, row, bottom, column)
        if value == "" or place in seen or place[0] < top:
            continue
        seen.add(place)
        text = shown(value).strip()
        if text and (not levels or plain(levels[-1]) != plain(text)):
            levels.append(text)
    return levels


def _from_the_left(sheet: Sheet, row: int, bottom: int, column: int) -> tuple[tuple[int, int], str]:
    if not any(sheet.value(lower, column) != "" for lower in range(row + 1, bottom + 1)):
        return (row, column), ""
    for left in range(column - 1, -1, -1):
        if not any(sheet.value(lower, left) != "" for lower in range(row + 1, bottom + 1)):
            break
        if (row, left) in sheet.merged_at:
            break
        value = sheet.value(row, left)
        if value != "":
            return (row, left), shown(value)
    return (row, column), ""


def is_numbering(sheet: Sheet, row: int) -> bool:
    """Whether a row under the header only numbers the columns (甲 乙 1 2 3 …)."""
    texts = [plain(value) for value in sheet.rows[row] if value != ""]
    if len(texts) < 4 or not all(_NUMBERING.fullmatch(text) for text in texts):
        return False
    numbers = [int(text) for text in texts if text.isdigit()]
    return len(numbers) >= 3 and all(b - a == 1 for a, b in pairwise(numbers))


def layout_of(sheet: Sheet, top: int, bottom: int, dictionary: Dictionary, words: Words) -> Layout:
    """The table whose header stands in these rows."""
    columns: list[Column] = []
    width = max(len(row) for row in sheet.rows[top : bottom + 1])
    for index in range(width):
        levels = levels_of(sheet, top, bottom, index)
        if not levels:
            continue
        header = Header.of(levels)
        found = _asked_for(header, index, words) or dictionary.match(header)
        hidden = index in sheet.marks.hidden_columns
        column = Column(
            index, header, None, 0.0, _("字段词典中没有这个列名"), unit=header.unit, hidden=hidden
        )
        if found and found.field:
            column = replace(
                column, field=found.field, confidence=found.confidence, reason=found.reason, month=found.month
            )
        elif found:
            column = replace(column, confidence=1.0, reason=found.reason)
        columns.append(column)
    layout = Layout(top, bottom, columns, end=len(sheet.rows))
    _settle(sheet, layout)
    settle_splits(sheet, layout.columns, bottom)
    layout.kind = _kind(sheet, layout)
    return layout


def _asked_for(header: Header, index: int, words: Words) -> HeaderMatch | None:
    for key in (f"{header.path}@{column_letter(index)}", header.path, header.text):
        if key in words:
            field, _dot, month = words[key].partition(".")
            reason = _("映射文件指明")
            if field in ("invested_month", "invested_ytd", *BY_MONTH) and month:
                return HeaderMatch(field, 1.0, reason, int(month))
            return HeaderMatch(words[key], 1.0, reason)
    return None


_ORDINAL = re.compile(r"^(\([一二三四五六七八九十]+\)|[一二三四五六七八九十]+、)")
TICKS: Final = frozenset({"√", "✓", "✔", "☑", "■", "●", "★", "▲", "1", "是", "V", "v"})
"""Writings of a tick in a column that stands for one word."""

_STAGE_WORDS = re.compile(r"新开工|续建|新建|前期|竣工|储备|在建|拟建|扩建|改建|改扩建|投产|完工|调出")


def _settle(sheet: Sheet, layout: Layout) -> None:
    """Let the values decide what a header leaves open, then leave one column per field."""
    for column in layout.columns:
        if column.reason == _("映射文件指明"):
            continue
        values = [
            sheet.value(row, column.index)
            for row in range(layout.bottom + 1, min(len(sheet.rows), layout.bottom + 300))
        ]
        filled = [value for value in values if value != ""]
        if not filled:
            continue
        if (
            column.field in (None, "stage", "planned_start", "planned_finish")
            and column.header.bare
            and _STAGE_WORDS.fullmatch(column.header.bare[-1])
            and all(plain(value) in TICKS for value in filled)
        ):
            column.field, column.mark = "stage", column.header.bare[-1]
            column.confidence, column.reason = 0.9, _("列中打勾的项目属于列名所写的建设性质")
            continue
        if column.field == "number":
            written = [
                text for text in map(plain, filled) if re.search(r"\d", text) and not _ORDINAL.match(text)
            ]
            serial = sum(1 for text in written if re.fullmatch(r"\d{1,4}", text))
            column.field = "serial" if serial > 0.7 * len(written) else "own_number"
        elif column.field in ("category", "stage", "level"):
            stages = sum(
                1 for value in filled if _STAGE_WORDS.search(plain(value)) and len(plain(value)) <= 8
            )
            if column.field != "stage" and stages > 0.7 * len(filled) and layout.column("stage") is None:
                column.field, column.reason = "stage", _("列中的值是建设性质")
            elif column.field == "stage" and stages < 0.2 * len(filled):
                column.field, column.confidence, column.reason = None, 0.0, _("列中的值不是建设性质")
        elif column.field == "progress":
            numbers = sum(
                1 for value in filled if not isinstance(value, str) or re.fullmatch(r"[\d.]+%?", plain(value))
            )
            if numbers > 0.7 * len(filled):
                column.field, column.reason = "physical", _("列中的值是百分比")
    best: dict[tuple[str, int | None], Column] = {}
    for column in layout.columns:
        if column.field in (None, "approval", "completion_rate", *KEPT) or column.mark:
            continue
        key = (str(column.field), column.month)
        other = best.get(key)
        if other is None:
            best[key] = column
            continue
        winner, loser = (column, other) if _rank(column) > _rank(other) else (other, column)
        best[key] = winner
        if loser.field != "note":
            layout.twice.append((winner, loser))
        loser.field, loser.confidence, loser.reason = None, 0.0, _("与另一列同义，保留原列名")


def _rank(column: Column) -> tuple[float, int]:
    plain_county = column.field == "county" and re.search(r"[县区]", column.header.text) is not None
    return column.confidence, int(plain_county)


_LEDGER_ONLY: Final = (
    "planned_start", "planned_finish", "build_period", "content", "lead_department", "county_leader", "city_leader",
    "planned_cumulative", "planned_month", "planned_quarter", "company",
)  # fmt: skip


def _kind(sheet: Sheet, layout: Layout) -> TableKind:
    if not layout.has("name", "name_code", "code", "own_number"):
        return TableKind.UNKNOWN
    if layout.has("invested_month", "invested_ytd"):
        return TableKind.REPORTS
    if layout.has("progress", "physical") and (
        layout.has("handed_in", "reporter", "period") or not layout.has("planned", "total")
    ):
        return TableKind.REPORTS
    if not layout.has("total", "planned", "approval", *_LEDGER_ONLY):
        return TableKind.UNKNOWN
    title = plain(sheet.name) + "".join(
        plain(value) for row in sheet.rows[: layout.top] for value in row[:3] if isinstance(value, str)
    )
    if layout.has("approval") and not layout.has("planned"):
        return TableKind.PRELIMINARY
    if re.search(r"前期", title) and not layout.has("planned", "stage"):
        return TableKind.PRELIMINARY
    return TableKind.LEDGER


def states_projects(layout: Layout) -> bool:
    """Whether a report table also says what a ledger would (an all-in-one table)."""
    return layout.has("planned", "total")


def headers_at(sheet: Sheet, row: int, layout: Layout) -> bool:
    """Whether a row repeats the header of the table (printed pages), at any of its levels."""
    same = filled = 0
    for column in layout.columns:
        value = sheet.value(row, column.index)
        if value == "":
            continue
        filled += 1
        if isinstance(value, str) and plain(value) in _level_texts(column):
            same += 1
    return filled >= 2 and same >= 0.8 * filled


def _level_texts(column: Column) -> Sequence[str]:
    return [plain(level) for level in column.header.levels]


def first_title_row(sheet: Sheet, first: int, top: int) -> int:
    """The first of the title rows right above a header at `top`: rows of one or two texts, no notes."""
    row = top
    while row > first:
        filled = [value for value in sheet.rows[row - 1] if value != ""]
        text = plain(filled[0]) if filled else ""
        if len(filled) > 2 or any(not isinstance(value, str) for value in filled):
            break
        if _TOTAL.match(text) or re.match(r"(备?注|说明|填表说明|审核|制表)\d?[:：]", text):
            break
        row -= 1
    return row


def cut_after(sheet: Sheet, row: int) -> Sheet:
    """The sheet cut after the rows that a header at `row` may take, so that the search stays there."""
    return Sheet(
        sheet.file,
        sheet.name,
        sheet.rows[: row + 6],
        sheet.merged,
        sheet.marks,
        sheet.hidden,
        sheet.merged_at,
    )
