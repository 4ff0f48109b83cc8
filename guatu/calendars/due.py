"""One notion of when something falls due: a rule, and the due days of a span of time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, ValidationError, WrapValidator

from guatu.calendars.working_days import PUBLISHED_YEARS, is_working_day
from guatu.language import gettext as _
from guatu.values import Period
from guatu.written import Part

Every = Literal["event", "day", "week", "ten_days", "half_month", "month", "quarter", "half", "year"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[str, ...] = get_args(Weekday)
MONTHS_OF: dict[str, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
PARTS_OF: dict[str, tuple[int, ...]] = {"ten_days": (1, 11, 21), "half_month": (1, 16)}
"""On which days of a month its parts begin."""
DAY = timedelta(days=1)
LONGEST_HOLIDAY = 15
"""No holiday moves a day further than this."""


def _plain(say: Callable[[], str]) -> WrapValidator:
    """One sentence instead of one complaint for each way in which a value may be written."""

    def check(value: Any, handler: Callable[[Any], Any]) -> Any:
        try:
            if isinstance(value, bool):
                raise ValueError(say())
            return handler(value)
        except ValidationError as error:
            raise ValueError(say()) from error

    return WrapValidator(check)


MonthNumber = Annotated[int, Field(ge=1, le=12)]
Days = Annotated[
    Literal["any", "month_end"] | int | tuple[int, ...],
    _plain(
        lambda: _(
            '应为几日（28；−1 是最后一日）、几个日子（[9, 19, 28]）、"month_end"（月末）或 "any"（任何一天）'
        )
    ),
]
Weekdays = Annotated[
    Weekday | tuple[Weekday, ...],
    _plain(lambda: _('应为 "monday" 至 "sunday" 之一，或其中几个：["tuesday", "friday"]')),
]


class DueException(Part):
    """[[due.exception]]: in some months it falls due on another day, or not at all (`skip`).

    `months`: in which month the period ends. One of `day`, `working_day`, `within` and `skip` is written, as in the
    rule itself; what is left out stays as in the rule.
    """

    months: tuple[MonthNumber, ...]
    day: Days | None = None
    working_day: int | None = None
    within: int | None = Field(default=None, ge=0)
    months_after: int | None = Field(default=None, ge=0, le=12)
    skip: bool = False
    clause: str | None = None


class Due(Part):
    """[due]: when something falls due.

    `every` is the period that it is about; `each = 3` takes three of them as one, counted from `start`. `event` is
    each time that it happens. Then one of these says which day: `day`, a day of the month (several: `[5, 20]`; −1 is
    the last; for `ten_days` and `half_month` one for each part, where a day that is not later than the one before it
    lies in the following month); `weekday`, in a week, or with `nth` in a month; `working_day`, the n-th working day
    of the month or week (−1: the last); `within`, so many days after the end of the period or after the event (0: at
    once), of which `days` says which count; `hours`, so many hours after the event. Without any it is due by the end of
    the period.

    `months` limits it to some months; in a quarter, a half-year or a year they are the months in which it falls.
    `months_after` and `weeks_after` look at a later month or week than the one in which the period ends. `shift` moves
    a day on which offices are closed to the working day before or after it; make-up days are working days.
    """

    every: Every = "month"
    each: int = Field(default=1, ge=1)
    start: date | None = None
    months: tuple[MonthNumber, ...] = ()
    day: Days = "any"
    weekday: Weekdays | None = None
    nth: int | None = None
    working_day: int | None = None
    within: int | None = Field(default=None, ge=0)
    days: Literal["calendar", "working"] = "calendar"
    hours: int | None = Field(default=None, ge=1, le=720)
    months_after: int = Field(default=0, ge=0, le=12)
    weeks_after: int = Field(default=0, ge=0, le=52)
    shift: Literal["none", "before", "after"] = "none"
    exception: tuple[DueException, ...] = ()

    @property
    def weekdays(self) -> tuple[str, ...]:
        if self.weekday is None:
            return ()
        return (self.weekday,) if isinstance(self.weekday, str) else self.weekday

    @property
    def asks_for_working_days(self) -> bool:
        """Whether its days depend on which days offices work."""
        counted = self.within is not None or any(one.within is not None for one in self.exception)
        nth = self.working_day is not None or any(one.working_day is not None for one in self.exception)
        return self.shift != "none" or nth or (counted and self.days == "working")


@dataclass(frozen=True, slots=True, order=True)
class DueDay:
    """One due day: the period that it is about, and the day before it was moved off a day on which offices are
    closed. `certain` is false where the holidays of the year are not published yet and Monday to Friday were taken
    for working days."""

    day: date
    begins: date
    ends: date
    unshifted: date
    certain: bool = True


def due_days(
    rule: Due, first: date, last: date, *, anchor: date | None = None, estimate: bool = False
) -> list[DueDay]:
    """The due days from `first` to `last`, both included, in order; none for what is due after an event.

    `anchor` is the day from which periods are counted where the rule has no `start`. Raises UnpublishedYear where the
    days depend on holidays that are not published; with `estimate` such a day is given and marked as not certain.
    """
    found = []
    back = timedelta(days=800 + 31 * rule.months_after + 7 * rule.weeks_after + 3 * (rule.within or 0))
    slack = timedelta(days=LONGEST_HOLIDAY if rule.shift != "none" else 0)
    for begins, ends in _periods(rule, first - back, last + slack, anchor):
        for month in _months(rule, begins, ends):
            for low, high, day_of in _candidates(rule, begins, ends, month):
                if low > last + slack or high < first - slack:
                    continue
                office = _Office(estimate)
                plain = day_of(office)
                if plain is None:
                    continue
                day = office.shifted(plain, rule.shift)
                if first <= day <= last:
                    found.append(DueDay(day, begins, ends, plain, office.certain))
    return sorted(set(found))


def due_after(rule: Due, event: date, *, estimate: bool = False) -> DueDay | None:
    """The due day after an event; None where the rule states no term. Raises UnpublishedYear as `due_days` does.

    Where the rule counts hours it is the last day on which they can run out, whatever the time of day of the event.
    """
    if rule.hours is not None:
        day = event + timedelta(days=-(-rule.hours // 24))
        return DueDay(day, event, event, day)
    if rule.within is None:
        return None
    office = _Office(estimate)
    plain = office.after(event, rule.within, rule.days)
    return DueDay(office.shifted(plain, rule.shift), event, event, plain, office.certain)


class _Office:
    """Which days offices work, and whether one was asked for whose year is not published."""

    def __init__(self, estimate: bool) -> None:
        self.estimate, self.certain = estimate, True

    def works(self, day: date) -> bool:
        if self.estimate and day.year not in PUBLISHED_YEARS:
            self.certain = False
            return day.weekday() < 5
        return is_working_day(day)

    def after(self, start: date, count: int, days: str) -> date:
        """So many days after `start`, which itself does not count."""
        if days == "calendar":
            return start + timedelta(days=count)
        day = start
        while count:
            day += DAY
            count -= self.works(day)
        return day

    def shifted(self, day: date, shift: str) -> date:
        step = {"before": -DAY, "after": DAY}.get(shift)
        while step is not None and not self.works(day):
            day += step
        return day

    def nth(self, first: date, last: date, number: int) -> date | None:
        """The n-th working day of a span; from its end where `number` is negative; None where it has fewer."""
        day, step = (first, DAY) if number > 0 else (last, -DAY)
        left = abs(number)
        while first <= day <= last:
            left -= self.works(day)
            if left == 0:
                return day
            day += step
        return None


Candidate = tuple[date, date, Callable[[_Office], date | None]]
"""Not before, not after, and the day itself, which may ask which days offices work."""


def _fixed(day: date) -> Candidate:
    return day, day, lambda _office: day


def _periods(rule: Due, first: date, last: date, anchor: date | None) -> Iterator[tuple[date, date]]:
    """The periods of a rule that begin between two days, in order; one more at the beginning does no harm."""
    start = rule.start or anchor
    floor = rule.start or date.min
    if rule.every in ("day", "week"):
        length = rule.each * (7 if rule.every == "week" else 1)
        origin = start or date(1900, 1, 1)
        if rule.every == "week":
            origin -= timedelta(days=origin.weekday())
        begins = origin + timedelta(days=(first - origin).days // length * length)
        while begins <= last:
            ends = begins + timedelta(days=length - 1)
            if ends >= floor:
                yield begins, ends
            begins = ends + DAY
    elif rule.every in PARTS_OF:
        yield from (part for part in _parts(rule.every, first, last) if part[1] >= floor)
    elif rule.every in MONTHS_OF:
        length = MONTHS_OF[rule.every] * rule.each
        origin_month = _origin(rule, start)
        index = Period.of(first).index
        index -= (index - origin_month) % length
        while (begins := _month(index).first_day) <= last:
            ends = _month(index + length - 1).last_day
            if ends >= floor:
                yield begins, ends
            index += length


def _origin(rule: Due, start: date | None) -> int:
    """The month, as an index, from which periods of several months are counted: where nothing else is said,
    January."""
    if rule.each == 1 or start is None:
        return 0
    index = Period.of(start).index
    return index - index % MONTHS_OF[rule.every]


def _month(index: int) -> Period:
    return Period(index // 12, index % 12 + 1)


def _parts(every: str, first: date, last: date) -> Iterator[tuple[date, date]]:
    month = Period.of(first)
    while month.first_day <= last:
        begins = [month.first_day.replace(day=day) for day in PARTS_OF[every]]
        ends = [day - DAY for day in begins[1:]] + [month.last_day]
        yield from zip(begins, ends, strict=True)
        month = month.plus(1)


def _months(rule: Due, begins: date, ends: date) -> list[Period]:
    """The months of a period in which it falls: those named, else the one in which it ends."""
    last = Period.of(ends)
    if not rule.months:
        return [last]
    within = [last]
    if rule.every in ("quarter", "half", "year"):
        within = [_month(index) for index in range(Period.of(begins).index, last.index + 1)]
    return [month for month in within if month.month in rule.months]


def _candidates(rule: Due, begins: date, ends: date, month: Period) -> Iterator[Candidate]:
    """The days of one period, before they are moved off holidays."""
    other = next((one for one in rule.exception if month.month in one.months), None)
    if other is not None and other.skip:
        return
    day, working_day, within = rule.day, rule.working_day, rule.within
    weekdays, later = rule.weekdays, rule.months_after
    if other is not None:
        later = later if other.months_after is None else other.months_after
        if other.day is not None or other.working_day is not None or other.within is not None:
            day, working_day, within = other.day or "any", other.working_day, other.within
            weekdays = ()
    if within is not None:
        term = within
        far = ends + timedelta(days=term * 3 + LONGEST_HOLIDAY if rule.days == "working" else term)
        yield ends + timedelta(days=term), far, lambda office: office.after(ends, term, rule.days)
        return
    if rule.every == "week":
        yield from _in_week(ends, rule.weeks_after, weekdays, working_day)
        return
    if rule.every == "day":
        yield _fixed(ends)
        return
    place = 0
    if rule.every in PARTS_OF:
        place = PARTS_OF[rule.every].index(begins.day)
        if day == "any" and working_day is None:
            yield _fixed(_in_month(month.plus(later), -1) if later else ends)
            return
    if isinstance(day, tuple) and rule.every in PARTS_OF:
        later += sum(day[n] <= day[n - 1] for n in range(1, place + 1))
        day = day[place]
    target = month.plus(later)
    if working_day is not None:
        number, low, high = working_day, target.first_day, target.last_day
        yield low, high, lambda office: office.nth(low, high, number)
    elif weekdays:
        for name in weekdays:
            if (nth := _nth_weekday(target, WEEKDAYS.index(name), rule.nth or 1)) is not None:
                yield _fixed(nth)
    elif isinstance(day, tuple):
        for one in day:
            yield _fixed(_in_month(target, one))
    else:
        yield _fixed(_in_month(target, day if isinstance(day, int) else -1))


def _in_week(
    ends: date, weeks: int, weekdays: tuple[str, ...], working_day: int | None
) -> Iterator[Candidate]:
    sunday = ends + timedelta(days=7 * weeks)
    monday = sunday - timedelta(days=6)
    if working_day is not None:
        number = working_day
        yield monday, sunday, lambda office: office.nth(monday, sunday, number)
    for name in weekdays:
        yield _fixed(monday + timedelta(days=WEEKDAYS.index(name)))
    if not weekdays and working_day is None:
        yield _fixed(sunday)


def _in_month(month: Period, day: int) -> date:
    """A day of a month, from its end where it is negative; the nearest one that the month has."""
    length = month.last_day.day
    return month.first_day.replace(day=min(day, length) if day > 0 else max(length + day + 1, 1))


def _nth_weekday(month: Period, weekday: int, nth: int) -> date | None:
    days = [month.first_day + timedelta(days=n) for n in range(month.last_day.day)]
    days = [day for day in days if day.weekday() == weekday]
    return days[nth - 1 if nth > 0 else nth] if -len(days) <= nth <= len(days) else None
