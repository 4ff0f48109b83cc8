"""`guatu scheme diff`: two editions as a policy officer would tell it."""

from __future__ import annotations

import json
import shutil
import typing
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, Literal

import pytest

from guatu.assessment.rules import RULES
from guatu.cli import main
from guatu.schemes.differences import Difference, differences
from guatu.schemes.key_names import key_name
from guatu.schemes.load import Scheme, find_scheme, load_scheme
from guatu.schemes.model import SchemeText
from guatu.written import Part

SCHEMES = Path(__file__).resolve().parents[2] / "schemes"


@pytest.fixture
def edit(tmp_path: Path) -> Any:
    """A second edition of a shipped scheme, with some words of it replaced."""

    def edited(name: str, *changes: tuple[str, str]) -> tuple[Scheme, Scheme]:
        folder = Path(shutil.copytree(find_scheme(name), tmp_path / "second"))
        path = folder / "scheme.toml"
        text = path.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")
        return load_scheme(name), load_scheme(folder)

    return edited


def sentences(schemes: tuple[Scheme, Scheme]) -> list[str]:
    return [one.sentence for one in differences(*schemes)]


def test_an_edition_does_not_differ_from_itself() -> None:
    assert differences(load_scheme("tangshan-2023"), load_scheme("tangshan-2023")) == []


def test_a_threshold_is_told_with_its_light_its_unit_and_its_clause(edit: Any) -> None:
    schemes = edit(
        "tangshan-2023",
        ("from = 10\nto = 25", "from = 12\nto = 25"),
        ("from = 5\nto = 10", "from = 5\nto = 12"),
    )
    assert sentences(schemes) == [
        "“投资进度”蓝灯上限由 10 改为 12 个百分点（三(六)）",
        "“投资进度”黄灯下限由 10 改为 12 个百分点（三(六)）",
    ]
    assert differences(*schemes)[1] == Difference(
        "changed", "light[schedule].band[yellow].low", "“投资进度”黄灯下限由 10 改为 12 个百分点（三(六)）",
        "10", "12", "三(六)",
    )  # fmt: skip


def test_the_owner_of_an_edge_is_told(edit: Any) -> None:
    schemes = edit("tangshan-2023", ("from = 25\n", "from = 25\nfrom_included = false\n"),
                   ("from = 10\nto = 25\n", "from = 10\nto = 25\nto_included = true\n"))  # fmt: skip
    assert "“投资进度”红灯下限的归属由“含”改为“不含”（三(六)）" in sentences(schemes)


def test_a_formula_is_told_in_words(edit: Any) -> None:
    schemes = edit("tangshan-2023", ('value = "sum(invested_ytd) / sum(planned_year)"', 'value = "sum(invested_ytd) / sum(planned_ytd)"'))  # fmt: skip
    assert sentences(schemes) == [
        "“县（市、区）累计完成率”计算公式由“累计完成合计 ÷ 年度计划合计”改为“累计完成合计 ÷ 计划累计合计”（三(二)）"
    ]


def test_points_and_rules_of_a_line_are_told(edit: Any) -> None:
    schemes = edit(str(SCHEMES / "_model"), ("points = 30\nmeasure", "points = 25\nmeasure"), ("up = 0.5", "up = 0.6"),
                   ('rule = { type = "mark" }', 'rule = { type = "direct" }'))  # fmt: skip
    found = sentences(schemes)
    assert "“县（市、区）考核”的“新增规上企业”分值由 30 改为 25（三(二)）" in found
    assert "“县（市、区）考核”的“投资完成”的计分：每高一档加的分由 0.5 改为 0.6（三(一)）" in found
    assert any(
        "“现场督导”的计分办法由“由评定人在 0 至 10 分之间评定，写明理由”改为“按实得分计，最多 10 分”" in one
        for one in found
    )


def test_a_rule_that_is_new_or_gone_is_told_whole(edit: Any) -> None:
    old, new = edit("tangshan-2023", ("# 全年节奏", '[[step]]\nid = "account"\nname = "书面说明"\nentity = "county"\n'
                    'when = "sum(invested_ytd) < sum(planned_ytd)"\nclause = "五"\n'))  # fmt: skip
    (added,) = differences(old, new)
    assert (added.kind, added.key) == ("added", "step[account]")
    assert (
        added.sentence == "新增处置措施“书面说明”：对象 县（市、区），条件 累计完成合计 < 计划累计合计（五）"
    )
    (dropped,) = differences(new, old)
    assert (dropped.kind, dropped.sentence) == ("dropped", "取消处置措施“书面说明”（五）")


def test_terms_and_lists_are_told(edit: Any) -> None:
    found = sentences(edit(str(SCHEMES / "_model"), ("day = 5 ", "day = 8 "), ('first = 1\nterms = ["quarter"]                   # 只在季度考核时列\nwhen = "score >= 90"', 'first = 3\nterms = ["quarter"]\nwhen = "score >= 85"')))  # fmt: skip
    assert "月报报送期限报送日由 5 改为 8（二(三)）" in found
    assert "“县（市、区）考核”的“通报表扬”前几名由 1 改为 3（五）" in found
    assert "“县（市、区）考核”的“通报表扬”条件由“得分 ≥ 90”改为“得分 ≥ 85”（五）" in found


def test_worked_cases_are_no_rules(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(find_scheme("tangshan-2023"), tmp_path / "second"))
    shutil.rmtree(folder / "cases")
    assert differences(load_scheme("tangshan-2023"), load_scheme(folder)) == []


def tables(part: type[Part]) -> Iterator[type[Part]]:
    """A table and all tables below it."""
    seen: list[type[Part]] = [part]
    for one in seen:
        for field in one.model_fields.values():
            seen += [inner for inner in parts_of(field.annotation) if inner not in seen]
    return iter(seen)


def parts_of(annotation: Any) -> Iterator[type[Part]]:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from parts_of(inner)


def test_every_key_of_a_scheme_has_a_chinese_name() -> None:
    nameless = [
        f"{part.__name__}.{name}" for part in tables(SchemeText) for name in part.model_fields if not key_name(part.__name__, name)
    ]  # fmt: skip
    assert nameless == []
    assert set(RULES) <= set(tables(SchemeText))


def altered(value: Any, annotation: Any) -> Any:
    """Another value of the same kind, or of the words that may stand there."""
    if typing.get_origin(annotation) is Literal:
        return next((one for one in typing.get_args(annotation) if one != value), None)
    match value:
        case bool():
            return not value
        case Enum():
            return next(one for one in type(value) if one != value)
        case Decimal() | int():
            return value + 1
        case str():
            return f"{value}改"
    return None


def alterations(part: Part) -> Iterator[tuple[str, Part]]:
    """A table with one plain value in it or below it made another, for each such value."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        if isinstance(value, Part):
            for key, inner in alterations(value):
                yield f"{name}.{key}", part.model_copy(update={name: inner})
        elif isinstance(value, tuple) and value and isinstance(value[0], Part):
            for number, one in enumerate(value):
                for key, inner in alterations(one):
                    changed = (*value[:number], inner, *value[number + 1 :])
                    yield f"{name}[{number}].{key}", part.model_copy(update={name: changed})
        elif (other := altered(value, type(part).model_fields[name].annotation)) is not None:
            yield name, part.model_copy(update={name: other})


@pytest.mark.parametrize(
    "name", ["tangshan-2023", str(SCHEMES / "_model"), str(SCHEMES / "examples" / "zhumadian")]
)
def test_no_change_of_a_single_value_goes_unsaid(name: str) -> None:
    scheme = load_scheme(name)
    tried = 0
    for key, text in alterations(scheme.text):
        changed = Scheme(text, (), "", "", {})  # type: ignore[arg-type]
        assert differences(scheme, changed), key
        assert all(one.sentence for one in differences(scheme, changed)), key
        tried += 1
    assert tried > 100


def test_the_command_says_whether_the_editions_differ(edit: Any, capsys: pytest.CaptureFixture[str]) -> None:
    _old, new = edit("tangshan-2023", ("praise_places = 3", "praise_places = 5"))
    assert main(["scheme", "diff", "tangshan-2023", "tangshan-2023"]) == 0
    assert "两版的规则相同" in capsys.readouterr().out
    assert main(["scheme", "diff", "tangshan-2023", new.folder]) == 1
    assert "通报表扬前几名由 3 改为 5（三(二)）" in capsys.readouterr().out
    assert main(["scheme", "diff", "tangshan-2023", new.folder, "--format", "json"]) == 1
    (one,) = json.loads(capsys.readouterr().out)["differences"]
    assert (one["key"], one["old"], one["new"]) == ("bulletin.praise_places", "3", "5")
