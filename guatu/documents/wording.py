"""The language of papers: official Chinese, whatever the locale of the machine that writes them.

A bulletin or a letter is an official document with one legal wording; half of its words (names,
clauses, the scheme's own terms) are Chinese in any locale. So the papers do not follow the locale
as messages on the screen do. This is the one place to change for an office that wants otherwise.
"""

from __future__ import annotations


def gettext(message: str) -> str:
    """`message` as it stands in the source: Simplified Chinese."""
    return message
