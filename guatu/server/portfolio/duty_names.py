"""The duties as the scheme in force names them, and who has them in a project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from guatu.portfolio.duties import DUTY_NAMES, Duty
from guatu.server.portfolio.models import Project, Responsibility
from guatu.server.schemes.queries import scheme_in_force


@dataclass(frozen=True, slots=True)
class DutyRole:
    """A duty under the name of the scheme: its clause ("" where the scheme does not speak of it), where it applies."""

    duty: Duty
    name: str
    clause: str
    levels: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()

    def applies(self, project: Project) -> bool:
        """Whether the scheme wants somebody named for a project of this level and stage."""
        return (not self.levels or project.level in self.levels) and (
            not self.stages or project.stage in self.stages
        )


@dataclass(frozen=True, slots=True)
class Held:
    """Who has a duty from–to, and the telephone where it may be seen."""

    row: Responsibility
    phone: str


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty in a project: who has it now, who will, who had it; `missing` where the scheme wants somebody."""

    role: DutyRole
    now: tuple[Held, ...]
    coming: tuple[Held, ...]
    before: tuple[Held, ...]
    missing: bool


def roles_of_scheme() -> list[DutyRole]:
    """The duties that the scheme names, in its order; then all others under their usual names, without a clause."""
    scheme = scheme_in_force()
    named = [
        DutyRole(role.duty, role.name, scheme.cite(role.clause), role.levels, tuple(map(str, role.stages)))
        for role in scheme.text.role
    ]
    known = {role.duty for role in named}
    return named + [DutyRole(duty, DUTY_NAMES[duty], "") for duty in Duty if duty not in known]


def duty_rows(
    project: Project, rows: Sequence[Responsibility], day: date, phones: Mapping[int, str]
) -> list[DutyRow]:
    """Each duty that is held, was held, or that the scheme wants held in this project."""
    found = []
    for role in roles_of_scheme():
        held = [Held(row, phones.get(row.person_id or 0, "")) for row in rows if row.duty == str(role.duty)]
        now = tuple(
            one
            for one in held
            if one.row.valid_from <= day and (one.row.valid_to is None or one.row.valid_to >= day)
        )
        missing = bool(role.clause) and not now and role.applies(project)
        if held or missing:
            found.append(
                DutyRow(
                    role,
                    now,
                    tuple(one for one in held if one.row.valid_from > day),
                    tuple(one for one in held if one.row.valid_to is not None and one.row.valid_to < day),
                    missing,
                )
            )
    return found
