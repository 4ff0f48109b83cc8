"""The demonstration city 示范市: invented projects of 2023, judged month by month, with accounts to try."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from django.db import transaction

import guatu.demo
from guatu.server.accounts.actions import add_organisation, add_region, appoint, open_account
from guatu.server.accounts.models import Account, Organisation, Region, Role
from guatu.server.assessment.actions import judge_month
from guatu.server.assessment.models import JudgedMonth
from guatu.server.clock import now, on_day
from guatu.server.demo_given import give_month, give_today
from guatu.server.demo_kinds import load_kinds
from guatu.server.demo_reports import load_reports
from guatu.server.portfolio.actions import Paper, import_projects
from guatu.server.portfolio.models import Project
from guatu.server.reporting.actions import import_reports, put_questions
from guatu.server.schemes.queries import scheme_in_force
from guatu.values import Period
from guatu.workbooks.read import read_workbooks
from guatu.workbooks.reading import Reading

DATA: Final = Path(guatu.demo.__path__[0]) / "data"
PASSWORD: Final = "guatu-2023-shifan"
CITY: Final = "示范市"
OFFICE: Final = "示范市重点建设项目领导小组办公室"
STATISTICS: Final = "市统计局"
ALIASES: Final = {"高新技术产业开发区": ("高新区",)}
YEAR_BEGINS: Final = date(2023, 1, 1)
LEDGER: Final = Paper("示范市2023年重点建设项目台账", date(2023, 1, 18))
TODAY: Final = date(2023, 10, 13)
MONTHS: Final = range(1, 10)
CUT_OFF_DAY: Final = 13
"""The day of the next month by which the last report of a month has come in."""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account to try: its user name, and whose it is, in words."""

    username: str
    who: str


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What stands in the demonstration: the accounts share one password."""

    accounts: tuple[DemoAccount, ...]
    password: str
    projects: int
    months: int


@dataclass(frozen=True, slots=True)
class _Try:
    """Who tries the demonstration, in which post, and what there is to see."""

    username: str
    name: str
    title: str
    organisation: str
    role: Role
    what: str


ACCOUNTS: Final = (
    _Try("zhongdianban", "秦若谷", "值班员", OFFICE, Role.OFFICE, "重点办值班员：看到全部，导入、采用月报、判定、通报、催报"),
    _Try("yunxixian", "温知夏", "县重点办主任", "云溪县人民政府", Role.COUNTY, "云溪县：只看本县的项目，审核或退回月报"),
    _Try("jiaotongju", "路长宁", "重点项目科科长", "市交通运输局", Role.DEPARTMENT, "市交通运输局：只看本部门牵头的项目，审核或退回月报"),
    _Try("yunxifagai", "柏闻笛", "填报员", "云溪县发展改革局", Role.REPORTER, "责任单位填报员：填报本单位的项目"),
    _Try("yunxiqianfa", "方既明", "局长", "云溪县发展改革局", Role.SIGNER, "责任单位签发人：签发本单位的月报，或退回"),
    _Try("duchake", "纪怀瑾", "督查科科长", OFFICE, Role.OFFICE, "重点办督查科：与值班员一样，确认别人打的分"),
    _Try("tongjiju", "宋知秋", "投资统计科科长", STATISTICS, Role.DEPARTMENT, "市统计局：报送方案要它提供的数"),
    _Try("yanzijin", "阎子衿", "市委副书记", "示范市领导", Role.READER, "市领导：看到全部，只读，不显示电话"),
    _Try("xitong", "林守正", "系统管理员", OFFICE, Role.SYSTEM, "系统管理员：单位、人员、账号、设置和备份，不看业务"),
    _Try("anquan", "石敬慎", "安全管理员", OFFICE, Role.SECURITY, "安全管理员：给职务授权、解锁、定密码规则"),
    _Try("shenji", "江鉴明", "审计管理员", OFFICE, Role.AUDIT, "审计管理员：只查留痕和访问记录"),
)  # fmt: skip


def load_demo() -> Demonstration:
    """Fill the migrated, empty database with the demonstration city; where it stands already, find it.

    All or nothing. About 5 s on two cores.
    """
    if not Account.objects.exists():
        with transaction.atomic():
            _load()
    return Demonstration(
        accounts=tuple(DemoAccount(entry.username, entry.what) for entry in ACCOUNTS),
        password=PASSWORD,
        projects=Project.objects.count(),
        months=JudgedMonth.objects.values("period").distinct().count(),
    )


def _load() -> None:
    """The year day by day: the ledger, each month with what is given beside it, and what is under way today."""
    with on_day(LEDGER.day):
        reading, accounts, counties = _settle()
    scheme = scheme_in_force()
    office, second = accounts[ACCOUNTS[0].username], accounts["duchake"]
    for number in MONTHS:
        give_month(counties, number, scheme, statistics=accounts["tongjiju"], office=office, second=second)
        _month(Period(2023, number), reading, office)
    with on_day(TODAY):
        # The password to try was set in January; it would be too old by now.
        Account.objects.update(password_since=now())
        give_today(counties, scheme, second=second)
        load_reports(accounts["yunxifagai"], accounts["yunxiqianfa"])
        load_kinds(accounts["yunxifagai"], accounts["yunxiqianfa"], accounts["yunxixian"])


def _settle() -> tuple[Reading, dict[str, Account], list[str]]:
    reading = read_workbooks([DATA / "ledger-2023.xlsx", DATA / "monthly-reports-2023.xlsx"])
    places = _regions(reading)
    kinds = Organisation.Kind
    add_organisation(actor=None, name=OFFICE, short_name="市重点办", kind=kinds.OFFICE, region=places[CITY])
    add_organisation(actor=None, name="示范市领导", kind=kinds.LEADERSHIP, region=places[CITY])
    add_organisation(actor=None, name=STATISTICS, kind=kinds.DEPARTMENT, region=places[CITY])
    for name, region in places.items():
        if name != CITY:
            add_organisation(
                actor=None,
                name=name if name.endswith("开发区") else f"{name}人民政府",
                short_name=name,
                kind=kinds.COUNTY,
                region=region,
            )
    office = _account(ACCOUNTS[0])
    import_projects(
        reading.projects, actor=office, paper=LEDGER, day=LEDGER.day, year=2023, digests=reading.digests
    )
    accounts = {entry.username: _account(entry) for entry in ACCOUNTS[1:]}
    accounts[ACCOUNTS[0].username] = office
    return reading, accounts, [name for name in places if name != CITY]


def _month(period: Period, reading: Reading, office: Account) -> None:
    """A month is taken over and judged on its cut-off day."""
    day = period.plus(1).first_day.replace(day=CUT_OFF_DAY)
    with on_day(day):
        rows = [row for row in reading.reports if row.period == period]
        import_reports(rows, actor=office, day=day, digests=reading.digests)
        found = [one for one in reading.findings if one.period in (None, str(period))]
        put_questions(found, actor=office)
        judge_month(period, day, office)


def _regions(reading: Reading) -> dict[str, Region]:
    """The city and its counties, with the codes that their projects' own codes carry."""
    codes: dict[str, Counter[str]] = {}
    for project in reading.projects:
        if project.county:
            codes.setdefault(project.county, Counter())[project.code.split("-")[1]] += 1
    found = {name: counted.most_common(1)[0][0] for name, counted in codes.items()}
    city = add_region(actor=None, code=next(iter(found.values()))[:4] + "00", name=CITY)
    places = {CITY: city}
    for position, (name, code) in enumerate(sorted(found.items(), key=lambda item: item[1]), start=1):
        places[name] = add_region(
            actor=None, code=code, name=name, parent=city, aliases=ALIASES.get(name, ()), position=position
        )
    return places


def _account(entry: _Try) -> Account:
    held = appoint(
        actor=None,
        person=entry.name,
        title=entry.title,
        organisation=Organisation.objects.get(name=entry.organisation),
        role=entry.role,
        valid_from=YEAR_BEGINS if entry.role is Role.OFFICE else LEDGER.day,
    )
    return open_account(actor=None, username=entry.username, password=PASSWORD, person=held.person)
