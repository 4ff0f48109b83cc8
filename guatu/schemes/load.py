"""A scheme folder → a typed scheme, or a list of errors that name file, key and cure."""

from __future__ import annotations

import difflib
import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from guatu.calendars import DueDay, due_days
from guatu.language import gettext as _
from guatu.portfolio.formula import Formula, FormulaError, parse_formula
from guatu.reporting.form import ReportForm
from guatu.reporting.kinds import Kind
from guatu.reporting.settings import CheckSettings
from guatu.schemes.check_names import taken_ids
from guatu.schemes.forms import form_faults, report_form, report_kinds
from guatu.schemes.formulas import every_formula, rule_formulas
from guatu.schemes.model import Level, SchemeText
from guatu.schemes.scopes import Scopes
from guatu.schemes.worked_cases import Case, DueCase
from guatu.values import Citation, Period
from guatu.written import Part

OneCase = TypeVar("OneCase", bound=Part)
POLICY_DIRS = (
    Path(__file__).resolve().parents[1] / "policy",
    Path(__file__).resolve().parents[2] / "schemes",
)
"""Where the shipped schemes lie: inside an installed package, or beside it in the source tree."""


@dataclass(frozen=True, slots=True)
class SchemeFault:
    """One thing wrong with a scheme: `severity` is error (cannot be used), warning or note.

    `key` is the path of the key, such as `light[0].band[2].from`.
    """

    severity: str
    file: str
    key: str
    message: str
    clause: str | None = None

    def __str__(self) -> str:
        where = f"{self.file} · {self.key}" if self.key else self.file
        return f"{where}：{self.message}"


class SchemeError(ValueError):
    """A scheme that cannot be used. `faults` holds every error found."""

    def __init__(self, faults: Sequence[SchemeFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in faults))


@dataclass(frozen=True)
class Scheme:
    """A loaded scheme: what it says (`text`), its digest (SHA-256 over its files) and its formulas."""

    text: SchemeText
    cases: tuple[Case, ...]
    digest: str
    folder: str
    files: Mapping[str, str]
    due_cases: tuple[DueCase, ...] = ()

    @property
    def id(self) -> str:
        return self.text.scheme.id

    @property
    def name(self) -> str:
        return self.text.scheme.name

    @cached_property
    def levels(self) -> dict[str, Level]:
        return {level.id: level for level in self.text.level}

    @cached_property
    def scopes(self) -> Scopes:
        return Scopes(self.text)

    @cached_property
    def formulas(self) -> dict[str, Formula]:
        """Every formula of lights and rankings, parsed, by its text."""
        return {
            text: parse_formula(text, scope) for _key, text, scope in rule_formulas(self.text, self.scopes)
        }

    @cached_property
    def form(self) -> ReportForm:
        """The form of the monthly report."""
        return report_form(self.text)

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """The other reports that have a form, in the order of the file."""
        return report_kinds(self.text)

    def kind(self, id: str) -> Kind | None:
        """The report of that id, where it has a form; the month's is not among them."""
        return next((one for one in self.kinds if one.id == id), None)

    @property
    def counts(self) -> Literal["signed", "checked", "accepted"]:
        """How far a report must have come to count at the cut-off."""
        return self.text.report.counts if self.text.report else "signed"

    @cached_property
    def check_settings(self) -> CheckSettings:
        """The thresholds by which ledgers and reports are questioned."""
        checks = self.text.checks
        return CheckSettings(
            money_ahead_points=checks.money_ahead_points,
            text_alike=checks.text_alike,
            same_problem_months=checks.same_problem_months,
            on_plan_months=checks.on_plan_months,
            stuck_months=checks.stuck_months,
            stuck_percent=checks.stuck_percent,
            statistics_gap=checks.statistics_gap,
        )

    @cached_property
    def lights_named(self) -> frozenset[str]:
        """The lights whose levels some formula names, and those that the combined ones among them are made of."""
        texts = " ".join(text for _key, text, _scope in every_formula(self.text, self.scopes))
        named = set(re.findall(r"\blight_(\w+)", texts))
        parts = {light for one in self.text.combined_light if one.id in named for light in one.of}
        return frozenset(named | parts)

    def due(self, period: Period) -> date:
        """The last day on which a month's report is in time; the end of time where the scheme states none."""
        due = self.report_due(period)
        return due.day if due else date.max

    def report_due(self, period: Period) -> DueDay | None:
        """The due day of a month's report; not `certain` where it depends on holidays that are not published yet.

        None where the scheme asks for no report, or for none of that month. Worked out once for each month: every
        report of a judged month asks for it.
        """
        if period not in self._due_days:
            self._due_days[period] = self._work_out_due(period)
        return self._due_days[period]

    @cached_property
    def _due_days(self) -> dict[Period, DueDay | None]:
        return {}

    def _work_out_due(self, period: Period) -> DueDay | None:
        if self.text.report is None:
            return None
        rule = self.text.report.due
        last = period.plus(rule.months_after + 2).last_day + timedelta(days=2 * (rule.within or 0))
        found = due_days(rule, period.first_day, last, anchor=self.text.scheme.effective_from, estimate=True)
        return next((due for due in reversed(found) if due.ends == period.last_day), None)

    def cite(self, clause: str | None) -> str:
        """The clause as it is printed: 唐山 三(二)."""
        return str(Citation(self.text.scheme.short_name, clause)) if clause else ""


def find_scheme(name_or_path: str | Path) -> Path:
    """The folder of a scheme given by path, or by the id of a shipped one.

    Raises SchemeError when there is none.
    """
    path = Path(name_or_path)
    if path.is_file() and path.name == "scheme.toml":
        return path.parent
    if (path / "scheme.toml").is_file():
        return path
    for folder in POLICY_DIRS:
        if (folder / str(name_or_path) / "scheme.toml").is_file():
            return folder / str(name_or_path)
        if path.parent.name == "schemes" and (folder / path.name / "scheme.toml").is_file():
            return folder / path.name
    folders = {p.parent.name for folder in POLICY_DIRS for p in folder.glob("*/scheme.toml")}
    shipped = sorted(name for name in folders if not name.startswith("_"))
    raise SchemeError([SchemeFault("error", str(path), "", _(
        "没有这个方案：应为含有 scheme.toml 的文件夹，或自带方案之一（{shipped}）").format(shipped="、".join(shipped)))])  # fmt: skip


def scheme_files(folder: Path) -> list[Path]:
    """The files that make up the scheme in a folder: its rules, and its worked cases."""
    return [*folder.glob("*.toml"), *(folder / "cases").glob("*.toml")]


def load_scheme(name_or_path: str | Path) -> Scheme:
    """Load a scheme folder. Raises SchemeError with every unknown key, wrong type and bad formula.

    All `*.toml` files of the folder make up one scheme; `cases/*.toml` hold its worked examples.
    """
    folder = find_scheme(name_or_path)
    faults: list[SchemeFault] = []
    files: dict[str, str] = {}
    for path in scheme_files(folder):
        name = path.relative_to(folder).as_posix()
        try:
            files[name] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            faults.append(SchemeFault("error", name, "", _("不是 UTF-8 文件：请另存为 UTF-8")))
    return read_scheme(files, str(folder), faults)


def rule_files(files: Iterable[str]) -> list[str]:
    """The names of the files that hold rules, `scheme.toml` first; the others hold worked cases."""
    return sorted((name for name in files if "/" not in name), key=lambda name: (name != "scheme.toml", name))


def read_scheme(files: Mapping[str, str], folder: str = "", known: Sequence[SchemeFault] = ()) -> Scheme:
    """A scheme out of the texts of its files, by their names within the folder. Raises as `load_scheme`; `known`
    are faults that were found before."""
    merged: dict[str, Any] = {}
    origin: dict[str, str] = {}
    faults = list(known)
    for name in rule_files(files):
        for key, value in _read(name, files[name], faults).items():
            if isinstance(value, list) and isinstance(merged.get(key), list):
                merged[key] += value
            elif key in merged:
                faults.append(
                    SchemeFault("error", name, key, _("与 {file} 重复，只能写一处").format(file=origin[key]))
                )
            else:
                merged[key], origin[key] = value, name
    cases: list[Case] = []
    due_cases: list[DueCase] = []
    for name in sorted(name for name in files if "/" in name):
        raw = _read(name, files[name], faults)
        cases += _cases_in(raw, "case", Case, name, faults)
        due_cases += _cases_in(raw, "due_case", DueCase, name, faults)
    text: SchemeText | None = None
    try:
        text = SchemeText.model_validate(merged)
    except ValidationError as error:
        faults += _faults_of(error, origin.get("scheme", "scheme.toml"), SchemeText, origin=origin)
    if text is not None:
        faults += _formula_faults(text, origin)
        faults += [
            SchemeFault("error", origin.get(re.split(r"[.\[]", key)[0], "scheme.toml"), key, message)
            for key, message in form_faults(text)
        ]
    if faults or text is None:
        raise SchemeError(faults)
    digest = hashlib.sha256(
        "".join(f"{name}\n{files[name]}\n" for name in sorted(files)).encode()
    ).hexdigest()
    return Scheme(text, tuple(cases), digest, folder, files, tuple(due_cases))


def _read(name: str, text: str, faults: list[SchemeFault]) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        faults.append(SchemeFault("error", name, "", _("不是有效的 TOML：{error}").format(error=error)))
    return {}


def _cases_in(
    raw: Mapping[str, Any], word: str, model: type[OneCase], file: str, faults: list[SchemeFault]
) -> Iterator[OneCase]:
    """The worked cases of one kind in a file; what cannot be read is added to the faults."""
    for index, case in enumerate(raw.get(word, [])):
        try:
            yield model.model_validate(case)
        except ValidationError as error:
            faults += _faults_of(error, file, model, prefix=f"{word}[{index}].")


def _formula_faults(text: SchemeText, origin: Mapping[str, str]) -> list[SchemeFault]:
    taken = taken_ids(text)
    faults = [
        SchemeFault("error", origin.get(key.partition("[")[0], "scheme.toml"), key, message)
        for key, message in taken.values()
    ]
    for key, formula, scope in every_formula(text, Scopes(text)):
        if any(re.search(rf"\b{re.escape(id)}\b", formula) for id in taken):
            continue  # the id is what is wrong, and is said
        try:
            parse_formula(formula, scope)
        except FormulaError as error:
            faults.append(
                SchemeFault("error", origin.get(key.partition("[")[0], "scheme.toml"), key, str(error))
            )
    return faults


def _faults_of(
    error: ValidationError,
    file: str,
    model: type[BaseModel],
    *,
    origin: Mapping[str, str] | None = None,
    prefix: str = "",
) -> list[SchemeFault]:
    """Pydantic's errors in Chinese, each with its key and what would be right."""
    faults = []
    for detail in error.errors():
        location = detail["loc"]
        key = prefix + "".join(
            f"[{part}]" if isinstance(part, int) else f".{part}" for part in location
        ).lstrip(".")
        message = _message(detail["type"], detail, location, model)
        where = (origin or {}).get(str(location[0]), file) if location else file
        faults.append(SchemeFault("error", where, key, message))
    return faults


def _message(kind: str, detail: Any, location: Sequence[int | str], model: type[BaseModel]) -> str:
    given = detail.get("input")
    if kind == "extra_forbidden":
        names = _keys_at(model, location[:-1])
        near = difflib.get_close_matches(str(location[-1]), names, n=1)
        hint = (
            _("是不是 {near}？").format(near=near[0])
            if near
            else _("这里可写：{names}").format(names="、".join(names))
        )
        return _("没有这个键；") + hint
    if kind == "missing":
        return _("缺少这一项")
    if kind == "value_error":
        return _("不能是 {given}：{why}").format(given=repr(given), why=detail["ctx"]["error"])
    if kind in ("literal_error", "enum"):
        return _("不能是 {given}，应为 {expected} 之一").format(
            given=repr(given), expected=str(detail["ctx"]["expected"]).replace(" or ", ", ")
        )
    expected = {
        "string_type": _("文字（加引号）"),
        "int_type": _("整数"),
        "int_parsing": _("整数"),
        "int_from_float": _("整数"),
        "decimal_parsing": _("数字"),
        "decimal_type": _("数字"),
        "bool_type": _("true 或 false"),
        "bool_parsing": _("true 或 false"),
        "date_type": _("日期，例如 2023-01-01"),
        "date_from_datetime_parsing": _("日期，例如 2023-01-01"),
        "tuple_type": _("一组值，写在 [ ] 里"),
        "dict_type": _("一个表"),
        "model_type": _("一个表"),
        "string_pattern_mismatch": _(
            "小写字母开头，只含小写字母、数字和下划线（分项的编号用点隔开上下级，如 a.b）"
        ),
    }.get(kind)
    limits = {
        "greater_than_equal": _("不能是 {given}，应不小于 {limit}"),
        "greater_than": _("不能是 {given}，应大于 {limit}"),
        "less_than_equal": _("不能是 {given}，应不大于 {limit}"),
        "less_than": _("不能是 {given}，应小于 {limit}"),
    }
    if kind in limits:
        return limits[kind].format(given=repr(given), limit=next(iter(detail["ctx"].values())))
    if expected:
        return _("不能是 {given}，应为{expected}").format(given=repr(given), expected=expected)
    return _("{given} 不合要求（{kind}）").format(given=repr(given), kind=kind)


def _keys_at(model: type[BaseModel], path: Sequence[int | str]) -> list[str]:
    """The keys that may stand in the table at `path`."""
    current: Any = model
    for part in path:
        if isinstance(part, int):
            continue
        field = next((f for n, f in current.model_fields.items() if part in (n, f.alias)), None)
        if field is None:
            return []
        current = _part_of(field.annotation)
        if current is None:
            return []
    return [field.alias or name for name, field in current.model_fields.items()]


def _part_of(annotation: Any) -> type[Part] | None:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return annotation
    for inner in get_args(annotation):
        found = _part_of(inner)
        if found:
            return found
    return None
