"""The working manual (工作手册): for each project who answers in which duty, the goals, the tasks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from guatu.documents.docx import add, add_block, describe, letter_head, title
from guatu.documents.page_layout import STYLE_BODY, new_paper
from guatu.documents.paper import Column, Heading, Table
from guatu.documents.wording import gettext as _


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers in a duty, under the scheme's name for it; an empty `who` is a duty nobody has yet."""

    duty: str
    who: str
    since: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class ManualEntry:
    """A project in the manual. Texts are ready to print; an empty one is not known and printed as –."""

    code: str
    name: str
    place: str
    stage: str
    investment: str
    planned: str
    goal: str
    tasks: str
    dates: str
    answering: tuple[Answering, ...]

    def lines(self) -> Iterator[tuple[str, str]]:
        """Label and text of each line, in the order of the page and the paper."""
        yield _("建设地点"), self.place
        yield _("项目阶段"), self.stage
        yield _("总投资"), self.investment
        yield _("年度计划"), self.planned
        yield _("年度目标"), self.goal
        yield _("建设内容和任务"), self.tasks
        yield _("计划开工和竣工"), self.dates


def write_manual_docx(
    subject: str, agency: str, day: str, entries: Sequence[ManualEntry], target: str | Path | IO[bytes]
) -> None:
    """Write the manual to a path or a binary stream; one heading and two tables for each project."""
    paper = new_paper()
    describe(paper, subject, agency, day, None)
    letter_head(paper, agency)
    title(paper, subject, None)
    add(
        paper, _("共{count}个项目；人员按{day}的任职和分工。").format(count=len(entries), day=day), STYLE_BODY
    )
    for number, entry in enumerate(entries, 1):
        add_block(paper, Heading(f"{number}. {entry.name}", 2))
        add_block(
            paper,
            Table(
                _("项目代码 {code}").format(code=entry.code),
                (Column(_("项目"), "left"), Column(_("内容"), "left", wraps=True)),
                tuple((label, text or "–") for label, text in entry.lines()),
            ),
        )
        phones = any(one.phone for one in entry.answering)
        columns = (
            Column(_("责任"), "left"),
            Column(_("单位或姓名"), "left", wraps=True),
            Column(_("起始日"), "left"),
        )
        add_block(
            paper,
            Table(
                "",
                (*columns, Column(_("联系电话"), "left")) if phones else columns,
                tuple(
                    (one.duty, one.who or _("未定"), one.since or "–")
                    + ((one.phone or "–",) if phones else ())
                    for one in entry.answering
                ),
            ),
        )
    paper.save(str(target) if isinstance(target, Path) else target)
