"""Reading organisations, people and the posts they hold."""

from __future__ import annotations

from datetime import date

from guatu.server.accounts.models import Account, Appointment, Person, Region, SignInRules, in_force


def appointments(account: Account, day: date) -> list[Appointment]:
    """The posts that the account's person holds on `day`, with their organisation and region.

    One query, remembered on the account object for the day.
    """
    known: tuple[date, list[Appointment]] | None = getattr(account, "_appointments", None)
    if known and known[0] == day:
        return known[1]
    found = list(
        Appointment.objects.filter(in_force(day), person_id=account.person_id)
        .select_related("post__organisation__region")
        .order_by("id")
    )
    account._appointments = (day, found)  # type: ignore[attr-defined]
    return found


def post_titles(account: Account, day: date) -> list[str]:
    """The titles of the posts held on `day`, as they are written into the record."""
    return [str(held.post.title) for held in appointments(account, day)]


def regions_by_name() -> dict[str, Region]:
    """Every name and alias of a region → the region. Two queries."""
    found = {region.name: region for region in Region.objects.prefetch_related("aliases")}
    for region in list(found.values()):
        for alias in region.aliases.all():
            found.setdefault(alias.name, region)
    return found


def sign_in_rules() -> SignInRules:
    """The rules of signing in; those of a new installation where nobody has changed them. One query."""
    return SignInRules.objects.filter(id=1).first() or SignInRules(id=1)


def accounts_of(person: Person) -> list[Account]:
    """The accounts of a person, the open one first."""
    return list(person.accounts.order_by("-is_active", "username"))
