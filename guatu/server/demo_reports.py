"""What is under way in the demonstration: October 2023, with something to do for the reporter, the signer, the county."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from guatu.reporting.attached.rule import AttachmentRule
from guatu.reporting.form import ReportForm, Value, carried_over
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb
from guatu.server.clock import CHINA
from guatu.server.demo_photos import site_photo
from guatu.server.portfolio.models import Project
from guatu.server.portfolio.queries import plans_on
from guatu.server.reporting.attachments import Handed, attach, describe
from guatu.server.reporting.filling import hand_in, save_draft
from guatu.server.reporting.models import Report
from guatu.server.reporting.month_page import reportable
from guatu.server.reporting.queries import as_handed_in, handed_in_before, last_ytd
from guatu.server.reporting.rounds import send_back, sign
from guatu.server.schemes.queries import scheme_in_force
from guatu.values import Period

OCTOBER: Final = Period(2023, 10)
WORKS: Final = (
    "主体结构施工至五层，二次结构跟进，外立面样板段完成",
    "厂房钢结构吊装过半，设备基础浇筑完成三分之二",
    "路基填筑完成，桥梁下部结构收尾，开始架梁",
    "正在施工",
    "管线沟槽开挖二点四公里，管道安装一点八公里",
)
PICTURED: Final = (
    ("一号楼主体结构，东南角", 6, 300, datetime(2023, 10, 9, 9, 40)),
    ("二号楼主体结构，塔吊附墙", 9, 980, datetime(2023, 10, 9, 9, 55)),
    ("地下车库顶板", 2, 620, datetime(2023, 10, 10, 16, 5)),
)
"""What the photographs of the first report show, how many floors and where the crane stands, and when they were taken."""
STEPS: Final = ("signed", "submitted", "submitted", "returned", "draft")
"""How far the first reports of the unit have come; of its other projects nothing is written yet."""


def load_reports(reporter: Account, signer: Account) -> None:
    """Bring the first projects of the unit as far as STEPS says. All of a project's figures follow its own plan."""
    scheme = scheme_in_force()
    projects = [row for row in reportable(reporter, Verb.HAND_IN) if _quiet(row)]
    plans = plans_on(OCTOBER.first_day, OCTOBER.year, [row.pk for row in projects])
    planned = {row.pk: _planned(plans[row.pk].cumulative) for row in projects}
    busy = [row for row in projects if planned[row.pk]]
    for project, step, works in zip(busy, STEPS, WORKS, strict=False):
        draft = save_draft(
            project,
            OCTOBER,
            {**_last(project, scheme.form), "invested_month": planned[project.pk], "progress": works},
            actor=reporter,
            edition=0,
            form=scheme.form,
        )
        if step == "signed":
            _photos(draft, reporter, scheme.text.form.attachments)
        if step == "draft":
            continue
        hand_in(draft, actor=reporter, edition=draft.edition, scheme=scheme)
        if step == "signed":
            sign([draft], actor=signer)
        if step == "returned":
            send_back(draft, actor=signer, opinion="形象进度只写了“正在施工”，请写明做到哪一步。")


def _photos(draft: Report, reporter: Account, rule: AttachmentRule) -> None:
    """Attach the photographs, each with its caption."""
    files = [
        Handed("photo.jpg", site_photo(floors, taken, crane_at=crane, place=(39.63 + n / 1000, 118.18)))
        for n, (_caption, floors, crane, taken) in enumerate(PICTURED)
    ]
    for one, (caption, _floors, _crane, taken) in zip(
        attach(draft, files, actor=reporter, rule=rule), PICTURED, strict=True
    ):
        describe(one, actor=reporter, caption=caption, taken_at=taken.replace(tzinfo=CHINA), place=one.place)


def _planned(cumulative: Sequence[int | None]) -> int:
    """What the plan foresees for October, in 分; 0 where it has no split."""
    return (cumulative[9] or 0) - (cumulative[8] or 0) if cumulative else 0


def _last(project: Project, form: ReportForm) -> dict[str, Value]:
    """What stands in the form to begin with, and a little more of the works than in September."""
    before = handed_in_before([project.pk], OCTOBER)[project.pk]
    last = as_handed_in(before["2023-09"], project.code)
    begun = carried_over(form, last)
    return begun if last.physical is None else begun | {"physical": min(last.physical + 3, Decimal(100))}


def _quiet(project: Project) -> bool:
    """Whether September was reported and nothing in it is questioned, so that October follows without a doubt."""
    before = handed_in_before([project.pk], OCTOBER).get(project.pk, {})
    asked = project.questions.filter(period__gte="2023-08").exists()
    return (
        last_ytd(before, OCTOBER) is not None
        and not asked
        and before["2023-09"].state == Report.State.ACCEPTED
    )
