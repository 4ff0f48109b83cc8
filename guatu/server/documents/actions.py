"""Editing the bulletin: each change is kept, and the tables cannot be touched."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, require
from guatu.server.assessment.models import JudgedMonth
from guatu.server.clock import now
from guatu.server.documents.models import BulletinEdit
from guatu.server.documents.queries import composed_bulletin, edits_of
from guatu.server.record.actions import append


def edit_text(judged: JudgedMonth, key: str, text: str, *, based_on: int, actor: Account) -> BulletinEdit:
    """Change one text of the month's bulletin; an empty text leaves the paragraph out.

    `based_on` is the id of the edit that the person saw (0: the composed words). Raises PermissionDenied
    without the right, ValidationError for a text that may not be edited (tables) or that somebody else
    changed in between.
    """
    return _keep(judged, key, " ".join(text.split()), restored=False, based_on=based_on, actor=actor)


def restore_text(judged: JudgedMonth, key: str, *, based_on: int, actor: Account) -> BulletinEdit:
    """Bring the composed words of one text back. Raises as `edit_text`."""
    return _keep(judged, key, "", restored=True, based_on=based_on, actor=actor)


@transaction.atomic
def _keep(
    judged: JudgedMonth, key: str, text: str, *, restored: bool, based_on: int, actor: Account
) -> BulletinEdit:
    require(actor, Verb.EDIT_BULLETIN)
    JudgedMonth.objects.select_for_update().get(pk=judged.pk)
    composed = composed_bulletin(judged, actor).texts()
    if key not in composed:
        raise ValidationError(_("没有可以修改的段落“{key}”；表格中的数字不能修改。").format(key=key))
    before = edits_of(judged).get(key)
    if (before.pk if before else 0) != based_on:
        raise ValidationError(_("别人刚改过这一段，您的修改没有保存：请复制您的文字，刷新后再改。"))
    entry = append(
        actor=actor,
        action="bulletin.restored" if restored else "bulletin.edited",
        subject_kind="bulletin",
        subject_id=judged.period,
        before={"key": key, "text": before.text if before else composed[key]},
        after={"key": key, "text": composed[key] if restored else text},
    )
    return BulletinEdit.objects.create(
        judged_month=judged,
        key=key,
        text=text,
        restored=restored,
        edited_by=actor.person.name if actor.person else actor.username,
        created=now(),
        entry=entry,
    )
