"""Putting a year-end file together: frozen with its digest, it waits for another person's signature."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, require
from guatu.server.clock import now, today
from guatu.server.proposals.actions import put
from guatu.server.proposals.models import Proposal
from guatu.server.proposals.queries import YEAR_FILE
from guatu.server.record.chain import canonical, digest
from guatu.server.schemes.in_force import scheme_in_force
from guatu.server.year_files.gathering import gathered
from guatu.server.year_files.models import YearFile
from guatu.server.year_files.subjects import subject_of


@transaction.atomic
def propose_year_file(*, actor: Account, year: int, kind: str, key: str, reason: str) -> YearFile:
    """Put the file of a year together as the next version and propose it for signing; one entry.

    Raises ValidationError (Chinese) without a reason, for a year that has not begun, for a subject that the year does
    not know or of which a version waits already; PermissionDenied for whoever is not of the office.
    """
    require(actor, Verb.DECIDE)
    if not reason.strip():
        raise ValidationError(_("请写明汇编的理由。"))
    if not 2000 <= year <= today().year:
        raise ValidationError(_("年度应是今年或以前的年份，写成 2026 这样。"))
    subject = subject_of(kind, key, year)
    if subject is None:
        raise ValidationError(_("这一年没有这个对象，请从列表里选。"))
    versions = YearFile.objects.filter(year=year, kind=kind, subject=key)
    if versions.filter(proposal__decision="").exists():
        raise ValidationError(_("“%s”已有一版等待签发，请先签发或退回。") % subject.name)
    content = canonical(gathered(subject, year, scheme_in_force()).as_json())
    version = (versions.aggregate(last=Max("version"))["last"] or 0) + 1
    proposal = put(
        actor,
        Proposal.Verb.SIGN_YEAR_FILE,
        (YEAR_FILE, f"{year} {kind} {key}"[:80]),
        {},
        {"year": year, "name": subject.name, "version": version, "digest": digest(content)},
        reason,
    )
    return YearFile.objects.create(
        year=year, kind=kind, subject=key, name=subject.name[:200], version=version, content=content,
        digest=digest(content), created=now(), proposal=proposal,
    )  # fmt: skip
