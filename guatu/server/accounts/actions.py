"""Writing organisations, people, posts and accounts: each with its entry in the record."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guatu.server.accounts.models import (
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
from guatu.server.record.actions import append


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

    Raises ValidationError when the post exists with another role.
    """
    require(actor, Verb.MANAGE_ACCOUNTS)
    holder, _made = Person.objects.get_or_create(name=person, distinction=distinction)
    post, _made = Post.objects.get_or_create(title=title, organisation=organisation, defaults={"role": role})
    if post.role != role:
        raise ValidationError(
            _("“%(title)s”已有角色“%(role)s”，不能同时是另一个角色。")
            % {"title": title, "role": post.get_role_display()}
        )
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
def open_account(*, actor: Account | None, username: str, password: str, person: Person) -> Account:
    """Open an account for a person. Raises ValidationError (Chinese) for a taken name or a weak password."""
    require(actor, Verb.MANAGE_ACCOUNTS)
    if Account.objects.filter(username__iexact=username).exists():
        raise ValidationError(_("用户名“%s”已被使用，请换一个。") % username)
    account = Account(username=username, person=person)
    validate_password(password, account)
    account.set_password(password)
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


@transaction.atomic
def close_account(*, actor: Account | None, account: Account, reason: str) -> None:
    """Close an account: nobody signs in with it any more. It is not deleted."""
    require(actor, Verb.MANAGE_ACCOUNTS)
    account.is_active = False
    account.save(update_fields=["is_active"])
    append(
        actor=actor,
        action="account.closed",
        subject_kind="account",
        subject_id=account.username,
        before={"active": True},
        after={"active": False},
        reason=reason,
    )
