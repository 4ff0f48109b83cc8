"""Keep the reference in step with the code: docs/reference/scheme.md, scheme.schema.json and openapi.json.

    python tools/reference.py update    write both anew
    python tools/reference.py check     exit 1 when one is not what the code says

The words come from the docstrings, the Chinese names from guatu/schemes/key_names.py; types, defaults and limits
from the classes themselves.
"""

from __future__ import annotations

import json
import os
import re
import sys
import types
import typing
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, Union

os.environ["GUATU_LANGUAGE"] = "zh_Hans"
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from guatu.assessment.rules import RULES
from guatu.portfolio.facts import FACTS, UNIT_NAMES
from guatu.portfolio.formula.functions import AGGREGATES, CHOICES, WINDOWS, WITHIN
from guatu.schemes.key_names import key_name
from guatu.schemes.model import SchemeText
from guatu.schemes.worked_cases import Case, DueCase
from guatu.written import Part

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"
PAGE, SCHEMA, OPENAPI = (REFERENCE / name for name in ("scheme.md", "scheme.schema.json", "openapi.json"))
HEAD = """\
# Every table and key of a scheme

This page is written by `tools/reference.py` from the code; `make check` holds it against the code. How to use all
this is in [Write a scheme](../how-to/write-a-scheme.md).

A scheme is a folder: every `*.toml` in it makes up one scheme, `cases/*.toml` hold its worked cases. A key that is
not listed here is an error. *Needed* stands where there is no default. A *number* may have decimals and counts as
typed; money in a scheme is 亿元 where a document prints it and 万元 where it is handed in.

An editor that knows JSON Schema completes and checks as you type, with [scheme.schema.json](scheme.schema.json). In
editors with TOML support, name it in the first line of `scheme.toml`: `#:schema PATH`.
"""
TYPES: dict[Any, str] = {
    str: "text", int: "whole number", float: "number", Decimal: "number", bool: "`true` or `false`", date: "day",
}  # fmt: skip


def paths(root: type[Part], place: str = "") -> dict[type[Part], str]:
    """Where each table below a table is first written: `sheet.item.change`."""
    found: dict[type[Part], str] = {root: place}
    for name, field in root.model_fields.items():
        for part in _parts_of(field.annotation):
            inside = f"{place}.{field.alias or name}" if place else field.alias or name
            for below, where in paths(part, inside).items():
                found.setdefault(below, where)
    return found


def _parts_of(annotation: Any) -> Iterator[type[Part]]:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation
    for inner in typing.get_args(annotation):
        yield from _parts_of(inner)


PATHS = paths(SchemeText) | paths(Case, "case") | paths(DueCase, "due_case")


def page() -> str:
    """The reference page."""
    written = [HEAD]
    classes = [part for part in tables(SchemeText) if not part.__name__.startswith("SchemeText")]
    rules: list[type[Part]] = [*RULES, *(part for part in classes if _below_a_rule(part))]
    written += [_table(part, "##") for part in classes if part not in rules]
    written.append('## Rule types\n\nWhat `rule = { type = "…" }` of a line may be.\n')
    written += [_table(part, "###") for part in rules]
    written.append("## Worked cases\n")
    worked: list[type[Part]] = [*tables(Case), DueCase]
    written += [_table(part, "###") for part in worked]
    written.append(_names())
    return "\n".join(written)


def tables(root: type[Part]) -> list[type[Part]]:
    """A table and every table below it, each once, in the order in which a file would name them."""
    found: dict[type[Part], None] = {root: None}
    for field in root.model_fields.values():
        for part in _parts_of(field.annotation):
            for below in tables(part):
                found.setdefault(below)
    return list(found)


def _below_a_rule(part: type[Part]) -> bool:
    return any(part in tables(rule) for rule in RULES) and part not in RULES


def _table(part: type[Part], level: str) -> str:
    title, words = _docstring(part)
    rows = ["| key | on screen | what is written | default |", "|---|---|---|---|"]
    for name, field in part.model_fields.items():
        if part in RULES and name == "type":
            continue
        default = _default(field)
        rows.append(
            f"| `{field.alias or name}` | {key_name(part.__name__, name) or ''} | {_type(field)} | {default} |"
        )
    keys = "\n".join(rows) + "\n" if len(rows) > 2 else "No further keys.\n"
    return f"{level} {title}\n\n{words}\n\n{keys}" if words else f"{level} {title}\n\n{keys}"


def _docstring(part: type[Part]) -> tuple[str, str]:
    """The heading of a table, `[[light]]` or a rule's type, and the paragraphs below it."""
    own = part.__dict__.get("__doc__") or ""
    text = re.sub(r"[ \t]*\n[ \t]+", "\n", own.strip())
    head, colon, rest = text.partition(":")
    if colon and re.fullmatch(r"`\w+`|\[\[?[\w.]+\]\]?(?: of [\w/*.]+)?", head):
        title, text = f"{head}" if head.startswith("`") else f"`{head}`", rest.strip()
    else:
        title = f"`{PATHS[part]}`"
    text = text[:1].upper() + text[1:]
    paragraphs = [" ".join(block.split("\n")) for block in text.split("\n\n") if block.strip()]
    return title, "\n\n".join(paragraphs)


def _type(field: FieldInfo) -> str:
    words = _type_words(field.annotation)
    limits = [
        f"{sign} {value}"
        for rule in field.metadata
        for sign, value in (("≥", getattr(rule, "ge", None)), ("≤", getattr(rule, "le", None)))
        if value is not None
    ]
    return f"{words}, {' and '.join(limits)}" if limits else words


def _type_words(annotation: Any) -> str:
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation in TYPES:
        return TYPES[annotation]
    if origin is typing.Annotated:
        return _type_words(inner[0])
    if origin is Literal:
        return ", ".join(f'`"{one}"`' for one in inner)
    if origin in (Union, types.UnionType):
        members = [one for one in inner if one is not type(None)]
        if all(isinstance(one, type) and one in RULES for one in members):
            return "a rule"
        return " or ".join(dict.fromkeys(_type_words(one) for one in members))
    if origin is tuple:
        return f"list of {_type_words(inner[0])}"
    if origin is dict:
        return f"table of {_type_words(inner[1])} by name"
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return ", ".join(f'`"{one.value}"`' for one in annotation)
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return f"table: {_docstring(annotation)[0]}"
    raise TypeError(annotation)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "needed"
    value = field.get_default(call_default_factory=True)
    if value is None or value == () or value == {} or value == "":
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, BaseModel):
        return "its own defaults"
    if isinstance(value, tuple) and isinstance(value[0], BaseModel):
        return "、".join(str(getattr(one, "name", "")) for one in value)
    if isinstance(value, tuple):
        return "`[" + ", ".join(f'"{one}"' for one in value) + "]`"
    return f'`"{value}"`' if isinstance(value, str) else f"`{value}`"


def _names() -> str:
    """What formulas may name and call."""
    rows = ["## Names in formulas", "", "What the platform knows of a project in a month.", "",
            "| name | on screen | unit | meaning |", "|---|---|---|---|"]  # fmt: skip
    rows += [f"| `{f.name}` | {f.label} | {UNIT_NAMES[f.unit]} | {f.meaning} |" for f in FACTS.values()]
    rows += ["", "| function | on screen | looks at | what it gives |", "|---|---|---|---|"]
    for functions, at in ((AGGREGATES, "the projects of an entity"), (WINDOWS, "other terms, the series, or all"),
                          (WITHIN, "the shorter terms within"), (CHOICES, "its parts")):  # fmt: skip
        rows += [
            f"| `{rule.written(name)}` | {rule.label} | {at} | {rule.meaning} |"
            for name, rule in functions.items()
        ]
    return "\n".join(rows) + "\n"


def schema() -> str:
    """The JSON Schema of a scheme file, with Chinese titles, and numbers as TOML writes them."""
    document: dict[str, Any] = _simple(SchemeText.model_json_schema(by_alias=True))
    named = {part.__name__: part for part in tables(SchemeText)}
    for name, part in {**document["$defs"], "SchemeText": document}.items():
        _name_keys(part, named.get(name))
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Guatu scheme (方案)"}
    return json.dumps({**head, **{k: v for k, v in document.items() if k != "title"}}, ensure_ascii=False, indent=1) + "\n"  # fmt: skip


def _name_keys(written: dict[str, Any], part: type[Part] | None) -> None:
    if part is None:
        return
    written["description"] = _docstring(part)[1]
    for name, field in part.model_fields.items():
        key = written["properties"][field.alias or name]
        title = key_name(part.__name__, name)
        if title and "$ref" not in key:
            key["title"] = title
        if isinstance(key.get("default"), str) and _is_number(field):
            key["default"] = _as_number(key["default"])


def _is_number(field: FieldInfo) -> bool:
    return field.default is not PydanticUndefined and isinstance(field.default, Decimal)


def _as_number(text: str) -> int | float:
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else float(value)


def _simple(value: Any) -> Any:
    """Without the spelling of numbers as text, which TOML does not need."""
    if isinstance(value, list):
        return [_simple(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "anyOf" in value:
        kept = [one for one in value["anyOf"] if not (one.get("type") == "string" and "pattern" in one)]
        kept = [one for one in kept if one.get("type") != "null"] or kept
        if len(kept) == 1:
            return _simple({**{k: v for k, v in value.items() if k != "anyOf"}, **kept[0]})
        value = {**value, "anyOf": kept}
    return {key: _simple(one) for key, one in value.items() if not (key == "default" and one is None)}


def openapi() -> str:
    """What /api/v1/openapi.json answers."""
    with TemporaryDirectory() as home:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "guatu.server.settings", "GUATU_HOME": home, "GUATU_SECRET_KEY": "of no use",
        }  # fmt: skip
        import django

        django.setup()
        from guatu.server.api.site import api

        described = api.get_openapi_schema(path_prefix="/api/v1/")
        return json.dumps(described, ensure_ascii=False, indent=1) + "\n"


def main(arguments: list[str]) -> int:
    """0: written, or in step; 1: out of step; 2: wrong words."""
    if arguments not in (["update"], ["check"]):
        print(__doc__, file=sys.stderr)
        return 2
    stale = []
    for path, text in ((PAGE, page()), (SCHEMA, schema()), (OPENAPI, openapi())):
        if arguments == ["update"]:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(path.name)
    for name in stale:
        print(
            f"docs/reference/{name} is not what the code says: run python tools/reference.py update",
            file=sys.stderr,
        )
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
