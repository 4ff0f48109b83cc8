"""What each row under a header is: a project, a subtotal, a group heading, a repeated header, a note."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from guatu.workbooks.cells import plain, serial_of, shown
from guatu.workbooks.fields import Dictionary
from guatu.workbooks.layout import Layout, headers_at, is_numbering
from guatu.workbooks.sheets import Sheet, Value


class RowKind(Enum):
    DATA = auto()
    SUBTOTAL = auto()
    GROUP = auto()
    HEADER = auto()
    NOTE = auto()
    BLANK = auto()


@dataclass(slots=True)
class RowRead:
    """One row: its kind, the label of a heading or subtotal, the number of projects stated in it, and
    for a data row the headings above it by dimension (category, county, stage, level)."""

    index: int
    kind: RowKind
    label: str = ""
    count: int | None = None
    groups: dict[str, str] = field(default_factory=dict)
    depth: int = 0


SUBTOTAL: Final = re.compile(r"^(.{0,16}?)(小计|合计|总计|共计|累计|总和|汇总)[:：]?(\(.*\))?(\d+[个项])?$")
GRAND: Final = re.compile(r"总计|共计|总和|全市|全县|全区合计|汇总")
_NOTE = re.compile(
    r"^(备?注|说明|填表说明|填报说明|附注|编制说明|注释|注意事项|填表要求|第\d+页|共\d+页)(\d*[:：.、]|$)|^第?\d+页|^注\d?[:：]"
)
_SIGNATURE = re.compile(
    r"(审核|审批|审定|复核|制表|填表|填报|汇总|主管领导|分管领导|负责人|签字|签章|盖章|单位领导|联系人|经办人|报送)(人|单位|日期|时间|领导|签字)?(\(.{1,6}\))?[:：]"
)
_ORDINALS: Final = (
    ("一、", re.compile(r"^[一二三四五六七八九十]+[、.,，:：]?(?=[^、.,，]|$)")),
    ("(一)", re.compile(r"^\([一二三四五六七八九十]+\)、?")),
    ("第一", re.compile(r"^第[一二三四五六七八九十]+[类批部分章]*[、:：]?")),
    ("Ⅰ", re.compile(r"^[ⅠⅡⅢⅣⅤⅥIVX]+[、.]")),
)
_ARABIC: Final = (("1.", re.compile(r"^\d{1,2}[、.](?!\d)")), ("(1)", re.compile(r"^\(\d{1,2}\)")))
_COUNT = re.compile(r"(?:共计?|计)?(\d+)(?:个|项)")
_COUNT_TAIL = re.compile(
    r"[(\[【](?:共计?|计)?\d+(?:个|项).*?[)\]】]$|(?:共计?|计)?\d+(?:个|项)(?:项目)?$|\(\d+\)$"
)
_UNIT_TAIL = re.compile(r"\((?:单位[:：]?)?(?:亿元|万元|千元|元)\)$")
_TITLE = re.compile(r"(表|台账|一览|清单|名单|计划|统计|汇总)$")
_STAGE = re.compile(r"(计划新开工|新开工|新开|新建|续建|前期|储备|竣工|投产|在建|调出|完工)")
_LEVEL = re.compile(r"^(国家|省|市|县|区|省市|国家级|省级|市级|县级|区级)(级)?重点?(项目)?$")
_PLACE = re.compile(r"^[一-鿿]{1,12}(县|市|区|旗|镇|乡|街道|开发区|新区|园区|管委会)$")

_PLACE_PROJECTS = re.compile(
    r"^([一-鿿]{1,8}?(?:自治县|县|市|区|旗|镇|乡|街道|开发区|新区|园区))(?:20\d\d年度?)?(?:[省市县区]级?)?(?:重点|重大)(?:建设)?(?:工程|项目)+$"
)


def ordinal_of(text: str) -> tuple[str | None, str]:
    """The style of the ordinal in front of a heading (一、 or （一）), and the heading without it."""
    for style, pattern in _ORDINALS:
        if (match := pattern.match(text)) and (
            style != "一、" or match[0][-1] in "、.,，:：" or len(match[0]) == len(text)
        ):
            return style, text[match.end() :]
    for style, pattern in _ARABIC:
        if match := pattern.match(text):
            return style, text[match.end() :]
    return None, text


def group_of(text: str) -> tuple[str, str]:
    """The dimension that a heading supplies, and its value: 产业项目 is the category 产业."""
    label = _COUNT_TAIL.sub("", _UNIT_TAIL.sub("", text)).strip("、:： ")
    label = re.sub(r"^(?:19|20)\d\d年(?:度)?", "", label)
    if _LEVEL.match(label):
        return "level", label.removesuffix("项目")
    if _PLACE.match(label):
        return "county", label
    if match := _PLACE_PROJECTS.match(label):
        return "county", match[1]
    if (match := _STAGE.search(label)) and len(label) <= len(match[1]) + 5:
        return "stage", match[1]
    for ending in ("类项目", "项目", "类"):
        if label.endswith(ending) and len(label) > len(ending):
            label = label[: -len(ending)]
            break
    return "category", label


def read_rows(
    sheet: Sheet, layout: Layout, dictionary: Dictionary, titles: frozenset[str]
) -> Iterator[RowRead]:
    """The rows under a header, in order, to the end of the table."""
    sorter = _Sorter(sheet, layout, dictionary, titles)
    stack: list[tuple[str, str, str]] = []
    for index in range(layout.bottom + 1, layout.end):
        row = sorter.sort(index)
        sorter.after_header = row.kind is RowKind.HEADER
        if row.kind is RowKind.GROUP:
            _push(stack, row)
            row.groups = {dimension: label for _style, dimension, label in reversed(stack)}
        elif row.kind is RowKind.DATA:
            row.groups = {dimension: label for _style, dimension, label in reversed(stack)}
        yield row


def _push(stack: list[tuple[str, str, str]], row: RowRead) -> None:
    style, rest = ordinal_of(row.label)
    dimension, label = group_of(rest)
    style = style or f"={dimension}"
    for position, (other, _dimension, _label) in enumerate(stack):
        if other == style:
            del stack[position:]
            break
    row.depth = len(stack)
    stack.append((style, dimension, label))


class _Sorter:
    """Sorts the rows of one table; knows which columns carry names, codes, serials and money."""

    def __init__(self, sheet: Sheet, layout: Layout, dictionary: Dictionary, titles: frozenset[str]) -> None:
        self.sheet, self.layout, self.dictionary, self.titles = sheet, layout, dictionary, titles
        at = {column.field: column.index for column in layout.columns if column.field}
        self.code = [at[name] for name in ("code", "own_number") if name in at]
        self.name = at.get("name", at.get("name_code", self.code[0] if self.code else 0))
        self.serial = at.get("serial")
        self.label_until = max([self.name, *self.code, at.get("county", 0), at.get("serial", 0)])
        self.label_until = min(self.label_until, self.name + 4)
        self.money = {c.index for c in layout.columns if c.field and dictionary.kind(c.field) == "money"}
        self.plain_text = {
            c.index
            for c in layout.columns
            if c.field and dictionary.kind(c.field) in ("text", "month", "remark", "day")
        } - {self.name, *self.code}
        self.in_notes = False
        self.after_header = True

    def _filled(self, values: list[Value]) -> list[tuple[int, Value]]:
        return [
            (i, v) for i, v in enumerate(values) if v != "" and not (isinstance(v, str) and not v.strip())
        ]

    def sort(self, index: int) -> RowRead:
        values = self.sheet.rows[index]
        filled = self._filled(values)
        if not filled:
            return RowRead(index, RowKind.BLANK)
        if self.after_header and is_numbering(self.sheet, index):
            return RowRead(index, RowKind.HEADER)
        code = any(any(c.isdigit() for c in plain(values[i])) for i in self.code if i < len(values))
        name = values[self.name] if self.name < len(values) else ""
        if isinstance(name, str) and name and self._is_header(index, name):
            return RowRead(index, RowKind.HEADER)
        first = next((shown(v) for _i, v in filled if isinstance(v, str)), "")
        bare = plain(first)
        if len(filled) == 1 and isinstance(filled[0][1], str):
            return self._lone_text(index, first, bare, in_code=filled[0][0] in self.code)
        if not code:
            if _NOTE.search(bare) or (
                _SIGNATURE.search(bare) and not any(isinstance(v, float) for _i, v in filled)
            ):
                self.in_notes = True
                return RowRead(index, RowKind.NOTE, " ".join(shown(v) for _i, v in filled))
            label = self._subtotal_label(filled)
            if label is not None:
                return RowRead(index, RowKind.SUBTOTAL, label, self._count(label, filled))
            if heading := self._heading(filled):
                self.in_notes = False
                return RowRead(index, RowKind.GROUP, heading, self._count(heading, filled))
            if headers_at(self.sheet, index, self.layout):
                return RowRead(index, RowKind.HEADER)
            if all(i in self.money or i == self.serial for i, _v in filled) and any(
                i in self.money for i, _v in filled
            ):
                return RowRead(index, RowKind.SUBTOTAL, "")
            serial = self.serial is not None and serial_of(self.sheet.value(index, self.serial))
            if self.in_notes and not serial and len(filled) <= 3:
                return RowRead(index, RowKind.NOTE, " ".join(shown(v) for _i, v in filled))
        self.in_notes = False
        return RowRead(index, RowKind.DATA)

    def _lone_text(self, index: int, text: str, bare: str, *, in_code: bool) -> RowRead:
        if SUBTOTAL.match(bare):
            return RowRead(index, RowKind.SUBTOTAL, bare, self._count(bare, []))
        titled = _TITLE.search(_UNIT_TAIL.sub("", bare)) and ordinal_of(bare)[0] is None
        if bare in self.titles or titled or re.match(r"^单位[:：]", bare):
            return RowRead(index, RowKind.NOTE, text)
        style, rest = ordinal_of(bare)
        marked = style in ("一、", "(一)", "第一", "Ⅰ")
        if (
            _NOTE.search(bare)
            or _SIGNATURE.search(bare)
            or (self.in_notes and not (marked and _COUNT_TAIL.search(bare)))
        ):
            self.in_notes = True
            return RowRead(index, RowKind.NOTE, text)
        if in_code and any(c.isdigit() for c in bare) and not marked and not _COUNT_TAIL.search(bare):
            return RowRead(index, RowKind.DATA)
        if len(rest) <= 30 and not rest.endswith(("。", ";", "；")) and rest:
            return RowRead(index, RowKind.GROUP, bare, self._count(bare, []))
        self.in_notes = True
        return RowRead(index, RowKind.NOTE, text)

    def _is_header(self, index: int, name: str) -> bool:
        column = next((c for c in self.layout.columns if c.index == self.name), None)
        return (
            column is not None
            and plain(name) in {plain(level) for level in column.header.levels}
            and headers_at(self.sheet, index, self.layout)
        )

    def _subtotal_label(self, filled: list[tuple[int, Value]]) -> str | None:
        for i, value in filled:
            if i > self.label_until:
                return None
            if isinstance(value, str) and SUBTOTAL.match(plain(value)):
                before = [plain(v) for j, v in filled if j < i and isinstance(v, str) and not serial_of(v)]
                return "".join([*before, plain(value)])
        return None

    def _heading(self, filled: list[tuple[int, Value]]) -> str | None:
        """The label of a heading that also carries sums or counts; None for a project."""
        texts = [(i, plain(v)) for i, v in filled if isinstance(v, str)]
        if any(i in self.plain_text and not _COUNT.fullmatch(text) for i, text in texts):
            return None
        labels = [(i, text) for i, text in texts if i <= self.label_until and not _COUNT.fullmatch(text)]
        if not labels or len(labels) > 2:
            return None
        style, rest = ordinal_of(labels[0][1])
        if style in ("一、", "(一)", "第一", "Ⅰ"):
            if len(labels) == 2 and not rest:
                return (
                    labels[0][1]
                    + ("、" if style == "一、" and labels[0][1][-1] not in "、." else "")
                    + labels[1][1]
                )
            return labels[0][1] if len(labels) == 1 else None
        serial = self.serial is not None and any(i == self.serial for i, _v in filled)
        if (
            len(labels) == 1
            and not serial
            and (_COUNT_TAIL.search(labels[0][1]) or _PLACE.match(labels[0][1]))
        ):
            return labels[0][1]
        return None

    def _count(self, label: str, filled: list[tuple[int, Value]]) -> int | None:
        if match := _COUNT.search(label):
            return int(match[1])
        if match := re.search(r"\((\d+)\)$", label):
            return int(match[1])
        for _i, value in filled:
            if isinstance(value, str) and (
                match := re.fullmatch(r"(?:共计?)?(\d+)(?:个|项)(?:项目)?", plain(value))
            ):
                return int(match[1])
        return None
