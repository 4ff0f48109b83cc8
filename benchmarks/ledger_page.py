"""How fast the ledger answers: `python benchmarks/ledger_page.py [--projects 10000] [--database-url URL]`.

Builds a database of invented projects with their standings in one judged month, serves it with Granian
on the loopback (2 workers), and asks for five kinds of page from 4 clients at once. In the same run it asks
for a bare page of the same length, which no query stands behind: the floor of this machine. Prints p50, p95,
p99 in milliseconds, the ratio of p95 to that floor, and the queries of each page.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

PERIOD: Final = "2023-09"
JUDGED_ON: Final = date(2023, 10, 13)
CHANGED_ON: Final = date(2023, 10, 18)
TODAY: Final = date(2023, 10, 20)
FEN: Final = 1_000_000
COUNTIES: Final = tuple(f"{name}县" for name in "云溪石桥北苑青石柳泉南浦禾丰白沙高岭临江"[:20])
CATEGORIES: Final = ("产业", "基础设施", "民生", "生态环境保护及修复", "文化旅游")
KINDS: Final = (
    "产业园",
    "快速路",
    "中学",
    "污水处理厂",
    "博物馆",
    "冷链物流园",
    "储能电站",
    "医院",
    "水库",
    "电池材料",
)
PAGES: Final = {
    "first page": "",
    "filtered": "?category=%E4%BA%A7%E4%B8%9A&light=red",
    "sorted": "?sort=-done",
    "text search": "?q=%E5%82%A8%E8%83%BD",
    "deep page": "?stage=all&page=90",
    "past day": "?known=2023-10-16",
}
"""What is asked for: the plain ledger, 产业 with a red light, another column, 储能 anywhere, page 90, a day looked
back on, after which a tenth of the projects changed."""


def environment(home: Path, url: str) -> dict[str, str]:
    return {
        "GUATU_HOME": str(home),
        "GUATU_DATABASE_URL": url,
        "GUATU_TODAY": TODAY.isoformat(),
        "GUATU_SECRET_KEY": "a key for measuring alone",
        "GUATU_SCHEME": "tangshan-2023",
        "DJANGO_SETTINGS_MODULE": "guatu.server.settings",
    }


def build(projects: int) -> str:
    """An empty database → `projects` invented projects with standings; the session key of an office account."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.db import transaction

    from guatu.server.accounts.actions import add_organisation, add_region, appoint
    from guatu.server.accounts.models import Account, Organisation, Role
    from guatu.server.assessment.models import JudgedMonth, ProjectStanding
    from guatu.server.portfolio.facts import pinyin_initials
    from guatu.server.portfolio.models import Project
    from guatu.server.record.actions import append

    settings.GUATU_TODAY = JUDGED_ON
    call_command("migrate", verbosity=0)
    chance = random.Random(217)
    with transaction.atomic():
        city = add_region(actor=None, code="139700", name="示范市")
        regions = [
            add_region(actor=None, code=f"1397{index:02}", name=name, parent=city, position=index)
            for index, name in enumerate(COUNTIES, start=1)
        ]
        office = add_organisation(actor=None, name="示范市重点办", kind=Organisation.Kind.OFFICE, region=city)
        departments = [
            add_organisation(actor=None, name=f"市{name}局", kind=Organisation.Kind.DEPARTMENT, region=city)
            for name in ("发展改革", "交通运输", "教育", "水利", "文化旅游")
        ]
        held = appoint(
            actor=None, person="文若水", title="综合科科长", organisation=office, role=Role.OFFICE,
            valid_from=date(2023, 1, 1),
        )  # fmt: skip
        account = Account.objects.create(username="office", person=held.person, password="!")
        rows = []
        for index in range(projects):
            region = chance.choice(regions)
            category = chance.randrange(5)
            name = f"{region.name}{chance.choice('宏远恒泰峻岭清源')}{index}号{chance.choice(KINDS)}项目"
            total = int(10 ** chance.uniform(4, 6.3)) * FEN
            stage = chance.choices(("new", "continuing", "preliminary"), (34, 35, 31))[0]
            rows.append(
                Project(
                    code=f"2023-{region.code}-{chance.randrange(10, 99)}-01-{index:06}",
                    name=name,
                    pinyin=pinyin_initials(name)[:200],
                    region=region,
                    county=region.name,
                    category=CATEGORIES[category],
                    stage=stage,
                    level=chance.choice(("省重点", "市重点")),
                    total=total,
                    planned=None if stage == "preliminary" else total // 3,
                    planned_start=f"2023-{chance.randrange(1, 13):02}",
                    planned_finish=f"202{chance.randrange(4, 7)}-06",
                    lead_department=departments[category],
                    responsible_unit=f"{region.name}{departments[category].name[1:]}",
                    county_leader=f"{chance.choice('阎祝储桑鄢卢缪岑')}{chance.choice('子立嘉继云修')}{chance.choice('衿言树川舟竹')}（副县长）",
                    city_leader=f"{chance.choice('柯景沈顾')}{chance.choice('景知长若')}{chance.choice('行远风水')}（副市长）",
                    company=f"示范市{name[3:7]}建设有限公司",
                    position=index + 1,
                    current_on=date(2023, 10, 13),
                )
            )
        Project.objects.bulk_create(rows, batch_size=400)
        entry = append(actor=None, action="month.judged", subject_kind="month", subject_id=PERIOD)
        summary = '{"silent": [], "late": [], "missed_starts": [], "months": [], "quarters": [], "state": {}, "cuts": []}'
        judged = JudgedMonth.objects.create(
            period=PERIOD, as_of=date(2023, 10, 12), scheme_id="tangshan-2023", scheme_digest="0" * 64,
            facts_digest="0" * 64, head="{}", summary=summary, findings=_findings(projects),
            created=datetime(2023, 10, 13, tzinfo=UTC), entry=entry,
        )  # fmt: skip
        ProjectStanding.objects.bulk_create(
            (_standing(judged, project, chance) for project in Project.objects.order_by("position")),
            batch_size=400,
        )
        _facts(JUDGED_ON, 1)
        settings.GUATU_TODAY = CHANGED_ON
        _facts(CHANGED_ON, 10)
        settings.GUATU_TODAY = TODAY
        _analyse()
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def _facts(day: date, share: int) -> None:
    """A version of every fact of one in `share` projects, by one entry of that day."""
    from guatu.server.portfolio.current import LISTED
    from guatu.server.portfolio.models import Document, Project, ProjectFact
    from guatu.server.record.actions import append

    document = Document.objects.create(title="台账", day=day)
    entry = append(actor=None, action="ledger.imported", subject_kind="document", subject_id=document.pk)
    ProjectFact.objects.bulk_create(
        (
            ProjectFact(
                project=project, field=field, value=json.dumps(getattr(project, field), ensure_ascii=False),
                valid_from=day, document=document, entered_by="", entry=entry,
            )
            for project in Project.objects.filter(position__gt=0).order_by("position")
            if project.position % share == 0
            for field in LISTED
        ),
        batch_size=400,
    )  # fmt: skip


def _findings(projects: int) -> str:
    """As many findings as a large city has, about 350 characters a project: pages must not read them in vain."""
    finding = {"id": "handed_in_late", "project": None, "period": PERIOD, "message": "月报迟报" * 60}
    return json.dumps([finding] * projects, ensure_ascii=False)


def _analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _standing(judged: Any, project: Any, chance: random.Random) -> Any:
    from guatu.server.assessment.models import ProjectStanding

    if project.stage == "preliminary":
        return ProjectStanding(
            judged_month=judged, project=project, level="none", gravity=-1, reported=False, late=False,
            started=False, questioned=False, level_without_questioned="none",
        )  # fmt: skip
    planned = project.planned
    due = planned * 787 // 1000
    invested = int(planned * chance.uniform(0.3, 1.05))
    behind = Decimal((due - invested) * 10_000 // planned) / 100
    level, gravity = next(
        (name, weight)
        for name, weight, edge in (("red", 3, 25), ("yellow", 2, 10), ("blue", 1, 5), ("normal", 0, -1000))
        if behind >= edge
    )
    return ProjectStanding(
        judged_month=judged, project=project, level=level, gravity=gravity, measure=behind, planned=planned,
        planned_ytd=due, invested_ytd=invested, percent=Decimal(invested * 1_000_000 // planned) / 10_000,
        gap=due - invested, reported=chance.random() > 0.03, late=chance.random() < 0.04,
        started=chance.random() > 0.1, questioned=chance.random() < 0.01, level_without_questioned=level,
    )  # fmt: skip


def count_queries(session: str) -> dict[str, int]:
    """The queries behind each page, asked for in turn by a process that has kept nothing before."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    counts: dict[str, int] = {}
    for name, query in PAGES.items():
        begun = time.perf_counter()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            answer = client.get(f"/projects/{query}")
        assert answer.status_code == 200, (name, answer.status_code)
        counts[name] = len(captured)
        if name == "past day":
            print(f"first look at a past day: {time.perf_counter() - begun:.2f} s")
    connection.close()
    return counts


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def served(application: str, variables: dict[str, str], workers: int) -> Iterator[int]:
    """An application behind Granian on a free port of the loopback, until the block is left."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
         "--workers", str(workers), "--blocking-threads", "4", "--no-ws", "--log-level", "error", application],
        env={**os.environ, **variables, "PYTHONPATH": str(Path(__file__).parents[1])},
    )  # fmt: skip
    try:
        for _attempt in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        else:
            raise SystemExit("the server did not start within 20 s")
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


def ask(port: int, path: str, cookie: str, times: int, taken: list[float], lengths: list[int]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for _turn in range(times):
        begun = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": cookie, "Host": "127.0.0.1"})
        answer = connection.getresponse()
        body = answer.read()
        taken.append((time.perf_counter() - begun) * 1000)
        lengths.append(len(body))
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status}")
    connection.close()


def measure(port: int, path: str, cookie: str, *, clients: int, requests: int) -> tuple[list[float], int]:
    """Milliseconds of `requests` answers to `clients` at once, and the length of one; the first are not counted."""
    warm: list[float] = []
    lengths: list[int] = []
    ask(port, path, cookie, 6, warm, lengths)
    taken: list[float] = []
    threads = [
        threading.Thread(target=ask, args=(port, path, cookie, requests // clients, taken, lengths))
        for _client in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken, lengths[-1]


def at(taken: list[float], share: int) -> float:
    return statistics.quantiles(taken, n=100, method="inclusive")[share - 1]


LENGTH_VARIABLE: Final = "BENCHMARK_PAGE_LENGTH"


def bare(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """The floor: a page of a given length behind the same server, from memory."""
    body = b"x" * int(os.environ[LENGTH_VARIABLE])
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(body)))])
    return [body]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--projects", type=int, default=10_000)
    parser.add_argument("--requests", type=int, default=200, help="of each kind of page")
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--database-url", default="", help="an empty PostgreSQL database; SQLite if not given"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="guatu-bench-") as folder:
        variables = environment(Path(folder), given.database_url)
        os.environ.update(variables)
        import django

        django.setup()
        begun = time.perf_counter()
        session = build(given.projects)
        print(f"{given.projects} projects in {'PostgreSQL' if given.database_url else 'SQLite'}, "
              f"built in {time.perf_counter() - begun:.1f} s; {given.clients} clients, {given.workers} workers, "
              f"{os.cpu_count()} cores")  # fmt: skip
        queries = count_queries(session)
        cookie = f"guatu_session={session}"
        results: dict[str, list[float]] = {}
        length = 0
        with served("guatu.server.wsgi:application", variables, given.workers) as port:
            for name, query in PAGES.items():
                results[name], size = measure(
                    port, f"/projects/{query}", cookie, clients=given.clients, requests=given.requests
                )
                length = length or size
        with served("benchmarks.ledger_page:bare", {LENGTH_VARIABLE: str(length)}, given.workers) as port:
            results["bare page"], _size = measure(
                port, "/", cookie, clients=given.clients, requests=given.requests
            )
    floor = at(results["bare page"], 95)
    print(f"{'page':<12} {'p50':>8} {'p95':>8} {'p99':>8} {'× floor':>8} {'queries':>8}   (ms)")
    for name, taken in results.items():
        print(f"{name:<12} {at(taken, 50):8.1f} {at(taken, 95):8.1f} {at(taken, 99):8.1f} "
              f"{at(taken, 95) / floor:8.1f} {queries.get(name, 0):>8}")  # fmt: skip


if __name__ == "__main__":
    main()
