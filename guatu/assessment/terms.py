"""Terms (期) of an assessment: a month, a quarter, a half-year or a year, and how they follow each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from guatu.language import gettext as _
from guatu.values import Period

Kind = Literal["month", "quarter", "half", "year"]

MONTHS: dict[Kind, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
"""How many months a term of each kind holds."""


@dataclass(frozen=True, slots=True)
class Term:
    """The `number`-th term of its kind in a year: Term("quarter", 2023, 3) is 2023年三季度."""

    kind: Kind
    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Term:
        """Read `2023-09`, `2023Q3`, `2023H1` or `2023`. Raises ValueError that says what was expected."""
        clean = text.strip().upper().replace("-Q", "Q").replace("-H", "H")
        if match := re.fullmatch(r"(\d{4})-(\d{1,2})", clean):
            period = Period(int(match[1]), int(match[2]))
            return cls("month", period.year, period.month)
        if match := re.fullmatch(r"(\d{4})(Q[1-4]|H[12])?", clean):
            part = match[2] or ""
            kind: Kind = "quarter" if part.startswith("Q") else "half" if part else "year"
            return cls(kind, int(match[1]), int(part[1:]) if part else 1)
        raise ValueError(
            _("“{text}”不是期别，应写作 2023-09（月）、2023Q3（季）、2023H1（半年）或 2023（年）").format(
                text=text
            )
        )

    def __str__(self) -> str:
        if self.kind == "month":
            return f"{self.year:04d}-{self.number:02d}"
        letter = {"quarter": "Q", "half": "H"}.get(self.kind)
        return f"{self.year:04d}{letter}{self.number}" if letter else f"{self.year:04d}"

    @property
    def order(self) -> int:
        """Terms of one kind that follow each other have orders that follow each other."""
        return self.year * (12 // MONTHS[self.kind]) + self.number - 1

    @classmethod
    def of_order(cls, kind: Kind, order: int) -> Term:
        in_year = 12 // MONTHS[kind]
        return cls(kind, order // in_year, order % in_year + 1)

    @property
    def last_month(self) -> Period:
        """The last month of the term: cumulative facts of a term are those of this month."""
        return Period(self.year, self.number * MONTHS[self.kind])

    def holds(self, other: Term) -> bool:
        """Whether a term of the same or a shorter kind lies in this one."""
        start = self.last_month.index - MONTHS[self.kind]
        return (
            start < other.last_month.index <= self.last_month.index
            and MONTHS[other.kind] <= MONTHS[self.kind]
        )

    @property
    def label(self) -> str:
        """For people: 2023年9月, 2023年三季度, 2023年上半年, 2023年."""
        if self.kind == "month":
            return _("{year}年{month}月").format(year=self.year, month=self.number)
        if self.kind == "quarter":
            return _("{year}年{quarter}季度").format(year=self.year, quarter="一二三四"[self.number - 1])
        if self.kind == "half":
            return (_("{year}年上半年") if self.number == 1 else _("{year}年下半年")).format(year=self.year)
        return _("{year}年").format(year=self.year)
