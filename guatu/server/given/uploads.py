"""Files of facts and of votes as a person hands them in: read, shown as a preview, kept in the page till confirmed."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from guatu.assessment.ballots import Vote
from guatu.assessment.given import FactRow, KnownFact
from guatu.assessment.terms import Term
from guatu.findings import Finding
from guatu.judge.asked import asked_facts
from guatu.judge.inputs import decoded, encoded
from guatu.schemes.load import Scheme
from guatu.server.accounts.models import Account
from guatu.workbooks.ballots import read_ballots
from guatu.workbooks.facts import read_facts
from guatu.workbooks.facts_csv import SUFFIXES
from guatu.workbooks.safety import refuse_unsafe
from guatu.workbooks.sheets import WorkbookError, digest_of

MOST_TEXT = 2_000_000
"""So many characters of read rows a page carries; a longer file is to be parted."""
MOST_CSV = 20 * 1024 * 1024
KEPT_FOR = 24 * 3600
SALT = "guatu.given.import"


@dataclass(frozen=True, slots=True)
class Read:
    """What was read out of files: the rows, the findings, the digest of each file."""

    rows: tuple[Any, ...] = ()
    findings: tuple[Finding, ...] = ()
    digests: dict[str, str] = field(default_factory=dict)


def read_fact_files(files: Sequence[UploadedFile[bytes]], scheme: Scheme, term: Term | None) -> Read:
    """The facts that the scheme asks for, out of uploaded files. Raises WorkbookError (Chinese) for a file that
    cannot be read at all. Columns of projects are no such facts: a report alone states them."""
    known: dict[str, KnownFact] = {name: one.fact for name, one in asked_facts(scheme).items()}
    with tempfile.TemporaryDirectory(prefix="guatu-") as folder:
        reading = read_facts(_kept(files, Path(folder)), known, term=term, members=scheme.text.members)
    return Read(reading.rows, reading.findings, reading.digests)


def read_vote_files(files: Sequence[UploadedFile[bytes]], scheme: Scheme, term: Term | None) -> Read:
    """The votes in uploaded files. Raises WorkbookError for a file that cannot be read at all."""
    with tempfile.TemporaryDirectory(prefix="guatu-") as folder:
        paths = _kept(files, Path(folder))
        reading = read_ballots(paths, scheme.text.ballot, term=term)
        digests = {path.name: digest_of(path) for path in paths}
    return Read(reading.votes, reading.findings, digests)


def _kept(files: Sequence[UploadedFile[bytes]], folder: Path) -> list[Path]:
    """The files in a folder of their own, under the names that findings will tell."""
    paths = []
    for number, file in enumerate(files):
        name = PurePath(file.name or "").name or _("未命名")
        if (file.size or 0) > MOST_CSV:
            raise WorkbookError(_("“%(file)s”超过 20 MB，请分成几个文件。") % {"file": name})
        content = file.read()
        if PurePath(name).suffix.lower() not in SUFFIXES:
            refuse_unsafe(name, content)
        place = folder / str(number)
        place.mkdir()
        path = place / name
        path.write_bytes(content)
        paths.append(path)
    return paths


def sealed(read: Read, user: Account) -> str:
    """The rows as text that only this server can have written, for this person. Raises WorkbookError where they
    are too many for a page."""
    text = signing.dumps(
        {"user": user.pk, "rows": [encoded(row) for row in read.rows], "digests": read.digests},
        salt=SALT,
        compress=True,
    )
    if len(text) > MOST_TEXT:
        raise WorkbookError(_("文件里的行太多，请分成几个文件导入。"))
    return text


def opened_facts(text: str, user: Account) -> Read | None:
    """What `sealed` wrote for this person within a day; None for anything else."""
    found = _opened(text, user)
    if found is None:
        return None
    rows = tuple(decoded(FactRow, row, "row") for row in found["rows"])
    return Read(rows, digests=found["digests"])


def opened_votes(text: str, user: Account) -> Read | None:
    """As `opened_facts`, for votes."""
    found = _opened(text, user)
    if found is None:
        return None
    return Read(tuple(decoded(Vote, row, "row") for row in found["rows"]), digests=found["digests"])


def _opened(text: str, user: Account) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = signing.loads(text, salt=SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return None
    return found if found["user"] == user.pk else None
