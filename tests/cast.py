"""The fixed people and projects of the server's tests: one small city, 沧城."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from guatu.portfolio.project import Project as LedgerProject
from guatu.portfolio.project import Source, Stage
from guatu.reporting.report import Report as HandedIn
from guatu.server.accounts.actions import add_organisation, add_region, appoint
from guatu.server.accounts.models import Account, Organisation, Region, Role
from guatu.server.portfolio.actions import Paper, import_projects
from guatu.server.portfolio.models import Project
from guatu.values import Period

YEAR_BEGINS = date(2023, 1, 1)
LEDGER_DAY = date(2023, 1, 18)
LEDGER = Paper("沧城市2023年重点项目台账", LEDGER_DAY, "沧重办〔2023〕1号")
WAN = 1_000_000
"""分 in 万元."""

PORT = "2023-130901-54-01-000001"
SCHOOL = "2023-130902-83-01-000002"
PLANT = "2022-130902-36-01-000003"


def ledger_project(code: str, name: str, county: str, row: int) -> LedgerProject:
    """A project of 12,000 万元 a year, 1,000 万元 a month, led by 市交通运输局."""
    return LedgerProject(
        code=code,
        name=name,
        county=county,
        category="基础设施",
        stage=Stage.CONTINUING,
        level="市重点",
        total=50_000 * WAN,
        done_before=8_000 * WAN,
        planned=12_000 * WAN,
        planned_cumulative=tuple(1_000 * WAN * month for month in range(1, 13)),
        planned_start=Period(2022, 5),
        planned_finish=Period(2024, 6),
        lead_department="市交通运输局",
        responsible_unit=f"{county}交通运输局",
        county_leader="顾长风（副县长）",
        city_leader="沈知远（副市长）",
        company="沧城港务有限公司",
        phone="13800000001",
        approvals={"环评": "已批复"},
        extra={"是否专班": "是"},
        source=Source("ledger.xlsx", "在建", row),
        columns={"name": "C", "planned": "L", "planned_cumulative.1": "M", "phone": "AD"},
    )


def ledger() -> list[LedgerProject]:
    """Three projects: a port in 东岭县, a school and a plant in 西原区."""
    return [
        ledger_project(PORT, "沧城港扩建项目", "东岭县", 5),
        replace(
            ledger_project(SCHOOL, "西原中学新建项目", "西原区", 6),
            lead_department="市教育局",
            company="西原教育投资有限公司",
            category="民生",
            stage=Stage.NEW,
            done_before=None,
        ),
        replace(ledger_project(PLANT, "西原包装材料厂项目", "西原区", 7), category="产业"),
    ]


def report(code: str, month: int, ytd_wan: int, *, handed_in: date | None = None) -> HandedIn:
    """A report of 2023, handed in on the 3rd of the next month unless said otherwise."""
    period = Period(2023, month)
    return HandedIn(
        code=code,
        period=period,
        invested_month=1_000 * WAN,
        invested_ytd=ytd_wan * WAN,
        progress=f"第{month}段路基施工",
        physical=Decimal("16.50"),
        actual_start=date(2022, 5, 20),
        in_statistics=True,
        reporter="陆听松",
        handed_in=handed_in or period.plus(1).first_day.replace(day=3),
        source=Source("reports.xlsx", f"{month}月", 5),
        columns={"invested_ytd": "I"},
        headers={"invested_ytd": f"1—{month}月累计"},
    )


@dataclass(frozen=True, slots=True)
class Cast:
    """The accounts of the cast; `stranger` has an account but no post."""

    office: Account
    deputy: Account
    county: Account
    other_county: Account
    department: Account
    reporter: Account
    signer: Account
    company: Account
    reader: Account
    system: Account
    security: Account
    audit: Account
    stranger: Account

    def account(self, name: str) -> Account:
        found: Account = getattr(self, name)
        return found


def project(code: str) -> Project:
    return Project.objects.get(code=code)


def fresh(account: Account) -> Account:
    """The account read anew, as the next request would."""
    return Account.objects.get(pk=account.pk)


def regions() -> dict[str, Region]:
    """沧城市 with 东岭县 and 西原区 (also written 西原新区)."""
    city = add_region(actor=None, code="130900", name="沧城市")
    east = add_region(actor=None, code="130901", name="东岭县", parent=city, position=1)
    west = add_region(
        actor=None, code="130902", name="西原区", parent=city, aliases=("西原新区",), position=2
    )
    return {"沧城市": city, "东岭县": east, "西原区": west}


def _account(username: str, name: str, title: str, organisation: Organisation, role: Role) -> Account:
    held = appoint(
        actor=None,
        person=name,
        title=title,
        organisation=organisation,
        role=role,
        valid_from=YEAR_BEGINS,
        distinction=organisation.name,
    )
    account = Account(username=username, person=held.person)
    account.set_unusable_password()
    account.save()
    return account


def settle(rows: Sequence[LedgerProject] | None = None) -> Cast:
    """The city with its regions, its three projects (or `rows`) and its people."""
    place = regions()
    kinds = Organisation.Kind
    office = add_organisation(actor=None, name="沧城市重点办", kind=kinds.OFFICE, region=place["沧城市"])
    leaders = add_organisation(actor=None, name="沧城市领导", kind=kinds.LEADERSHIP, region=place["沧城市"])
    east = add_organisation(actor=None, name="东岭县政府", kind=kinds.COUNTY, region=place["东岭县"])
    west = add_organisation(actor=None, name="西原区政府", kind=kinds.COUNTY, region=place["西原区"])
    import_projects(rows or ledger(), actor=None, paper=LEDGER, day=LEDGER_DAY, year=2023)
    units = {found.name: found for found in Organisation.objects.all()}
    stranger = appoint(
        actor=None,
        person="路过人",
        title="原职",
        organisation=leaders,
        role=Role.READER,
        valid_from=date(2020, 1, 1),
    )
    stranger.valid_to = date(2022, 12, 31)
    stranger.save()
    guest = Account.objects.create(username="guest", person=stranger.person, password="!")
    return Cast(
        office=_account("office", "文若水", "综合科科长", office, Role.OFFICE),
        deputy=_account("deputy", "柏青", "副主任", office, Role.OFFICE),
        county=_account("county", "东方既白", "县重点办主任", east, Role.COUNTY),
        other_county=_account("other_county", "西门望", "区重点办主任", west, Role.COUNTY),
        department=_account("department", "路遥之", "规划科科长", units["市交通运输局"], Role.DEPARTMENT),
        reporter=_account("reporter", "陆听松", "填报员", units["东岭县交通运输局"], Role.REPORTER),
        signer=_account("signer", "陆行舟", "局长", units["东岭县交通运输局"], Role.SIGNER),
        company=_account("company", "钟港", "工程部经理", units["沧城港务有限公司"], Role.REPORTER),
        reader=_account("reader", "沈知远", "副市长", leaders, Role.READER),
        system=_account("system", "林守正", "系统管理员", office, Role.SYSTEM),
        security=_account("security", "石敬慎", "安全管理员", office, Role.SECURITY),
        audit=_account("audit", "江鉴明", "审计管理员", office, Role.AUDIT),
        stranger=guest,
    )
