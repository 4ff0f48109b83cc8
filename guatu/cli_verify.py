"""`guatu verify`: compute a bundle again, or prove a record, offline, and say whether it holds."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from guatu import __version__
from guatu.judge.bundle import BundleError, Verified, verify_bundle
from guatu.language import gettext as _
from guatu.record.chain import Noted, VerifyResult, moment_text, noted
from guatu.record.export import RecordFileError, is_record, verify_file
from guatu.trouble import reason_of

SHOWN = 200
"""So many deviations are printed; `--format json` prints all."""


def add_parser(commands: Any) -> None:
    verify = commands.add_parser(
        "verify",
        help=_("复算：核对复算包里的结果，或留痕是否完整"),
        description=_(
            "用复算包里的方案和数据重新计算，逐数核对包内结果；或逐条核对导出的留痕。不用网络和数据库"
        ),
    )
    verify.add_argument(
        "bundle",
        nargs="?",
        metavar=_("文件"),
        help=_("guatu judge --bundle 写出的复算包，或导出的留痕（.jsonl）"),
    )
    verify.add_argument("--digest", metavar=_("摘要"), help=_("通报上印的复算包摘要，一并核对"))
    verify.add_argument(
        "--head",
        type=_noted,
        metavar=_("末端"),
        help=_("以前记在纸上的留痕末端，如 1234:5e0f9a1b2c3d4e5f：核对链上是否仍有它"),
    )
    verify.add_argument("--format", choices=("text", "json"), default="text", help=_("输出格式"))
    verify.set_defaults(run=run)


def _noted(text: str) -> Noted:
    try:
        return noted(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def run(given: argparse.Namespace) -> int:
    """0: everything comes out the same; 1: something differs; 2: the file cannot be read."""
    if given.bundle is None:
        print(_("请写明要核对的文件；核对数据库里的留痕用 --record。"), file=sys.stderr)
        return 2
    try:
        if is_record(Path(given.bundle)):
            found = verify_file(Path(given.bundle), given.head)
            print_record(found, given.format)
            return 0 if found.holds else 1
        if given.head:
            print(
                _("--head 只用于核对留痕，“{file}”不是导出的留痕。").format(file=given.bundle),
                file=sys.stderr,
            )
            return 2
        verified = verify_bundle(Path(given.bundle))
    except (BundleError, RecordFileError) as error:
        print(error, file=sys.stderr)
        return 2
    except FileNotFoundError:
        print(_("找不到文件“{file}”。请核对路径和文件名。").format(file=given.bundle), file=sys.stderr)
        return 2
    except OSError as error:
        print(
            _("无法读写 {file}：{reason}").format(file=error.filename, reason=reason_of(error)),
            file=sys.stderr,
        )
        return 2
    same = given.digest is None or given.digest.strip().lower() == verified.digest
    if given.format == "json":
        json.dump({**verified.as_json(), "digest_agrees": same}, sys.stdout, ensure_ascii=False, indent=2)
        print()
    else:
        _print(verified, same)
    return 0 if verified.holds and same else 1


def _print(verified: Verified, same: bool) -> None:
    print(_("方案：{scheme}；期别：{period}").format(scheme=verified.scheme, period=verified.period))
    print(_("摘要：{digest}").format(digest=verified.digest))
    if not same:
        print(_("与给出的摘要不同：这不是通报所依据的复算包。"))
    if verified.holds:
        print(_("一致：全部结果与复算相同。"))
        return
    for deviation in verified.deviations[:SHOWN]:
        print(f"  {deviation}")
    if len(verified.deviations) > SHOWN:
        print(_("  还有 {n} 处，见 --format json").format(n=len(verified.deviations) - SHOWN))
    print(_("不一致 {n} 处。").format(n=len(verified.deviations)))
    if verified.version != __version__:
        print(
            _("复算包由 {version} 版写出，本机是 {own} 版。").format(
                version=verified.version, own=__version__
            )
        )


def print_record(found: VerifyResult, format: str) -> None:
    """What a walk along the record found, for people or (`format` json) for a program."""
    if format == "json":
        json.dump(
            {
                "whole": found.whole,
                "holds": found.holds,
                "entries": found.entries,
                "hash": found.hash,
                "time": moment_text(found.time) if found.time else None,
                "broken_at": found.broken_at,
                "message": found.message,
                "head": str(found.noted) if found.noted else None,
                "head_at": found.noted_at,
            },
            sys.stdout,
            ensure_ascii=False,
            indent=2,
        )
        print()
        return
    if found.whole:
        print(_("完整：留痕 {n} 条，首尾相接，没有改动。").format(n=found.entries))
    else:
        print(_("不完整：前 {n} 条相接，断在第 {at} 条。{why}").format(
            n=found.entries, at=found.broken_at, why=found.message))  # fmt: skip
    if found.time:
        print(_("末端 {sequence}:{hash}，{time}").format(
            sequence=found.entries, hash=found.hash, time=_china(found.time)))  # fmt: skip
    if found.noted and found.noted_at:
        print(_("链上仍有记下的末端 {head}，是第 {at} 条。").format(head=found.noted, at=found.noted_at))
    elif found.noted:
        print(_("链上没有记下的末端 {head}：那时的留痕被改写过，或者抄录有误。").format(head=found.noted))


def _china(time: datetime) -> str:
    return time.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d %H:%M:%S")
