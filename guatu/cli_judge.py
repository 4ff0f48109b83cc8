"""`guatu judge`: an office's workbooks in; lights, ranking, findings and the month's bulletin out."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from guatu.assessment.ballots import count
from guatu.assessment.terms import MONTHS, Term
from guatu.documents.bulletin import opening
from guatu.documents.results import as_document, write_results
from guatu.findings import Finding, Severity
from guatu.judge import Judged
from guatu.judge.bundle import write_bundle
from guatu.judge.engines import EngineError, judge_table, open_table
from guatu.judge.explain import UnknownEntity, explain
from guatu.judge.fact_tables import known_facts
from guatu.judge.figures import Json
from guatu.judge.inputs import Inputs
from guatu.language import gettext as _
from guatu.schemes.check import check_scheme, has_errors
from guatu.schemes.load import Scheme, SchemeError, load_scheme
from guatu.trouble import reason_of
from guatu.workbooks.ballots import not_valid, read_ballots, silent_groups
from guatu.workbooks.facts import FactsReading, read_facts
from guatu.workbooks.mapping import MappingError, load_mapping
from guatu.workbooks.read import read_workbooks
from guatu.workbooks.reading import Reading, TableKind
from guatu.workbooks.sheets import WorkbookError

SHOWN = 10
"""How many refusals are printed; findings.json holds them all."""


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
        "--ledger", nargs="+", action="extend", default=[], metavar=_("台账"), help=_("项目台账，可多个文件")
    )
    judge.add_argument(
        "--reports",
        nargs="+",
        action="extend",
        default=[],
        metavar=_("月报"),
        help=_("月报，可多个文件；与台账同一文件的不必再写"),
    )
    judge.add_argument(
        "--facts",
        nargs="+",
        action="extend",
        default=[],
        metavar=_("数据"),
        help=_("方案自设的数据：CSV 或工作簿；可以不带台账单独考核"),
    )
    judge.add_argument(
        "--ballots",
        nargs="+",
        action="extend",
        default=[],
        metavar=_("选票"),
        help=_("观摩测评的选票：CSV 或工作簿"),
    )
    judge.add_argument(
        "--table", metavar="Parquet", help=_("现成的事实表（Parquet 文件或文件夹），用于全省、全国汇总")
    )
    judge.add_argument(
        "--engine", choices=("polars", "duckdb", "spark"), default="polars", help=_("算事实表用的引擎")
    )
    judge.add_argument("--master", metavar="URL", help=_("Spark 集群地址，例如 spark://主机:7077"))
    judge.add_argument(
        "--period", required=True, metavar=_("期别"), help=_("判哪一期：2023-09、2023Q3、2023H1 或 2023")
    )
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
    judge.add_argument(
        "--explain",
        nargs="+",
        action="append",
        metavar=_("对象"),
        help=_("说明一盏灯、一个名次或一个得分怎样来的；可再写一个指标"),
    )
    judge.add_argument(
        "--bundle",
        metavar=_("文件"),
        help=_("另写一份复算包：方案、数据、结果和摘要，可用 guatu verify 复算"),
    )
    judge.add_argument("--format", choices=("text", "json"), default="text", help=_("标准输出的格式"))
    judge.add_argument("--strict", action="store_true", help=_("有一行不能采用就整批不用"))
    judge.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """0: judged and written; 2: wrong input, nothing written."""
    if given.table:
        return _run_table(given)
    try:
        scheme, inputs = inputs_given(given)
        judged = inputs.judge(scheme)
        if given.explain:
            print("\n\n".join(explain(judged, *one[:2]) for one in given.explain))
        papers = bool(given.ledger) and judged.scheme.text.bulletin is not None and _reported(inputs)
        if given.out and given.ledger and not _reported(inputs):
            print(
                _("{period}没有一份月报，不写通报和数据表。").format(period=inputs.period.label),
                file=sys.stderr,
            )
        digest = None
        if given.bundle:
            if given.out and Path(given.bundle).parent == Path(given.out):
                Path(given.out).mkdir(parents=True, exist_ok=True)
            digest = write_bundle(Path(given.bundle), inputs, judged)
        written = (
            write_results(judged.month, Path(given.out), papers=papers, bundle_digest=digest)
            if given.out
            else []
        )
    except (InputError, WorkbookError, MappingError, UnknownEntity, SchemeError) as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(
            _("无法读写“{file}”（{reason}）。请换一个可写的文件夹，或关闭其中打开的文件。").format(
                file=error.filename, reason=reason_of(error)
            ),
            file=sys.stderr,
        )
        return 2
    if given.format == "json":
        json.dump(as_document(judged.month), sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        if not given.explain:
            _print_state(judged)
        _print_findings(judged)
        if written:
            print(_("已写到 {folder}：{names}").format(folder=given.out, names="、".join(written)))
        if digest:
            print(_("复算包 {file}，摘要 {digest}").format(file=given.bundle, digest=digest))
    return 0


def _reported(inputs: Inputs) -> bool:
    """Whether anybody reported on the judged month: without a report there is nothing to praise or criticise."""
    return any(report.period == inputs.period and not report.blank for report in inputs.reports)


def _run_table(given: argparse.Namespace) -> int:
    """Judge a facts table that lies in Parquet and write the results beside each other as Parquet."""
    try:
        if not given.out:
            raise InputError(_("用 --table 时要用 --out 给出结果文件夹"))
        scheme = usable_scheme(given.scheme)
        term = _term(given.period, scheme)
        frame = open_table(Path(given.table), given.engine, given.master)
        written = judge_table(frame, scheme, term.last_month, Path(given.out))
    except (InputError, SchemeError, EngineError) as error:
        print(error, file=sys.stderr)
        return 2
    for one in written:
        words = "，".join(f"{level} {rows}" for level, rows in sorted(one.counts.items()))
        if one.left_out:
            words = _("没有算：{why}").format(why=one.left_out)
        print(f"{one.path.name}  {one.rule}" + (f"：{words}" if words else ""))
    return 0


def inputs_given(given: argparse.Namespace) -> tuple[Scheme, Inputs]:
    """The scheme and the facts that the command line names.

    Raises InputError, WorkbookError, MappingError, SchemeError.
    """
    scheme = usable_scheme(given.scheme)
    term = _term(given.period, scheme)
    as_of = _day(given.as_of)
    if as_of and as_of < term.last_month.plus(1 - MONTHS[term.kind]).first_day:
        raise InputError(
            _("--as-of {day} 早于期别 {period} 的第一天，那时还没有这一期的数据；请改写其中一个").format(
                day=as_of, period=term
            )
        )
    if not given.ledger and not given.facts and not given.ballots:
        raise InputError(_("没有给数据：请用 --ledger 给台账，或用 --facts 给方案自设的数据"))
    reading = read_ledger(given, scheme)
    handed = read_given_facts(given, scheme, term)
    findings = (*(reading.findings if reading else ()), *handed.findings)
    if reading is not None:
        _refuse_nothing_read(reading, findings)
    elif not handed.rows:
        raise InputError(
            _("没有读到数据：\n{why}").format(why="\n".join(f"  {f.message}" for f in findings[:20]))
        )
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if given.strict and errors:
        raise InputError(_("有 {n} 处不能采用，按 --strict 整批不用：\n{list}").format(
            n=len(errors), list="\n".join(f"  {finding.message}" for finding in errors[:20])))  # fmt: skip
    return scheme, Inputs(
        period=term.last_month,
        projects=reading.projects if reading else (),
        reports=reading.reports if reading else (),
        findings=findings,
        facts=handed.rows,
        as_of=as_of,
        jurisdiction=given.jurisdiction or (jurisdiction_of(reading) if reading else None),
        agency=given.agency,
    )


def read_given_facts(given: argparse.Namespace, scheme: Scheme, term: Term) -> FactsReading:
    """The facts of `--facts`, and the counted votes of `--ballots`."""
    facts = read_facts(
        [Path(name) for name in given.facts], known_facts(scheme), term=term, members=scheme.text.members
    )
    if not given.ballots:
        return facts
    read = read_ballots([Path(name) for name in given.ballots], scheme.text.ballot, term=term)
    counted = count(scheme.text.ballot, read.votes)
    refused = not_valid(counted.bad, scheme.text.ballot)
    refused += silent_groups(counted.silent, scheme.text.ballot)
    return replace(
        facts, rows=(*facts.rows, *counted.facts), findings=(*facts.findings, *read.findings, *refused)
    )


def read_ledger(given: argparse.Namespace, scheme: Scheme) -> Reading | None:
    """The ledger and reports that the command line names, checked as the scheme says; None without a ledger."""
    if not given.ledger:
        return None
    mapping = load_mapping(Path(given.mapping)) if given.mapping else None
    paths = list(dict.fromkeys(Path(name) for name in (*given.ledger, *given.reports)))
    due = scheme.due if scheme.text.report else None
    return read_workbooks(paths, mapping=mapping, settings=scheme.check_settings, due=due)


def usable_scheme(name: str) -> Scheme:
    """A scheme without errors. Raises SchemeError with every error found."""
    scheme = load_scheme(name)
    faults = check_scheme(scheme)
    if has_errors(faults):
        raise SchemeError([fault for fault in faults if fault.severity == "error"])
    return scheme


def _term(text: str, scheme: Scheme) -> Term:
    try:
        term = Term.parse(text)
    except ValueError as error:
        raise InputError(f"--period {error}") from error
    if term.year != scheme.text.scheme.year:
        raise InputError(_("--period {period}：方案 {scheme} 是 {year} 年的，请换那一年的方案").format(
            period=term, scheme=scheme.id, year=scheme.text.scheme.year))  # fmt: skip
    return term


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
    """The place named at the head of the ledger's title, such as 示范市 of 示范市2023年重点建设项目台账;
    None where its tables name several (a file for each county)."""
    ledgers = [t for t in reading.tables if t.kind in (TableKind.LEDGER, TableKind.PRELIMINARY)]
    found = set()
    for table in ledgers or reading.tables:
        match = re.match(
            r"\s*([\u4e00-\u9fff]{1,12}?(?:自治[州县]|市|县|区|州|盟|旗|镇|乡|街道))(?=[\d０-９〇一二三四五六七八九年度重])",
            table.title or "",
        )
        if match:
            found.add(match[1])
    return found.pop() if len(found) == 1 else None


def _print_state(judged: Judged) -> None:
    if judged.given.projects:
        print(opening(judged.month))
    for ranking in judged.month.ranking_ids()[:1]:
        for entry in judged.month.ranking(ranking):
            value = "–" if entry["value"] is None else f"{entry['value']}%"
            print(f"{entry['rank'] or '–':>4}  {entry['entity']}  {value}")
    for entry in judged.month.assessments:
        _print_assessment(entry, judged.scheme)
    for light in judged.month.entity_lights:
        print(f"{light['light_name']}  {light['entity']}  {light['level_name']}")


def _print_findings(judged: Judged) -> None:
    """How many cells and rows cannot be used or are questioned, and the first of those that cannot."""
    counts = {
        severity: sum(f["severity"] == severity for f in judged.month.findings)
        for severity in ("error", "warning", "note")
    }
    print(_("不能采用 {error} 处，待核 {warning} 处，说明 {note} 处。").format(**counts))
    refused = [finding["message"] for finding in judged.month.findings if finding["severity"] == "error"]
    for message in refused[:SHOWN]:
        print(f"  {message}")
    if len(refused) > SHOWN:
        print(_("  另有 {n} 处，见 findings.json。").format(n=len(refused) - SHOWN))


def _print_assessment(entry: Json, scheme: Scheme) -> None:
    names = {rule.id: rule.name for sheet in scheme.text.sheet for rule in sheet.list_}
    score = "–" if entry["score"] is None else _("{score} 分").format(score=entry["score"])
    words = [f"{entry['term']}  {entry['sheet_name']}  {entry['entity']}  {score}"]
    if entry["rank"] is not None:
        words.append(_("第 {rank} 名").format(rank=entry["rank"]))
    words += [f"[{names[name]}]" for name in entry["lists"]]
    words += [_("建议：{step}").format(step=step["name"]) for step in entry["steps"]]
    words += [
        _("建议奖励：{reward} {amount} {unit}").format(reward=r["name"], amount=r["amount"], unit=r["unit"])
        for r in entry["rewards"]
    ]
    print("  ".join(words))
