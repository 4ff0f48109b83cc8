"""The shapes of what the API takes and answers. Money is a JSON number in 万元, as in docs/reference/json.md."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

Wan = Annotated[int | float | None, Field(description="万元；null 表示没有这个数")]
Text = Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")]


class Fault(Schema):
    """One thing that was refused: where (empty: the whole), and why."""

    place: str
    message: str


class Refusal(Schema):
    """Why a request was refused; with a conflict, the edition that stands there now."""

    errors: list[Fault]
    edition: int | None = None


class PostHeld(Schema):
    """A post that the account's person holds today."""

    organisation: str
    title: str
    role: str


class Me(Schema):
    """Whom the token stands for, and what it may do."""

    username: str
    name: str
    posts: list[PostHeld]
    verbs: list[str]


class JudgedPeriod(Schema):
    """A month that was judged: the day up to which things were known, and the digest of its bundle."""

    period: str
    as_of: date
    bundle_digest: str


class ProjectRow(Schema):
    """A project of the ledger with where it stands in the judged month."""

    code: str
    name: str
    county: str
    category: str
    stage: str
    level: str
    total: Wan
    planned: Wan
    planned_start: str
    planned_finish: str
    lead_department: str
    responsible_unit: str
    company: str
    light: str | None
    planned_ytd: Wan
    invested_ytd: Wan
    reported: bool | None
    late: bool | None
    questioned: bool | None


class ProjectPage(Schema):
    """A page of the ledger, and how many projects the filter finds in all."""

    period: str | None
    count: int
    page: int
    pages: int
    projects: list[ProjectRow]


class Answering(Schema):
    """Who answers for a project in a duty: in the words of the ledger, since when, the telephone where it is seen."""

    duty: str
    stated: str
    phone: str
    since: str


class FactKept(Schema):
    """A fact of the ledger in force: since when, and by which document."""

    field: str
    value: Any
    valid_from: date
    file: str


class ProjectWhole(Schema):
    """A project: its facts in force, who answers for it, its lights in the judged month."""

    code: str
    name: str
    facts: list[FactKept]
    answering: list[Answering]
    lights: list[dict[str, Any]]


class AskedField(Schema):
    """A field of a form: how it is typed, in which unit, and among which choices."""

    id: str
    name: str
    kind: str
    unit: str
    needed: bool
    computed: bool
    choices: list[str]


class ReportKind(Schema):
    """A kind of report beside the month's: how often, and what it asks; `at_once`: whenever something happens."""

    id: str
    name: str
    every: str
    at_once: bool
    ends: str
    fields: list[AskedField]


class ReportState(Schema):
    """Where the report of a project for a month stands."""

    project: str
    name: str
    state: str
    version: int
    handed_in: date | None
    invested_month: Wan
    invested_ytd: Wan


class MonthOfReports(Schema):
    """The reports of a month: when they are due, and where each stands."""

    period: str
    due: date | None
    reports: list[ReportState]


class RoundKept(Schema):
    """A step of a version on its way: who concluded what, when, with which words."""

    version: int
    step: str
    conclusion: str
    opinion: str
    person: str
    post: str
    time: datetime


class DoubtPut(Schema):
    """What the checks question: `key` names it when a reason is given."""

    key: str
    field: str
    message: str
    reason: str


class ReportWhole(Schema):
    """The newest version of a report that the account may see, as a person would type it.

    `edition` is what a draft is saved over with; 0 where there is no draft.
    """

    project: str
    period: str
    version: int | None
    state: str
    edition: int
    open: bool
    happened: str
    values: dict[str, str]
    doubts: list[DoubtPut]
    rounds: list[RoundKept]


class DraftGiven(Schema):
    """What is typed: field → text as on the page (money in 万元), `edition` as it was seen, reasons by doubt, and for a
    report at once the moment at which it `happened`."""

    model_config = ConfigDict(extra="forbid")

    edition: Annotated[int, Field(ge=0, lt=10**8)]
    values: dict[str, Text]
    reasons: dict[str, Text] = {}
    happened: Annotated[str, Field(max_length=40)] = ""


class StepGiven(Schema):
    """A step on a report: the opinion (needed to return it, the reason to correct it), and the edition seen."""

    model_config = ConfigDict(extra="forbid")

    edition: Annotated[int, Field(ge=0, lt=10**8)]
    opinion: Text = ""


Step = Literal["hand_in", "withdraw", "sign", "check", "accept", "return", "correct"]


class Waiting(Schema):
    """One thing to do; `days` are the working days left, negative when it is over."""

    level: str
    title: str
    text: str
    days: int
    href: str


class Unit(Schema):
    """An organisation."""

    id: int
    name: str
    kind: str
    region: str


class UnitPage(Schema):
    """A page of the organisations found, and how many there are in all."""

    count: int
    page: int
    pages: int
    organisations: list[Unit]


class Bulletin(Schema):
    """A judged month in the JSON of docs/reference/json.md, as far as the account may see it."""

    head: dict[str, Any]
    summary: dict[str, Any]


class Lights(Schema):
    """The lights of the projects that the account may see, and of counties, departments and others."""

    lights: list[dict[str, Any]]
    entity_lights: list[dict[str, Any]]


class Rankings(Schema):
    """Every ranking of a judged month."""

    rankings: list[dict[str, Any]]


class Assessments(Schema):
    """Every score of a judged month."""

    assessments: list[dict[str, Any]]


class AskedFact(Schema):
    """A fact that the scheme asks for beside the reports; money is typed in 万元, a share in per cent."""

    id: str
    name: str
    kind: str
    unit: str
    about: str
    supplier: str
    terms: list[str]
    marked: bool
    may_give: bool
    clause: str


class FactValue(Schema):
    """A fact of one thing as it stands; `checked` is what a spot check found, and counts."""

    entity: str
    value: str
    checked: str
    source: str
    by: str
    version: int
    known_from: date
    reason: str


class FactsOfTerm(Schema):
    """All values of a fact in a term, and the day until which they are due."""

    fact: str
    term: str
    due: date | None
    values: list[FactValue]


class FactsGiven(Schema):
    """What is handed in: thing → value as on the page, where it comes from, and why where something is corrected."""

    model_config = ConfigDict(extra="forbid")

    values: Annotated[dict[Text, Text], Field(min_length=1, max_length=5000)]
    source: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""
    reason: Text = ""


class EntryKept(Schema):
    """An entry of the record in words: who, in which post, when, did what, why, and each field before and after."""

    sequence: int
    time: datetime
    name: str
    post: str
    action: str
    changes: list[dict[str, str]]
    reason: str
    hash: str


class EntriesOfProject(Schema):
    """The newest entries about a project; `next` is what the following ones are asked for with (`after`)."""

    entries: list[EntryKept]
    next: str
