"""The reference of a scheme and the JSON Schema for editors say what the code says."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from guatu.assessment.rules import RULES
from guatu.schemes.model import SchemeText

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "scheme.md"
SCHEMA: dict[str, Any] = json.loads((ROOT / "docs" / "reference" / "scheme.schema.json").read_text("utf-8"))
FOLDERS = sorted(path.parent for path in (ROOT / "schemes").glob("**/scheme.toml"))


def test_every_rule_type_and_every_table_has_its_place_on_the_page() -> None:
    text = PAGE.read_text("utf-8")
    for rule in RULES:
        assert f"### `{rule.model_fields['type'].annotation.__args__[0]}`" in text  # type: ignore[union-attr]
    for name, field in SchemeText.model_fields.items():
        assert f"## `[[{name}]]" in text or f"## `[{name}]" in text, field


def test_every_key_on_the_page_has_its_name_on_screen() -> None:
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]
    assert rows
    assert [row for row in rows if row.split("|")[2].strip() == ""] == []


def allowed(schema: dict[str, Any], value: Any, place: str) -> list[str]:
    """The keys of a document that the schema does not know, and the needed ones that are missing."""
    if "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    choices = [one for word in ("anyOf", "oneOf") for one in schema.get(word, ())]
    if choices:
        return min((allowed(one, value, place) for one in choices), key=len)
    if isinstance(value, list):
        return [
            fault
            for n, one in enumerate(value)
            for fault in allowed(schema.get("items", {}), one, f"{place}[{n}]")
        ]
    if isinstance(value, dict) and "properties" in schema:
        known = schema["properties"]
        faults = [f"{place}.{key}" for key in value if key not in known]
        faults += [f"{place}.{key}?" for key in schema.get("required", ()) if key not in value]
        return faults + [
            fault
            for key, one in value.items()
            if key in known
            for fault in allowed(known[key], one, f"{place}.{key}")
        ]
    wanted = schema.get("const", schema.get("enum", ()))
    if isinstance(value, str) and wanted and value not in wanted:
        return [f"{place} = {value}"]
    return []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_the_schema_for_editors_accepts_every_shipped_scheme(folder: Path) -> None:
    written = tomllib.loads((folder / "scheme.toml").read_text("utf-8"))
    assert allowed(SCHEMA, written, "") == []


def test_the_schema_for_editors_refuses_a_word_that_is_not_one() -> None:
    written = tomllib.loads((ROOT / "schemes" / "_model" / "scheme.toml").read_text("utf-8"))
    written["light"][0]["colour"] = "red"
    written["sheet"][0]["item"][0]["rule"]["type"] = "curve"
    del written["light"][0]["measure"]
    faults = allowed(SCHEMA, written, "")
    assert ".light[0].colour" in faults and ".light[0].measure?" in faults
    assert any("rule" in fault for fault in faults)
