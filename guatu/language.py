"""The language of what people read: Simplified Chinese is the source, other locales translate it."""

from __future__ import annotations

import gettext as _gettext
import os
from functools import cache
from pathlib import Path

LOCALE_DIR = Path(__file__).parent / "locale"


@cache
def _translations(language: str) -> _gettext.NullTranslations:
    return _gettext.translation("guatu", LOCALE_DIR, languages=[language], fallback=True)


def language() -> str:
    """The language asked for by the locale (`LC_ALL`, `LC_MESSAGES`, `LANG`): `zh_Hans`, or `en`
    where the locale is an English one. Any other locale, and `C`, gets Chinese."""
    for name in ("GUATU_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "en" if value.lower().startswith("en") else "zh_Hans"
    return "zh_Hans"


def gettext(message: str) -> str:
    """`message` (Chinese) in the language of the locale; itself where there is no translation."""
    return _translations(language()).gettext(message)
