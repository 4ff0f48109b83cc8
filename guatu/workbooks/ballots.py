"""Reading ballots out of workbooks and text tables: one row per voter and candidate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from guatu.assessment.ballots import BadBallot, BallotRule, SilentGroup, Vote
from guatu.assessment.terms import Term
from guatu.finding_kinds import finding
from guatu.findings import Finding
from guatu.language import gettext as _
from guatu.workbooks.cells import number_of, plain, shown, text_of
from guatu.workbooks.facts_csv import SUFFIXES, open_csv
from guatu.workbooks.facts_terms import term_of
from guatu.workbooks.sheets import Sheet, Value, column_letter, open_workbook

WORDS: Mapping[str, tuple[str, ...]] = {
    "ballot": ("测评", "测评表", "投票项目", "ballot"),
    "term": ("期别", "期", "时间", "term"),
    "voter": ("投票人", "测评人", "voter"),
    "group": ("组别", "投票人组别", "类别", "group"),
    "candidate": ("对象", "测评对象", "被测评单位", "candidate"),
    "ranking": ("名次", "place"),
    "marks": ("分数", "打分", "得分", "mark"),
}
"""The columns of a table of ballots and how they may be headed."""
VALUES = ("ranking", "marks")
"""The columns of what a voter gives, by the kind of ballot."""


@dataclass(frozen=True, slots=True)
class BallotsReading:
    """The votes that were read, and what could not be."""

    votes: tuple[Vote, ...]
    findings: tuple[Finding, ...]


def read_ballots(
    paths: Iterable[Path | str], rules: Sequence[BallotRule], *, term: Term | None = None
) -> BallotsReading:
    """Read votes from .csv, .xlsx, .xls and .ods files.

    A table has a column for the voter, the candidate and the place or mark; one for the voter's group where there
    are several groups, one for the ballot where the scheme has several, one for the term where `term` does not say
    it. Raises WorkbookError for a file that cannot be read at all.
    """
    votes: list[Vote] = []
    findings: list[Finding] = []
    for path in map(Path, paths):
        sheets = [open_csv(path)] if path.suffix.lower() in SUFFIXES else open_workbook(path)
        for sheet in sheets:
            _read(sheet, rules, term, votes, findings)
    return BallotsReading(tuple(votes), tuple(findings))


def not_valid(bad: Iterable[BadBallot], rules: Sequence[BallotRule]) -> list[Finding]:
    """A finding for each ballot that was left out whole."""
    names = {rule.id: rule.name for rule in rules}
    sentence = _("{ballot}：{voter} 的选票无效，{reason}。")
    return [
        finding("ballot_not_valid", (f"{one.place}：" if one.place else "") + sentence.format(
            ballot=names[one.ballot], voter=one.voter, reason=one.reason), file=one.place)
        for one in bad
    ]  # fmt: skip


def silent_groups(silent: Iterable[SilentGroup], rules: Sequence[BallotRule]) -> list[Finding]:
    """A finding for each group of voters without a valid ballot."""
    names = {rule.id: rule.name for rule in rules}
    sentence = _("{term}“{ballot}”：“{group}”没有一张有效票，它的权重分给其余各组。")
    return [
        finding("ballot_group_without_votes", sentence.format(
            term=one.term.label, ballot=names[one.ballot], group=one.group), file="", found=one.group)
        for one in silent
    ]  # fmt: skip


def _read(
    sheet: Sheet, rules: Sequence[BallotRule], term: Term | None, votes: list[Vote], findings: list[Finding]
) -> None:
    header = next((n for n, row in enumerate(sheet.rows) if _is_header(_columns(row))), None)
    if header is None:
        if any(value != "" for row in sheet.rows for value in row):
            findings.append(finding("ballots_no_table", _("没有认出测评表：要有投票人、对象、名次或分数三列。"),
                                    file=sheet.file, sheet=sheet.name))  # fmt: skip
        return
    columns = _columns(sheet.rows[header])
    for number, row in enumerate(sheet.rows[header + 1 :], header + 2):
        cells = {key: row[at] if at < len(row) else "" for key, at in columns.items()}
        if all(value == "" for value in cells.values()):
            continue
        place = _("“{file}”{sheet}第 {row} 行").format(
            file=sheet.file, sheet=sheet.name and f"“{sheet.name}”", row=number
        )
        fault, key, vote = _vote(cells, rules, term, place)
        if vote is not None:
            votes.append(vote)
        else:
            findings.append(
                finding("ballot_unreadable", f"{place}：{fault}", file=sheet.file, sheet=sheet.name, row=number,
                        column=column_letter(columns[key]) if key in columns else None)
            )  # fmt: skip


def _is_header(columns: Mapping[str, int]) -> bool:
    return "voter" in columns and "candidate" in columns and any(key in columns for key in VALUES)


def _columns(row: Sequence[Value]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, value in enumerate(row):
        for key, words in WORDS.items():
            if plain(value) in words:
                found.setdefault(key, at)
    return found


def _vote(
    cells: Mapping[str, Value], rules: Sequence[BallotRule], term: Term | None, place: str
) -> tuple[str, str, Vote | None]:
    """A vote; else what is wrong with the row and in which column. Where a table has places and marks, the one that
    fits the kind of the ballot is the vote."""
    named = text_of(cells.get("ballot", "")) if "ballot" in cells else None
    rule = next(
        (r for r in rules if named in (r.id, r.name)), rules[0] if named is None and len(rules) == 1 else None
    )
    if rule is None:
        return (
            _("没有说明是哪一种测评，可以是：{names}。").format(names="、".join(r.name for r in rules)),
            "ballot",
            None,
        )
    key = rule.kind if rule.kind in cells else next(one for one in VALUES if one in cells)
    of = term_of(cells["term"], term) if cells.get("term", "") != "" else term
    if of is None:
        return _("{ballot}：没有说明是哪一期。").format(ballot=rule.name), "term", None
    voter, candidate = text_of(cells["voter"]), text_of(cells["candidate"])
    group = text_of(cells.get("group", "")) or (rule.group[0].id if len(rule.group) == 1 else None)
    if not voter or not candidate or not group:
        return _("{ballot}：投票人、对象、组别都要写。").format(ballot=rule.name), "voter", None
    read, _unit = number_of(cells[key])
    if read.value is None:
        said = (
            _("{ballot}：“{found}”不是名次。")
            if rule.kind == "ranking"
            else _("{ballot}：“{found}”不是分数。")
        )
        return said.format(ballot=rule.name, found=shown(cells[key])), key, None
    return "", key, Vote(rule.id, of, voter, group, candidate, Fraction(read.value), place)
