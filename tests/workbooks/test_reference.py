"""The page of finding kinds and the list in the code say the same."""

from __future__ import annotations

import re
from pathlib import Path

from guatu.finding_kinds import KINDS

ROOT = Path(__file__).parents[2]


def test_the_page_lists_every_kind_with_its_severity_meaning_and_cure() -> None:
    page = (ROOT / "docs" / "reference" / "findings.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.+?) \| (.+?) \|$", page, re.M)
    assert rows == [(kind.id, str(kind.severity), kind.meaning, kind.cure) for kind in KINDS]


def test_every_kind_is_whole_and_listed_once() -> None:
    assert len({kind.id for kind in KINDS}) == len(KINDS)
    assert all(kind.meaning.endswith("。") and kind.cure.endswith("。") for kind in KINDS)


def test_every_kind_is_used_in_the_code_and_no_other() -> None:
    sources = [
        path
        for name in ("workbooks", "reporting", "portfolio", "judge")
        for path in (ROOT / "guatu" / name).rglob("*.py")
    ]
    text = "\n".join(path.read_text("utf-8") for path in sources)
    unused = [kind.id for kind in KINDS if f'"{kind.id}"' not in text]
    assert unused == []
