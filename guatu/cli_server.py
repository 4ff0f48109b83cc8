"""`guatu demo`, `serve`, `migrate`, `admin`, `password`, `tick`, `backup`, `restore`: running the server.

Django is imported only when one of them runs, so that reading and judging work without it.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guatu.language import gettext as _

if TYPE_CHECKING:
    from guatu.server.demo import Demonstration


def add_parser(commands: Any) -> None:
    demo = commands.add_parser(
        "demo", help=_("装入示范市并打开网站"), description=_("装入示范市，在本机打开网站")
    )
    demo.add_argument("--port", type=int, default=8000, help=_("端口，默认 8000"))
    demo.add_argument("--host", default="127.0.0.1", help=_("地址，默认只对本机开放"))
    demo.add_argument("--check", action="store_true", help=_("装入、核对留痕后退出，不打开网站"))
    demo.set_defaults(run=_refusable(_demo))

    serve = commands.add_parser("serve", help=_("运行网站"), description=_("运行网站；设置取自环境变量"))
    serve.add_argument("--port", type=int, default=8000, help=_("端口，默认 8000"))
    serve.add_argument("--host", default="127.0.0.1", help=_("地址，默认只对本机开放"))
    serve.add_argument("--workers", type=int, default=os.cpu_count() or 1, help=_("进程数，默认为处理器核数"))
    serve.set_defaults(run=_refusable(_serve))

    migrate = commands.add_parser(
        "migrate", help=_("建立或升级数据库"), description=_("建立数据库的表，或升级到本版")
    )
    migrate.set_defaults(run=_refusable(_migrate))

    admin = commands.add_parser(
        "admin",
        help=_("开第一批账号：三员和重点办"),
        description=_("开一个管理员账号；密码在提示后输入。三员（系统、安全、审计管理员）须是三个人"),
    )
    admin.add_argument("username", metavar=_("账号"), help=_("登录用的账号"))
    admin.add_argument("--name", required=True, metavar=_("姓名"), help=_("使用人的姓名"))
    admin.add_argument("--office", required=True, metavar=_("单位"), help=_("所在单位，例如市重点项目办公室"))
    admin.add_argument(
        "--role",
        choices=("system", "security", "audit", "office"),
        default="system",
        help=_("system 系统管理员（默认）、security 安全管理员、audit 审计管理员、office 重点办工作人员"),
    )
    admin.set_defaults(run=_refusable(_admin))

    tick = commands.add_parser(
        "tick",
        help=_("做到期的定时任务"),
        description=_("做到期的定时任务；重复运行无妨，网站运行时每分钟自己做一次"),
    )
    tick.set_defaults(run=_refusable(_tick))

    password = commands.add_parser(
        "password",
        help=_("重设密码或停用账号"),
        description=_("给账号一个初始密码（首次登录须改），或停用它；管理员的账号只能在这里办"),
    )
    password.add_argument("username", metavar=_("账号"), help=_("登录用的账号"))
    password.add_argument("--close", action="store_true", help=_("停用，不重设"))
    password.add_argument("--reason", default="", metavar=_("理由"), help=_("记入留痕的理由"))
    password.set_defaults(run=_refusable(_password))

    backup = commands.add_parser("backup", help=_("备份"), description=_("把全部数据写成一个文件"))
    backup.add_argument("file", type=Path, metavar=_("文件"), help=_("写到这个文件，须不存在"))
    backup.set_defaults(run=_refusable(_backup))

    restore = commands.add_parser("restore", help=_("从备份恢复"), description=_("用备份填充一个空的数据库"))
    restore.add_argument("file", type=Path, metavar=_("文件"), help=_("备份文件"))
    restore.set_defaults(run=_refusable(_restore))


def _refusable(command: Callable[[argparse.Namespace], None]) -> Callable[[argparse.Namespace], int]:
    """Turn a refusal of the server into its message and exit code 2."""

    def run(given: argparse.Namespace) -> int:
        try:
            from guatu.server.commands import CommandRefused
        except ImportError as error:
            print(_("没有装网站部分（缺 {name}）：请完整安装 guatu").format(name=error.name), file=sys.stderr)
            return 2
        try:
            command(given)
        except CommandRefused as error:
            print(error, file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            return 0
        return 0

    return run


def _demo(given: argparse.Namespace) -> None:
    from guatu.server import commands

    print(_("正在装入示范市……"), flush=True)
    loaded = commands.load_demo()
    if given.check:
        print(
            _("示范市完好：{projects} 个项目，{months} 个月。").format(
                projects=loaded.projects, months=loaded.months
            )
        )
        return
    print(_demo_words(loaded, given.host, given.port), flush=True)
    commands.serve(given.host, given.port, workers=2)


def _demo_words(loaded: Demonstration, host: str, port: int) -> str:
    accounts = "\n".join(f"  {account.username:<22}{account.who}" for account in loaded.accounts)
    return _(
        "\n示范市已装好：{projects} 个项目，{months} 个月的月报；数据为虚构。今天是 2023年10月13日。\n"
        "\n网址  http://{host}:{port}/\n"
        "\n账号（密码都是 {password}）\n{accounts}\n"
        "\n先试这五件事\n"
        "  1. 用第一个账号登录，读总览的第一句话，点其中任意一个数字\n"
        "  2. 在项目台账按 / 搜拼音首字母，回车打开一个红灯项目，看“为什么”\n"
        "  3. 在考核排名看每个名次的算式，比较剔除待核数字前后的名次\n"
        "  4. 打开通报，改一段话，下载 docx\n"
        "  5. 依次用填报员、签发人、县里的账号登录，把 10 月的月报填好、签发、审核\n"
        "\n按 Ctrl+C 停止。"
    ).format(
        projects=loaded.projects,
        months=loaded.months,
        host=host,
        port=port,
        password=loaded.password,
        accounts=accounts,
    )


def _serve(given: argparse.Namespace) -> None:
    from guatu.server import commands

    print(
        _("网站在 http://{host}:{port}/，按 Ctrl+C 停止。").format(host=given.host, port=given.port),
        flush=True,
    )
    commands.serve(given.host, given.port, workers=given.workers)


def _migrate(_given: argparse.Namespace) -> None:
    from guatu.server import commands

    commands.migrate()
    print(_("数据库已是本版。"))


def _admin(given: argparse.Namespace) -> None:
    from guatu.server import commands

    password = os.environ.get("GUATU_ADMIN_PASSWORD") or getpass.getpass(_("密码："))
    commands.create_admin(given.username, given.name, password, given.office, given.role)
    print(_("账号 {username} 已开。").format(username=given.username))


def _tick(_given: argparse.Namespace) -> None:
    from guatu.server import commands

    done = commands.tick()
    if not done:
        print(_("没有到期的任务。"))
    for one in done:
        print(f"{one.words}：{one.said}")
    if any(one.failed for one in done):
        raise commands.CommandRefused(_("有任务没有做成，一刻钟后可再试。"))


def _password(given: argparse.Namespace) -> None:
    from guatu.server import commands

    if given.close:
        commands.close_account(given.username, given.reason)
        print(_("账号 {username} 已停用。").format(username=given.username))
        return
    password = commands.reset_password(given.username, given.reason)
    print(_("账号 {username} 的初始密码：{password}").format(username=given.username, password=password))


def _backup(given: argparse.Namespace) -> None:
    from guatu.server import commands

    kept = commands.backup(given.file)
    print(
        _("已备份 {rows} 行，附件文件 {files} 个，留痕 {entries} 条，末端 {hash}。").format(
            rows=kept.rows, files=kept.files, entries=kept.entries, hash=kept.hash
        )
    )
    _say_damaged(kept.damaged)


def _restore(given: argparse.Namespace) -> None:
    from guatu.server import commands

    kept = commands.restore(given.file)
    print(
        _("已恢复 {rows} 行，附件文件 {files} 个，留痕 {entries} 条，末端 {hash}。").format(
            rows=kept.rows, files=kept.files, entries=kept.entries, hash=kept.hash
        )
    )
    _say_damaged(kept.damaged)


def _say_damaged(damaged: Sequence[str]) -> None:
    """Say on the error output which files of attachments are not in the backup, and how to mend it."""
    for name in damaged:
        print(
            _(
                "附件文件 {name} 不见了或已损坏，不在备份里；请从以前的备份里取回 attachments/{name}，放到数据目录的 attachments/{folder}/ 下。"
            ).format(name=name, folder=name[:2]),
            file=sys.stderr,
        )
