"""Part of reporting's queries: the photographs and videos of reports, and which of them were seen before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from guatu.findings import Finding
from guatu.reporting.attached.reuse import Pictured, reused
from guatu.reporting.attached.rule import AttachmentRule
from guatu.reporting.form import MONTHLY
from guatu.server.accounts.rights import User, Verb, projects_for, visible_projects
from guatu.server.reporting.models import Attachment, Report
from guatu.server.reporting.queries import HANDED_IN
from guatu.values import Period

PARTS = ("likeness_1", "likeness_2", "likeness_3", "likeness_4")


def attachments_of(reports: Collection[Report]) -> list[Attachment]:
    """The photographs and videos of these versions, in the order in which they were added. One query, none for none."""
    if not reports:
        return []
    return list(Attachment.objects.filter(report__in=reports))


def attachment_or_404(user: User, number: int) -> Attachment:
    """One attachment with report and project; Http404 for a project that `user` does not see, or a draft that it
    does not fill in."""
    rows = Attachment.objects.filter(report__project__in=visible_projects(user)).select_related(
        "report__project"
    )
    drafts = Q(report__state=Report.State.DRAFT) & ~Q(report__project__in=projects_for(user, Verb.HAND_IN))
    found = rows.exclude(drafts).filter(pk=number).first()
    if found is None:
        raise Http404(_("没有这个附件。"))
    return found


def reused_photos(
    report: Report, attached: Sequence[Attachment], rule: AttachmentRule
) -> tuple[Finding, ...]:
    """The questions about photographs of a version that came with another report before. One query, none without
    photographs."""
    photos = [one for one in attached if one.kind == Attachment.Kind.PHOTO]
    if not photos:
        return ()
    others = (
        Attachment.objects.filter(_near(photos), kind=Attachment.Kind.PHOTO, report__state__in=HANDED_IN)
        .exclude(report__project=report.project_id, report__period=report.period)
        .select_related("report__project")
        .order_by("added_at", "id")
    )
    seen: list[tuple[Attachment, Pictured]] = [(one, _pictured(one, one.report)) for one in others]
    found: list[Finding] = []
    for photo in photos:
        before = [pictured for one, pictured in seen if one.added_at < photo.added_at]
        found += reused([_pictured(photo, report)], before, rule.alike_bits)
    return tuple(found)


def _near(photos: Iterable[Attachment]) -> Q:
    """Attachments of the same file, or with a quarter of the likeness in which at most one bit differs: where two
    pictures differ in at most seven bits of all, one of the four quarters does in at most one."""
    condition = Q(original__in={photo.original for photo in photos})
    for part in PARTS:
        wanted = set()
        for photo in photos:
            bits = getattr(photo, part)
            if bits is not None:
                wanted |= {bits, *(bits ^ 1 << at for at in range(16))}
        if wanted:
            condition |= Q(**{f"{part}__in": wanted})
    return condition


def _pictured(one: Attachment, report: Report) -> Pictured:
    when = Period.parse(report.period).label if report.kind == MONTHLY else report.period
    return Pictured(report.project.code, report.period, when, one.original, one.likeness, one.caption)


def digests_in_use() -> set[str]:
    """The digests of every file that some attachment refers to. One query."""
    rows: QuerySet[Attachment, tuple[str, str]] = Attachment.objects.values_list("digest", "small")
    return {digest for row in rows for digest in row if digest}
