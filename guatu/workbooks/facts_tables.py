"""Recognising a table of facts: the long one (one fact a row) and the wide one (one fact a column)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

from guatu.assessment.given import Known, KnownFact
from guatu.assessment.terms import Kind
from guatu.workbooks.cells import plain
from guatu.workbooks.sheets import Sheet

Role = Literal["fact", "value", "unit", "checked", "source", "by", "second", "day", "reason"]

_SIGNS = re.compile(r"[()\[\]{}、,/·.\s*:]")
_TAIL = re.compile(r"(.+?)[(\[【]([^()\[\]【】]*)[)\]】]")
_CHECKED: Final = frozenset({"核查", "核查值", "抽查", "抽查值", "核实", "核实值", "checked"})
_CHECKED_TAIL = re.compile(r"(.+?)(?:\.checked|核查值|抽查值|核实值)")
_LINES_TO_LOOK_AT: Final = 40


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ENTITY_WORDS: Final[dict[str, frozenset[str]]] = {
    "": _words("对象 考核对象 被考核对象 被考核单位 entity"),
    "county": _words(
        "县区 区县 县市区 市县区 县市 县 区 地区 辖区 区域 乡镇 镇街 街道 乡镇街道 county region"
    ),
    "lead_department": _words("部门 牵头部门 责任部门 牵头单位 责任单位 department lead_department"),
    "project": _words("项目代码 项目编号 统一代码 项目 项目名称 project"),
    "other": _words("名称 姓名 企业 人员 领导 城市 市 省 name city"),
    "unit": _words("单位 单位名称 organisation"),
}
"""Headers of the column that names the thing, by what kind of thing they say it is."""

_TERM_WORDS: Final[dict[str, Kind | None]] = {
    **dict.fromkeys(("年份", "年度", "year"), "year"),
    **dict.fromkeys(("期别", "期", "期间", "时期", "考核期", "term", "period")),
    **dict.fromkeys(("季度", "quarter"), "quarter"),
    **dict.fromkeys(("月份", "月", "month"), "month"),
}
_ROLE_WORDS: Final[dict[Role, frozenset[str]]] = {
    "fact": _words("事实 事实名称 事实编号 指标 指标名称 考核指标 fact indicator"),
    "value": _words("数值 值 指标值 事实值 填报值 上报值 完成值 value"),
    "unit": _words("计量单位 数值单位 unit"),
    "checked": _CHECKED,
    "source": _words("来源 数据来源 出处 依据 source"),
    "by": _words("填报人 填报单位 报送人 报送单位 打分人 评分人 by"),
    "second": _words("复核人 复核 第二人 second"),
    "day": _words("日期 填报日期 报送日期 打分日期 评分日期 day date"),
    "reason": _words("理由 原因 打分理由 评分理由 reason"),
}
_BESIDE: Final = _words("序号 编号 备注 说明 联系人 联系电话 电话 no note remark")
"""Columns that hold no facts and are passed over."""


class Names:
    """The known facts by id and by name."""

    def __init__(self, known: Known) -> None:
        self._by_word: dict[str, list[KnownFact]] = {}
        self._found: dict[str, KnownFact | None] = {}
        for fact in known.values():
            for word in {_word(fact.id), _word(fact.name)}:
                self._by_word.setdefault(word, []).append(fact)

    def find(self, text: str) -> KnownFact | None:
        """The fact of that id or name; None where there is none, or where several share the name."""
        if text not in self._found:
            named = self._by_word.get(_word(text), ())
            self._found[text] = named[0] if len(named) == 1 else None
        return self._found[text]

    def near(self, text: str) -> str | None:
        """The id or name that comes closest, with its counterpart: 开工率（start_rate）; the ids where
        several facts share the name."""
        word = _word(text)
        if word in self._by_word:
            return "、".join(fact.id for fact in self._by_word[word])
        close = difflib.get_close_matches(word, self._by_word, n=1, cutoff=0.5)
        if not close:
            return None
        return "、".join(f"{fact.name}（{fact.id}）" for fact in self._by_word[close[0]])


@dataclass(frozen=True, slots=True)
class FactColumn:
    """A column of a wide table. `fact` is None for a header that names no known fact; `unit` is the unit
    written behind the name; `checked` says that it holds what a spot check found."""

    index: int
    header: str
    name: str
    fact: KnownFact | None
    unit: str = ""
    checked: bool = False


@dataclass(slots=True)
class FactTable:
    """Where everything of a table stands: rows and columns count from 0. `facts` is empty for a long
    table; `entity` is None where no column names the thing."""

    header: int
    entity: int | None
    terms: list[tuple[int, Kind | None]] = field(default_factory=list)
    roles: dict[Role, int] = field(default_factory=dict)
    facts: list[FactColumn] = field(default_factory=list)
    rank: int = 0

    @property
    def long(self) -> bool:
        return "fact" in self.roles and "value" in self.roles


def find_table(sheet: Sheet, names: Names) -> FactTable | None:
    """The table of facts whose header stands among the first rows; None where there is none.

    A header with a thing and facts comes before one whose facts are only nearly known, and that before
    one that names no thing.
    """
    best: FactTable | None = None
    for row in range(min(len(sheet.rows), _LINES_TO_LOOK_AT)):
        table = table_at(sheet, row, names)
        if table and (best is None or table.rank > best.rank):
            best = table
    return best


def is_entity_word(text: str) -> bool:
    """Whether a cell holds the header of a column of things."""
    bare = _bare(text)
    return any(bare in words for words in ENTITY_WORDS.values())


def table_at(sheet: Sheet, row: int, names: Names) -> FactTable | None:
    """The table whose header is that row; None where the row is no header."""
    headers = [plain(value) if isinstance(value, str) else "" for value in sheet.rows[row]]
    bare = [_bare(header) for header in headers]
    if sum(map(bool, bare)) < 2:
        return None
    columns = {i: _fact_column(i, header, names) for i, header in enumerate(headers) if header}
    roles = _roles(bare)
    table = FactTable(row, None, roles=roles)
    table.terms = sorted(
        ((i, _TERM_WORDS[word]) for i, word in enumerate(bare) if word in _TERM_WORDS),
        key=lambda term: ("year", None, "quarter", "month").index(term[1]),
    )
    if table.long:
        table.entity = _entity(bare, ())
        if (
            "unit" not in roles
            and (units := _among(bare, ENTITY_WORDS["unit"]))
            and table.entity not in units
        ):
            roles["unit"] = units[0]
        table.rank = 4 if table.entity is not None else 1
        return table
    # A known fact is a fact, whatever else its name could mean; a column of things is none.
    kinds = [column.fact.entity for column in columns.values() if column.fact]
    table.entity = _entity(["" if i in columns and columns[i].fact else b for i, b in enumerate(bare)], kinds)
    used = {table.entity, *roles.values(), *(i for i, _kind in table.terms)}
    table.facts = [
        column
        for i, column in columns.items()
        if column.fact or (i not in used and bare[i] not in _BESIDE and not is_entity_word(headers[i]))
    ]
    if kinds:
        table.rank = 3 if table.entity is not None else 1 if len(kinds) > 1 else 0
    elif table.entity is not None and any(names.near(column.name) for column in table.facts):
        table.rank = 2
    known = {column.index for column in table.facts if column.fact}
    table.roles = {role: i for role, i in roles.items() if i not in known}
    table.terms = [term for term in table.terms if term[0] not in known]
    return table if table.rank else None


def _word(text: str) -> str:
    return plain(text).casefold()


def _bare(text: str) -> str:
    return _SIGNS.sub("", plain(text)).casefold()


def _among(bare: list[str], words: Iterable[str]) -> list[int]:
    wanted = frozenset(words)
    return [i for i, word in enumerate(bare) if word in wanted]


def _roles(bare: list[str]) -> dict[Role, int]:
    return {role: found[0] for role, words in _ROLE_WORDS.items() if (found := _among(bare, words))}


def _entity(bare: list[str], kinds: Iterable[str]) -> int | None:
    """The column of things: one that says 对象, else one of the kind that the facts are about, else
    the first that names anything, 单位 last."""
    order = [ENTITY_WORDS[""], *(ENTITY_WORDS[kind] for kind in dict.fromkeys(kinds) if kind in ENTITY_WORDS)]
    order.append(frozenset().union(*(words for kind, words in ENTITY_WORDS.items() if kind != "unit")))
    order.append(ENTITY_WORDS["unit"])
    for words in order:
        found = _among(bare, words)
        if found:
            coded = [i for i in found if "代码" in bare[i] or "编号" in bare[i]]
            return coded[0] if coded and words is ENTITY_WORDS["project"] else found[0]
    return None


def _fact_column(index: int, header: str, names: Names) -> FactColumn:
    """The fact that a header names, once the unit and the word for a spot check behind it are taken off."""
    rest, unit, checked = header, "", False
    while (fact := names.find(rest)) is None:
        if match := _TAIL.fullmatch(rest):
            for part in re.split(r"[,;、]", match[2]):
                if part.casefold() in _CHECKED:
                    checked = True
                else:
                    unit = part
            rest = match[1]
        elif match := _CHECKED_TAIL.fullmatch(rest):
            rest, checked = match[1], True
        else:
            return FactColumn(index, header, rest, None, unit, checked)
    return FactColumn(index, header, rest, fact, unit, checked)
