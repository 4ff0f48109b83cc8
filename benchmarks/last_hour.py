"""The last hour of the month: `python benchmarks/last_hour.py [--reporters 500] [--minutes 6] [--database-url URL]`.

Builds a city in which every reporter answers for two projects with nine months behind them, serves it with the
real command (2 workers), and lets every reporter come at a random moment of the given time: sign in, read the
month, and for each project open the form, save three times while typing, and hand it in. Six minutes are ten
times the rush of an hour. In the same run it asks for the page of the sign-in, which no rows stand behind: the
floor of this machine under this load. Prints p50, p95 and p99 of each kind of request in milliseconds; exits with 1
where a request failed, a report that was acknowledged is missing, or the record is not whole.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.killed_server import environment, kill, serve, told  # noqa: E402  (the tree is on the path only now)
from benchmarks.ledger_page import at, free_port  # noqa: E402
from benchmarks.reporter import Refused, Reporter  # noqa: E402

PASSWORD: Final = "a password for measuring"
MONTH: Final = "2023-10"
PROJECTS: Final = 2
"""Projects that each reporter answers for."""
SAVED: Final = 3
"""How often a form is saved while it is typed in."""
TYPING: Final = 60.0
"""Seconds between two savings, in an hour; pressed together as the hour is."""
HOUR: Final = 3600.0

PREPARE: Final = """
import json, os, sys
from datetime import date
from decimal import Decimal
from django.conf import settings
from guatu.server import commands
commands.migrate()
from django.contrib.auth.hashers import make_password
from guatu.portfolio.project import Project, Source, Stage
from guatu.reporting.report import Report
from guatu.server.accounts.actions import add_organisation, add_region, appoint
from guatu.server.accounts.models import Account, Organisation, Role
from guatu.server.portfolio.actions import Paper, import_projects
from guatu.server.reporting.actions import import_reports
from guatu.values import Period

reporters, projects, password = int(sys.argv[1]), int(sys.argv[2]), make_password(sys.argv[3])
WAN = 1_000_000
city = add_region(actor=None, code="139700", name="示范市")
region = add_region(actor=None, code="139701", name="云溪县", parent=city, position=1)
ledger, months, found = [], [], []
for number in range(reporters):
    unit = add_organisation(actor=None, name=f"云溪县第{number}建设局", kind=Organisation.Kind.UNIT, region=region)
    held = appoint(actor=None, person=f"柏闻{number}", title="填报人", organisation=unit, role=Role.REPORTER,
                   valid_from=date(2023, 1, 1))
    Account.objects.create(username=f"r{number}", person=held.person, password=password)
    codes = []
    for place in range(projects):
        code = f"2023-139701-48-01-{number * projects + place:06}"
        codes.append(code)
        ledger.append(Project(
            code=code, name=f"云溪县第{number}号{'厂房' if place else '道路'}项目", county="云溪县",
            category="基础设施", stage=Stage.CONTINUING, level="市重点", total=50_000 * WAN, done_before=8_000 * WAN,
            planned=12_000 * WAN, planned_cumulative=tuple(1_000 * WAN * month for month in range(1, 13)),
            planned_start=Period(2022, 5), planned_finish=Period(2024, 6), responsible_unit=unit.name,
            source=Source("ledger.xlsx", "在建", len(ledger) + 2), columns={"name": "C"},
        ))
        for month in range(1, 10):
            months.append(Report(
                code=code, period=Period(2023, month), invested_month=1_000 * WAN, invested_ytd=1_000 * WAN * month,
                progress=f"第{month}段路基施工", physical=Decimal(month * 4), actual_start=date(2022, 5, 20),
                in_statistics=True, handed_in=date(2023, month + 1, 3),
                source=Source("reports.xlsx", f"{month}月", len(months) + 2),
            ))
    found.append([f"r{number}", codes])
import_projects(ledger, actor=None, paper=Paper("台账", date(2023, 1, 18), ""), day=date(2023, 1, 18))
import_reports(months, actor=None, day=date(2023, 10, 12))
print(json.dumps(found))
"""
EXAMINE: Final = """
import json
from guatu.server import commands
commands.start()
from guatu.server.record.queries import verify
from guatu.server.reporting.models import Report
found = verify()
print(json.dumps({
    "there": list(Report.objects.filter(period="2023-10", state="submitted").values_list("project__code", flat=True)),
    "whole": found.whole, "message": found.message,
}))
"""


class Rush:
    """What came of the hour: the seconds of each kind of request, what was acknowledged, what went wrong."""

    def __init__(self) -> None:
        self.taken: dict[str, list[float]] = defaultdict(list)
        self.acknowledged: list[str] = []
        self.failed: list[str] = []

    def person(self, port: int, name: str, codes: list[str], pause: float) -> None:
        """Everything that one reporter does."""
        reporter = Reporter(port)
        try:
            reporter.sign_in(name, PASSWORD)
            reporter.page("month", f"/reports/{MONTH}/")
            for code in codes:
                form = reporter.open(MONTH, code)
                for turn in range(SAVED):
                    typed = {
                        "invested_month": "1000", "progress": f"第十段完成，{name} 第 {turn} 次写的话", "physical": "41",
                        "actual_start": "2022-05-20", "in_statistics": "是",
                    }  # fmt: skip
                    time.sleep(pause)
                    form = reporter.save(MONTH, code, form, typed)
                reporter.hand_in(MONTH, code, form, typed)
                self.acknowledged.append(code)
            reporter.page("floor", "/static/frame/mark.svg")
        except (Refused, OSError) as error:
            self.failed.append(f"{name}: {error}")
        finally:
            reporter.close()
            for kind, seconds in reporter.taken:
                self.taken[kind].append(seconds * 1000)


def rush(port: int, people: list[tuple[str, list[str]]], seconds: float) -> Rush:
    """Let everybody come within `seconds`, each in a thread of his own that sleeps most of the time."""
    found, chance = Rush(), random.Random(217)
    pressed = seconds / HOUR
    threads = [
        threading.Timer(
            chance.uniform(0, seconds),
            found.person,
            (port, name, codes, TYPING * pressed * chance.uniform(0.5, 1.5)),
        )
        for name, codes in people
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reporters", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=6)
    parser.add_argument(
        "--database-url", default="", help="an empty PostgreSQL database; SQLite if not given"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="guatu-bench-") as folder:
        variables = environment(Path(folder), given.database_url)
        begun = time.perf_counter()
        people = told(PREPARE, variables, str(given.reporters), str(PROJECTS), PASSWORD)
        print(f"{given.reporters} reporters with {PROJECTS} projects each in "
              f"{'PostgreSQL' if given.database_url else 'SQLite'}, built in {time.perf_counter() - begun:.0f} s; "
              f"{given.minutes:g} minutes, 2 workers, {os.cpu_count()} cores", flush=True)  # fmt: skip
        port = free_port()
        server = serve(port, variables)
        try:
            found = rush(port, people, given.minutes * 60)
        finally:
            kill(server)
        there = told(EXAMINE, variables)
    print(f"{'request':<14} {'p50':>8} {'p95':>8} {'p99':>8} {'× floor':>8} {'count':>7}   (ms)")
    floor = at(found.taken["floor"], 95)
    for kind, taken in found.taken.items():
        print(f"{kind:<14} {at(taken, 50):8.1f} {at(taken, 95):8.1f} {at(taken, 99):8.1f} {at(taken, 95) / floor:8.1f} "
              f"{len(taken):>7}")  # fmt: skip
    everything = [one for taken in found.taken.values() for one in taken]
    missing = set(found.acknowledged) - set(there["there"])
    print(f"p95 of all {len(everything)} requests: {at(everything, 95):.1f} ms; "
          f"{len(found.acknowledged)} handed in, {len(missing)} of them missing, {len(found.failed)} people failed; "
          f"the record is {'whole' if there['whole'] else 'NOT whole ' + there['message']}")  # fmt: skip
    for words in found.failed[:10]:
        print(words)
    return 0 if there["whole"] and not missing and not found.failed else 1


if __name__ == "__main__":
    sys.exit(main())
