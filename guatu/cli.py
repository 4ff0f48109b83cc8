"""The `guatu` command. Each subcommand is a file `cli_*.py` with `add_parser` and `run`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from guatu import __version__, cli_judge, cli_read, cli_scheme, cli_server
from guatu.language import gettext as _

COMMANDS = (cli_read, cli_judge, cli_scheme, cli_server)
"""The files of subcommands, in the order in which help lists them."""


class ChineseParser(argparse.ArgumentParser):
    """argparse with its own words in the language of the locale; wrong words exit with code 2."""

    def error(self, message: str) -> None:  # type: ignore[override]
        self.exit(2, _("{usage}用法有误：{message}。用 {prog} --help 看说明。\n").format(
            usage=self.format_usage(), message=message, prog=self.prog))  # fmt: skip


def parser() -> argparse.ArgumentParser:
    """The whole command line, for running it and for its reference page."""
    root = ChineseParser(prog="guatu", description=_("挂图：重点项目的台账、灯、排名与通报"))
    root.add_argument("--version", action="version", version=f"guatu {__version__}")
    commands = root.add_subparsers(
        title=_("命令"), metavar=_("命令"), required=True, parser_class=ChineseParser
    )
    for command in COMMANDS:
        command.add_parser(commands)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. 0: done; 1: done, and what was asked about is not in order; 2: wrong input."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    given = parser().parse_args(arguments)
    code: int = given.run(given)
    return code


if __name__ == "__main__":
    sys.exit(main())
