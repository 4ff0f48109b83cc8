"""Quiet hours: when messages may go out, and until when they are held otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from guatu.calendars import UnpublishedYear, is_working_day

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begins` in the evening until `ends` in the morning nothing goes out; on days off all day, where
    `days_off`. The two are the same where there are no quiet hours."""

    begins: time = time(20)
    ends: time = time(8)
    days_off: bool = True

    def holds(self, moment: datetime) -> bool:
        """Whether a message must wait at this moment of the local clock."""
        clock = moment.time()
        if self.begins <= self.ends:
            quiet = self.begins <= clock < self.ends
        else:
            quiet = clock >= self.begins or clock < self.ends
        return quiet or (self.days_off and not _works(moment))

    def allowed_from(self, moment: datetime) -> datetime:
        """The first moment, not before `moment`, at which a message may go out."""
        while self.holds(moment):
            if self.days_off and not _works(moment):
                moment = (moment + DAY).replace(hour=0, minute=0, second=0, microsecond=0)
                continue
            ends = moment.replace(hour=self.ends.hour, minute=self.ends.minute, second=0, microsecond=0)
            moment = ends if ends > moment else ends + DAY
        return moment


def _works(moment: datetime) -> bool:
    """Whether offices work on the day; Monday to Friday where the holidays of the year are not published."""
    try:
        return is_working_day(moment.date())
    except UnpublishedYear:
        return moment.weekday() < 5
