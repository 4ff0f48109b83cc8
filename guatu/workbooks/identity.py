"""Who is who: codes present, well formed and used once; reports that belong to a project, once a month."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from guatu.findings import Finding
from guatu.language import gettext as _
from guatu.portfolio.counties import likely_aliases
from guatu.portfolio.project import Project
from guatu.reporting.report import Report
from guatu.workbooks.cells import EXPECTED_CODE, NATIONAL_CODE, plain
from guatu.workbooks.places import at_row, at_sheet
from guatu.workbooks.reading import TableKind
from guatu.workbooks.records import Surroundings, county_of, identity_of
from guatu.workbooks.sheets import column_letter
from guatu.workbooks.table import RawRow, TableData

Say = Callable[[Finding], None]


def bare_name(name: str) -> str:
    """A name for comparing: half-width, without white space or punctuation."""
    return re.sub(r"[^\w]", "", plain(name))


@dataclass(slots=True)
class _Place:
    letter: str | None
    header: str | None


def _code_place(data: TableData, raw: RawRow) -> _Place:
    for name in ("code", "own_number"):
        if name in raw.letters:
            return _Place(raw.letters[name], raw.headers[name])
    column = data.layout.column("code") or data.layout.column("own_number")
    return _Place(column.letter if column else None, column.header.text if column else None)


def refuse_without_code(
    tables: Sequence[TableData], around: Callable[[TableData], Surroundings], say: Say
) -> None:
    """Refuse every row that has no code, or one that is not written as the column's others are."""
    nameless: list[tuple[TableData, RawRow]] = []
    for data in tables:
        if data.kind is TableKind.UNKNOWN:
            continue
        if not data.layout.has("code", "own_number") and not any(identity_of(raw) for raw in data.rows):
            _no_code_column(data, say)
            nameless += [(data, raw) for raw in data.rows]
            continue
        codes = [code for raw in data.rows if (code := raw.values.get("code"))]
        national = (
            sum(1 for code in codes if NATIONAL_CODE.fullmatch(code)) >= 0.5 * len(codes) if codes else False
        )
        for raw in data.rows:
            code = identity_of(raw)
            if code is None:
                raw.refused = True
                nameless.append((data, raw))
                place = _code_place(data, raw)
                said = _("“{name}”没有项目代码，该行未读入。").format(
                    name=raw.values.get("name") or _("（未写名称）")
                )
                say(
                    at_row(
                        "code_missing",
                        data.sheet,
                        raw.row,
                        said,
                        column=place.letter,
                        header=place.header,
                        found="",
                        expected=EXPECTED_CODE,
                    )
                )
            elif (national and "code" in raw.values and not NATIONAL_CODE.fullmatch(code)) or "e+" in code:
                raw.refused = True
                place = _code_place(data, raw)
                said = _("项目代码“{code}”不合统一代码的写法，该行未读入。").format(code=code)
                say(
                    at_row(
                        "code_malformed",
                        data.sheet,
                        raw.row,
                        said,
                        column=place.letter,
                        header=place.header,
                        found=code,
                        expected=EXPECTED_CODE,
                        project=code,
                    )
                )
    _propose(nameless, tables, around, say)


def _no_code_column(data: TableData, say: Say) -> None:
    for raw in data.rows:
        raw.refused = True
    name = data.layout.column("name")
    said = _("全表没有项目代码列，名称和县区不能当作身份，{count} 行未读入。").format(count=len(data.rows))
    cure = _('请增加“项目代码”列；如要以某一列为代码，请在映射文件该表下写 code = "{name}"。').format(
        name=name.header.text if name else _("项目名称")
    )
    say(
        at_sheet(
            "code_missing",
            data.sheet,
            said,
            row=data.layout.bottom + 1,
            found=_("没有项目代码列"),
            expected=EXPECTED_CODE,
            cure=cure,
        )
    )


def _propose(
    nameless: list[tuple[TableData, RawRow]],
    tables: Sequence[TableData],
    around: Callable[[TableData], Surroundings],
    say: Say,
) -> None:
    """Propose, never make, the match of a row without a code to a project of the same name and county."""
    if not nameless:
        return
    known: dict[str, dict[str, tuple[str | None, str]]] = defaultdict(dict)
    for data in tables:
        for raw in data.rows:
            code, name = identity_of(raw), raw.values.get("name")
            if code and name and not raw.refused:
                place = f"{data.sheet.name}!{column_letter(0)}{raw.row + 1}"
                known[plain(name)].setdefault(code, (county_of(raw, around(data)), place))
    for data, raw in nameless:
        name, county = raw.values.get("name"), county_of(raw, around(data))
        if not name:
            continue
        for code, (their_county, place) in known.get(plain(name), {}).items():
            if county is None or their_county is None or county == their_county:
                said = _("“{name}”没有代码，名称与 {code} 相同，可能是同一项目；未代为认定。").format(
                    name=name, code=code
                )
                say(
                    at_row(
                        "match_proposed",
                        data.sheet,
                        raw.row,
                        said,
                        found=name,
                        expected=code,
                        project=code,
                        cells=(place,),
                    )
                )


def say_what_is_left_open(raw: RawRow, data: TableData, project: Project, say: Say) -> None:
    """Say that a project has no county where the table has a column for it, or a stage of no known word."""
    if project.county is None and "county" in raw.letters:
        letter, header = raw.letters["county"], raw.headers["county"]
        said = _("“{name}”没有写明县（市、区）。").format(name=project.name)
        say(
            at_row(
                "county_missing",
                data.sheet,
                raw.row,
                said,
                column=letter,
                header=header,
                found="",
                project=project.code,
            )
        )
    stage = raw.values.get("stage")
    if stage and project.stage is None:
        letter, header = raw.letters["stage"], raw.headers["stage"]
        said = _("“{name}”的建设性质“{stage}”不认得，按空白处理。").format(name=project.name, stage=stage)
        say(
            at_row(
                "stage_unknown",
                data.sheet,
                raw.row,
                said,
                column=letter,
                header=header,
                found=stage,
                expected=_("新开工、续建、前期、竣工等"),
                project=project.code,
            )
        )


def one_row_per_code(projects: list[tuple[RawRow, TableData, Project]], say: Say) -> list[Project]:
    """The projects whose code is used once. Two names for one code: none is taken. The same code and
    name again: the first row is taken."""
    by_code: dict[str, list[tuple[RawRow, TableData, Project]]] = defaultdict(list)
    for entry in projects:
        by_code[entry[2].code].append(entry)
    kept: list[Project] = []
    for code, entries in by_code.items():
        if len(entries) == 1:
            kept.append(entries[0][2])
            continue
        names = list({plain(project.name): project.name for _raw, _data, project in entries}.values())
        cells = tuple(_cell(data, raw) for raw, data, _project in entries)
        if len(names) > 1:
            for raw, data, project in entries:
                raw.refused = True
                others = "、".join(f"“{name}”" for name in names if plain(name) != plain(project.name))
                said = _("项目代码 {code} 用于“{name}”，也用于{others}，各行都未读入。").format(
                    code=code, name=project.name, others=others
                )
                place = _code_place(data, raw)
                say(
                    at_row(
                        "code_two_names",
                        data.sheet,
                        raw.row,
                        said,
                        column=place.letter,
                        header=place.header,
                        found=project.name,
                        expected=_("一个代码只用于一个项目"),
                        project=code,
                        cells=cells,
                    )
                )
            continue
        kept.append(entries[0][2])
        for raw, data, project in entries[1:]:
            raw.refused = True
            said = _("项目代码 {code}（{name}）已在第一次出现的一行读入，本行未读入。").format(
                code=code, name=project.name
            )
            place = _code_place(data, raw)
            say(
                at_row(
                    "code_duplicate",
                    data.sheet,
                    raw.row,
                    said,
                    column=place.letter,
                    header=place.header,
                    found=code,
                    expected=_("每个代码一行"),
                    project=code,
                    cells=cells[:1],
                )
            )
    return kept


def _cell(data: TableData, raw: RawRow) -> str:
    return f"{data.sheet.name}!{_code_place(data, raw).letter or 'A'}{raw.row + 1}"


def known_reports(
    reports: list[tuple[RawRow, TableData, Report]], known: Mapping[str, str], say: Say
) -> list[tuple[RawRow, TableData, Report]]:
    """The reports whose project stands in the ledger (`known`: name by code); without any ledger, all
    of them. A report under another name than the ledger's is taken by its code, and said."""
    if not known:
        return reports
    kept, said_of = [], set()
    for raw, data, report in reports:
        if report.code in known:
            kept.append((raw, data, report))
            if (
                report.name
                and bare_name(report.name) != bare_name(known[report.code])
                and id(raw) not in said_of
            ):
                said_of.add(id(raw))
                said = _("代码 {code} 在台账中是“{name}”，本行写作“{other}”。").format(
                    code=report.code, name=known[report.code], other=report.name
                )
                letter, header = raw.letters.get("name"), raw.headers.get("name")
                say(
                    at_row(
                        "report_name_differs",
                        data.sheet,
                        raw.row,
                        said,
                        column=letter,
                        header=header,
                        found=report.name,
                        expected=known[report.code],
                        project=report.code,
                        period=str(report.period),
                    )
                )
            continue
        raw.refused = True
        if id(raw) in said_of:
            continue
        said_of.add(id(raw))
        place = _code_place(data, raw)
        said = _("台账中没有代码为 {code} 的项目（“{name}”），该行未读入。").format(
            code=report.code, name=report.name or ""
        )
        say(
            at_row(
                "project_unknown",
                data.sheet,
                raw.row,
                said,
                column=place.letter,
                header=place.header,
                found=report.code,
                expected=_("台账中已有的项目代码"),
                project=report.code,
                period=str(report.period),
            )
        )
    return kept


def one_report_per_month(reports: list[tuple[RawRow, TableData, Report]], say: Say) -> list[Report]:
    """One report for a project and month. Different figures: none is taken; the same again: counted once."""
    by_key: dict[tuple[str, str], list[tuple[RawRow, TableData, Report]]] = defaultdict(list)
    for entry in reports:
        by_key[entry[2].code, str(entry[2].period)].append(entry)
    kept: list[Report] = []
    for (code, period), entries in by_key.items():
        told = [entry for entry in entries if not entry[2].blank]
        if len(told) <= 1:
            kept.append((told or entries)[0][2])
            continue
        figures = {
            (r.invested_month, r.invested_ytd, r.physical, plain(r.progress or "")) for _raw, _data, r in told
        }
        places = tuple(_cell(data, raw) for raw, data, _report in told)
        same = len(figures) == 1
        if same:
            kept.append(told[0][2])
        for raw, data, report in told[1:] if same else told:
            raw.refused = not same
            kind = "report_repeated" if same else "report_duplicate"
            text = (
                _("{name} {period} 的月报重复出现，内容一致，只计一次。")
                if same
                else _("{name} {period} 报了 {count} 次且数字不同，各次都未读入。")
            )
            said = text.format(name=report.name or code, period=period, count=len(told))
            place = _code_place(data, raw)
            say(
                at_row(
                    kind,
                    data.sheet,
                    raw.row,
                    said,
                    column=place.letter,
                    header=place.header,
                    found=code,
                    expected=_("每个项目每月一行"),
                    project=code,
                    period=period,
                    cells=places,
                )
            )
    return kept


def propose_aliases(
    tables: Sequence[TableData], projects: Sequence[Project], reports: Sequence[Report], say: Say
) -> None:
    """Propose, never make, that two spellings of a county are one place."""
    names = {p.county for p in projects if p.county} | {r.county for r in reports if r.county}
    first: dict[str, Project | Report] = {}
    records: list[Project | Report] = [*projects, *reports]
    for record in records:
        if record.county:
            first.setdefault(record.county, record)
    by_sheet = {(data.sheet.file, data.sheet.name): data for data in tables}
    for short, full in likely_aliases(names):
        source = first[short].source
        if source is None:
            continue
        data = by_sheet[source.file, source.sheet]
        column = data.layout.column("county")
        said = _("“{short}”与“{full}”可能是同一地方，未作合并。").format(short=short, full=full)
        cure = _('如确为同一地方，请在映射文件的 [counties] 中写 "{short}" = "{full}"。').format(
            short=short, full=full
        )
        finding = at_row(
            "county_alias_proposed", data.sheet, source.row - 1, said, found=short, expected=full, cure=cure
        )
        say(
            replace(
                finding,
                column=column.letter if column else None,
                header=column.header.text if column else None,
            )
        )
