"""The one place that decides who may see and do what. Views and actions get rows through it alone.

| role       | sees                                     | does there                                  |
|------------|------------------------------------------|---------------------------------------------|
| office     | everything                               | everything but what the units do: filling in and signing |
| county     | the projects of its region               | checks reports or returns them, proposes, presses for them |
| department | the projects it leads                    | checks reports or returns them, proposes, presses for them |
| reporter   | the projects it answers for              | hands in reports, proposes                  |
| signer     | the projects its unit answers for        | signs the unit's reports or returns them    |
| reader     | everything, without telephone numbers    | nothing                                     |
| system     | organisations, people, accounts          | keeps them, the settings and the backup     |
| security   | posts and their roles, accounts          | gives rights, unlocks, sets password rules  |
| audit      | the record and who opened what           | nothing                                     |

Figures, marks and votes beside the reports are seen by those who see everything and by the organisation that the
scheme names as their supplier; the office hands in all of them, a supplier its own.

Responsibility and region decide which projects are one's own (`_own`), the stage what may still be done to
them (`ENDED`). On a page that shows a past day everyone only reads (`READING`). Field by field: a telephone number is seen by the office, by whoever keeps the accounts, and by
those who share the region, the unit or a project with its owner (`people_with_phone`); scores that no bulletin
has published are seen by the office and the readers alone, and by nobody else before or after: what the others
learn of them is the bulletin (`Verb.SEE_SCORES`).

Nobody above a unit has a right to its figures: a report can be passed or returned, no more. An account has the
roles of all posts that its person holds on the day, and none of its own. Each of the last three excludes every
other role: they see no project, and whoever should hold one of them with another role has the administrator's
alone, or none where two administrators meet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from guatu.portfolio.project import Stage
from guatu.server.accounts.models import (
    ADMINISTRATORS,
    Account,
    Appointment,
    Organisation,
    Person,
    Role,
    in_force,
)
from guatu.server.accounts.queries import appointments
from guatu.server.clock import today
from guatu.server.portfolio.models import Project, Responsibility

User = AbstractBaseUser | AnonymousUser


class Verb(StrEnum):
    """What a person may ask to do."""

    SEE = "see"
    SEE_PHONE = "see_phone"
    SEE_PEOPLE = "see_people"
    SEE_SCORES = "see_scores"
    EXPORT = "export"
    HAND_IN = "hand_in"
    GIVE = "give"
    PROPOSE = "propose"
    REMIND = "remind"
    IMPORT = "import"
    DECIDE = "decide"
    JUDGE = "judge"
    EDIT_BULLETIN = "edit_bulletin"
    SIGN = "sign"
    CHECK = "check"
    RETURN = "return"
    ACCEPT = "accept"
    ASSIGN = "assign"
    MANAGE_ACCOUNTS = "manage_accounts"
    SEE_ACCOUNTS = "see_accounts"
    MANAGE_SETTINGS = "manage_settings"
    BACK_UP = "back_up"
    GIVE_RIGHTS = "give_rights"
    UNLOCK = "unlock"
    SET_PASSWORD_RULES = "set_password_rules"
    SEE_RECORD = "see_record"
    SEE_ACCESS_LOG = "see_access_log"


READING = frozenset(
    {Verb.SEE, Verb.SEE_PHONE, Verb.SEE_PEOPLE, Verb.SEE_SCORES, Verb.EXPORT, Verb.SEE_RECORD}
)
"""What may be done on a page that shows a past day: nothing of it can be changed any more."""
SYSTEM_VERBS = frozenset({Verb.MANAGE_ACCOUNTS, Verb.SEE_ACCOUNTS, Verb.MANAGE_SETTINGS, Verb.BACK_UP})
SECURITY_VERBS = frozenset({Verb.GIVE_RIGHTS, Verb.SEE_ACCOUNTS, Verb.UNLOCK, Verb.SET_PASSWORD_RULES})
AUDIT_VERBS = frozenset({Verb.SEE_RECORD, Verb.SEE_ACCESS_LOG})
BUSINESS_VERBS = frozenset(Verb) - SYSTEM_VERBS - SECURITY_VERBS - AUDIT_VERBS
SEEING = frozenset({Verb.SEE, Verb.SEE_PEOPLE, Verb.EXPORT})

VERBS_OF: dict[Role, frozenset[Verb]] = {
    Role.OFFICE: BUSINESS_VERBS - {Verb.HAND_IN, Verb.SIGN},
    Role.COUNTY: SEEING | {Verb.SEE_PHONE, Verb.PROPOSE, Verb.REMIND, Verb.CHECK, Verb.RETURN},
    Role.DEPARTMENT: SEEING | {Verb.SEE_PHONE, Verb.PROPOSE, Verb.REMIND, Verb.CHECK, Verb.RETURN},
    Role.REPORTER: SEEING | {Verb.SEE_PHONE, Verb.HAND_IN, Verb.PROPOSE},
    Role.SIGNER: SEEING | {Verb.SEE_PHONE, Verb.PROPOSE, Verb.SIGN},
    Role.READER: SEEING | {Verb.SEE_SCORES},
    Role.SYSTEM: SYSTEM_VERBS | {Verb.SEE_PEOPLE},
    Role.SECURITY: SECURITY_VERBS | {Verb.SEE_PEOPLE},
    Role.AUDIT: AUDIT_VERBS,
}
"""What each role may do: a business role to the projects that are its own (all for office and reader)."""

ENDED: dict[str, frozenset[Verb]] = {
    str(Stage.WITHDRAWN): frozenset(
        {Verb.HAND_IN, Verb.SIGN, Verb.CHECK, Verb.RETURN, Verb.PROPOSE, Verb.REMIND}
    ),
}
"""What nobody does any more to a project of a stage: one that was withdrawn is read, not reported."""

ADMINISTRATION: dict[str, Verb] = {
    "organisations": Verb.SEE_PEOPLE,
    "organisation": Verb.SEE_PEOPLE,
    "person": Verb.SEE_PEOPLE,
    "organisation-add": Verb.MANAGE_ACCOUNTS,
    "organisation-appoint": Verb.MANAGE_ACCOUNTS,
    "appointment-end": Verb.MANAGE_ACCOUNTS,
    "accounts": Verb.SEE_ACCOUNTS,
    "account-change": Verb.SEE_ACCOUNTS,
    "roster-template": Verb.MANAGE_ACCOUNTS,
    "roster-upload": Verb.MANAGE_ACCOUNTS,
    "roster-confirm": Verb.MANAGE_ACCOUNTS,
    "rights": Verb.GIVE_RIGHTS,
    "rights-give": Verb.GIVE_RIGHTS,
    "sign-in-rules": Verb.SET_PASSWORD_RULES,
    "sign-in-ways": Verb.MANAGE_SETTINGS,
    "channels": Verb.MANAGE_SETTINGS,
    "channel-add": Verb.MANAGE_SETTINGS,
    "channel": Verb.MANAGE_SETTINGS,
    "channel-switch": Verb.MANAGE_SETTINGS,
    "channel-try": Verb.MANAGE_SETTINGS,
    "outbox": Verb.MANAGE_SETTINGS,
    "backups": Verb.BACK_UP,
    "backup-make": Verb.BACK_UP,
    "backup-rules": Verb.BACK_UP,
    "backup-verify": Verb.BACK_UP,
    "record": Verb.SEE_RECORD,
    "record-jsonl": Verb.SEE_RECORD,
    "record-workbook": Verb.SEE_RECORD,
    "access-log": Verb.SEE_ACCESS_LOG,
}
"""The addresses (by name) of administration, each for who has the verb. All others are business."""

OPEN_TO_ALL = frozenset({"sign-in", "sign-out", "own-account", "own-password", "session-end"}) | {
    "second-factor",
    "second-factor-remove",
    "totp",
    "security-key",
    "openid_connect_login",
    "openid_connect_callback",
    "calendar-feed",
}
"""The addresses that say nothing of any project: whoever is signed in may open them."""

HOME_OF: dict[Role, str] = {
    Role.SYSTEM: "organisations",
    Role.SECURITY: "rights",
    Role.AUDIT: "record",
}
"""The first page of each administrator; that of all others is the overview."""


SUPPLYING = frozenset({Role.OFFICE, Role.COUNTY, Role.DEPARTMENT, Role.REPORTER})
"""The roles in which a person hands in what the scheme asks of the organisation."""


@dataclass(frozen=True, slots=True)
class Mandate:
    """One role of an account, with the organisation and region it is held for."""

    role: Role
    organisation_id: int
    region_path: str | None


def mandates(user: User, day: date | None = None) -> tuple[Mandate, ...]:
    """The roles that `user` has on `day` (today). One query, once a day for each account object."""
    if not isinstance(user, Account) or not user.is_active:
        return ()
    day = day or today()
    held = [
        Mandate(
            Role(held.post.role),
            held.post.organisation_id,
            held.post.organisation.region.path if held.post.organisation.region else None,
        )
        for held in appointments(user, day)
        if held.post.role
    ]
    administers = {mandate.role for mandate in held} & ADMINISTRATORS
    if len(administers) > 1:
        return ()
    return tuple(mandate for mandate in held if not administers or mandate.role in administers)


def roles(user: User) -> frozenset[Role]:
    """The roles that `user` has today."""
    return frozenset(mandate.role for mandate in mandates(user))


def administers(user: User) -> Role | None:
    """Which of the three administrators `user` is today, if any."""
    return next((role for role in roles(user) if role in ADMINISTRATORS), None)


def may_open(user: User, address: str) -> bool:
    """Whether `user` may open the address of this name at all. What is not administration is business.

    A page of business is refused to the three administrators here, once for all; which rows the others find
    on it, and what they may do there, its own functions decide.
    """
    if address in OPEN_TO_ALL:
        return True
    if address in ADMINISTRATION:
        return may(user, ADMINISTRATION[address])
    return administers(user) is None


def _own(mandate: Mandate, day: date) -> Q | None:
    """The condition on Project that a mandate reaches; None where it reaches no project."""
    match mandate.role:
        case Role.OFFICE | Role.READER:
            return Q()
        case Role.COUNTY:
            if not mandate.region_path:
                return None
            return Q(region__path__startswith=mandate.region_path)
        case Role.DEPARTMENT:
            duties = [Responsibility.Duty.LEAD_DEPARTMENT]
        case Role.REPORTER | Role.SIGNER:
            duties = [
                Responsibility.Duty.RESPONSIBLE_UNIT,
                Responsibility.Duty.SECTION,
                Responsibility.Duty.MASS_WORK,
                Responsibility.Duty.COMPANY,
            ]
        case Role.SYSTEM | Role.SECURITY | Role.AUDIT:
            return None
    return Q(
        Exists(
            Responsibility.objects.filter(
                in_force(day),
                project=OuterRef("pk"),
                organisation_id=mandate.organisation_id,
                duty__in=duties,
            )
        )
    )


def sees_everything(user: User) -> bool:
    """Whether `user` may see every project: the whole jurisdiction's figures are then its own."""
    return bool(roles(user) & {Role.OFFICE, Role.READER})


def projects_for(user: User, verb: Verb) -> QuerySet[Project]:
    """The projects to which `user` may do `verb` today; none for a stranger, and nothing but reading on a page
    that shows a past day."""
    if looks_back(user) and verb not in READING:
        return Project.objects.none()
    day = today()
    open_stages = Project.objects.exclude(
        stage__in=[stage for stage, verbs in ENDED.items() if verb in verbs]
    )
    reached: Q | None = None
    for mandate in mandates(user, day):
        if verb not in VERBS_OF[mandate.role]:
            continue
        condition = _own(mandate, day)
        if condition is None:
            continue
        if not condition:
            return open_stages
        reached = condition if reached is None else reached | condition
    return Project.objects.none() if reached is None else open_stages.filter(reached)


ROLE_OF_KIND: dict[str, Role] = {
    Organisation.Kind.OFFICE: Role.OFFICE,
    Organisation.Kind.LEADERSHIP: Role.READER,
    Organisation.Kind.DEPARTMENT: Role.DEPARTMENT,
    Organisation.Kind.COUNTY: Role.COUNTY,
    Organisation.Kind.UNIT: Role.REPORTER,
    Organisation.Kind.COMPANY: Role.REPORTER,
}
"""As what an organisation as a whole looks at projects: for what is said to its group."""


def projects_of(organisation: Organisation) -> QuerySet[Project]:
    """The projects that are an organisation's own today; none for a kind that has none."""
    role = ROLE_OF_KIND.get(organisation.kind)
    region = organisation.region.path if organisation.region else None
    condition = _own(Mandate(role, organisation.pk, region), today()) if role else None
    return Project.objects.none() if condition is None else Project.objects.filter(condition)


def visible_projects(user: User) -> QuerySet[Project]:
    """The projects that `user` may see; none for a stranger or for someone who is not signed in."""
    return projects_for(user, Verb.SEE)


def people_with_phone(user: User) -> QuerySet[Person]:
    """The people whose telephone number `user` may see today."""
    day = today()
    if roles(user) & {Role.OFFICE, Role.SYSTEM}:
        return Person.objects.all()
    beside = Q()
    for mandate in mandates(user, day):
        if Verb.SEE_PHONE not in VERBS_OF[mandate.role]:
            continue
        beside |= Q(post__organisation=mandate.organisation_id)
        if mandate.role is Role.COUNTY and mandate.region_path:
            beside |= Q(post__organisation__region__path__startswith=mandate.region_path)
    if not beside:
        return Person.objects.none()
    answering = Responsibility.objects.filter(
        in_force(day), project__in=projects_for(user, Verb.SEE_PHONE), person__isnull=False
    )
    return Person.objects.filter(
        Q(id__in=Appointment.objects.filter(beside, in_force(day)).values("person"))
        | Q(id__in=answering.values("person"))
    )


def looks_back(user: User) -> bool:
    """Whether the page that `user` opened shows a past day."""
    return bool(getattr(user, "looking_back", False))


def holds(user: User, verb: Verb) -> bool:
    """Whether the roles of `user` have `verb`, also while he looks back: for the navigation, which leads to today."""
    return any(verb in VERBS_OF[mandate.role] for mandate in mandates(user))


def may(user: User, verb: Verb, thing: Project | None = None) -> bool:
    """Whether `user` may do `verb` to the project `thing`, or at all where no project is meant. On a page that
    shows a past day only what reads.

    No query beyond `mandates` where the roles alone decide; else one.
    """
    if looks_back(user) and verb not in READING:
        return False
    able = {mandate.role for mandate in mandates(user) if verb in VERBS_OF[mandate.role]}
    if thing is None or not able:
        return bool(able)
    if verb in ENDED.get(thing.stage, ()):
        return False
    return bool(able & {Role.OFFICE, Role.READER}) or projects_for(user, verb).filter(pk=thing.pk).exists()


def supplies(user: User, supplier: str) -> bool:
    """Whether `user` acts for an organisation that `supplier` names (several are parted by 、). Readers and
    administrators act for none. No query beyond `mandates`."""
    acts_for = {mandate.organisation_id for mandate in mandates(user) if mandate.role in SUPPLYING}
    if not isinstance(user, Account) or not acts_for:
        return False
    named = {name.strip() for name in re.split("[、，,;；/]", supplier)} - {""}
    return any(
        {held.post.organisation.name, held.post.organisation.short_name} & named
        for held in appointments(user, today())
        if held.post.organisation_id in acts_for
    )


def votes_as(user: User, voter: str) -> bool:
    """Whether `user` hands in the ballot of `voter`: an organisation that he acts for, a county (by the name of its
    region) whose government he acts for, or he himself by a name that nobody else with an account has. An
    administrator votes for none.
    """
    if not isinstance(user, Account) or not user.is_active or administers(user) is not None:
        return False
    governs = {mandate.organisation_id for mandate in mandates(user) if mandate.role is Role.COUNTY}
    regions = {
        held.post.organisation.region.name
        for held in appointments(user, today())
        if held.post.organisation_id in governs and held.post.organisation.region
    }
    if voter in regions or supplies(user, voter):
        return True
    if user.person.name != voter:
        return False
    return not Account.objects.filter(person__name=voter).exclude(person=user.person_id).exists()


def sees_given(user: User, supplier: str) -> bool:
    """Whether `user` may see what is handed in as facts of `supplier`."""
    return sees_everything(user) or supplies(user, supplier)


def may_give(user: User | None, supplier: str) -> bool:
    """Whether `user` may hand in facts of `supplier`, or confirm a mark that another gave; None is the machine."""
    return user is None or may(user, Verb.GIVE) or supplies(user, supplier)


def require(user: User | None, verb: Verb, thing: Project | None = None) -> None:
    """Let pass or raise: Http404 for a project the user may not even see, else PermissionDenied.

    `user` None is the machine itself (the command line, a timed job), which may do everything.
    """
    if user is None or may(user, verb, thing):
        return
    if thing is not None and not may(user, Verb.SEE, thing):
        raise Http404(_("没有这个项目。"))
    raise PermissionDenied(_("您现任的职务没有这项权限；需要时请与重点办联系。"))
