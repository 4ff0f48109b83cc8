"""Part of reporting's actions: photographs and short videos are added to a draft, described, taken off again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guatu.reporting.attached.kept import Kept, NotTaken
from guatu.reporting.attached.read import Kind, read_attached
from guatu.reporting.attached.rule import AttachmentRule
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, require
from guatu.server.clock import CHINA, now
from guatu.server.record.actions import append
from guatu.server.reporting import attachment_files
from guatu.server.reporting.filling import locked_words
from guatu.server.reporting.models import Attachment, Report

LONGEST: Final = 120
"""Characters of a caption or a place."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A file as it came: its name serves the sentences alone."""

    name: str
    content: bytes


def attach(
    report: Report, files: Sequence[Handed], *, actor: Account | None, rule: AttachmentRule
) -> list[Attachment]:
    """Add photographs and videos to a draft, all of them or none. One entry.

    Each is read by its content, cleaned and kept; time and place are those of the camera until they are typed over.
    Raises ValidationError with every file that is not taken, PermissionDenied or Http404 without the right.
    """
    require(actor, Verb.HAND_IN, report.project)
    if report.state != Report.State.DRAFT:
        raise ValidationError(locked_words(report))
    read = _read(files, rule)
    with transaction.atomic():
        return _add(report, read, actor, rule)


def _read(files: Sequence[Handed], rule: AttachmentRule) -> list[tuple[str, Kind, Kept]]:
    """Read every file. Raises ValidationError with a sentence for each that is not taken, or where there are too many."""
    if not files:
        raise ValidationError(_("请选择照片或短视频。"))
    if len(files) > rule.photos_most + rule.videos_most:
        raise ValidationError(_too_many(rule))
    read: list[tuple[str, Kind, Kept]] = []
    faults = []
    for file in files:
        try:
            kind, kept = read_attached(file.name, file.content, rule.video_bytes)
        except NotTaken as error:
            faults.append(str(error))
        else:
            read.append((file.name, kind, kept))
    if faults:
        raise ValidationError([*faults, _("这一次选的都没有存，请去掉有问题的再附。")])
    return read


def _too_many(rule: AttachmentRule) -> str:
    return _("一份报告最多附 %(photos)d 张照片、%(videos)d 段短视频。") % {
        "photos": rule.photos_most,
        "videos": rule.videos_most,
    }


def _add(
    report: Report, read: Sequence[tuple[str, Kind, Kept]], actor: Account | None, rule: AttachmentRule
) -> list[Attachment]:
    """Write rows and files while the draft is held. Raises ValidationError."""
    draft = _held(report)
    there = list(draft.attachments.all())
    originals = {one.original for one in there}
    faults = []
    for name, _kind, kept in read:
        if kept.original in originals:
            faults.append(_("“%s”在这份报告里已经附过。") % name)
        originals.add(kept.original)
    for kind, most in (("photo", rule.photos_most), ("video", rule.videos_most)):
        if sum(one.kind == kind for one in there) + sum(new == kind for _n, new, _k in read) > most:
            faults.append(_too_many(rule))
            break
    if faults:
        raise ValidationError(faults)
    rows = [_row(draft, kind, kept, actor) for _name, kind, kept in read]
    entry = append(
        actor=actor,
        action="report.files_attached",
        subject_kind="report",
        subject_id=f"{report.project.code} {report.about}",
        after={"version": draft.version, "files": [told(row) for row in rows]},
    )
    for row in rows:
        row.entry = entry
        row.save(force_insert=True)
    return rows


def told(row: Attachment) -> list[str]:
    """What the record says of an attachment: its kind, and the digests of the original and of what is kept."""
    return [row.kind, row.original, row.digest]


def _held(report: Report) -> Report:
    """The draft, locked until the transaction ends. Raises ValidationError where it is none any more."""
    draft = Report.every_kind.select_for_update().select_related("project").get(pk=report.pk)
    if draft.state != Report.State.DRAFT:
        raise ValidationError(locked_words(draft))
    return draft


def _moment(taken: datetime | None) -> datetime | None:
    """When it was taken; a camera's own clock shows the time of China. None for a moment that has not come."""
    if taken is None:
        return None
    moment = taken if taken.tzinfo else taken.replace(tzinfo=CHINA)
    return moment if moment <= now() else None


def _row(report: Report, kind: Kind, kept: Kept, actor: Account | None) -> Attachment:
    try:
        digest = attachment_files.keep(kept.content)
        small = attachment_files.keep(kept.thumbnail) if kept.thumbnail else ""
    except OSError as error:
        raise ValidationError(_("现在存不下文件，什么都没有存；请稍后再试，或告诉系统管理员。")) from error
    bits = kept.likeness
    return Attachment(
        report=report,
        kind=kind,
        taken_at=_moment(kept.taken),
        place=str(kept.place) if kept.place else "",
        original=kept.original,
        digest=digest,
        small=small,
        size=len(kept.content),
        width=kept.width,
        height=kept.height,
        seconds=kept.seconds,
        likeness_1=None if bits is None else bits >> 48,
        likeness_2=None if bits is None else bits >> 32 & 0xFFFF,
        likeness_3=None if bits is None else bits >> 16 & 0xFFFF,
        likeness_4=None if bits is None else bits & 0xFFFF,
        added_by=actor.username if actor else _("系统"),
        added_at=now(),
    )


@transaction.atomic
def describe(
    one: Attachment, *, actor: Account | None, caption: str, taken_at: datetime | None, place: str
) -> None:
    """Say what an attachment of a draft shows, when and where it was taken. One entry where something changed.

    The record names the caption; of time and place, which are personal, it says that they changed. Raises
    ValidationError for a text that is too long or a moment that has not come, or when the report is no draft.
    """
    require(actor, Verb.HAND_IN, one.report.project)
    caption, place = " ".join(caption.split()), " ".join(place.split())
    faults = [
        _("“%(field)s”不超过 %(most)d 个字。") % {"field": name, "most": LONGEST}
        for name, text in ((_("说明"), caption), (_("拍摄地点"), place))
        if len(text) > LONGEST
    ]
    if taken_at is not None and taken_at > now():
        faults.append(_("拍摄时间还没有到。"))
    if faults:
        raise ValidationError(faults)
    draft = _held(one.report)
    said: dict[str, Any] = {"caption": caption, "taken_at": taken_at, "place": place}
    changed = [name for name, value in said.items() if getattr(one, name) != value]
    if not changed:
        return
    append(
        actor=actor,
        action="report.file_described",
        subject_kind="report",
        subject_id=f"{draft.project.code} {draft.about}",
        before={"file": one.digest, "caption": one.caption},
        after={"file": one.digest, "caption": caption, "place_and_time_changed": changed != ["caption"]},
    )
    for name, value in said.items():
        setattr(one, name, value)
    one.save(update_fields=list(said))


@transaction.atomic
def take_off(one: Attachment, *, actor: Account | None) -> None:
    """Take an attachment off a draft. One entry. The file goes once no version refers to it any more.

    Raises ValidationError when the report is no draft, PermissionDenied or Http404 without the right.
    """
    require(actor, Verb.HAND_IN, one.report.project)
    draft = _held(one.report)
    append(
        actor=actor,
        action="report.file_taken_off",
        subject_kind="report",
        subject_id=f"{draft.project.code} {draft.about}",
        before={"version": draft.version, "files": [told(one)], "caption": one.caption},
    )
    one.delete()
