"""What a trial changes is the same whether the whole scheme is judged or only what the change reaches; its folder is a scheme."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from guatu.cli import main
from guatu.judge.compare import compare_months
from guatu.judge.inputs import Inputs
from guatu.judge.trial import inputs_under, narrowed, touched, trial_folder
from guatu.reporting.checks import check_reports
from guatu.reporting.settings import CheckSettings
from guatu.schemes.load import load_scheme
from guatu.schemes.trial import turned
from guatu.values import Period
from guatu.workbooks.read import read_workbooks

ROOT = Path(__file__).resolve().parents[2]
DEMONSTRATION = ROOT / "guatu" / "demo" / "data"
TANGSHAN = load_scheme("tangshan-2023")


@pytest.fixture(scope="module")
def september() -> Inputs:
    reading = read_workbooks(
        [DEMONSTRATION / "ledger-2023.xlsx", DEMONSTRATION / "monthly-reports-2023.xlsx"]
    )
    return Inputs(
        period=Period(2023, 9), projects=reading.projects, reports=reading.reports, findings=reading.findings
    )


@pytest.mark.parametrize(
    ("typed", "tables", "what"),
    [
        ({"light[0].band[3].from": "15"}, {"light[schedule]"}, {"light"}),
        ({"light[1].band[1].from": "1"}, {"light[county_schedule]"}, {"light"}),
        ({"ranking[0].value": "sum(invested_ytd) / sum(planned_ytd)"}, {"ranking[county]"}, {"rank"}),
        (
            {"sheet[0].item[0].points": "5", "sheet[0].item[1].points": "85"},
            {"sheet[county]"},
            {"score", "lists"},
        ),
        ({"sheet[0].order": "ascending"}, {"sheet[county]"}, {"place"}),
        ({"sheet[0].list[0].first": "5"}, {"sheet[county]"}, {"lists"}),
        ({"schedule.curve": "linear"}, {"schedule"}, {"light", "score"}),
        ({"official.figures": "without_questioned"}, {"official"}, {"rank"}),
    ],
)
def test_only_what_is_reached_is_judged_and_nothing_is_missed(
    september: Inputs, typed: Mapping[str, str], tables: set[str], what: set[str]
) -> None:
    trial = turned(TANGSHAN, typed)
    assert trial.scheme is not None, trial.faults
    assert touched(trial.differences) == tables
    whole = compare_months(september.judge(TANGSHAN), september.judge(trial.scheme), trial.differences)
    old, new = (narrowed(scheme, touched(trial.differences)) for scheme in (TANGSHAN, trial.scheme))
    assert compare_months(september.judge(old), september.judge(new), trial.differences) == whole
    assert what <= {change.what for change in whole}


def test_steps_keep_their_lights_their_sheet_and_their_chain() -> None:
    scheme = load_scheme(ROOT / "schemes" / "_model")
    assert scheme.text.step and len(scheme.text.sheet) == 1
    left = narrowed(scheme, frozenset({f"sheet[{scheme.text.sheet[0].id}]"}))
    assert left.text.sheet == scheme.text.sheet and not left.text.ranking
    assert {step.id for step in left.text.step} >= {step.id for step in scheme.text.step if step.sheet}
    for step in left.text.step:
        named = {light.id for light in scheme.text.light if f"light_{light.id}" in (step.when or "")}
        assert named <= {light.id for light in left.text.light}
        assert {other.id for other in scheme.text.step if step.chain and other.chain == step.chain} <= {
            other.id for other in left.text.step
        }
    only = narrowed(scheme, frozenset({f"ranking[{scheme.text.ranking[0].id}]"}))
    assert only.text.ranking and not only.text.sheet and not only.text.step and not only.text.light
    assert narrowed(scheme, frozenset({"light", "ranking[county]"})) is scheme, "the order of all lights"


def test_other_checks_question_other_figures(september: Inputs) -> None:
    trial = turned(TANGSHAN, {"checks.money_ahead_points": "1"})
    assert trial.scheme is not None
    mine = check_reports(september.projects, september.reports, CheckSettings(), TANGSHAN.due)
    known = replace(september, findings=tuple(mine))
    more = inputs_under(known, TANGSHAN, trial.scheme)
    assert len(more.findings) > len(known.findings)
    assert set(known.findings) - set(more.findings) == set()
    assert set(inputs_under(more, trial.scheme, TANGSHAN).findings) == set(known.findings)
    assert inputs_under(known, TANGSHAN, TANGSHAN) is known


def test_a_figure_that_was_answered_is_not_questioned_again(september: Inputs) -> None:
    trial = turned(TANGSHAN, {"checks.money_ahead_points": "29"})
    assert trial.scheme is not None
    answered = replace(september, findings=())
    strict = turned(TANGSHAN, {"checks.money_ahead_points": "1"}).scheme
    assert strict is not None
    before = check_reports(september.projects, september.reports, CheckSettings(), TANGSHAN.due)
    again = inputs_under(answered, TANGSHAN, strict).findings
    assert not {(one.id, one.project, one.period) for one in before} & {
        (one.id, one.project, one.period) for one in again
    }


def test_the_folder_of_a_trial_is_a_scheme_that_the_check_accepts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trial = turned(TANGSHAN, {"sheet[0].item[0].points": "45", "sheet[0].item[1].points": "45"})
    assert trial.scheme is not None
    folder = trial_folder(trial.scheme, trial.differences)
    assert folder.content == trial_folder(trial.scheme, trial.differences).content
    with zipfile.ZipFile(BytesIO(folder.content)) as archive:
        archive.extractall(tmp_path)
    (written,) = tmp_path.iterdir()
    assert main(["scheme", "check", str(written)]) == 0
    assert "可以使用" in capsys.readouterr().out
    loaded = load_scheme(written)
    assert loaded.digest == folder.scheme.digest
    assert loaded.text.sheet[0].item[0].points == 45
    assert "分值由 40 改为 45" in (loaded.text.sheet[0].item[0].local_choice or "")
    sheet = (written / "改动.txt").read_text(encoding="utf-8")
    assert loaded.digest in sheet and "不是施行的方案" in sheet
    assert folder.left_out and all(name in sheet for name in folder.left_out)


def test_worked_cases_that_still_come_out_stay_in_the_folder() -> None:
    scheme = load_scheme(ROOT / "schemes" / "_model")
    trial = turned(scheme, {"checks.money_ahead_points": "29"})
    assert trial.scheme is not None, trial.faults
    folder = trial_folder(trial.scheme, trial.differences)
    assert folder.left_out == ()
    assert len(folder.scheme.cases) == len(scheme.cases) > 0
