"""`guatu read`: an office's workbooks in; how they were understood, the rows and every finding out."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from guatu.finding_kinds import KINDS
from guatu.findings import Finding, Severity
from guatu.language import gettext as _
from guatu.trouble import reason_of
from guatu.workbooks.mapping import MappingError, load_mapping
from guatu.workbooks.read import read_workbooks
from guatu.workbooks.reading import Reading, TableKind
from guatu.workbooks.sheets import WorkbookError
from guatu.workbooks.write import findings_as_json, reading_as_json, write_reading

KIND_NAMES = {
    TableKind.LEDGER: _("项目台账"),
    TableKind.PRELIMINARY: _("前期项目"),
    TableKind.REPORTS: _("月报"),
    TableKind.UNKNOWN: _("未认出用途的表"),
}


def add_parser(commands: Any) -> None:
    read = commands.add_parser(
        "read",
        help=_("读工作簿：列、单位、行、小计和每一处疑点"),
        description=_("读任何版式的台账和月报，写出读到的数据、各列的理解和待核清单"),
    )
    read.add_argument("workbooks", nargs="+", metavar=_("工作簿"), help=_(".xlsx、.xls 或 .ods 文件，可多个"))
    read.add_argument("--out", metavar=_("文件夹"), help=_("结果写到这里"))
    read.add_argument("--mapping", metavar=_("文件"), help=_("校正过的列对应表（上次写出的 mapping.toml）"))
    read.add_argument("--format", choices=("text", "json"), default="text", help=_("标准输出的格式"))
    read.add_argument("--strict", action="store_true", help=_("有一处不能采用就整批不用，不写任何文件"))
    read.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0: read, with or without findings; 2: wrong input, nothing written."""
    told = _Told()
    try:
        mapping = load_mapping(Path(args.mapping)) if args.mapping else None
        reading = read_workbooks([Path(name) for name in args.workbooks], mapping=mapping, progress=told.tell)
    except (WorkbookError, MappingError) as error:
        print(error, file=sys.stderr)
        return 2
    errors = [finding for finding in reading.findings if finding.severity is Severity.ERROR]
    if args.strict and errors:
        shown = "\n".join(f"  {finding.message}" for finding in errors[:20])
        more = _("\n  ……共 {count} 处。").format(count=len(errors)) if len(errors) > 20 else ""
        print(
            _(
                "有 {count} 处不能采用，按 --strict 整批不用，未写任何文件。请改正后再试：\n{list}{more}"
            ).format(count=len(errors), list=shown, more=more),
            file=sys.stderr,
        )
        return 2
    written: list[str] = []
    if args.out:
        try:
            written = write_reading(reading, Path(args.out))
        except OSError as error:
            print(
                _(
                    "无法写入文件夹“{folder}”（{reason}）。请换一个可写的文件夹，或关闭其中打开的文件。"
                ).format(folder=args.out, reason=reason_of(error)),
                file=sys.stderr,
            )
            return 2
    if args.format == "json":
        document = {**reading_as_json(reading), "findings": findings_as_json(reading)["findings"]}
        json.dump(document, sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        print(summary(reading, args.out, written))
    return 0


class _Told:
    """Says on stderr how far the reading is, each time five thousand rows have been read, and the
    first findings as soon as there are any."""

    STEP = 5000

    def __init__(self) -> None:
        self.findings = 0
        self.said = 0

    def tell(self, rows: int, findings: Sequence[Finding]) -> None:
        first = self.findings == 0 and len(findings) > 0 and rows >= 1000
        self.findings += len(findings)
        if first or rows - self.said >= self.STEP:
            self.said = rows
            print(
                _("已读 {rows} 行，发现 {findings} 处……").format(rows=rows, findings=self.findings),
                file=sys.stderr,
                flush=True,
            )


def summary(reading: Reading, out: str | None, written: Sequence[str]) -> str:
    """What was read, for people: tables, rows, sums, findings by kind."""
    lines: list[str] = []
    for table in reading.tables:
        unit = table.unit or _("单位见各列")
        period = f"，{table.period}" if table.period else ""
        line = _("{file}　{sheet}：{kind}{period}，{rows} 行，{unit}").format(
            file=table.file,
            sheet=table.sheet.strip(),
            kind=KIND_NAMES[table.kind],
            period=period,
            rows=table.rows,
            unit=unit,
        )
        if table.refused:
            line += _("，{count} 行未读入").format(count=table.refused)
        if table.subtotals:
            agreed = sum(1 for subtotal in table.subtotals if subtotal.agrees)
            line += _("，小计核对 {agreed}/{all} 相符").format(agreed=agreed, all=len(table.subtotals))
        lines.append(line)
    lines.append(
        _("合计：项目 {projects} 个，月报 {reports} 份，疑点 {findings} 处。").format(
            projects=len(reading.projects), reports=len(reading.reports), findings=len(reading.findings)
        )
    )
    counts = Counter(finding.id for finding in reading.findings)
    lines += [f"  {kind.meaning}（{kind.id}）{counts[kind.id]}" for kind in KINDS if counts[kind.id]]
    if written:
        lines.append(_("已写入 {folder}：{files}").format(folder=out, files="、".join(written)))
    return "\n".join(lines)
