"""Reading what came of timed work."""

from __future__ import annotations

from typing import Final

from guatu.server.timed.models import DueWork

CHAIN_JOB: Final = "record-chain"
"""The job that walks the whole record."""


def last_walk() -> DueWork | None:
    """What came of the last walk along the whole record; None before the first. One query."""
    return DueWork.objects.filter(job=CHAIN_JOB, attempts__gt=0).order_by("-period").first()
