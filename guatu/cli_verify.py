"""`guatu verify`: compute a bundle again, offline, and say whether it holds."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from guatu import __version__
from guatu.judge.bundle import BundleError, Verified, verify_bundle
from guatu.language import gettext as _
from guatu.trouble import reason_of

SHOWN = 200
"""So many deviations are printed; `--format json` prints all."""


def add_parser(commands: Any) -> None:
    verify = commands.add_parser(
        "verify",
        help=_("复算：核对复算包里的结果"),
        description=_("用复算包里的方案和数据重新计算，逐数核对包内结果；不用网络和数据库"),
    )
    verify.add_argument("bundle", metavar=_("复算包"), help=_("guatu judge --bundle 写出的文件"))
    verify.add_argument("--digest", metavar=_("摘要"), help=_("通报上印的复算包摘要，一并核对"))
    verify.add_argument("--format", choices=("text", "json"), default="text", help=_("输出格式"))
    verify.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """0: everything comes out the same; 1: something differs; 2: the bundle cannot be read."""
    try:
        verified = verify_bundle(Path(given.bundle))
    except BundleError as error:
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
