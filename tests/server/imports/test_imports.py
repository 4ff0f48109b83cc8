"""Workbooks taken over on the web: seen before anything is saved, saved whole, taken back whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from guatu.portfolio.project import Stage
from guatu.server.accounts.models import Account
from guatu.server.facts import facts_known_on
from guatu.server.imports import actions, work
from guatu.server.imports.actions import Upload, begin_saving, discard, read_again, receive, take_back
from guatu.server.imports.models import Import
from guatu.server.imports.preview import Preview, preview_from
from guatu.server.imports.queries import builds_on
from guatu.server.portfolio.actions import Paper, change_plan, import_projects
from guatu.server.portfolio.models import AnnualPlan, Project, ProjectFact, Responsibility
from guatu.server.record.models import Entry
from guatu.server.record.queries import verify
from guatu.server.reporting.actions import import_reports
from guatu.server.reporting.models import Question, Report
from tests.cast import LEDGER, PORT, WAN, Cast, ledger, project, report
from tests.server.imports.books import HARBOUR, ROWS, ledger_book, reports_book, row

JULY = date(2023, 7, 1)
pytestmark = pytest.mark.django_db


def handed_in(cast: Cast, *files: Upload, whole: bool = False) -> Import:
    """These files received and read."""
    received = receive(
        files, actor=cast.office, paper=Paper("调整后的台账", JULY), valid_from=JULY, year=2023, whole=whole
    )
    work.go_on(received.pk)
    return Import.objects.get(pk=received.pk)


def seen(batch: Import) -> Preview:
    found = preview_from(batch.preview)
    assert found is not None, batch.problem
    return found


def saved(batch: Import, by: Account) -> Import:
    begin_saving(batch, actor=by, digest=batch.preview_digest)
    work.go_on(batch.pk, by)
    return Import.objects.get(pk=batch.pk)


def changed_ledger(folder: Path) -> Upload:
    """The port costs more, the school has another department, a harbour is new."""
    return Upload(
        "台账.xlsx",
        ledger_book(
            folder,
            row(1, PORT, "沧城港扩建项目", "东岭县", total=60_000, leader="路清和（市长）"),
            *ROWS[1:],
            row(4, HARBOUR, "沧城新港项目", "东岭县"),
        ),
    )


def counts() -> tuple[int, ...]:
    """How many rows there are of everything that an import may write."""
    models = (Project, ProjectFact, AnnualPlan, Report, Question, Responsibility)
    return tuple(model._default_manager.count() for model in models)


def test_nothing_is_saved_before_a_person_has_seen_the_preview(cast: Cast, tmp_path: Path) -> None:
    before = counts()
    batch = handed_in(cast, changed_ledger(tmp_path))
    assert batch.state == Import.State.READY
    assert counts() == before


def test_the_preview_says_what_would_be_added_and_changed_and_where_it_was_read(
    cast: Cast, tmp_path: Path
) -> None:
    preview = seen(handed_in(cast, changed_ledger(tmp_path)))
    assert [row.code for row in preview.added] == [HARBOUR]
    assert [(one.field, one.before, one.after) for one in preview.changes] == [
        ("市级包联领导", "沈知远（副市长）", "路清和（市长）"),
        ("总投资", "50,000 万元", "60,000 万元"),
    ]
    assert preview.changes[1].place == "台账.xlsx · 在建项目 F4"
    assert preview.same == 2


def test_what_a_table_has_no_column_for_stays_as_it_is(cast: Cast, tmp_path: Path) -> None:
    saved(handed_in(cast, changed_ledger(tmp_path)), cast.office)
    port = facts_known_on(JULY, 2023).projects[0]
    assert (port.phone, port.category, port.planned_cumulative[11]) == (
        "13800000001",
        "基础设施",
        12_000 * WAN,
    )


def test_of_a_whole_ledger_a_missing_column_means_no_longer_stated(cast: Cast, tmp_path: Path) -> None:
    batch = handed_in(cast, changed_ledger(tmp_path), whole=True)
    assert ("联系电话", "13800000001", "不再列") in [
        (c.field, c.before, c.after) for c in seen(batch).changes
    ]
    saved(batch, cast.office)
    assert facts_known_on(JULY, 2023).projects[0].phone is None


def test_saving_makes_what_was_previewed_and_nothing_twice(cast: Cast, tmp_path: Path) -> None:
    batch = saved(handed_in(cast, changed_ledger(tmp_path)), cast.office)
    assert (batch.state, batch.saved_by) == (Import.State.SAVED, "office")
    assert project(PORT).total == 60_000 * WAN
    assert project(HARBOUR).stage == Stage.CONTINUING
    again = seen(handed_in(cast, changed_ledger(tmp_path)))
    assert again.empty
    assert verify().whole


def test_reports_are_previewed_with_what_they_correct(cast: Cast, tmp_path: Path) -> None:
    import_reports([report(PORT, 3, 2_700)], actor=cast.office, day=date(2023, 4, 5))
    book = reports_book(tmp_path, (1, PORT, "沧城港扩建项目", 1000, 2800, "堆场施工", "2023-04-03"))
    batch = handed_in(cast, Upload("月报.xlsx", book))
    preview = seen(batch)
    assert (preview.reports, preview.corrections) == (1, 1)
    assert ("本年累计", "2700 万元", "2800 万元") in [(c.field, c.before, c.after) for c in preview.changes]
    saved(batch, cast.office)
    assert Report.objects.get(project__code=PORT, version=2).invested_ytd == 2_800 * WAN


def test_a_report_of_a_project_that_nobody_knows_is_named_and_not_taken(cast: Cast, tmp_path: Path) -> None:
    book = reports_book(tmp_path, (1, HARBOUR, "沧城新港项目", 100, 100, "打桩", "2023-04-03"))
    batch = handed_in(cast, Upload("月报.xlsx", book))
    assert (seen(batch).unknown, seen(batch).reports) == ((HARBOUR,), 0)
    saved(batch, cast.office)
    assert not Report.objects.exists()


def test_a_report_of_a_project_that_comes_with_it_is_taken(cast: Cast, tmp_path: Path) -> None:
    book = reports_book(tmp_path, (1, HARBOUR, "沧城新港项目", 100, 100, "打桩", "2023-04-03"))
    batch = handed_in(cast, changed_ledger(tmp_path), Upload("月报.xlsx", book))
    assert (seen(batch).reports, seen(batch).months) == (1, ("2023-03",))
    saved(batch, cast.office)
    assert Report.objects.get().project.code == HARBOUR


def test_when_others_change_something_meanwhile_the_new_preview_is_shown_instead(
    cast: Cast, tmp_path: Path
) -> None:
    batch = handed_in(cast, changed_ledger(tmp_path))
    import_projects([replace(ledger()[0], total=60_000 * WAN)], actor=cast.office, paper=LEDGER, day=JULY)
    before = counts()
    batch = saved(batch, cast.office)
    assert (batch.state, counts()) == (Import.State.READY, before)
    assert "又有变化" in batch.problem
    assert "总投资" not in {change.field for change in seen(batch).changes}


def test_a_preview_that_is_not_the_last_one_cannot_be_confirmed(cast: Cast, tmp_path: Path) -> None:
    batch = handed_in(cast, changed_ledger(tmp_path))
    with pytest.raises(ValidationError, match="预览已经变了"):
        begin_saving(batch, actor=cast.office, digest="another")


def test_two_cannot_confirm_the_same_import(cast: Cast, tmp_path: Path) -> None:
    batch = handed_in(cast, changed_ledger(tmp_path))
    begin_saving(batch, actor=cast.office, digest=batch.preview_digest)
    with pytest.raises(ValidationError, match="别人已经处理"):
        begin_saving(batch, actor=cast.deputy, digest=batch.preview_digest)


def test_taken_back_everything_is_as_it_was_but_the_record_keeps_both(cast: Cast, tmp_path: Path) -> None:
    import_reports([report(PORT, 3, 2_700)], actor=cast.office, day=date(2023, 4, 5))
    before, known = counts(), facts_known_on(JULY, 2023)
    open_before = set(
        Responsibility.objects.filter(valid_to=None).values_list("project__code", "duty", "stated")
    )
    book = reports_book(tmp_path, (1, PORT, "沧城港扩建项目", 1000, 2600, "堆场施工", "2023-04-03"))
    batch = saved(handed_in(cast, changed_ledger(tmp_path), Upload("月报.xlsx", book)), cast.office)
    assert counts() != before
    take_back(batch, actor=cast.office, reason="交错了版本")
    assert counts() == before
    assert facts_known_on(JULY, 2023) == known
    assert project(PORT).total == 50_000 * WAN
    assert (
        set(Responsibility.objects.filter(valid_to=None).values_list("project__code", "duty", "stated"))
        == open_before
    )
    actions_kept = list(Entry.objects.order_by("sequence").values_list("action", flat=True))
    assert {"import.received", "ledger.imported", "import.saved", "import.taken_back"} <= set(actions_kept)
    assert verify().whole


def test_a_responsibility_replaced_on_its_first_day_comes_back(cast: Cast, tmp_path: Path) -> None:
    first = saved(handed_in(cast, changed_ledger(tmp_path)), cast.office)
    assert first.state == Import.State.SAVED
    other = ledger_book(
        tmp_path, row(1, PORT, "沧城港扩建项目", "东岭县", total=60_000, leader="何远（副市长）")
    )
    second = saved(handed_in(cast, Upload("再调整.xlsx", other)), cast.office)
    take_back(second, actor=cast.office, reason="写错了人")
    held = Responsibility.objects.get(project__code=PORT, duty="city_leader", valid_to=None)
    assert (held.stated, held.valid_from) == ("路清和（市长）", JULY)


def test_a_later_report_holds_an_import_fast_and_is_named(cast: Cast, tmp_path: Path) -> None:
    batch = saved(handed_in(cast, changed_ledger(tmp_path)), cast.office)
    import_reports([report(PORT, 7, 7_000)], actor=cast.office, day=date(2023, 8, 5))
    with pytest.raises(ValidationError, match="之后又报了月报的项目：沧城港扩建项目"):
        take_back(batch, actor=cast.office, reason="交错了版本")


def test_a_later_plan_holds_an_import_fast(cast: Cast, tmp_path: Path) -> None:
    batch = saved(handed_in(cast, changed_ledger(tmp_path)), cast.office)
    change_plan(
        project(PORT),
        actor=cast.office,
        year=2023,
        amount=9_000 * WAN,
        cumulative=(),
        valid_from=date(2023, 8, 1),
        paper=LEDGER,
        reason="调减",
    )
    assert builds_on(batch) == ["之后又调整过计划的项目：沧城港扩建项目。"]


def test_taking_back_needs_a_reason_and_happens_once(cast: Cast, tmp_path: Path) -> None:
    batch = saved(handed_in(cast, changed_ledger(tmp_path)), cast.office)
    with pytest.raises(ValidationError, match="理由"):
        take_back(batch, actor=cast.office, reason=" ")
    take_back(batch, actor=cast.office, reason="交错了版本")
    with pytest.raises(ValidationError, match="已收回"):
        take_back(batch, actor=cast.office, reason="交错了版本")


def test_discarded_it_can_no_longer_be_saved(cast: Cast, tmp_path: Path) -> None:
    batch = handed_in(cast, changed_ledger(tmp_path))
    discard(batch, actor=cast.office)
    with pytest.raises(ValidationError):
        begin_saving(batch, actor=cast.office, digest=batch.preview_digest)


def test_two_rows_of_one_project_save_nothing(cast: Cast, tmp_path: Path) -> None:
    before = counts()
    batch = handed_in(cast, Upload("台账.xlsx", ledger_book(tmp_path, ROWS[0], ROWS[0])))
    assert counts() == before
    assert any(doubt.refused for doubt in seen(batch).doubts)


def test_a_damaged_workbook_says_so_without_a_path_of_the_server(cast: Cast, tmp_path: Path) -> None:
    whole = ledger_book(tmp_path, *ROWS)
    batch = handed_in(cast, Upload("坏了.xlsx", whole.replace(b"sheet1.xml", b"sheetX.xml")))
    assert batch.state == Import.State.FAILED
    assert "坏了.xlsx" in batch.problem and "/" not in batch.problem


def test_a_wrong_mapping_file_names_its_key(cast: Cast, tmp_path: Path) -> None:
    batch = handed_in(
        cast, Upload("台账.xlsx", ledger_book(tmp_path, *ROWS)), Upload("mapping.toml", "列 = 1".encode())
    )
    assert batch.state == Import.State.FAILED
    assert "mapping.toml" in batch.problem and "/" not in batch.problem


def test_every_file_that_cannot_be_taken_is_named_at_once(cast: Cast) -> None:
    files = (Upload("a.xlsm", b"PK"), Upload("b.xlsx", b""), Upload("b.xlsx", b""))
    with pytest.raises(ValidationError) as refusal:
        receive(files, actor=cast.office, paper=LEDGER, valid_from=JULY, year=2023)
    said = "".join(refusal.value.messages)
    assert all(words in said for words in ("a.xlsm", "空文件", "选了两次"))
    assert not Import.objects.exists()


def test_something_unforeseen_leaves_a_sentence_and_can_be_tried_again(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_named: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(work, "read_workbooks", broken)
        batch = handed_in(cast, changed_ledger(tmp_path))
    assert (batch.state, "意外" in batch.problem) == (Import.State.FAILED, True)
    read_again(batch, actor=cast.office)
    work.go_on(batch.pk)
    assert Import.objects.get(pk=batch.pk).state == Import.State.READY


@pytest.mark.parametrize("who", ["county", "department", "reporter", "reader", "stranger"])
def test_only_the_office_imports(cast: Cast, tmp_path: Path, who: str) -> None:
    batch = handed_in(cast, changed_ledger(tmp_path))
    account = cast.account(who)
    with pytest.raises(PermissionDenied):
        receive([changed_ledger(tmp_path)], actor=account, paper=LEDGER, valid_from=JULY, year=2023)
    with pytest.raises(PermissionDenied):
        begin_saving(batch, actor=account, digest=batch.preview_digest)
    with pytest.raises(PermissionDenied):
        discard(batch, actor=account)
    with pytest.raises(PermissionDenied):
        take_back(batch, actor=account, reason="x")
    with pytest.raises(PermissionDenied):
        read_again(batch, actor=account)


def test_the_number_of_files_is_limited(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_FILES", 1)
    files = [Upload(f"{n}.ods", b"x") for n in range(2)]
    with pytest.raises(ValidationError, match="最多 1 个文件"):
        receive(files, actor=cast.office, paper=LEDGER, valid_from=JULY, year=2023)
