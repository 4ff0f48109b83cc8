"""What a trial would change in months that were judged, and the folder in which it is handed on."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO

import tomlkit

from guatu.findings import Finding
from guatu.judge.cases import run_cases
from guatu.judge.inputs import Inputs
from guatu.language import gettext as _
from guatu.portfolio.checks import check_projects
from guatu.reporting.checks import check_reports
from guatu.schemes.differences import Difference
from guatu.schemes.load import Scheme, read_scheme
from guatu.written import Part

INDEPENDENT = frozenset({"light", "combined_light", "ranking", "sheet", "step", "reward"})
"""The tables whose changes reach only what is named after them; every other one may reach everything."""
_RULE = re.compile(r"(\w+)\[([^\]]*)\]")


def touched(found: Sequence[Difference]) -> frozenset[str]:
    """The rules in which something differs: `light[schedule]`, `sheet[county]`; a table as a whole by its name."""
    rules = ((_RULE.match(one.key), one.key) for one in found)
    return frozenset(rule[0] if rule else re.split(r"[.\[]", key)[0] for rule, key in rules)


def narrowed(scheme: Scheme, rules: frozenset[str]) -> Scheme:
    """The scheme without what a change of `rules` cannot reach: what is left comes out as in the whole.

    A rule reaches those that name it (a light, a score, the sheet of a step or a reward, the lights of a combined one), and
    of a chain of steps one reaches the others; each keeps what it rests on itself.
    """
    parts = [_RULE.fullmatch(rule) for rule in rules]
    if not all(part and part[1] in INDEPENDENT for part in parts):
        return scheme
    text = scheme.text
    rests = {(table, rule.id): _rests_on(rule) for table in INDEPENDENT for rule in getattr(text, table)}
    reached = _grown({(part[1], part[2]) for part in parts if part}, lambda one: {
        rule for rule, below in rests.items() if one in below
    })  # fmt: skip
    chains = {step.chain for step in text.step if step.chain and ("step", step.id) in reached}
    reached |= {("step", step.id) for step in text.step if step.chain in chains}
    kept = _grown(reached, lambda one: rests.get(one, set()))
    return replace(scheme, text=text.model_copy(update={
        table: tuple(rule for rule in getattr(text, table) if (table, rule.id) in kept) for table in INDEPENDENT
    }))  # fmt: skip


def _rests_on(rule: Part) -> set[tuple[str, str]]:
    """The rules that one names: in its formulas, as the sheet whose results it takes, as the lights that it joins."""
    words = rule.model_dump_json()
    lights = {*re.findall(r"\blight_(\w+)", words), *getattr(rule, "of", ())}
    sheets = {*re.findall(r"\bscore_(\w+)", words), getattr(rule, "sheet", None)}
    named = {(table, light) for light in lights for table in ("light", "combined_light")}
    return named | {("sheet", sheet) for sheet in sheets if sheet}


def _grown(
    rules: set[tuple[str, str]], of: Callable[[tuple[str, str]], set[tuple[str, str]]]
) -> set[tuple[str, str]]:
    """Some rules with all that follows from them, step by step."""
    found, new = set(rules), set(rules)
    while new:
        new = {other for one in new for other in of(one)} - found
        found |= new
    return found


def inputs_under(inputs: Inputs, old: Scheme, new: Scheme) -> Inputs:
    """The inputs as the new scheme would have them: its own checks question, those of the old one no longer.

    A question that both put stays as it was answered.
    """
    if (old.text.checks, old.text.report) == (new.text.checks, new.text.report):
        return inputs
    before, after = _checked(inputs, old), _checked(inputs, new)
    kept = [one for one in inputs.findings if _identity(one) not in before or _identity(one) in after]
    added = [one for identity, one in after.items() if identity not in before]
    return replace(inputs, findings=(*kept, *added))


def _checked(inputs: Inputs, scheme: Scheme) -> dict[tuple[object, ...], Finding]:
    limits = scheme.check_settings
    reports = [report for report in inputs.reports if report.period <= inputs.period]
    found = (
        *check_projects(inputs.projects, limits),
        *check_reports(inputs.projects, reports, limits, scheme.due),
    )
    return {_identity(one): one for one in found}


def _identity(finding: Finding) -> tuple[object, ...]:
    return (
        finding.id,
        finding.project,
        finding.period,
        finding.field,
        finding.sheet,
        finding.row,
        finding.column,
    )


# The folder


@dataclass(frozen=True, slots=True)
class TrialFolder:
    """A changed scheme as `guatu scheme check` accepts it: its scheme, the worked cases that were left out because
    they no longer come out, and the zip."""

    scheme: Scheme
    left_out: tuple[str, ...]
    content: bytes


def trial_folder(scheme: Scheme, found: Sequence[Difference]) -> TrialFolder:
    """The folder of a changed scheme as a zip: its rules, the worked cases that still hold, and a sheet that says
    what was changed. The same trial gives the same bytes."""
    failed = {fault.key for fault in run_cases(scheme) if fault.severity == "error"}
    names = {f"case[{n}]": case.name for n, case in enumerate(scheme.cases)}
    names |= {f"due_case[{n}]": case.name for n, case in enumerate(scheme.due_cases)}
    left_out = tuple(name for key, name in names.items() if key in failed)
    whole = read_scheme(_without_cases(scheme, left_out), scheme.folder) if left_out else scheme
    said = _("改动.txt"), _sheet(whole, found, left_out)
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in sorted((*whole.files.items(), said)):
            entry = zipfile.ZipInfo(f"{folder_name(whole)}/{name}", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, text)
    return TrialFolder(whole, left_out, stream.getvalue())


def folder_name(scheme: Scheme) -> str:
    return f"{scheme.id}-{scheme.digest[:8]}"


def _without_cases(scheme: Scheme, left_out: Sequence[str]) -> dict[str, str]:
    """The files without the worked cases of these names; a file that held no other is left out."""
    files = {}
    for name, text in scheme.files.items():
        if "/" not in name:
            files[name] = text
            continue
        document = tomlkit.parse(text)
        lists = [document[kind] for kind in ("case", "due_case") if kind in document]
        for cases in lists:
            for number in reversed(range(len(cases))):
                if cases[number].get("name") in left_out:
                    del cases[number]
        if any(len(cases) for cases in lists):
            files[name] = tomlkit.dumps(document)
    return files


def _sheet(scheme: Scheme, found: Sequence[Difference], left_out: Sequence[str]) -> str:
    lines = [
        _("{name}：试改，未经批准，不是施行的方案。").format(name=scheme.name),
        _("方案摘要 {digest}").format(digest=scheme.digest),
        "",
        *(f"- {one.sentence}" for one in found),
    ]
    if left_out:
        lines += ["", _("改后不再相符、没有放进来的算例：")]
        lines += [f"- {name}" for name in left_out]
    return "\n".join(lines) + "\n"
