"""Lights, bars and changes of place as ready HTML.

Functions and not templates: a ledger page draws hundreds of them. Shapes come from the sprite of
`frame/_sprite.html`, colours from the style sheet; nothing here holds a style.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

LEVEL_WORDS: Final = {
    "red": gettext_noop("红"),
    "yellow": gettext_noop("黄"),
    "blue": gettext_noop("蓝"),
    "normal": gettext_noop("正常"),
    "silent": gettext_noop("未报"),
}
"""The words of the levels, gravest first; `silent` is a project without a report. A scheme may rename."""

Figure = Decimal | float | int | None


@lru_cache(maxsize=256)
def _light(level: str, word: str, big: bool, seen: bool) -> SafeString:
    size = " light-big" if big else ""
    text = escape(word) if seen else f'<span class="aloud">{escape(word)}</span>'
    return mark_safe(
        f'<span class="light light-{level}{size}">'
        f'<svg width="13" height="13" viewBox="0 0 16 16" aria-hidden="true">'
        f'<use href="#light-{level}"/></svg>{text}</span>'
    )


def light(level: str | None, word: str = "", *, big: bool = False) -> SafeString:
    """The light of `level` (a key of LEVEL_WORDS): shape, word and colour.

    `word` is the scheme's own name of the level. A level that is not known, and `none`, is drawn as "–".
    """
    if level not in LEVEL_WORDS:
        return mark_safe('<span class="light light-none">–</span>')
    return _light(level, word or _(LEVEL_WORDS[level]), big, True)


def light_shape(level: str | None, word: str = "") -> SafeString:
    """The shape alone where words stand beside it; the word is still read aloud."""
    if level not in LEVEL_WORDS:
        return mark_safe("")
    return _light(level, word or _(LEVEL_WORDS[level]), False, False)


def _width(percent: Figure) -> str:
    """Hundredths of the bar, between 0 and 100, one decimal."""
    if percent is None:
        return "0"
    return f"{min(max(float(percent), 0.0), 100.0):.1f}"


def bar(done: Figure, schedule: Figure = None, level: str | None = None) -> SafeString:
    """A bar of `done` per cent with a tick at `schedule` per cent; coloured only when a light is on.

    It repeats numbers that stand beside it, so it is not read aloud. More than 100 fills the bar.
    """
    colour = f" bar-{level}" if level in ("red", "yellow", "blue") else ""
    tick = ""
    if schedule is not None:
        at = min(max(float(schedule), 0.6), 99.4)
        tick = f'<line class="tick" x1="{at:.1f}" x2="{at:.1f}" y1="0" y2="14"/>'
    return mark_safe(
        f'<svg class="bar{colour}" viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="ground" y="4" width="100" height="6"/>'
        f'<rect class="done" y="4" width="{_width(done)}" height="6"/>{tick}</svg>'
    )


def change(places: int | None) -> SafeString:
    """A change of place: positive is a rise (▲), negative a fall (▼), 0 stays (–), None is new."""
    if places is None:
        return mark_safe(f'<span class="change change-same">{escape(_("新"))}</span>')
    if places == 0:
        return mark_safe(
            f'<span class="change change-same"><span aria-hidden="true">–</span>'
            f'<span class="aloud">{escape(_("不变"))}</span></span>'
        )
    way, word = ("up", _("上升")) if places > 0 else ("down", _("下降"))
    return mark_safe(
        f'<span class="change change-{way}">'
        f'<svg width="13" height="13" viewBox="0 0 16 16" aria-hidden="true">'
        f'<use href="#{way}"/></svg><span class="aloud">{escape(word)}</span>{abs(places)}</span>'
    )
