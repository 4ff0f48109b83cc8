"""Reading papers: the bulletin as composed, and with the words that people changed."""

from __future__ import annotations

from django.conf import settings

from guatu.documents.bulletin import compose_bulletin
from guatu.documents.month import JudgedMonth as Month
from guatu.documents.paper import Bulletin
from guatu.judge.month import paper_words
from guatu.record.chain import RecordHead
from guatu.server.accounts.rights import User
from guatu.server.assessment.models import JudgedMonth
from guatu.server.assessment.queries import judged_files, summary_for
from guatu.server.documents.models import BulletinEdit
from guatu.server.known import Known, entered_by
from guatu.server.record.queries import end_of_chain
from guatu.server.schemes.queries import scheme_in_force


def month_of(judged: JudgedMonth, user: User) -> Month:
    """The judged month as the papers take it: what `user` may see, in the words of the scheme in use."""
    files = judged_files(judged, user)
    scheme = scheme_in_force()
    return Month(
        head=files.head,
        summary=summary_for(judged, user),
        lights=files.lights,
        rankings=files.rankings,
        findings=files.findings,
        papers=paper_words(scheme, settings.GUATU_JURISDICTION or None, settings.GUATU_AGENCY or None),
    )


def edits_of(judged: JudgedMonth, known: Known | None = None) -> dict[str, BulletinEdit]:
    """The edit in force (then) of each text of the month's bulletin, by its key. One query."""
    latest = {edit.key: edit for edit in judged.bulletin_edits.filter(entered_by(known)).order_by("id")}
    return {key: edit for key, edit in latest.items() if not edit.restored}


def composed_bulletin(judged: JudgedMonth, user: User, known: Known | None = None) -> Bulletin:
    """The bulletin as the figures alone give it, with the head of the record at this moment, or then."""
    end = end_of_chain(known.entry if known else None)
    return compose_bulletin(
        month_of(judged, user),
        bundle_digest=judged.bundle_digest or None,
        record_head=RecordHead(end.sequence, end.hash, end.time) if end else None,
    )


def edited_bulletin(judged: JudgedMonth, user: User, known: Known | None = None) -> Bulletin:
    """The bulletin as it stands (or stood then), with the words that people changed."""
    texts = {key: edit.text for key, edit in edits_of(judged, known).items()}
    return composed_bulletin(judged, user, known).edited(texts)
