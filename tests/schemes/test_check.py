"""What `guatu scheme check` finds: wrong keys, open edges, sums that contradict, cases that fail."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from guatu.schemes.check import check_scheme, has_errors
from guatu.schemes.load import SchemeError, find_scheme, load_scheme


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of a shipped scheme that a test may spoil."""
    return Path(shutil.copytree(find_scheme("tangshan-2023"), tmp_path / "tangshan-2023"))


def spoil(folder: Path, old: str, new: str, file: str = "scheme.toml") -> Path:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def errors_of_loading(folder: Path) -> str:
    with pytest.raises(SchemeError) as caught:
        load_scheme(folder)
    return str(caught.value)


def messages(folder: Path, severity: str) -> list[str]:
    return [str(fault) for fault in check_scheme(load_scheme(folder)) if fault.severity == severity]


def test_the_shipped_scheme_is_usable_and_says_its_local_choices(folder: Path) -> None:
    faults = check_scheme(load_scheme(folder))
    assert not has_errors(faults)
    assert sum("本地选择" in fault.message for fault in faults) >= 9


def test_four_printed_quarters_that_add_to_a_tenth_more_are_rounding_and_not_a_contradiction(
    folder: Path,
) -> None:
    notes = messages(folder, "note")
    assert any("1127.5" in note and "1127.4" in note and "四舍五入之内" in note for note in notes)
    assert messages(folder, "warning") == []


def test_a_sum_that_rounding_cannot_explain_is_a_contradiction(folder: Path) -> None:
    spoil(
        folder,
        'class = "基础设施", projects = 23, total = 1295.3',
        'class = "基础设施", projects = 24, total = 1299.3',
    )
    found = messages(folder, "warning")
    assert any("项目数" in text and "149" in text for text in found)
    assert any("总投资" in text and "自相矛盾" in text for text in found)


def test_an_unknown_key_is_named_with_what_was_meant(folder: Path) -> None:
    text = errors_of_loading(spoil(folder, 'measure = "planned_ytd', 'mesure = "planned_ytd'))
    assert "scheme.toml · light[0].mesure" in text
    assert "measure" in text


def test_a_wrong_type_says_what_was_expected(folder: Path) -> None:
    assert "应为整数" in errors_of_loading(spoil(folder, "year = 2023", 'year = "二〇二三"'))


def test_a_gap_between_bands_is_found(folder: Path) -> None:
    spoil(folder, "from = 10\nto = 25\nlocal_choice", "from = 12\nto = 25\nlocal_choice")
    assert any("10 与 12 之间没有归档" in text for text in messages(folder, "error"))


def test_an_edge_that_two_bands_own_is_found(folder: Path) -> None:
    spoil(folder, "from = 5\nto = 10\nlocal_choice", "from = 5\nto = 10\nto_included = true\nlocal_choice")
    assert any("10 同时归入" in text for text in messages(folder, "error"))


def test_calling_a_relative_shortfall_percentage_points_is_an_error(folder: Path) -> None:
    spoil(folder, 'measure = "planned_ytd / planned_year - invested_ytd / planned_year"',
          'measure = "(planned_ytd - invested_ytd) / planned_ytd"')  # fmt: skip
    assert any("相对差距" in text for text in messages(folder, "error"))


def test_a_ranking_without_a_sum_is_an_error(folder: Path) -> None:
    spoil(folder, 'value = "sum(invested_ytd) / sum(planned_year)"', 'value = "invested_ytd / planned_year"')
    assert "sum(invested_ytd)" in errors_of_loading(folder)


def test_a_light_that_no_level_knows_is_an_error(folder: Path) -> None:
    spoil(folder, 'level = "blue"\nfrom = 5', 'level = "purple"\nfrom = 5')
    assert any("purple" in text for text in messages(folder, "error"))


def test_a_broken_file_is_named_with_its_line(folder: Path) -> None:
    text = errors_of_loading(spoil(folder, "[report]", "[report"))
    assert "scheme.toml" in text and "TOML" in text


def test_a_table_written_in_two_parts_is_an_error_and_lists_are_joined(folder: Path) -> None:
    (folder / "part.toml").write_text('[report]\ncadence = "monthly"\n', encoding="utf-8")
    assert "part.toml · report" in errors_of_loading(folder)
    (folder / "part.toml").write_text(
        '[[goal]]\nid = "g"\nname = "目标"\nhold = "一"\nclause = "一"\n', encoding="utf-8"
    )
    assert [goal.id for goal in load_scheme(folder).text.goal] == ["place_in_province", "g"]


def test_the_digest_changes_with_any_letter(folder: Path) -> None:
    before = load_scheme(folder).digest
    assert load_scheme(spoil(folder, "from = 25", "from = 26")).digest != before


def test_a_scheme_that_does_not_exist_names_the_shipped_ones() -> None:
    with pytest.raises(SchemeError, match="tangshan-2023"):
        load_scheme("no-such-place")
