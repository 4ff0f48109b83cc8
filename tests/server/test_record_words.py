"""Every action and every field that the code writes into the record has its words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import get_resolver

import guatu.server
from guatu.server.access.words import PAGES
from guatu.server.proposals.models import Proposal
from guatu.server.record.field_words import FIELDS
from guatu.server.record.models import Entry
from guatu.server.record.words import (
    ACTIONS,
    SUBJECTS,
    action_words,
    changes_of,
    field_words,
    subject_words,
    value_words,
)

SERVER = Path(guatu.server.__path__[0])
ACTION = re.compile(r"[a-z_]+\.[a-z_]+")
PLACE = "guatu/server/record/words.py and guatu/server/record/field_words.py"


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SERVER.rglob("*.py")):
        yield f"{path.relative_to(SERVER.parent.parent)}", ast.parse(path.read_text(encoding="utf-8"))


def given_to(call: ast.AST) -> dict[str, ast.expr]:
    return {one.arg: one.value for one in call.keywords if one.arg} if isinstance(call, ast.Call) else {}


def entries_written() -> Iterator[tuple[str, ast.Module, dict[str, ast.expr]]]:
    """Each call of `append(action=…, …)` in the code: where it stands, and what it is given."""
    for path, module in modules():
        for node in ast.walk(module):
            given = given_to(node)
            if {"action", "subject_kind", "subject_id"} <= given.keys():
                yield f"{path}:{node.lineno}", module, given  # type: ignore[attr-defined]


def texts(expression: ast.expr, module: ast.Module) -> set[str]:
    """The texts that an expression may be: literals in it; for a name whatever looks like an action nearby."""
    found = {
        node.value
        for node in ast.walk(expression)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    if isinstance(expression, ast.Name):
        for node in ast.walk(module):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and ACTION.fullmatch(node.value)
            ):
                found.add(node.value)
    return set() if isinstance(expression, ast.JoinedStr) else found


def keys(expression: ast.expr, module: ast.Module) -> Iterator[str]:
    """The literal keys of the tables in an expression; for a name those of the tables it is given."""
    roots: list[ast.AST] = [expression]
    if isinstance(expression, ast.Name):
        for node in ast.walk(module):
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            for target in targets:
                if (
                    isinstance(target, ast.Name)
                    and target.id == expression.id
                    and getattr(node, "value", None)
                ):
                    roots.append(node.value)  # type: ignore[attr-defined]
                if (
                    isinstance(target, ast.Subscript)
                    and isinstance(target.value, ast.Name)
                    and target.value.id == expression.id
                    and isinstance(target.slice, ast.Constant)
                ):
                    yield str(target.slice.value)
    for root in roots:
        for node in ast.walk(root):
            if isinstance(node, ast.Dict):
                yield from (
                    key.value
                    for key in node.keys
                    if isinstance(key, ast.Constant) and isinstance(key.value, str)
                )


def test_the_code_is_found() -> None:
    assert len(list(entries_written())) > 15


def test_every_action_has_its_words() -> None:
    missing = [
        f"{place}: {action}"
        for place, module, given in entries_written()
        for action in texts(given["action"], module)
        if action not in ACTIONS
    ]
    assert not missing, f"no words in {PLACE} for: " + ", ".join(missing)


def test_every_kind_of_subject_has_its_name() -> None:
    missing = [
        f"{place}: {kind}"
        for place, module, given in entries_written()
        for kind in texts(given["subject_kind"], module)
        if kind not in SUBJECTS
    ]
    assert not missing, f"no words in {PLACE} for: " + ", ".join(missing)


def test_every_field_has_its_name() -> None:
    missing = {
        f"{place}: {key}"
        for place, module, given in entries_written()
        for side in ("before", "after")
        if side in given
        for key in keys(given[side], module)
        if key not in FIELDS
    }
    missing |= {
        f"{path}:{node.lineno}: {key}"  # type: ignore[attr-defined]
        for path, module in modules()
        for node in ast.walk(module)
        if "payload" in given_to(node)
        for key in keys(given_to(node)["payload"], module)
        if key not in FIELDS
    }
    assert not missing, f"no words in {PLACE} for: " + ", ".join(sorted(missing))


@pytest.mark.parametrize("verb", Proposal.Verb.values)
def test_every_proposal_has_words_for_what_becomes_of_it(verb: str) -> None:
    for end in ("proposed", *Proposal.Decision.values):
        assert f"{verb}.{end}" in ACTIONS, f"no words in {PLACE}"


def entry(before: str, after: str, **columns: str) -> Entry:
    return Entry(
        sequence=7,
        before=before,
        after=after,
        **{"action": "plan.changed", "subject_kind": "project", "subject_id": "2023-1", **columns},
    )


def test_a_change_is_told_field_by_field_with_its_unit() -> None:
    changed = changes_of(
        entry(
            '{"amount":500000000,"year":2023}',
            '{"amount":650005000,"document":{"day":"2023-06-30","title":"通知"},"year":2023}',
        )
    )
    assert [(one.what, one.before, one.after) for one in changed] == [
        ("计划投资", "500万元", "650.01万元"),
        ("日期", "", "2023年6月30日"),
        ("标题", "", "通知"),
    ]


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("to", None, "空"),
        ("active", False, "否"),
        ("role", "audit", "审计管理员"),
        ("decision", "rejected", "不同意"),
        ("aliases", ["高新区", "高新"], "高新区、高新"),
        ("rankings", [["county", "东岭县", 1, "80"], ["county", "西原区", 2, "70"]], "共 2 项"),
        ("files", {"台账.xlsx": "ab" * 32}, "台账.xlsx"),
        ("questions", {"late": 3, "falls": 2}, "共 5 项"),
        ("facts_digest", "ab" * 32, "abababababab…"),
        ("period", "2023-09", "2023年9月"),
        ("text", "2023-13-45", "2023-13-45"),
        ("votes", '{"甲":"80","乙":"90"}', "甲 80、乙 90"),
        ("text", "{不是表格", "{不是表格"),
        ("cumulative", [100_000_000, 200_000_000], "100万元、200万元"),
    ],
)
def test_a_value_is_told_in_words(key: str, value: object, words: str) -> None:
    assert value_words(key, value) == words


def test_what_has_no_words_yet_shows_no_identifier() -> None:
    unknown = entry("null", '{"some_new_field":"x"}', action="thing.done", subject_kind="thing")
    shown = " ".join((action_words(unknown.action), subject_words(unknown), field_words("some_new_field")))
    assert "some" not in shown and "thing" not in shown


def test_every_address_has_its_name_for_the_access_log() -> None:
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert len(names) > 20
    missing = sorted(names - PAGES.keys())
    assert not missing, f"no words in guatu/server/access/words.py for: {', '.join(missing)}"
