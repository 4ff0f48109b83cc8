"""Whether what the server acknowledged survives: `python benchmarks/killed_server.py [--kills 50] [--database-url URL]`.

Loads the demonstration city, serves it with the real command, and lets four reporters hand in reports by HTTP and take
them back, again and again. In the middle of their work the server and all its processes are ended with `kill -9`,
started again, and so on. In the end every acknowledged report must be there, none twice, each with its round and its
entry, and the record whole. Prints what was acknowledged, lost and doubled; exits with 1 where anything is.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.ledger_page import free_port  # noqa: E402  (the tree is on the path only now)
from benchmarks.reporter import Refused, Reporter  # noqa: E402

CLIENTS: Final = 4
MONTH: Final = "2023-10"
PATIENCE: Final = 60.0
"""Seconds within which a started server must answer."""
AT_WORK: Final = (0.2, 1.2)
"""Seconds after the first acknowledged report, between which the server is killed."""

PREPARE: Final = """
import json, sys
from guatu.server import commands
commands.migrate()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb
from guatu.server.demo import load_demo
from guatu.server.reporting.month_page import reportable
load_demo()
account = Account.objects.get(username="yunxifagai")
session = SessionStore()
session[SESSION_KEY] = str(account.pk)
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = account.get_session_auth_hash()
session.create()
codes = reportable(account, Verb.HAND_IN).exclude(reports__period=sys.argv[1]).values_list("code", flat=True)
print(json.dumps({"session": session.session_key, "codes": list(codes.order_by("code"))}))
"""
EXAMINE: Final = """
import json, sys
from guatu.server import commands
commands.start()
from guatu.server.record.chain import canonical, digest
from guatu.server.record.models import Entry
from guatu.server.record.queries import verify
from guatu.server.reporting.actions import content
from guatu.server.reporting.models import Report, Round
month, asked = sys.argv[1], json.load(sys.stdin)
reports = {report.project.code: report for report in Report.objects.filter(period=month).select_related("project")}
words_of = {}
for code, words in asked:
    reports[code].progress = words
    words_of[digest(canonical(content(reports[code])))] = words
def told(afters):
    return [words_of[found] for found in (json.loads(after)["digest"] for after in afters) if found in words_of]
handed_in = Round.objects.filter(report__period=month, step="hand_in", conclusion="passed")
found = verify()
print(json.dumps({
    "rounds": told(handed_in.values_list("entry__after", flat=True)),
    "entries": told(Entry.objects.filter(action="report.handed_in").values_list("after", flat=True)),
    "whole": found.whole, "message": found.message,
}))
"""
"""What a report said is known again by the digest that its entry holds of it."""


@dataclass(slots=True)
class Outcome:
    """What became of the reports that were handed in."""

    kills: int
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    without_entry: list[str] = field(default_factory=list)
    unanswered: int = 0
    unanswered_kept: int = 0
    whole: bool = False
    message: str = ""
    refused: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return self.whole and not (self.lost or self.doubled or self.without_entry or self.refused)


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


def told(script: str, variables: dict[str, str], *arguments: str, given: str = "") -> Any:
    """What a script says in JSON, run in a process of its own that reads `given`."""
    run = subprocess.run(
        [sys.executable, "-c", script, *arguments], env=variables, input=given, capture_output=True, text=True
    )
    if run.returncode:
        raise RuntimeError(run.stderr)
    return json.loads(run.stdout)


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
    """Hands one project's report in and takes it back, again and again, until the server is gone."""

    def __init__(self, port: int, session: str, code: str, turn: int) -> None:
        super().__init__(daemon=True)
        self._reporter = Reporter(port, session)
        self._code, self._turn = code, turn
        self.acknowledged: list[str] = []
        self.asked: list[tuple[str, str]] = []
        self.refused: list[str] = []

    def run(self) -> None:
        try:
            if not self._reporter.open(MONTH, self._code).open:
                self._reporter.withdraw(MONTH, self._code)
            for step in range(10_000):
                words = f"{self._code} 第 {self._turn} 次启动后第 {step} 次报送"
                typed = {"invested_month": "1000", "progress": words}
                form = self._reporter.open(MONTH, self._code)
                form = self._reporter.save(MONTH, self._code, form, typed)
                self.asked.append((self._code, words))
                self._reporter.hand_in(MONTH, self._code, form, typed)
                self.acknowledged.append(words)
                self._reporter.withdraw(MONTH, self._code)
        except Refused as refused:
            self.refused.append(str(refused))
        except (OSError, http.client.HTTPException):
            return
        finally:
            self._reporter.close()


def trial(kills: int, home: Path, url: str = "", seed: int = 217) -> Outcome:
    """Kill the server `kills` times while it writes, and compare what it acknowledged with what is there."""
    variables = environment(home, url)
    chance = random.Random(seed)
    prepared = told(PREPARE, variables, MONTH)
    port = free_port()
    outcome = Outcome(kills)
    acknowledged: list[str] = []
    asked: list[tuple[str, str]] = []
    for turn in range(kills):
        server = serve(port, variables)
        clerks = [Clerk(port, prepared["session"], code, turn) for code in prepared["codes"][:CLIENTS]]
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
            outcome.refused += clerk.refused
    there = told(EXAMINE, variables, MONTH, given=json.dumps(asked))
    return compared(outcome, acknowledged, [words for _code, words in asked], there)


def compared(
    outcome: Outcome, acknowledged: Sequence[str], asked: Sequence[str], there: Mapping[str, Any]
) -> Outcome:
    """The outcome with what of the reports handed in is there: in rounds, in entries, once."""
    rounds, entries = there["rounds"], there["entries"]
    unanswered = set(asked) - set(acknowledged)
    outcome.acknowledged, outcome.unanswered = len(acknowledged), len(unanswered)
    outcome.lost = [words for words in acknowledged if words not in set(rounds)]
    outcome.doubled = [words for words in asked if rounds.count(words) > 1 or entries.count(words) > 1]
    outcome.without_entry = sorted(set(rounds) ^ set(entries))
    outcome.unanswered_kept = len(unanswered & set(rounds))
    outcome.whole, outcome.message = there["whole"], there["message"]
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
          f"{'PostgreSQL' if given.database_url else 'SQLite'}: {outcome.acknowledged} reports acknowledged, "
          f"{len(outcome.lost)} lost, {len(outcome.doubled)} doubled, {len(outcome.without_entry)} without entry; "
          f"{outcome.unanswered} cut off, {outcome.unanswered_kept} of them kept; "
          f"the record is {'whole' if outcome.whole else 'NOT whole ' + outcome.message}")  # fmt: skip
    for words in outcome.refused[:10]:
        print(words)
    return 0 if outcome.holds else 1


if __name__ == "__main__":
    sys.exit(main())
