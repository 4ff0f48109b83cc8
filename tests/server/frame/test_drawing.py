"""Lights, bars and changes of place."""

from __future__ import annotations

import pytest

from guatu.server.frame.drawing import LEVEL_WORDS, bar, change, light, light_shape


@pytest.mark.parametrize(
    ("level", "word"),
    [("red", "红"), ("yellow", "黄"), ("blue", "蓝"), ("normal", "正常"), ("silent", "未报")],
)
def test_a_light_has_shape_and_word_beside_its_colour(level: str, word: str) -> None:
    drawn = light(level)
    assert f'href="#light-{level}"' in drawn
    assert f"</svg>{word}</span>" in drawn
    assert f"light-{level}" in drawn


def test_every_level_has_a_shape_of_its_own_in_the_sprite() -> None:
    from django.template.loader import render_to_string

    sprite = render_to_string("frame/_sprite.html")
    shapes = {level: sprite.split(f'id="light-{level}"')[1].split("</symbol>")[0] for level in LEVEL_WORDS}
    assert len(set(shapes.values())) == len(LEVEL_WORDS)


def test_a_scheme_may_rename_a_level() -> None:
    assert "严重滞后" in light("red", "严重滞后")


def test_a_name_cannot_bring_markup_into_the_page() -> None:
    assert "<b>" not in light("red", "<b>红</b>")


def test_a_level_that_does_not_apply_is_a_dash() -> None:
    assert ">–<" in light("none")
    assert ">–<" in light(None)


def test_a_shape_without_its_word_is_still_read_aloud() -> None:
    assert '<span class="aloud">红</span>' in light_shape("red")


def test_a_bar_is_coloured_only_when_a_light_is_on() -> None:
    assert 'class="bar bar-red"' in bar(22.2, 90.8, "red")
    assert 'class="bar"' in bar(93.0, 80.8, "normal")


def test_a_bar_shows_what_is_done_and_where_the_schedule_stands() -> None:
    drawn = bar(22.2, 90.8, "red")
    assert 'class="done" y="4" width="22.2"' in drawn
    assert 'x1="90.8"' in drawn


def test_a_bar_never_leaves_its_ground() -> None:
    assert 'class="done" y="4" width="100.0"' in bar(131.5, 100)
    assert 'class="done" y="4" width="0"' in bar(None, 50)
    assert 'x1="99.4"' in bar(131.5, 100)


def test_no_tick_stands_where_there_is_no_schedule() -> None:
    assert "tick" not in bar(40)


def test_a_change_of_place_says_its_way_in_words_and_shape() -> None:
    assert 'href="#up"' in change(2) and "上升" in change(2) and "2</span>" in change(2)
    assert 'href="#down"' in change(-1) and "下降" in change(-1) and "1</span>" in change(-1)
    assert "不变" in change(0)
    assert "新" in change(None)


def test_nothing_drawn_holds_a_style() -> None:
    for drawn in (light("red"), light_shape("blue"), bar(40, 50, "yellow"), change(3)):
        assert "style=" not in drawn
