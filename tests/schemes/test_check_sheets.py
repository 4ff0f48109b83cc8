"""What `guatu scheme check` finds in sheets and in the ladder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from guatu.schemes.check import check_scheme
from guatu.schemes.load import SchemeError, load_scheme

SOURCE = Path(__file__).resolve().parents[2] / "schemes" / "examples" / "zhumadian"
END = '\n[[sheet.roll_up]]\nto = "year"'


def faults(tmp_path: Path, old: str, new: str) -> str:
    """Every error and warning of the scheme with `old` replaced by `new`."""
    folder = Path(shutil.copytree(SOURCE, tmp_path / "scheme"))
    path = folder / "scheme.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    try:
        return "\n".join(str(f) for f in check_scheme(load_scheme(folder)) if f.severity != "note")
    except SchemeError as error:
        return str(error)


def test_the_scheme_itself_has_none(tmp_path: Path) -> None:
    assert faults(tmp_path, "points = 300", "points = 300") == ""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("points = 300", "points = 310", "应为 310"),
        ("share = 0.25", "share = 0.3", "各分项"),
        ('id = "provincial.other"', 'id = "provincail.other"', "上一级“provincail”没有写"),
        ('measure = "provincial_other"', 'measure = "provincial_othr"', "是不是 provincial_other"),
        ('measure = "reserve"\nunit = "ratio"', 'measure = "reserve"\nunit = "percentage_points"', "百分点是两个比率之差"),
        ('rule = { type = "proportional" }', 'rule = { type = "proportional", of = 0 }', "of 不能是 0"),
        ('rule = { type = "proportional" }', 'rule = { type = "proportion" }', "rule"),
        ('{ kind = "month", weight = 0.1,', '{ kind = "month", weight = 0.2,', "加起来是 1.1"),
        ('{ kind = "half", weight = 0.45,', '{ kind = "quarter", weight = 0.45,', "没有 quarter 的得分"),
        (END, '\n[[sheet.event]]\nid = "prize"\nname = "获奖"\nclause = "一"\n' + END, "要么写 points"),
        (END, '\n[[sheet.veto]]\nid = "v"\nname = "否决"\nwhen = "reserve > 2"\nscope = "item"\nitem = "x"\nclause = "一"\n' + END, "没有名为“x”"),
        (END, '\n[[sheet.list]]\nid = "l"\nname = "名单"\nkind = "praise"\nclause = "一"\n' + END, "没有写谁上名单"),
        (END, '\n[[sheet.list]]\nid = "l"\nname = "名单"\nkind = "praise"\nwhen = "socre > 1"\nclause = "一"\n' + END, "是不是 score"),
        (END, '\n[[sheet.series]]\nid = "s"\nname = "组"\nmembers = ["经济开发区"]\nclause = "一"\n' + END, "同时在"),
        ("[[sheet]]", '[[step]]\nid = "s"\nname = "约谈"\nentity = "county"\nsheet = "nobody"\nwhen = "rank > 3"\nclause = "一"\n\n[[sheet]]', "rank"),
        ("[[sheet]]", '[[fact]]\nid = "reserve"\nname = "储备"\nentity = "county"\nunit = "ratio"\nclause = "一"\n\n[[sheet]]', "“reserve”重复"),
    ],
)  # fmt: skip
def test_a_fault_is_named(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert words in faults(tmp_path, old, new)


def test_a_step_on_a_level_that_the_light_does_not_have_can_never_be_reached(tmp_path: Path) -> None:
    step = '[[step]]\nid = "s"\nname = "约谈"\nentity = "project"\nwhen = "light_l == \'black\'"\nclause = "一"\n'
    light = (
        '[[light]]\nid = "l"\nname = "进度"\nclause = "一"\nmeasure = "physical"\nunit = "percent"\n'
        '[[light.band]]\nlevel = "red"\nto = 50\n[[light.band]]\nlevel = "normal"\nfrom = 50\n'
    )
    assert "永远到不了" in faults(tmp_path, "[[sheet]]", f"{light}\n{step}\n[[sheet]]")
