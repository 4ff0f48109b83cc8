"""The `guatu` command. Each subcommand is a file `cli_*.py` with `add_parser` and `run`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from guatu import __version__, cli_judge, cli_read, cli_record, cli_scheme, cli_server, cli_verify
from guatu.language import gettext as _

COMMANDS = (cli_read, cli_judge, cli_verify, cli_record, cli_scheme, cli_server)
"""The files of subcommands, in the order in which help lists them; cli_record adds to `verify`."""


def _words_of_argparse() -> dict[str, str]:
    """The sentences that argparse itself says, in the language of the locale."""
    return {
        "usage: ": _("用法："),
        "positional arguments": _("位置参数"),
        "options": _("选项"),
        "show this help message and exit": _("显示这份说明"),
        "show program's version number and exit": _("显示版本"),
        "the following arguments are required: %s": _("缺少 %s"),
        "unrecognized arguments: %s": _("不认识 %s"),
        "expected one argument": _("后面要写一个值"),
        "expected at least one argument": _("后面至少要写一个值"),
        "expected %s argument": _("后面要写 %s 个值"),
        "invalid %(type)s value: %(value)r": _("%(value)r 不是有效的值"),
        "invalid choice: %(value)r (choose from %(choices)s)": _("不能是 %(value)r，应为 %(choices)s 之一"),
        "argument %(argument_name)s: %(message)s": _("%(argument_name)s：%(message)s"),
    }


class LocalParser(argparse.ArgumentParser):
    """argparse whose errors are in the language of the locale; wrong words exit with code 2."""

    def error(self, message: str) -> None:  # type: ignore[override]
        self.exit(2, _("{usage}用法有误：{message}。用 {prog} --help 看说明。\n").format(
            usage=self.format_usage(), message=message, prog=self.prog))  # fmt: skip


def parser() -> argparse.ArgumentParser:
    """The whole command line, for running it and for its reference page."""
    root = LocalParser(prog="guatu", description=_("挂图：重点项目的台账、灯、排名与通报"))
    root.add_argument("--version", action="version", version=f"guatu {__version__}")
    commands = root.add_subparsers(
        title=_("命令"), metavar=_("命令"), required=True, parser_class=LocalParser
    )
    for command in COMMANDS:
        command.add_parser(commands)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. 0: done; 1: done, and what was asked about is not in order; 2: wrong input."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    words = _words_of_argparse()
    argparse._ = lambda message: words.get(message, message)  # type: ignore[attr-defined]
    given = parser().parse_args(arguments)
    try:
        code: int = given.run(given)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output (head, a pager) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    return code


if __name__ == "__main__":
    sys.exit(main())
