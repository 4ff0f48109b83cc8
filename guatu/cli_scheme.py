"""`guatu scheme check`: what a scheme leaves open or contradicts."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import Any

from guatu.judge.cases import run_cases
from guatu.language import gettext as _
from guatu.schemes.check import check_scheme, has_errors
from guatu.schemes.load import SchemeError, SchemeFault, load_scheme


def add_parser(commands: Any) -> None:
    scheme = commands.add_parser(
        "scheme", help=_("方案：检查"), description=_("把文件里的规则写成数据的方案")
    )
    verbs = scheme.add_subparsers(title=_("动作"), metavar=_("动作"), required=True)
    check = verbs.add_parser("check", help=_("检查方案"), description=_(
        "检查未知的键、档与档之间的空缺和重叠、加不起来的合计、算例和本地选择"))  # fmt: skip
    check.add_argument("paths", nargs="+", metavar=_("方案"), help=_("方案文件夹，或自带方案的代号；可多个"))
    check.add_argument("--format", choices=("text", "json"), default="text", help=_("输出格式"))
    check.set_defaults(run=run_check)


def run_check(given: argparse.Namespace) -> int:
    """0: all usable; 2: one has errors. Warnings and notes do not stop a scheme."""
    reports = []
    for path in given.paths:
        title = path
        try:
            scheme = load_scheme(path)
            title = f"{scheme.id} {scheme.name}"
            faults = [*check_scheme(scheme), *run_cases(scheme)]
        except SchemeError as error:
            faults = list(error.faults)
        bad = has_errors(faults)
        reports.append({"scheme": path, "usable": not bad, "faults": [asdict(fault) for fault in faults]})
        if given.format == "text":
            _print(title, faults, bad)
    if given.format == "json":
        json.dump(reports if len(reports) > 1 else reports[0], sys.stdout, ensure_ascii=False, indent=2)
        print()
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
