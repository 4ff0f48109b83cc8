"""Photographs and videos as a page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.reporting.attached import photo, video
from guatu.reporting.attached.rule import AttachmentRule
from guatu.server.clock import CHINA
from guatu.server.known import Known
from guatu.server.reporting.attachment_queries import attachments_of
from guatu.server.reporting.models import Attachment, Report
from guatu.values import Period

SHOWN: Final = 12
"""How many pictures a project's page shows, the newest months first."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One photograph or video: `words` say what is to be seen, `month` of which report it is."""

    one: Attachment
    href: str
    small: str
    words: str
    taken: str
    typed_time: str
    month: str = ""

    @property
    def number(self) -> str:
        return self.one.original[:8]

    @property
    def is_photo(self) -> bool:
        return self.one.kind == Attachment.Kind.PHOTO

    @property
    def weight(self) -> str:
        """How long a video lasts and what it weighs."""
        return f"{self.one.seconds // 60}:{self.one.seconds % 60:02d} · {filesizeformat(self.one.size)}"


def pictures(attached: Sequence[Attachment], month: str = "") -> list[Picture]:
    """The attachments of a version in the order in which they were added."""
    return [_picture(one, n, month) for n, one in enumerate(attached, 1)]


def _picture(one: Attachment, n: int, month: str) -> Picture:
    moment = one.taken_at.astimezone(CHINA) if one.taken_at else None
    words = one.caption or _("第 %(n)d 个附件，%(kind)s") % {"n": n, "kind": one.get_kind_display()}
    return Picture(
        one,
        reverse("attachment", args=[one.pk]),
        reverse("attachment-small", args=[one.pk]) if one.small else "",
        words,
        f"{moment:%Y-%m-%d %H:%M}" if moment else "",
        f"{moment:%Y-%m-%dT%H:%M}" if moment else "",
        month,
    )


def project_pictures(reports: Sequence[Report], known: Known | None = None) -> dict[str, Any]:
    """The newest pictures of a project out of the versions of its reports: of each month the last one handed in
    that was not returned. Seen from a past day, those that were attached by then. One query."""
    newest: dict[str, Report] = {}
    for row in reports:
        if row.state not in (Report.State.DRAFT, Report.State.RETURNED):
            before = newest.get(row.period)
            if before is None or row.version > before.version:
                newest[row.period] = row
    by_report: dict[int, list[Attachment]] = {}
    for one in attachments_of(list(newest.values())):
        if known is not None and one.entry_id > known.entry:
            continue
        by_report.setdefault(one.report_id, []).append(one)
    found = [
        picture
        for period, row in sorted(newest.items(), reverse=True)
        for picture in pictures(by_report.get(row.pk, []), Period.parse(period).label)
    ]
    return {"pictures": found[:SHOWN], "more_pictures": len(found) - len(found[:SHOWN])}


def attaching(attached: Sequence[Attachment], rule: AttachmentRule, editable: bool) -> dict[str, Any]:
    """What the form says that takes files: what it accepts, and how many may still come; `editable`: whether what is
    attached belongs to a draft, so that it can be described and taken off."""
    photos = sum(one.kind == Attachment.Kind.PHOTO for one in attached)
    return {
        "editable": editable,
        "takes_photos": rule.photos_most > 0,
        "takes_videos": rule.videos_most > 0,
        "photos_left": max(0, rule.photos_most - photos),
        "videos_left": max(0, rule.videos_most - (len(attached) - photos)),
        "video_megabytes": rule.video_megabytes,
        "photo_megabytes": photo.LARGEST_BYTES // (1024 * 1024),
        "photos_least": rule.photos_least,
        "accept_photos": photo.ACCEPTED,
        "accept": ",".join(
            kinds
            for kinds, most in ((photo.ACCEPTED, rule.photos_most), (video.ACCEPTED, rule.videos_most))
            if most
        ),
    }
