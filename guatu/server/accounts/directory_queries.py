"""Part of the accounts' queries: the tree of regions, organisations, people and the posts they hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from guatu.server.accounts.models import Appointment, Organisation, Person, Post, Region, in_force
from guatu.server.accounts.rights import User, Verb, may, visible_projects
from guatu.server.portfolio.models import Responsibility

PAGE_SIZE = 50


@dataclass(slots=True)
class Place:
    """A region in the tree: how many organisations it has itself, and the regions below it."""

    region: Region
    organisations: int
    below: list[Place] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for among organisations and people; an empty text asks for nothing."""

    words: str = ""
    kind: str = ""
    region: str = ""


def _refuse_strangers(user: User) -> None:
    if not may(user, Verb.SEE_PEOPLE):
        raise PermissionDenied


def places(user: User) -> list[Place]:
    """The tree of regions, each with the number of its organisations. One query."""
    _refuse_strangers(user)
    regions = Region.objects.annotate(count=Count("organisations")).order_by("position", "code")
    known = {region.pk: Place(region, region.count) for region in regions}
    tops: list[Place] = []
    for place in known.values():
        above = known.get(place.region.parent_id or 0)
        (above.below if above else tops).append(place)
    return tops


def kinds(user: User, asked: Asked) -> list[tuple[str, str, int]]:
    """Each kind of organisation with its name and how many there are under the other filters. One query."""
    _refuse_strangers(user)
    counted = dict(
        _filtered(Asked(asked.words, "", asked.region)).values_list("kind").annotate(Count("id")).order_by()
    )
    return [(str(kind), str(kind.label), counted[kind]) for kind in Organisation.Kind if counted.get(kind)]


def organisations_page(user: User, asked: Asked, number: str, day: date) -> Page[Any]:
    """A page of the organisations found, each with `posts_count` and `holders` of today. Two queries."""
    _refuse_strangers(user)
    found = (
        _filtered(asked)
        .select_related("region", "parent")
        .annotate(
            posts_count=Count("posts", distinct=True),
            holders=Count(
                "posts__appointments__person",
                filter=in_force(day, "posts__appointments__"),
                distinct=True,
            ),
        )
        .order_by(F("region__path").asc(nulls_last=True), "kind", "name", "id")
    )
    return Paginator(found, PAGE_SIZE).get_page(number)


def people_found(user: User, words: str, day: date, most: int = 20) -> list[Person]:
    """The people whose name has these words, with the posts they hold today. Two queries; none for no words."""
    _refuse_strangers(user)
    if not words:
        return []
    return list(_with_posts(Person.objects.filter(name__icontains=words), day).order_by("name", "id")[:most])


def _with_posts(people: QuerySet[Person], day: date) -> QuerySet[Person]:
    return people.prefetch_related(
        Prefetch(
            "appointments",
            queryset=Appointment.objects.filter(in_force(day)).select_related("post__organisation"),
            to_attr="held",
        )
    )


def _filtered(asked: Asked) -> QuerySet[Organisation]:
    found = Organisation.objects.all()
    if asked.words:
        found = found.filter(Q(name__icontains=asked.words) | Q(short_name__icontains=asked.words))
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.region:
        found = found.filter(region__path__contains=f"/{asked.region}/")
    return found


def organisation_or_404(user: User, identity: int) -> Organisation:
    """An organisation. Raises Http404."""
    _refuse_strangers(user)
    found = Organisation.objects.select_related("region", "parent").filter(pk=identity).first()
    if found is None:
        raise Http404(_("没有这个单位。"))
    return found


def person_or_404(user: User, identity: int) -> Person:
    """A person. Raises Http404."""
    _refuse_strangers(user)
    found = Person.objects.filter(pk=identity).first()
    if found is None:
        raise Http404(_("没有这个人。"))
    return found


def posts_of(organisation: Organisation) -> list[Post]:
    """The posts of an organisation, each with all its appointments (`terms`), the latest first. Two queries."""
    return list(
        organisation.posts.prefetch_related(
            Prefetch(
                "appointments",
                queryset=Appointment.objects.select_related("person").order_by("-valid_from", "-id"),
                to_attr="terms",
            )
        ).order_by("title")
    )


def appointments_of(person: Person) -> list[Appointment]:
    """All appointments of a person, the latest first. One query."""
    return list(
        person.appointments.select_related("post__organisation__region").order_by("-valid_from", "-id")
    )


def answers_of(user: User, subject: Person | Organisation) -> list[Responsibility]:
    """For what a person or an organisation answers or answered, of the projects that `user` sees. One query."""
    return list(
        subject.responsibilities.filter(project__in=visible_projects(user))
        .select_related("project")
        .order_by("duty", "project__position", "-valid_from", "id")
    )


def region_choices() -> Iterator[tuple[Region, str]]:
    """Every region with its name, indented by its depth, in the order of the tree. One query."""
    regions = list(Region.objects.order_by("path"))
    for region in regions:
        yield region, "　" * (region.path.count("/") - 2) + region.name
