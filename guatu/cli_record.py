"""`guatu verify --record` and `guatu record export`: prove the record, hand it to somebody who will.

Django is imported only when one of them asks the database; a file is proved by `guatu verify FILE` without it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from guatu.cli_verify import print_record
from guatu.language import gettext as _


def add_parser(commands: Any) -> None:
    """`guatu record`, and the option of `guatu verify` that needs the database."""
    record = commands.add_parser("record", help=_("留痕：导出"), description=_("把留痕导出，交给别人核对"))
    does = record.add_subparsers(title=_("命令"), metavar=_("命令"), required=True)
    export = does.add_parser(
        "export",
        help=_("导出全部留痕"),
        description=_("导出全部留痕；.jsonl 可用 guatu verify 离线核对，.xlsx 供阅读。个人信息只有摘要"),
    )
    export.add_argument(
        "file", type=Path, metavar=_("文件"), help=_("写到这个 .jsonl 或 .xlsx 文件，须不存在")
    )
    export.set_defaults(run=_export)

    verify = commands.choices["verify"]
    verify.add_argument("--record", action="store_true", help=_("核对数据库里的全部留痕，设置取自环境变量"))
    of_a_file = verify.get_default("run")
    verify.set_defaults(run=lambda given: _verify(given) if given.record else of_a_file(given))


def _refused(error: Exception) -> int:
    print(error, file=sys.stderr)
    return 2


def _verify(given: argparse.Namespace) -> int:
    """0: the record is whole and holds the head asked for; 1: it does not; 2: it cannot be read."""
    try:
        from guatu.server import commands
    except ImportError as error:
        print(_("没有装网站部分（缺 {name}）：请完整安装 guatu").format(name=error.name), file=sys.stderr)
        return 2
    if given.bundle or given.digest:
        return _refused(ValueError(_("--record 核对数据库里的留痕，不能同时写文件或 --digest。")))
    try:
        found = commands.verify_record(given.head)
    except commands.CommandRefused as error:
        return _refused(error)
    print_record(found, given.format)
    return 0 if found.holds else 1


def _export(given: argparse.Namespace) -> int:
    try:
        from guatu.server import commands
    except ImportError as error:
        print(_("没有装网站部分（缺 {name}）：请完整安装 guatu").format(name=error.name), file=sys.stderr)
        return 2
    try:
        end = commands.export_record(given.file)
    except commands.CommandRefused as error:
        return _refused(error)
    print(_("已导出留痕 {n} 条，末端 {hash}。").format(n=end[0], hash=end[1]))
    return 0
