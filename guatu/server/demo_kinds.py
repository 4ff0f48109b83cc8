"""What is reported beside the month in the demonstration: the first weekly reports, and something that has just happened."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Final

from guatu.reporting.form import Value
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb
from guatu.server.clock import now, today
from guatu.server.reporting.filling import hand_in
from guatu.server.reporting.kind_filling import begin_at_once, save_kind
from guatu.server.reporting.month_page import reportable
from guatu.server.reporting.queries import handed_in_before, latest_of_month
from guatu.server.reporting.rounds import check, sign
from guatu.server.schemes.queries import scheme_in_force
from guatu.values import Period

WEEK: Final = (
    ("checked", "本周完成基础浇筑两处，转入上部结构", None),
    ("signed", "本周主要设备到货验收，开始安装", "临时用电增容待批"),
    ("submitted", "本周完成当期工程量九成，余下下周一收尾", None),
)
"""How far the week's reports have come, of the unit's projects of which the month is not yet begun first; what was done, and
what is in the way."""
MATTER: Final = "开挖时挖断一处废弃供水支管，无人员伤亡，已关阀抢修，二号基坑停工半日。"
MEASURE: Final = "已通知供水单位到场，复核管线图后复工。"


def load_kinds(reporter: Account, signer: Account, county: Account) -> None:
    """The week of today for three projects, each as far as WEEK says; and a report at once, two hours after."""
    scheme = scheme_in_force()
    weekly, at_once = scheme.kind("weekly"), scheme.kind("major_matter")
    assert weekly is not None and at_once is not None
    term = weekly.to_report(today())
    assert term is not None
    month = latest_of_month(
        list(reportable(reporter, Verb.HAND_IN).values_list("pk", flat=True)), Period.of(today())
    )
    mine = reportable(reporter, Verb.HAND_IN, weekly.stages)
    projects = sorted(mine, key=lambda project: project.pk in month)
    before = handed_in_before([project.pk for project in projects], Period.of(today()))
    for project, (step, works, problem) in zip(projects, WEEK, strict=False):
        last = [row.physical for row in before.get(project.pk, {}).values() if row.physical is not None]
        further = min(last[-1] + 1, Decimal(100)) if last else Decimal(1)
        said: dict[str, Value | None] = {"progress": works, "physical": further, "problem": problem}
        draft = save_kind(project, weekly, term.key, said, actor=reporter, edition=0)
        hand_in(draft, actor=reporter, edition=draft.edition, scheme=scheme)
        if step in ("signed", "checked"):
            sign([draft], actor=signer)
        if step == "checked":
            check([draft], actor=county)
    begun = begin_at_once(projects[0], at_once, actor=reporter)
    happened = (now() - timedelta(hours=2)).replace(second=0, microsecond=0)
    told = save_kind(
        projects[0],
        at_once,
        begun.period,
        {"matter": MATTER, "measure": MEASURE, "safety_trouble": False},
        actor=reporter,
        edition=begun.edition,
        happened=happened,
    )
    hand_in(told, actor=reporter, edition=told.edition, scheme=scheme)
