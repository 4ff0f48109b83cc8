"""The mapping file: what an office says of its own workbooks, kept as TOML and used again.

An error in it names the file, the key, what was expected and the cure.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from guatu.language import gettext as _
from guatu.values import FEN_PER, Period
from guatu.workbooks.cells import plain
from guatu.workbooks.fields import FIELD_IDS
from guatu.workbooks.reading import Reading, TableKind, TableRead


class MappingError(Exception):
    """A mapping file that cannot be used; the text is for people."""


@dataclass(frozen=True, slots=True)
class TableMapping:
    """What is said of one table. `sheet` and `file` are compared without white space; an empty one
    fits every sheet or file. `headers` (all must stand in the table) fits tables by their form.
    `columns` maps a header, its path with slashes, or path@letter to a field, "" for a kept column."""

    sheet: str = ""
    file: str = ""
    headers: tuple[str, ...] = ()
    kind: TableKind | None = None
    unit: str | None = None
    year: int | None = None
    period: Period | None = None
    code: str | None = None
    skip: bool = False
    columns: AnyMapping[str, str] = field(default_factory=dict)
    units: AnyMapping[str, str] = field(default_factory=dict)

    def fits(self, file: str, sheet: str, headers: frozenset[str] | None) -> bool:
        """Whether the table of that file and sheet is meant; `headers` None leaves them out."""
        if self.file and plain(self.file) != plain(file):
            return False
        if self.sheet and plain(self.sheet) != plain(sheet):
            return False
        return headers is None or all(plain(header) in headers for header in self.headers)


@dataclass(frozen=True, slots=True)
class Mapping:
    """A whole mapping file: own synonyms by field, short names of places, and tables in their order."""

    synonyms: AnyMapping[str, tuple[str, ...]] = field(default_factory=dict)
    counties: AnyMapping[str, str] = field(default_factory=dict)
    tables: tuple[TableMapping, ...] = ()

    def table(self, file: str, sheet: str, headers: frozenset[str] | None = None) -> TableMapping:
        """The first entry that fits; one that says nothing where none does."""
        return next((entry for entry in self.tables if entry.fits(file, sheet, headers)), TableMapping())


def load_mapping(path: Path | str) -> Mapping:
    """Read a mapping file. Raises MappingError."""
    path = Path(path)
    try:
        raw = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError as error:
        raise MappingError(_("找不到映射文件“{file}”。请核对路径。").format(file=path)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise MappingError(
            _("无法读取映射文件“{file}”。请确认它是 UTF-8 文本文件。").format(file=path)
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise MappingError(
            _("映射文件“{file}”的 TOML 写法有误（{error}）。请改正该处；列名含标点时要加引号。").format(
                file=path, error=error
            )
        ) from error
    return _Reader(path).mapping(raw)


class _Reader:
    """Checks each key as it reads it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def wrong(self, key: str, expected: str, cure: str) -> MappingError:
        return MappingError(
            _("映射文件“{file}”的 {key} 有误：应为{expected}。{cure}").format(
                file=self.path, key=key, expected=expected, cure=cure
            )
        )

    def _keys(self, where: str, raw: AnyMapping[str, Any], known: tuple[str, ...]) -> None:
        for key in raw:
            if key not in known:
                raise self.wrong(
                    f"{where}{key}",
                    _("下列键之一：{known}").format(known="、".join(known)),
                    _("请改正键名或删去该行。"),
                )

    def mapping(self, raw: dict[str, Any]) -> Mapping:
        self._keys("", raw, ("synonyms", "counties", "table"))
        synonyms: dict[str, tuple[str, ...]] = {}
        for name, words in self._table("synonyms", raw.get("synonyms", {})).items():
            self._field(f"synonyms.{name}", name)
            if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
                raise self.wrong(f"synonyms.{name}", _("列名的列表"), _('请写成 ["列名一", "列名二"]。'))
            synonyms[name] = tuple(words)
        counties = self._texts("counties", raw.get("counties", {}))
        tables = raw.get("table", [])
        if not isinstance(tables, list) or not all(isinstance(entry, dict) for entry in tables):
            raise self.wrong("table", _("若干个 [[table]] 段"), _("每张表以单独一行 [[table]] 开头。"))
        return Mapping(
            synonyms,
            {plain(k): plain(v) for k, v in counties.items()},
            tuple(self._entry(i, e) for i, e in enumerate(tables, 1)),
        )

    def _table(self, key: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.wrong(key, _("一个 [{key}] 段").format(key=key), _("请写成“名称 = 值”的若干行。"))
        return value

    def _texts(self, key: str, value: Any) -> dict[str, str]:
        table = self._table(key, value)
        for name, text in table.items():
            if not isinstance(text, str):
                raise self.wrong(f"{key}.{name}", _("带引号的文字"), _("请给值加上引号。"))
        return table

    def _field(self, key: str, name: str) -> None:
        if name and name not in FIELD_IDS:
            known = "、".join(sorted(f for f in FIELD_IDS if "." not in f))
            raise self.wrong(
                key,
                _("字段名（{known}）或空").format(known=known),
                _("“{name}”不是字段名，请改正。").format(name=name),
            )

    def _unit(self, key: str, value: Any) -> str:
        if value not in FEN_PER:
            raise self.wrong(
                key, "、".join(unit for unit in FEN_PER if unit != "分"), _('请写一种金额单位，如 "万元"。')
            )
        return str(value)

    def _entry(self, number: int, raw: dict[str, Any]) -> TableMapping:
        where = f"table[{number}]."
        self._keys(
            where,
            raw,
            (
                "sheet",
                "file",
                "headers",
                "kind",
                "unit",
                "year",
                "period",
                "code",
                "skip",
                "columns",
                "units",
            ),
        )
        for key in ("sheet", "file", "code"):
            if key in raw and not isinstance(raw[key], str):
                raise self.wrong(where + key, _("带引号的文字"), _("请给值加上引号。"))
        kind = raw.get("kind")
        kinds = [str(k) for k in TableKind if k is not TableKind.UNKNOWN]
        if kind is not None and kind not in kinds:
            raise self.wrong(where + "kind", "、".join(kinds), _("请改正表的种类。"))
        year = raw.get("year")
        if year is not None and not (isinstance(year, int) and 1950 <= year <= 2199):
            raise self.wrong(where + "year", _("四位数年份"), _("请写成 year = 2023。"))
        period = raw.get("period")
        if period is not None:
            try:
                period = Period.parse(str(period))
            except ValueError as error:
                raise self.wrong(where + "period", "YYYY-MM", _('请写成 period = "2023-09"。')) from error
        skip = raw.get("skip", False)
        if not isinstance(skip, bool):
            raise self.wrong(where + "skip", "true / false", _("请写 true 或 false，不加引号。"))
        headers = raw.get("headers", [])
        if not isinstance(headers, list) or not all(isinstance(header, str) for header in headers):
            raise self.wrong(where + "headers", _("列名的列表"), _('请写成 ["列名一", "列名二"]。'))
        columns = self._texts(where + "columns", raw.get("columns", {}))
        for header, name in columns.items():
            self._field(f"{where}columns.{header}", name)
        units = self._texts(where + "units", raw.get("units", {}))
        for header, unit in units.items():
            self._unit(f"{where}units.{header}", unit)
        return TableMapping(
            sheet=raw.get("sheet", ""),
            file=raw.get("file", ""),
            headers=tuple(headers),
            kind=TableKind(kind) if kind else None,
            unit=self._unit(where + "unit", raw["unit"]) if raw.get("unit") else None,
            year=year,
            period=period,
            code=raw.get("code") or None,
            skip=skip,
            columns=columns,
            units=units,
        )


def write_mapping(reading: Reading, path: Path | str) -> None:
    """Write how the workbooks were understood, ready for an office to correct and pass back."""
    lines = [
        _("# 映射文件：每列读成了哪个字段。改正后用 --mapping 交回即可。"),
        _("# 值为空的列按原列名保留。字段的意义见 docs/how-to/read-a-workbook.md。"),
        "",
        _('# [synonyms] 增补列名的写法，如：total = ["项目总盘子"]'),
        "[synonyms]",
        "",
        _('# [counties] 地名的简称与全称，如："高新区" = "高新技术产业开发区"'),
        "[counties]",
        *(f"{_quoted(short)} = {_quoted(full)}" for short, full in sorted(reading.aliases.items())),
        "",
    ]
    seen: set[tuple[str, str]] = set()
    for table in reading.tables:
        if (table.file, table.sheet) in seen:
            continue
        seen.add((table.file, table.sheet))
        lines += _table_lines(table)
    Path(path).write_text("\n".join(lines) + "\n", "utf-8")


def _table_lines(table: TableRead) -> list[str]:
    lines = ["[[table]]", f"file = {_quoted(table.file)}", f"sheet = {_quoted(table.sheet)}"]
    if table.kind is not TableKind.UNKNOWN:
        lines.append(f"kind = {_quoted(str(table.kind))}")
    lines.append(
        f"unit = {_quoted(table.unit)}" if table.unit else _('# unit = "万元"  # 表中没有统一写明单位')
    )
    if table.year:
        lines.append(f"year = {table.year}")
    if table.period:
        lines.append(f"period = {_quoted(table.period)}")
    lines.append("[table.columns]")
    paths = [column.path or column.header for column in table.columns]
    for column, path in zip(table.columns, paths, strict=True):
        key = path if paths.count(path) == 1 else f"{path}@{column.letter}"
        lines.append(f"{_quoted(key)} = {_quoted(column.field or '')}")
    units = [
        (p, c.unit) for c, p in zip(table.columns, paths, strict=True) if c.unit and c.unit != table.unit
    ]
    if units:
        lines.append("[table.units]")
        lines += [f"{_quoted(path)} = {_quoted(unit)}" for path, unit in dict(units).items()]
    return [*lines, ""]


def _quoted(text: str) -> str:
    """A TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'
