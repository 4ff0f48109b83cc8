"""Whether what the server acknowledged survives: `python benchmarks/killed_server.py [--kills 50] [--database-url URL]`.

Loads the demonstration city, serves it with the real command, and lets four clients change the bulletin by HTTP.
In the middle of their work the server and all its processes are ended with `kill -9`, started again, and so on.
In the end every acknowledged change must be there, none twice, each with its entry, and the record whole.
Prints what was acknowledged, lost and doubled; exits with 1 where anything is.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

ROOT: Final = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.ledger_page import free_port  # noqa: E402  (the tree is on the path only now)

CLIENTS: Final = 4
CSRF: Final = "k" * 32
PATIENCE: Final = 60.0
"""Seconds within which a started server must answer."""
AT_WORK: Final = (0.2, 1.2)
"""Seconds after the first acknowledged change, between which the server is killed."""

PREPARE: Final = """
import json
from guatu.server import commands
commands.migrate()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from guatu.server.accounts.models import Account
from guatu.server.demo import load_demo
from guatu.server.record.queries import verify
load_demo()
account = Account.objects.get(username="zhongdianban")
session = SessionStore()
session[SESSION_KEY] = str(account.pk)
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = account.get_session_auth_hash()
session.create()
print(json.dumps({"session": session.session_key, "entries": verify().entries}))
"""
EXAMINE: Final = """
import json
from guatu.server import commands
commands.start()
from guatu.server.documents.models import BulletinEdit
from guatu.server.record.models import Entry
from guatu.server.record.queries import verify
found = verify()
print(json.dumps({
    "texts": list(BulletinEdit.objects.values_list("text", flat=True)),
    "entries": [json.loads(after)["text"] for after in
                Entry.objects.filter(action="bulletin.edited").values_list("after", flat=True)],
    "all_entries": found.entries, "whole": found.whole, "message": found.message,
}))
"""


@dataclass(slots=True)
class Outcome:
    """What became of the changes that were asked for."""

    kills: int
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    without_entry: list[str] = field(default_factory=list)
    unanswered: int = 0
    unanswered_kept: int = 0
    whole: bool = False
    message: str = ""

    @property
    def holds(self) -> bool:
        return self.whole and not (self.lost or self.doubled or self.without_entry)


def environment(home: Path, url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GUATU_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return kept | {
        "GUATU_HOME": str(home),
        "GUATU_DATABASE_URL": url,
        "GUATU_TODAY": "2023-10-13",
        "GUATU_SECRET_KEY": "a key for measuring alone",
        "GUATU_SCHEME": "tangshan-2023",
        "GUATU_JURISDICTION": "示范市",
        "PYTHONPATH": str(ROOT),
    }


def told(script: str, variables: dict[str, str]) -> dict[str, object]:
    """What a script says in JSON, run in a process of its own."""
    run = subprocess.run([sys.executable, "-c", script], env=variables, capture_output=True, text=True)
    if run.returncode:
        raise RuntimeError(run.stderr)
    answer: dict[str, object] = json.loads(run.stdout)
    return answer


def serve(port: int, variables: dict[str, str]) -> subprocess.Popen[bytes]:
    """The real command on a port, in a group of processes of its own; it answers when this returns."""
    server = subprocess.Popen(
        [sys.executable, "-m", "guatu.cli", "serve", "--port", str(port), "--workers", "2"],
        env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/sign-in/")
            if connection.getresponse().status == 200:
                return server
        except OSError:
            time.sleep(0.1)
    kill(server)
    raise RuntimeError("the server did not come up")


def kill(server: subprocess.Popen[bytes]) -> None:
    """End the server and its workers as a power cut would: no handler runs."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


class Clerk(threading.Thread):
    """Changes one paragraph of the bulletin again and again, until the server is gone."""

    def __init__(self, port: int, session: str, number: int, turn: int) -> None:
        super().__init__(daemon=True)
        self._port, self._key, self._name = port, f"text.{number}", f"{turn}/{number}"
        self._headers = {
            "Cookie": f"guatu_session={session}; guatu_csrf={CSRF}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.acknowledged: list[str] = []
        self.asked: list[str] = []

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            for step in range(10_000):
                words = f"改动 {self._name}/{step}。"
                based_on = self._based_on(connection)
                form = {"key": self._key, "text": words, "based_on": based_on, "csrfmiddlewaretoken": CSRF}
                self.asked.append(words)
                connection.request("POST", "/bulletin/edit/", urlencode(form), self._headers)
                answer = connection.getresponse()
                answer.read()
                if answer.status != 302:
                    raise RuntimeError(f"{answer.status} for {words}")
                self.acknowledged.append(words)
        except (OSError, http.client.HTTPException):
            return
        finally:
            connection.close()

    def _based_on(self, connection: http.client.HTTPConnection) -> str:
        connection.request("GET", "/bulletin/", headers=self._headers)
        page = connection.getresponse().read().decode()
        found = re.search(
            rf'name="key" value="{re.escape(self._key)}">\s*<input type="hidden" name="based_on" value="(\d+)"',
            page,
        )
        if not found:
            raise RuntimeError(f"the bulletin has no paragraph {self._key}")
        return found[1]


def trial(kills: int, home: Path, url: str = "", seed: int = 217) -> Outcome:
    """Kill the server `kills` times while it writes, and compare what it acknowledged with what is there."""
    variables = environment(home, url)
    chance = random.Random(seed)
    prepared = told(PREPARE, variables)
    port = free_port()
    acknowledged: list[str] = []
    asked: list[str] = []
    for turn in range(kills):
        server = serve(port, variables)
        clerks = [Clerk(port, str(prepared["session"]), number, turn) for number in range(CLIENTS)]
        for clerk in clerks:
            clerk.start()
        until = time.monotonic() + PATIENCE
        while not any(clerk.acknowledged for clerk in clerks) and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(chance.uniform(*AT_WORK))
        kill(server)
        for clerk in clerks:
            clerk.join()
            acknowledged += clerk.acknowledged
            asked += clerk.asked
    return compared(kills, acknowledged, asked, told(EXAMINE, variables), prepared)


def compared(
    kills: int,
    acknowledged: Sequence[str],
    asked: Sequence[str],
    there: dict[str, object],
    prepared: dict[str, object],
) -> Outcome:
    texts, entries = there["texts"], there["entries"]
    assert isinstance(texts, list) and isinstance(entries, list)
    unanswered = set(asked) - set(acknowledged)
    outcome = Outcome(kills, len(acknowledged), unanswered=len(unanswered))
    outcome.lost = [words for words in acknowledged if words not in set(texts)]
    outcome.doubled = [words for words in asked if texts.count(words) > 1 or entries.count(words) > 1]
    outcome.without_entry = sorted(set(texts) ^ set(entries))
    outcome.unanswered_kept = len(unanswered & set(texts))
    outcome.whole = bool(there["whole"]) and there["all_entries"] == prepared["entries"] + len(texts)  # type: ignore[operator]
    outcome.message = str(there["message"])
    return outcome


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument(
        "--database-url", default="", help="an empty PostgreSQL database; SQLite if not given"
    )
    given = parser.parse_args()
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="guatu-bench-") as folder:
        outcome = trial(given.kills, Path(folder), given.database_url)
    print(f"{outcome.kills} kills in {time.perf_counter() - begun:.0f} s on "
          f"{'PostgreSQL' if given.database_url else 'SQLite'}: {outcome.acknowledged} changes acknowledged, "
          f"{len(outcome.lost)} lost, {len(outcome.doubled)} doubled, {len(outcome.without_entry)} without entry; "
          f"{outcome.unanswered} cut off, {outcome.unanswered_kept} of them kept; "
          f"the record is {'whole' if outcome.whole else 'NOT whole ' + outcome.message}")  # fmt: skip
    return 0 if outcome.holds else 1


if __name__ == "__main__":
    sys.exit(main())
