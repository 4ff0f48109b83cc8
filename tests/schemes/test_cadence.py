"""[[cadence]]: what recurs, and what has a term from an event."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from guatu.schemes.model import Cadence


def test_a_matter_reported_at_once_and_a_term_in_working_days_can_be_written() -> None:
    at_once = Cadence(id="major", name="重大事项", every="event", within=0, clause="四(二)")
    assert (at_once.within, at_once.days) == (0, "calendar")
    term = Cadence(id="licence", name="行政许可", every="event", within=7, days="working", clause="三")
    assert (term.within, term.days) == (7, "working")


@pytest.mark.parametrize("every", ["event", "week", "ten_days", "month", "quarter", "half", "year"])
def test_every_rhythm_that_documents_name_is_a_word(every: str) -> None:
    assert Cadence.model_validate({"id": "x", "name": "某事", "every": every, "clause": "一"}).every == every


def test_a_rhythm_without_a_word_or_a_term_below_zero_is_refused() -> None:
    with pytest.raises(ValidationError):
        Cadence.model_validate({"id": "x", "name": "某事", "every": "now", "clause": "一"})
    with pytest.raises(ValidationError):
        Cadence(id="x", name="某事", every="event", within=-1, clause="一")
