"""Questions of honesty on the pages: asked of the reporter, beside what they are held against."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client

from guatu.reporting.form import Value
from guatu.schemes.load import load_scheme
from guatu.server.accounts.models import Account
from guatu.server.reporting.actions import import_reports
from guatu.server.reporting.filling import doubts_of
from guatu.values import Period
from tests.cast import PORT, WAN, Cast, report
from tests.server.reporting.work import TYPED, draft, hand_in, scheme

DAY = date(2023, 10, 13)
PAGE = f"/reports/2023-09/{PORT}/"
"""The port's report of September."""


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.django_db
def test_a_problem_told_for_half_a_year_is_to_be_explained_before_it_is_handed_in(cast: Cast) -> None:
    words = "征地拆迁尚未完成，影响施工进场"
    before = [replace(report(PORT, month, 1_000 * month), problem=words) for month in (4, 5, 6, 7, 8)]
    import_reports(before, actor=cast.office, day=DAY)
    found = draft(cast, problem=words, invested_month=990 * WAN)
    assert [one.finding.id for one in doubts_of(found, scheme()) if one.finding.id == "same_problem_text"]
    with pytest.raises(ValidationError, match="已连续 6 个月照抄同样的话"):
        hand_in(cast, found)
    hand_in(
        cast,
        draft(
            cast, problem="还有两户没有签约，本月完成一户", invested_month=990 * WAN, edition=found.edition
        ),
    )


@pytest.mark.django_db
def test_the_same_month_of_last_year_stands_beside_the_plan_and_is_not_known_as_zero(cast: Cast) -> None:
    import_reports([report(PORT, 8, 8_000)], actor=cast.office, day=DAY)
    draft(cast)
    assert '去年同期累计</dt><dd class="number">–' in browser(cast.reporter).get(PAGE).content.decode()
    then = replace(report(PORT, 9, 6_000), period=Period(2022, 9))
    import_reports([then], actor=cast.office, day=DAY)
    assert "6000，今年比它 +50.0%" in browser(cast.reporter).get(PAGE).content.decode()


@pytest.mark.django_db
def test_the_project_s_page_says_how_the_year_stands_to_the_last(cast: Cast) -> None:
    then = replace(report(PORT, 10, 6_000), period=Period(2022, 10))
    import_reports([then, report(PORT, 10, 9_000)], actor=cast.office, day=DAY)
    source = browser(cast.office).get(f"/projects/{PORT}/").content.decode()
    assert "6000，今年比它 +50.0%" in source


FORM = """
[form]
standard = ["invested_month", "invested_ytd", "progress", "statistics_invested", "statistics_difference"]
local_choice = "测试。"
"""


@pytest.mark.django_db
def test_the_two_figures_stand_beside_each_other_and_beyond_the_gap_the_reason_is_asked(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (Path(load_scheme(settings.GUATU_SCHEME).folder) / "scheme.toml").read_text("utf-8")
    (tmp_path / "scheme.toml").write_text(text + FORM, "utf-8")
    monkeypatch.setattr(settings, "GUATU_SCHEME", str(tmp_path))
    import_reports([report(PORT, 8, 8_000)], actor=cast.office, day=DAY)
    found = draft(cast, statistics_invested=8_000 * WAN)
    beside = "调度数 9000，统计数 8000，统计数少 1000（调度数的 11.1%）"
    assert beside in browser(cast.reporter).get(PAGE).content.decode()
    with pytest.raises(ValidationError, match="没有写明原因"):
        hand_in(cast, found)
    said: dict[str, Value | None] = {
        "statistics_invested": 8_000 * WAN,
        "statistics_difference": "统计按凭证，设备款未到票",
    }
    hand_in(cast, draft(cast, values={**TYPED, **said}, edition=found.edition))
    page = browser(cast.office).get(PAGE).content.decode()
    assert beside in page and "原因：统计按凭证，设备款未到票" in page
