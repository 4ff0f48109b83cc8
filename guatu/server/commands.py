"""What the command line asks of the server. Each function sets Django up itself.

The subjects are imported inside the functions: they can be imported only once the settings stand, and the
demonstration gives settings of its own.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils.translation import gettext as _

from guatu.record.chain import Noted, VerifyResult

if TYPE_CHECKING:
    from guatu.server.accounts.models import Account
    from guatu.server.backup import Backup
    from guatu.server.demo import Demonstration
    from guatu.server.timed.actions import Done

DEMO_DAY = "2023-10-13"
DEMO_SCHEME = "tangshan-2023"
DEMO_JURISDICTION = "示范市"
DEMO_AGENCY = "示范市重点建设项目领导小组办公室"


class CommandRefused(Exception):
    """A command that cannot be carried out; the message (Chinese) says why and what to do."""


def start() -> None:
    """Set Django up. Raises CommandRefused when a setting of the environment is wrong."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guatu.server.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise CommandRefused(str(error)) from error


def migrate() -> None:
    """Make the tables, or bring them up to this version. Safe to repeat.

    Raises CommandRefused when the database cannot be reached.
    """
    start()
    from django.core.management import call_command
    from django.db.utils import DatabaseError

    try:
        call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as error:
        raise CommandRefused(_("连不上数据库，或没有建表的权限：%s") % str(error).strip()) from error


def serve(host: str, port: int, workers: int = 1) -> None:
    """Serve the site until it is told to stop. Raises CommandRefused when the port is taken.

    One worker uses one core; each holds four requests at a time. Workers are begun afresh, not forked: a fork
    of a process that has judged months would inherit the threads of Polars as locks that nobody opens.
    """
    start()
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    _free_port(host, port)
    from guatu.server.jobs import tick_on

    tick_on()
    multiprocessing.set_start_method("spawn", force=True)
    Granian(
        "guatu.server.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()


def _free_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as error:
        raise CommandRefused(
            _("不能在 %(host)s:%(port)s 上提供服务，端口多半已被占用；请换一个端口，例如 --port %(next)s。")
            % {"host": host, "port": port, "next": 8000 if port != 8000 else 8001}
        ) from error


def load_demo(home: Path | None = None) -> Demonstration:
    """Load the demonstration city into `home`, or find it there, and set its day and scheme.

    Default: the folder `demo` in GUATU_HOME, so that it never meets an office's own data.
    """
    base = Path(os.environ.get("GUATU_HOME") or Path.home() / ".local" / "share" / "guatu")
    os.environ["GUATU_HOME"] = str(home or base.expanduser() / "demo")
    os.environ["GUATU_TODAY"] = DEMO_DAY
    os.environ["GUATU_SCHEME"] = DEMO_SCHEME
    os.environ["GUATU_JURISDICTION"] = DEMO_JURISDICTION
    os.environ["GUATU_AGENCY"] = DEMO_AGENCY
    os.environ.pop("GUATU_DATABASE_URL", None)
    migrate()
    from guatu.server import demo

    return demo.load_demo()


def create_admin(username: str, name: str, password: str, office: str, role: str = "system") -> None:
    """Open the account of an administrator: the person `name` holds the post of the office `office` for it.

    `role` is system, security, audit, or office for the first account that works with projects. Raises CommandRefused (Chinese) for a taken user name, a weak password,
    or a person who is another administrator.
    """
    start()
    from django.db import transaction

    from guatu.server.accounts.actions import add_organisation, appoint, open_account
    from guatu.server.accounts.models import Organisation, Role
    from guatu.server.clock import today

    try:
        with transaction.atomic():
            where = Organisation.objects.filter(name=office).first() or add_organisation(
                actor=None, name=office, kind=Organisation.Kind.OFFICE
            )
            held = appoint(
                actor=None,
                person=name,
                title=_("重点办工作人员") if role == Role.OFFICE else str(Role(role).label),
                organisation=where,
                role=Role(role),
                valid_from=today(),
                distinction=office,
            )
            open_account(actor=None, username=username, password=password, person=held.person)
    except ValidationError as error:
        raise CommandRefused("".join(error.messages)) from error


def reset_password(username: str, reason: str) -> str:
    """Give an account, an administrator's too, an initial password; return it. Raises CommandRefused."""
    start()
    from guatu.server.accounts.door_actions import reset_password as reset

    return reset(actor=None, account=_account(username), reason=reason)


def close_account(username: str, reason: str) -> None:
    """Close an account, an administrator's too. Raises CommandRefused."""
    start()
    from guatu.server.accounts.door_actions import close_account as close

    close(actor=None, account=_account(username), reason=reason)


def _account(username: str) -> Account:
    from guatu.server.accounts.models import Account

    found = Account.objects.filter(username__iexact=username).first()
    if found is None:
        raise CommandRefused(_("没有账号“%s”。") % username)
    return found


def backup(path: Path) -> Backup:
    """Write everything into one zip file. Raises CommandRefused."""
    start()
    from guatu.server.backup import BackupRefused, write_backup

    try:
        return write_backup(path)
    except BackupRefused as error:
        raise CommandRefused(str(error)) from error


def restore(path: Path) -> Backup:
    """Fill the empty database from a backup. Raises CommandRefused."""
    migrate()
    from guatu.server.backup import BackupRefused, restore_backup

    try:
        return restore_backup(path)
    except BackupRefused as error:
        raise CommandRefused(str(error)) from error


def tick() -> list[Done]:
    """Do the timed work that is due; what came of each job that was begun. Raises CommandRefused."""
    start()
    from django.db.utils import DatabaseError

    from guatu.server import jobs

    try:
        return jobs.tick()
    except DatabaseError as error:
        raise CommandRefused(_("连不上数据库，或表还没有升级到本版：%s") % str(error).strip()) from error


def verify_record(note: Noted | None = None) -> VerifyResult:
    """Prove the whole record of the database; `note` is a head noted down earlier. Raises CommandRefused."""
    start()
    from django.db.utils import DatabaseError

    from guatu.server.record.queries import verify

    try:
        return verify(note)
    except DatabaseError as error:
        raise CommandRefused(_("读不出数据库里的留痕：%s") % str(error).strip()) from error


def export_record(path: Path) -> tuple[int, str]:
    """Write the whole record into a new file (.jsonl or .xlsx); how many entries, and the hash at their end.

    The file is whole or not there. Raises CommandRefused.
    """
    start()
    from django.db.utils import DatabaseError

    from guatu.server.record.export import ExportRefused, export_to

    try:
        return export_to(path)
    except ExportRefused as error:
        raise CommandRefused(str(error)) from error
    except DatabaseError as error:
        raise CommandRefused(_("读不出数据库里的留痕：%s") % str(error).strip()) from error
