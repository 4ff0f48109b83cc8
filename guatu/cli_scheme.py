"""`guatu scheme …`: the policy officer's tools around schemes: new, check, explain, diff, compare."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from guatu.assessment.terms import Term
from guatu.calendars.due import WEEKDAYS
from guatu.cli_judge import InputError, read_given_facts, read_ledger, usable_scheme
from guatu.judge import Judged
from guatu.judge.cases import run_cases
from guatu.judge.compare import Comparison, compare
from guatu.judge.inputs import Inputs
from guatu.judge.rehearsal import rehearse
from guatu.language import gettext as _
from guatu.schemes.agenda import agenda
from guatu.schemes.check import check_scheme, has_errors
from guatu.schemes.describe import as_text, describe
from guatu.schemes.differences import differences, editions
from guatu.schemes.load import Scheme, SchemeError, SchemeFault, load_scheme
from guatu.schemes.new import new_scheme
from guatu.schemes.units import word
from guatu.trouble import reason_of
from guatu.values import Period
from guatu.workbooks.mapping import MappingError
from guatu.workbooks.sheets import WorkbookError


def add_parser(commands: Any) -> None:
    scheme = commands.add_parser(
        "scheme",
        help=_("方案：新建、检查、说明、比较、重放"),
        description=_("把文件里的规则写成数据的方案"),
    )
    verbs = scheme.add_subparsers(title=_("动作"), metavar=_("动作"), required=True)
    one = _("方案文件夹，或自带方案的代号")
    new = verbs.add_parser("new", help=_("新建方案"), description=_(
        "复制带说明的教学方案，填好名称、地方和年度，接着照文件改"))  # fmt: skip
    new.add_argument("folder", metavar=_("文件夹"), help=_("新方案的文件夹，不能已经存在"))
    new.add_argument(
        "--name", required=True, metavar=_("文件名称"), help=_("例如 某市2026年重点项目考核办法")
    )
    new.add_argument("--place", required=True, metavar=_("地方"), help=_("例如 某市"))
    new.add_argument("--year", required=True, type=int, metavar=_("年度"), help=_("管哪一年"))
    new.add_argument("--id", metavar=_("代号"), help=_("小写字母、数字、连字符；默认为文件夹的名称"))
    new.set_defaults(run=run_new)

    check = verbs.add_parser("check", help=_("检查方案"), description=_(
        "检查未知的键、档与档之间的空缺和重叠、加不起来的合计、算例和本地选择"))  # fmt: skip
    check.add_argument("paths", nargs="+", metavar=_("方案"), help=_("方案文件夹，或自带方案的代号；可多个"))
    _with_format(check, run_check)

    explain = verbs.add_parser("explain", help=_("用文字说明方案"), description=_(
        "逐条写出每个规则和它的条款，最后列出本地选择"))  # fmt: skip
    explain.add_argument("scheme", metavar=_("方案"), help=one)
    _with_format(explain, run_explain)

    due = verbs.add_parser("due", help=_("列出到期日"), description=_(
        "逐日列出一段时间里要报、要办的事"))  # fmt: skip
    due.add_argument("scheme", metavar=_("方案"), help=one)
    due.add_argument(
        "--from", dest="first", metavar=_("日期"), help=_("从哪天起；默认为方案年度的 1 月 1 日")
    )
    due.add_argument("--to", dest="last", metavar=_("日期"), help=_("到哪天止；默认为方案年度的 12 月 31 日"))
    _with_format(due, run_due)

    diff = verbs.add_parser("diff", help=_("比较两版方案"), description=_(
        "写出两版方案的不同：新增、取消和改动的规则，各带条款"))  # fmt: skip
    diff.add_argument("old", metavar=_("旧方案"), help=one)
    diff.add_argument("new", metavar=_("新方案"), help=one)
    _with_format(diff, run_diff)

    replay = verbs.add_parser("compare", help=_("用两版方案重判过去各月"), description=_(
        "用两版方案重判过去各月，列出灯、得分、名次会变的对象、怎样变和为什么"))  # fmt: skip
    replay.add_argument("old", metavar=_("旧方案"), help=one)
    replay.add_argument("new", metavar=_("新方案"), help=one)
    replay.add_argument(
        "--ledger", nargs="+", action="extend", default=[], metavar=_("台账"), help=_("项目台账，可多个文件")
    )
    replay.add_argument(
        "--reports", nargs="+", action="extend", default=[], metavar=_("月报"), help=_("月报，可多个文件")
    )
    replay.add_argument(
        "--facts",
        nargs="+",
        action="extend",
        default=[],
        metavar=_("数据"),
        help=_("方案自设的数据：CSV 或工作簿"),
    )
    replay.add_argument(
        "--ballots",
        nargs="+",
        action="extend",
        default=[],
        metavar=_("选票"),
        help=_("观摩测评的选票：CSV 或工作簿"),
    )
    replay.add_argument(
        "--mapping", metavar=_("文件"), help=_("校正过的列对应表（guatu read 写出的 mapping.toml）")
    )
    replay.add_argument(
        "--periods", required=True, metavar=_("月份"), help=_("一个月，或首尾两个月：2023-01..2023-09")
    )
    _with_format(replay, run_compare)


def _with_format(parser: argparse.ArgumentParser, run: Callable[[argparse.Namespace], int]) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text", help=_("输出格式"))
    parser.set_defaults(run=run)


def _print_json(document: Any) -> None:
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2)
    print()


def _refuse(error: Exception) -> int:
    print(error, file=sys.stderr)
    return 2


# new, check


def run_new(given: argparse.Namespace) -> int:
    """0: written; 2: the folder exists or cannot be written."""
    try:
        written = new_scheme(
            Path(given.folder), name=given.name, place=given.place, year=given.year, scheme_id=given.id
        )
    except SchemeError as error:
        return _refuse(error)
    except OSError as error:
        return _refuse(
            InputError(_("无法写 {file}：{reason}").format(file=error.filename, reason=reason_of(error)))
        )
    for path in written:
        print(path)
    print(
        _("接着照文件改 scheme.toml，每改一处运行一次：guatu scheme check {folder}").format(
            folder=given.folder
        )
    )
    return 0


def run_check(given: argparse.Namespace) -> int:
    """0: all usable; 2: one has errors. Warnings and notes do not stop a scheme."""
    reports = []
    for path in given.paths:
        title = path
        try:
            scheme = load_scheme(path)
            title = f"{scheme.id} {scheme.name}"
            faults = check_scheme(scheme)
            if not has_errors(faults):
                faults += rehearse(scheme) or run_cases(scheme)
        except SchemeError as error:
            faults = list(error.faults)
        bad = has_errors(faults)
        reports.append({"scheme": path, "usable": not bad, "faults": [asdict(fault) for fault in faults]})
        if given.format == "text":
            _print(title, faults, bad)
    if given.format == "json":
        _print_json(reports if len(reports) > 1 else reports[0])
    return 0 if all(report["usable"] for report in reports) else 2


def _print(title: str, faults: list[SchemeFault], bad: bool) -> None:
    print(title)
    for severity, heading in (("error", _("错误")), ("warning", _("矛盾与疏漏")), ("note", _("说明"))):
        chosen = [fault for fault in faults if fault.severity == severity]
        if chosen:
            print(_("{heading} {n} 处").format(heading=heading, n=len(chosen)))
        for fault in chosen:
            print(f"  {fault}" + (_("（{clause}）").format(clause=fault.clause) if fault.clause else ""))
    print(_("有错误，不能使用：改好后再查一遍。") if bad else _("可以使用。"))


# explain, diff


def run_explain(given: argparse.Namespace) -> int:
    """0: said; 2: the scheme cannot be read."""
    try:
        scheme = load_scheme(given.scheme)
    except SchemeError as error:
        return _refuse(error)
    if given.format == "json":
        head = {"scheme": {"id": scheme.id, "name": scheme.name, "digest": scheme.digest}}
        _print_json({**head, "sections": [section.as_json() for section in describe(scheme)]})
    else:
        print(as_text(scheme))
    return 0


def run_due(given: argparse.Namespace) -> int:
    """0: said; 2: the scheme or a day cannot be read."""
    try:
        scheme = load_scheme(given.scheme)
        year = scheme.text.scheme.year
        first, last = (
            date.fromisoformat(text) if text else usual
            for text, usual in ((given.first, date(year, 1, 1)), (given.last, date(year, 12, 31)))
        )
    except SchemeError as error:
        return _refuse(error)
    except ValueError:
        return _refuse(InputError(_("--from、--to 应写作 YYYY-MM-DD，例如 2023-10-13")))
    found = agenda(scheme, first, last, estimate=True)
    if given.format == "json":
        _print_json([
            {"day": one.due.day.isoformat(), "kind": one.of.kind, "id": one.of.id, "name": one.of.name,
             "begins": one.due.begins.isoformat(), "ends": one.due.ends.isoformat(), "who": one.of.who,
             "certain": one.due.certain, "clause": scheme.cite(one.of.clause)}
            for one in found
        ])  # fmt: skip
        return 0
    for one in found:
        about = one.due.begins.isoformat()
        if one.due.ends != one.due.begins:
            about = _("{begins} 至 {ends}").format(begins=about, ends=one.due.ends.isoformat())
        weekday = word(WEEKDAYS[one.due.day.weekday()])
        words = [one.due.day.isoformat(), weekday, one.of.name, about, one.of.who]
        words.append("" if one.due.certain else _("当年放假安排尚未公布，按周一至周五推算"))
        print("  ".join(part for part in words if part))
    print(_("共 {n} 次。").format(n=len(found)))
    return 0


def run_diff(given: argparse.Namespace) -> int:
    """0: the editions say the same; 1: they differ; 2: one cannot be read."""
    try:
        old, new = load_scheme(given.old), load_scheme(given.new)
    except SchemeError as error:
        return _refuse(error)
    found = differences(old, new)
    if given.format == "json":
        _print_json({
            "old": {"id": old.id, "name": old.name, "digest": old.digest},
            "new": {"id": new.id, "name": new.name, "digest": new.digest},
            "differences": [one.as_json() for one in found],
        })  # fmt: skip
        return 1 if found else 0
    print(editions(old, new))
    for one in found:
        print(f"  {one.sentence}")
    print(_("不同 {n} 处。").format(n=len(found)) if found else _("两版的规则相同。"))
    return 1 if found else 0


# compare


def run_compare(given: argparse.Namespace) -> int:
    """0: nothing would change; 1: something would; 2: wrong input."""
    try:
        comparison = _compared(given)
    except (InputError, WorkbookError, MappingError, SchemeError) as error:
        return _refuse(error)
    except OSError as error:
        return _refuse(
            InputError(_("无法读写 {file}：{reason}").format(file=error.filename, reason=reason_of(error)))
        )
    if given.format == "json":
        _print_json(comparison.as_json())
    else:
        print(comparison.as_text())
    return 1 if comparison.changes else 0


def _compared(given: argparse.Namespace) -> Comparison:
    if not given.ledger and not given.facts:
        raise InputError(_("没有给数据：请用 --ledger 给台账，或用 --facts 给方案自设的数据"))
    periods = _periods(given.periods)
    old, new = usable_scheme(given.old), usable_scheme(given.new)
    known = {scheme.digest: _facts_of(given, scheme, periods[-1]) for scheme in (old, new)}

    def judge(scheme: Scheme, period: Period) -> Judged:
        return replace(known[scheme.digest], period=period).judge(scheme)

    return compare(old, new, periods, judge)


def _facts_of(given: argparse.Namespace, scheme: Scheme, last: Period) -> Inputs:
    """What a scheme may know of the files: the checks and the declared facts are its own."""
    reading = read_ledger(given, scheme)
    if reading is not None and not reading.projects:
        raise InputError(_("台账里没有读到项目"))
    handed = read_given_facts(given, scheme, Term("month", last.year, last.month))
    return Inputs(
        period=last, projects=reading.projects if reading else (), reports=reading.reports if reading else (),
        findings=(*(reading.findings if reading else ()), *handed.findings), facts=handed.rows,
    )  # fmt: skip


def _periods(text: str) -> list[Period]:
    first, _dots, last = text.partition("..")
    try:
        start, end = Period.parse(first), Period.parse(last or first)
    except ValueError as error:
        raise InputError(f"--periods {error}") from error
    if end < start or end.year != start.year:
        raise InputError(_("--periods {text}：首尾两个月要在同一年，前一个不晚于后一个").format(text=text))
    return [start.plus(months) for months in range(end.index - start.index + 1)]
