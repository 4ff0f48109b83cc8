"""Writing organisations, people, posts and accounts: each with its entry in the record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from guatu.server.accounts.door_actions import take_password
from guatu.server.accounts.models import (
    ADMINISTRATORS,
    Account,
    Appointment,
    Organisation,
    Person,
    Post,
    Region,
    RegionAlias,
    Role,
)
from guatu.server.accounts.rights import Verb, require
from guatu.server.clock import today
from guatu.server.record.actions import append
from guatu.server.record.chain import holds_personal


@transaction.atomic
def add_region(
    *,
    actor: Account | None,
    code: str,
    name: str,
    parent: Region | None = None,
    aliases: tuple[str, ...] = (),
    position: int = 0,
    valid_from: date | None = None,
) -> Region:
    """Add a region under `parent`. Raises IntegrityError when the code or an alias is taken."""
    require(actor, Verb.MANAGE_ACCOUNTS)
    region = Region.objects.create(
        code=code,
        name=name,
        parent=parent,
        path=f"{parent.path if parent else '/'}{code}/",
        position=position,
        valid_from=valid_from,
    )
    RegionAlias.objects.bulk_create([RegionAlias(region=region, name=alias) for alias in aliases])
    append(
        actor=actor,
        action="region.added",
        subject_kind="region",
        subject_id=code,
        after={"name": name, "parent": parent.code if parent else None, "aliases": list(aliases)},
    )
    return region


@transaction.atomic
def add_organisation(
    *,
    actor: Account | None,
    name: str,
    kind: Organisation.Kind,
    short_name: str = "",
    region: Region | None = None,
    parent: Organisation | None = None,
) -> Organisation:
    """Add an organisation. Raises IntegrityError when the name is taken."""
    require(actor, Verb.MANAGE_ACCOUNTS)
    organisation = Organisation.objects.create(
        name=name, kind=kind, short_name=short_name, region=region, parent=parent
    )
    append(
        actor=actor,
        action="organisation.added",
        subject_kind="organisation",
        subject_id=organisation.pk,
        after={"name": name, "kind": str(kind), "region": region.code if region else None},
    )
    return organisation


@transaction.atomic
def change_organisation(
    *,
    actor: Account | None,
    organisation: Organisation,
    name: str,
    short_name: str,
    kind: str,
    region: Region | None,
    parent: Organisation | None,
) -> None:
    """Change what is known of an organisation. Raises ValidationError (Chinese): a taken name, a circle."""
    require(actor, Verb.MANAGE_ACCOUNTS)
    above = parent
    while above is not None:
        if above.pk == organisation.pk:
            raise ValidationError(_("上级单位不能是它自己或它的下级。"))
        above = above.parent
    before = _organisation_words(organisation)
    organisation.name, organisation.short_name, organisation.kind = name, short_name, kind
    organisation.region, organisation.parent = region, parent
    organisation.full_clean()
    organisation.save()
    append(
        actor=actor,
        action="organisation.changed",
        subject_kind="organisation",
        subject_id=organisation.pk,
        before=before,
        after=_organisation_words(organisation),
    )


def _organisation_words(organisation: Organisation) -> dict[str, str | None]:
    return {
        "name": organisation.name,
        "short_name": organisation.short_name,
        "kind": organisation.kind,
        "region": organisation.region.code if organisation.region else None,
        "parent": organisation.parent.name if organisation.parent else None,
    }


@transaction.atomic
def change_person(*, actor: Account | None, person: Person, name: str, distinction: str, phone: str) -> None:
    """Change a person's name, distinction or telephone. Raises ValidationError (Chinese) for a taken name."""
    require(actor, Verb.MANAGE_ACCOUNTS)
    before = {"name": person.name, "distinction": person.distinction, "phone": person.phone}
    person.name, person.distinction, person.phone = name, distinction, phone
    person.full_clean()
    person.save()
    append(
        actor=actor,
        action="person.changed",
        subject_kind="person",
        subject_id=person.pk,
        before=before,
        after={"name": name, "distinction": distinction, "phone": phone},
    )


@transaction.atomic
def appoint(
    *,
    actor: Account | None,
    person: str,
    title: str,
    organisation: Organisation,
    role: Role,
    valid_from: date,
    distinction: str = "",
) -> Appointment:
    """Let the person named hold the post from a day on; person and post are made where they are new.

    The role of a new post is asked for: it gives no right until `give_role` is done by another person; the
    machine does both at once. Raises ValidationError when the post has or awaits another role, or when the
    person would be an administrator and something else.
    """
    require(actor, Verb.MANAGE_ACCOUNTS)
    holder, _made = Person.objects.get_or_create(name=person, distinction=distinction)
    post, _made = Post.objects.get_or_create(title=title, organisation=organisation, defaults={"asked": role})
    if (post.role or post.asked) != role:
        raise ValidationError(
            _("“%(title)s”已有角色“%(role)s”，不能同时是另一个角色。")
            % {"title": title, "role": Role(post.role or post.asked).label}
        )
    refuse_two_hats(holder, role, valid_from)
    if actor is None and post.asked:
        give_role(actor=None, post=post, role=role, reason="")
    appointment, made = Appointment.objects.get_or_create(person=holder, post=post, valid_from=valid_from)
    if made:
        append(
            actor=actor,
            action="appointment.began",
            subject_kind="person",
            subject_id=holder.pk,
            after={"name": person, "post": title, "organisation": organisation.name, "role": str(role)}
            | {"from": valid_from.isoformat()},
        )
    return appointment


def refuse_two_hats(person: Person, role: Role, since: date, but: Post | None = None) -> None:
    """Raise ValidationError (Chinese) where `role` from `since` on meets a role that it excludes.

    Each of the three administrators excludes every other role, whether given or only asked for; the post
    `but`, which is about to have `role`, does not count with the one it has.
    """
    held = Appointment.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=since), person=person)
    if but is not None:
        held = held.exclude(post=but)
    for post in Post.objects.filter(id__in=held.values("post")):
        other = post.role or post.asked
        if other and other != role and ({role, Role(other)} & ADMINISTRATORS):
            raise ValidationError(
                _(
                    "%(person)s已任“%(title)s”（%(other)s），不能同时是%(role)s：三员互斥，也不兼业务岗位。请另派一人，或先免去原职。"
                )
                % {
                    "person": person.name,
                    "title": post.title,
                    "other": Role(other).label,
                    "role": role.label,
                }
            )


@transaction.atomic
def give_role(*, actor: Account | None, post: Post, role: Role | None, reason: str) -> None:
    """Give a post its role, another one, or (None) none; whoever holds it has the role's rights at once.

    Nobody gives a role to a post of his own. Raises ValidationError where a holder would be an administrator
    and something else.
    """
    require(actor, Verb.GIVE_RIGHTS)
    holders = Appointment.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today()), post=post)
    for held in holders.select_related("person"):
        if actor is not None and held.person_id == actor.person_id:
            raise ValidationError(_("“%s”是您自己的职务，它的权限须由他人决定。") % post.title)
        if role is not None:
            refuse_two_hats(held.person, role, max(held.valid_from, today()), but=post)
    before = {"role": post.role, "asked": post.asked}
    post.role, post.asked = (role or ""), ""
    post.save(update_fields=["role", "asked"])
    append(
        actor=actor,
        action="post.role_given",
        subject_kind="post",
        subject_id=post.pk,
        before=before,
        after={"post": post.title, "organisation": post.organisation.name, "role": post.role},
        reason=reason,
    )


@transaction.atomic
def give_roles_asked_for(*, actor: Account | None, posts: Sequence[Post], reason: str) -> None:
    """Give each post the role it awaits, all or none. Raises ValidationError as `give_role` does."""
    for post in posts:
        if not post.asked:
            raise ValidationError(_("“%s”没有待授权的角色。") % post.title)
        give_role(actor=actor, post=post, role=Role(post.asked), reason=reason)


@transaction.atomic
def end_appointment(*, actor: Account | None, appointment: Appointment, day: date, reason: str) -> None:
    """End an appointment on `day`, the last day on which the post is held."""
    require(actor, Verb.MANAGE_ACCOUNTS)
    appointment.valid_to = day
    appointment.full_clean(validate_unique=False)
    appointment.save(update_fields=["valid_to"])
    append(
        actor=actor,
        action="appointment.ended",
        subject_kind="person",
        subject_id=appointment.person_id,
        before={"post": appointment.post.title, "to": None},
        after={"post": appointment.post.title, "to": day.isoformat()},
        reason=reason,
    )


@transaction.atomic
def open_account(
    *, actor: Account | None, username: str, password: str, person: Person, must_change: bool = False
) -> Account:
    """Open an account for a person.

    `must_change`: the password is an initial one, which the person replaces at the first sign-in. Raises
    ValidationError (Chinese) for a taken name, one that is a telephone number or another personal value (user
    names stand in the record for ever), or a weak password.
    """
    require(actor, Verb.MANAGE_ACCOUNTS)
    if holds_personal(username):
        raise ValidationError(_("用户名要写进留痕，不能用电话号码、证件号码或电子邮箱，请换一个。"))
    if Account.objects.filter(username__iexact=username).exists():
        raise ValidationError(_("用户名“%s”已被使用，请换一个。") % username)
    account = Account(username=username, person=person)
    take_password(account, password, must_change=must_change)
    account.full_clean(exclude=["password"])
    account.save()
    append(
        actor=actor,
        action="account.opened",
        subject_kind="account",
        subject_id=username,
        after={"person": person.name},
    )
    return account
