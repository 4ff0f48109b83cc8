"""`guatu judge`: an office's workbooks in; lights, ranking, findings and the month's bulletin out."""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from guatu.calendars import due_day
from guatu.documents.bulletin import compose_bulletin, opening
from guatu.documents.docx import write_docx
from guatu.documents.workbook import write_workbook
from guatu.findings import Finding, Severity
from guatu.judge import Judged, judge_month
from guatu.judge.explain import UnknownEntity, explain
from guatu.judge.summary import Json
from guatu.language import gettext as _
from guatu.reporting.settings import CheckSettings
from guatu.schemes.check import check_scheme, has_errors
from guatu.schemes.load import Scheme, SchemeError, load_scheme
from guatu.values import Period
from guatu.workbooks.mapping import MappingError, load_mapping
from guatu.workbooks.read import read_workbooks
from guatu.workbooks.reading import Reading
from guatu.workbooks.sheets import WorkbookError


class InputError(ValueError):
    """Something the user gave cannot be used; the message says what, where, and how to mend it."""


def add_parser(commands: Any) -> None:
    judge = commands.add_parser(
        "judge",
        help=_("按方案判一个月：灯、排名、待核数字、通报"),
        description=_("读台账和月报，按方案判定一个月，写出 JSON、Excel 和通报"),
    )
    judge.add_argument("scheme", metavar=_("方案"), help=_("方案文件夹，或自带方案的代号"))
    judge.add_argument(
        "--ledger", nargs="+", required=True, metavar=_("台账"), help=_("项目台账，可多个文件")
    )
    judge.add_argument(
        "--reports",
        nargs="+",
        default=[],
        metavar=_("月报"),
        help=_("月报，可多个文件；与台账同一文件的不必再写"),
    )
    judge.add_argument("--period", required=True, metavar="YYYY-MM", help=_("判哪个月，例如 2023-09"))
    judge.add_argument("--out", metavar=_("文件夹"), help=_("结果写到这里"))
    judge.add_argument(
        "--mapping", metavar=_("文件"), help=_("校正过的列对应表（guatu read 写出的 mapping.toml）")
    )
    judge.add_argument(
        "--as-of", metavar="YYYY-MM-DD", help=_("截至哪一天收到的报表；默认为最后一份的报送日")
    )
    judge.add_argument(
        "--jurisdiction", metavar=_("名称"), help=_("通报上的市县名称；默认取自台账标题，其次取自方案")
    )
    judge.add_argument("--agency", metavar=_("单位"), help=_("通报的发文单位；默认取自方案"))
    judge.add_argument("--explain", metavar=_("项目代码、县或部门"), help=_("说明一盏灯或一个名次是怎样来的"))
    judge.add_argument("--format", choices=("text", "json"), default="text", help=_("标准输出的格式"))
    judge.add_argument("--strict", action="store_true", help=_("有一行不能采用就整批不用"))
    judge.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """0: judged and written; 2: wrong input, nothing written."""
    try:
        judged = judge_workbooks(given)
        if given.explain:
            print(explain(judged, given.explain))
        if given.out:
            write_results(judged, Path(given.out))
    except (InputError, WorkbookError, MappingError, UnknownEntity, SchemeError) as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(
            _("无法读写 {file}：{reason}").format(file=error.filename, reason=error.strerror), file=sys.stderr
        )
        return 2
    if given.format == "json":
        json.dump(as_document(judged), sys.stdout, ensure_ascii=False, indent=1)
        print()
    elif not given.explain:
        _print_state(judged, given.out)
    return 0


def judge_workbooks(given: argparse.Namespace) -> Judged:
    """Read and judge what the command line names. Raises InputError, WorkbookError, SchemeError."""
    scheme = _usable_scheme(given.scheme)
    period = _period(given.period, scheme)
    as_of = _day(given.as_of)
    mapping = load_mapping(Path(given.mapping)) if given.mapping else None
    paths = list(dict.fromkeys(Path(name) for name in (*given.ledger, *given.reports)))
    rule = scheme.text.report.due
    reading = read_workbooks(
        paths,
        mapping=mapping,
        settings=check_settings(scheme),
        due=lambda month: due_day(month, day=rule.day, months_after=rule.months_after),
    )
    findings = reading.findings
    _refuse_nothing_read(reading, findings)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if given.strict and errors:
        raise InputError(_("有 {n} 处不能采用，按 --strict 整批不用：\n{list}").format(
            n=len(errors), list="\n".join(f"  {finding.message}" for finding in errors[:20])))  # fmt: skip
    return judge_month(
        scheme, reading.projects, reading.reports, findings, period=period, as_of=as_of,
        jurisdiction=given.jurisdiction or jurisdiction_of(reading),
        agency=given.agency,
    )  # fmt: skip


def check_settings(scheme: Scheme) -> CheckSettings:
    """The thresholds of the checks, as the scheme states them."""
    return CheckSettings(money_ahead_points=scheme.text.checks.money_ahead_points)


def _usable_scheme(name: str) -> Scheme:
    scheme = load_scheme(name)
    faults = check_scheme(scheme)
    if has_errors(faults):
        raise SchemeError([fault for fault in faults if fault.severity == "error"])
    return scheme


def _period(text: str, scheme: Scheme) -> Period:
    try:
        period = Period.parse(text)
    except ValueError as error:
        raise InputError(f"--period {error}") from error
    if period.year != scheme.text.scheme.year:
        raise InputError(_("--period {period}：方案 {scheme} 是 {year} 年的，请换那一年的方案").format(
            period=period, scheme=scheme.id, year=scheme.text.scheme.year))  # fmt: skip
    return period


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InputError(_("--as-of {text}：应写作 YYYY-MM-DD，例如 2023-10-13").format(text=text)) from error


def _refuse_nothing_read(reading: Reading, findings: Sequence[Finding]) -> None:
    if not reading.projects:
        why = "\n".join(f"  {finding.message}" for finding in findings[:10])
        raise InputError(_("台账里没有读到项目：\n{why}").format(why=why))


def jurisdiction_of(reading: Reading) -> str | None:
    """The place named at the head of the ledger's title, such as 示范市 of 示范市2023年重点建设项目台账."""
    for table in reading.tables:
        match = re.match(
            r"\s*([\u4e00-\u9fff]{1,12}?(?:自治[州县]|市|县|区|州|盟|旗|镇|乡|街道))(?=[\d０-９〇一二三四五六七八九年度重])",
            table.title or "",
        )
        if match:
            return match[1]
    return None


def as_document(judged: Judged) -> Json:
    """The four files of the contract in one object, for `--format json`."""
    month = judged.month
    return {
        **month.head,
        **month.summary,
        "lights": month.lights,
        "rankings": month.rankings,
        "findings": month.findings,
    }


def write_results(judged: Judged, folder: Path) -> None:
    """Write the contract's files, the workbook and the bulletin; all of them or none."""
    month = judged.month
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".guatu-") as work:
        draft = Path(work)
        for name, body in (
            ("summary.json", month.summary), ("lights.json", {"lights": month.lights}),
            ("ranking.json", {"rankings": month.rankings}), ("findings.json", {"findings": month.findings}),
        ):  # fmt: skip
            text = json.dumps({**month.head, **body}, ensure_ascii=False, indent=1)
            (draft / name).write_text(text + "\n", encoding="utf-8")
        write_workbook(month, draft / "workbook.xlsx")
        write_docx(compose_bulletin(month), draft / "bulletin.docx")
        for path in draft.iterdir():
            shutil.move(path, folder / path.name)


def _print_state(judged: Judged, out: str | None) -> None:
    print(opening(judged.month))
    for ranking in judged.month.ranking_ids()[:1]:
        for entry in judged.month.ranking(ranking):
            print(
                f"{entry['rank'] or '–':>4}  {entry['entity']}  {entry['value'] if entry['value'] is not None else '–'}%"
            )
    counts = {
        severity: sum(f["severity"] == severity for f in judged.month.findings)
        for severity in ("error", "warning", "note")
    }
    print(_("不能采用 {error} 处，待核 {warning} 处，说明 {note} 处。").format(**counts))
    if out:
        print(
            _(
                "已写到 {folder}：summary.json、lights.json、ranking.json、findings.json、workbook.xlsx、bulletin.docx"
            ).format(folder=out)
        )
