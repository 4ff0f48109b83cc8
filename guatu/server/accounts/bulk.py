"""Part of the accounts' actions: a whole roster of organisations, people, posts and accounts at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guatu.server.accounts.actions import (
    add_organisation,
    appoint,
    change_person,
    open_account,
    refuse_two_hats,
)
from guatu.server.accounts.models import (
    ADMINISTRATORS,
    Account,
    Appointment,
    Organisation,
    Person,
    Post,
    Region,
    Role,
    in_force,
)
from guatu.server.accounts.passwords import initial_password
from guatu.server.accounts.queries import regions_by_name
from guatu.server.accounts.rights import Verb, require
from guatu.server.accounts.roster import Line, Roster
from guatu.server.record.actions import append
from guatu.workbooks.cells import plain

USERNAME: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{1,59}")
KINDS: Final = {plain(str(kind.label)): kind for kind in Organisation.Kind}
ROLES: Final = {plain(str(role.label)): role for role in Role}


@dataclass(slots=True)
class Step:
    """What one line would do, in words; nothing where it is all there already."""

    line: Line
    does: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Opened:
    """An account that was opened: its initial password is known here and nowhere else."""

    username: str
    person: str
    organisation: str
    password: str


@dataclass(slots=True)
class _Known:
    """What stands in the tables, and what earlier lines of the roster would add to it."""

    organisations: dict[str, Organisation]
    people: dict[tuple[str, str], Person]
    posts: dict[tuple[str, str], Post]
    usernames: dict[str, tuple[str, str]]
    regions: dict[str, Region]
    held: set[tuple[str, str, str, str]]
    new_organisations: set[str] = field(default_factory=set)
    new_roles: dict[tuple[str, str], Role] = field(default_factory=dict)
    roles_of: dict[tuple[str, str], set[Role]] = field(default_factory=dict)


def plan(roster: Roster) -> list[Step]:
    """What each line would add or change; what is wrong is added to the faults of the roster. Nothing is written."""
    known = _known(roster)
    return [Step(line, list(_does(line, roster, known))) for line in roster.lines]


def _known(roster: Roster) -> _Known:
    names = {line.texts["organisation"] for line in roster.lines}
    organisations = {found.name: found for found in Organisation.objects.filter(name__in=names)}
    people = {
        (found.name, found.distinction): found
        for found in Person.objects.filter(name__in={line.texts["person"] for line in roster.lines})
    }
    posts = {
        (found.organisation.name, found.title): found
        for found in Post.objects.filter(organisation__in=organisations.values()).select_related(
            "organisation"
        )
    }
    usernames = {
        account.username.lower(): (account.person.name, account.person.distinction)
        for account in Account.objects.all()
    }
    regions = regions_by_name()
    regions |= {region.code: region for region in regions.values()}
    held = set(
        Appointment.objects.filter(person__in=people.values(), valid_to__isnull=True).values_list(
            "person__name", "person__distinction", "post__organisation__name", "post__title"
        )
    )
    return _Known(organisations, people, posts, usernames, regions, held)


def _does(line: Line, roster: Roster, known: _Known) -> list[str]:
    texts = line.texts
    where, who = texts["organisation"], (texts["person"], texts.get("distinction", ""))
    does = []
    if where and where not in known.organisations and where not in known.new_organisations:
        kind = plain(texts.get("kind", ""))
        if kind not in KINDS:
            roster.fault(
                line.row,
                "kind" if "kind" in roster.letters else "organisation",
                _("“%(name)s”是新单位，要填单位类别：%(kinds)s。")
                % {"name": where, "kinds": "、".join(str(kind.label) for kind in Organisation.Kind)},
            )
        region = texts.get("region", "")
        if region and region not in known.regions:
            roster.fault(line.row, "region", _("没有叫“%s”的辖区；请用已有的名称或代码。") % region)
        known.new_organisations.add(where)
        does.append(_("新设单位"))
    role = ROLES.get(plain(texts["role"]))
    if texts["role"] and role is None:
        roster.fault(
            line.row,
            "role",
            _("没有角色“%(role)s”；应为%(roles)s。")
            % {"role": texts["role"], "roles": "、".join(str(one.label) for one in Role)},
        )
    does += _begins(line, roster, known, role, who)
    does += _account(line, roster, known, who)
    return does


def _begins(line: Line, roster: Roster, known: _Known, role: Role | None, who: tuple[str, str]) -> list[str]:
    texts = line.texts
    place = (texts["organisation"], texts["title"])
    person = known.people.get(who)
    does = [] if person or not who[0] else [_("新增人员")]
    for column, most in (("person", 40), ("distinction", 120), ("title", 120), ("organisation", 120)):
        if len(texts.get(column, "")) > most:
            roster.fault(line.row, column, _("太长；至多%d个字。") % most)
    if role is None:
        return does
    post = known.posts.get(place)
    stands = (
        Role(post.role or post.asked) if post and (post.role or post.asked) else known.new_roles.get(place)
    )
    if stands and stands is not role:
        roster.fault(
            line.row,
            "role",
            _("“%(title)s”的角色是%(role)s，一个职务只有一个角色。")
            % {"title": texts["title"], "role": stands.label},
        )
    elif stands is None:
        does.append(_("新设职务，申请角色“%s”") % role.label)
        known.new_roles[place] = role
    others = known.roles_of.setdefault(who, set())
    others.add(role)
    if len(others) > 1 and others & ADMINISTRATORS:
        roster.fault(line.row, "role", _("三员互斥，也不兼业务岗位；请另派一人。"))
    elif person and line.valid_from:
        try:
            refuse_two_hats(person, role, line.valid_from)
        except ValidationError as error:
            roster.fault(line.row, "role", "".join(error.messages))
    if (*who, *place) not in known.held:
        known.held.add((*who, *place))
        does.append(_("任职"))
    phone = texts.get("phone", "")
    if phone and (person is None or person.phone != phone):
        does.append(_("登记电话") if person is None or not person.phone else _("改电话"))
    return does


def _account(line: Line, roster: Roster, known: _Known, who: tuple[str, str]) -> list[str]:
    username = line.texts.get("username", "")
    if not username:
        return []
    if not USERNAME.fullmatch(username):
        roster.fault(
            line.row,
            "username",
            _("“%s”不能作账号；用2到60个字母、数字、点、横线，以字母或数字开头。") % username,
        )
        return []
    owner = known.usernames.get(username.lower())
    if owner is None:
        known.usernames[username.lower()] = who
        return [_("开账号")]
    if owner != who:
        roster.fault(
            line.row,
            "username",
            _("账号“%(username)s”已是%(owner)s的；请换一个。") % {"username": username, "owner": owner[0]},
        )
    return []


@transaction.atomic
def open_in_bulk(*, actor: Account | None, roster: Roster, today: date) -> Sequence[Opened]:
    """Do what `plan` foretells, all or nothing; the accounts that were opened, each with its initial password.

    Raises ValidationError (Chinese) where a line cannot be done any more as it was foretold.
    """
    require(actor, Verb.MANAGE_ACCOUNTS)
    plan(roster)
    if roster.faults:
        fault = roster.faults[0]
        raise ValidationError(
            _("第%(row)d行“%(column)s”：%(message)s 请重新上传。")
            % {"row": fault.row, "column": fault.column, "message": fault.message}
        )
    regions = regions_by_name()
    regions |= {region.code: region for region in regions.values()}
    opened: list[Opened] = []
    for line in roster.lines:
        opened += _do(actor, line, regions, today)
    append(
        actor=actor,
        action="roster.taken_over",
        subject_kind="roster",
        subject_id=roster.file[:60],
        after={"file": roster.file, "lines": len(roster.lines), "accounts": [one.username for one in opened]},
    )
    return opened


def _do(actor: Account | None, line: Line, regions: dict[str, Region], today: date) -> list[Opened]:
    texts = line.texts
    where = Organisation.objects.filter(name=texts["organisation"]).first() or add_organisation(
        actor=actor,
        name=texts["organisation"],
        kind=KINDS[plain(texts["kind"])],
        region=regions.get(texts.get("region", "")),
    )
    assert line.valid_from is not None
    distinction = texts.get("distinction", "")
    held = (
        Appointment.objects.filter(
            in_force(max(line.valid_from, today)),
            person__name=texts["person"],
            person__distinction=distinction,
            post__organisation=where,
            post__title=texts["title"],
        )
        .select_related("person")
        .first()
    ) or appoint(
        actor=actor,
        person=texts["person"],
        distinction=distinction,
        title=texts["title"],
        organisation=where,
        role=ROLES[plain(texts["role"])],
        valid_from=line.valid_from,
    )
    person = held.person
    phone = texts.get("phone", "")
    if phone and phone != person.phone:
        change_person(
            actor=actor, person=person, name=person.name, distinction=person.distinction, phone=phone
        )
    username = texts.get("username", "")
    if not username or Account.objects.filter(username__iexact=username).exists():
        return []
    password = initial_password()
    open_account(actor=actor, username=username, password=password, person=person, must_change=True)
    return [Opened(username, person.name, where.name, password)]
