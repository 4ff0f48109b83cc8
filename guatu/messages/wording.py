"""The words of messages: one text for one person, one for a group. No telephone number ever stands in one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from guatu.language import gettext as _
from guatu.messages.news import MANNERS, Manner, News

NUMBER: Final = re.compile(
    r"(?<![0-9A-Za-z-])(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)|(?<![0-9A-Za-z-])0\d{2,3}[- －]?\d{7,8}(?!\d)"
)
"""Mobile and landline numbers; the digits of a project's code are none."""
NAMED: Final = 12
"""So many units are named in a group; of the others the number is said."""


@dataclass(frozen=True, slots=True)
class Text:
    """A message: its title, and what stands under it."""

    title: str
    body: str


def manner_words(manner: Manner) -> str:
    """What a manner is called, in messages and in the settings of a person."""
    return {
        "overdue": _("逾期"),
        "returned": _("被退回"),
        "waiting": _("等您签发、审核或采用"),
        "soon": _("快到期"),
        "missing": _("别人还没有报"),
    }[manner]


def days_words(days: int) -> str:
    """How long is left, or how long it is over, in working days."""
    if days < 0:
        return _("超 {days} 个工作日").format(days=-days)
    return _("今天到期") if days == 0 else _("还有 {days} 个工作日").format(days=days)


def personal_text(found: Sequence[News], others: int, site: str) -> Text:
    """The one message in which a person hears everything that is new. `others` things are asked of him besides;
    `site` is the address of the site, empty where it has none that others reach."""
    first = found[0].matter.title
    title = (
        _("挂图提醒：{first}").format(first=first)
        if len(found) == 1
        else _("挂图提醒：{first}等 {count} 项").format(first=first, count=len(found))
    )
    lines: list[str] = []
    for manner in MANNERS:
        told = [one for one in found if one.matter.told_as == manner]
        if told:
            lines.append(_("【{manner}】").format(manner=manner_words(manner)))
            lines += [_line(one) for one in told]
    if others:
        lines.append(_("另有 {count} 项以前说过，仍在待办里。").format(count=others))
    if site:
        lines.append(_("打开网站办理：{site}").format(site=f"{site}/todo/"))
    return Text(without_numbers(title), without_numbers("\n".join(lines)))


def _line(one: News) -> str:
    words = _("· {title}：{text}").format(title=one.matter.title, text=one.matter.text)
    if len(one.matter.about) > len(one.fresh):
        words += _("，其中新到 {count} 份").format(count=len(one.fresh))
    if one.matter.days is not None:
        words += _("（{days}）").format(days=days_words(one.matter.days))
    return words


@dataclass(frozen=True, slots=True)
class Silent:
    """The units that have not handed in the reports of a month: name → how many of their projects; the most first."""

    month: str
    days: int
    units: tuple[tuple[str, int], ...]

    @property
    def projects(self) -> int:
        return sum(count for _name, count in self.units)

    @property
    def words(self) -> str:
        """The units by name, with the number of their projects."""
        named = "、".join(
            _("{unit} {count} 个").format(unit=name, count=count) for name, count in self.units[:NAMED]
        )
        more = len(self.units) - NAMED
        return named + (_("等 {count} 家单位").format(count=len(self.units)) if more > 0 else "")


def group_text(group: str, silent: Silent, site: str) -> Text:
    """What a group reads about the units that have not reported: units and numbers, no person."""
    title = _("挂图催报：{month}月报").format(month=silent.month)
    lines = [
        _("{group}范围内，{month}月报还有 {count} 个项目没有报送（{days}）。").format(
            group=group, month=silent.month, count=silent.projects, days=days_words(silent.days)
        ),
        silent.words + _("。"),
    ]
    if site:
        lines.append(_("请登录填报：{site}").format(site=f"{site}/reports/"))
    return Text(without_numbers(title), without_numbers("\n".join(lines)))


def without_numbers(text: str) -> str:
    """The text without telephone numbers, whoever wrote them into the name of a project or unit."""
    return NUMBER.sub(_("〔号码略〕"), text)
