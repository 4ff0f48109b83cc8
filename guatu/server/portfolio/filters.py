"""The filters of the ledger: read from the address, checked, said in words, put as conditions on projects.

Parameters: q, stage, category, level, county, size, light, leader, department, silent, late, questioned,
started=no, sort, page. A value that cannot be is left out, and said beside its filter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from django.db.models import Q
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from guatu.portfolio.project import BUILDING, STAGE_NAMES, Stage
from guatu.schemes.load import Scheme
from guatu.values import FEN_PER_YI, Period

UNCLASSED: Final = "未分类"
"""The class of a project of which the ledger does not say one, as the cuts of a judged month name it."""

BUILDING_PHASE: Final = "building"
ALL_PHASES: Final = "all"
PHASES: Final[Mapping[str, frozenset[str]]] = {
    BUILDING_PHASE: frozenset(str(stage) for stage in BUILDING),
    "preliminary": frozenset({str(Stage.PRELIMINARY)}),
    "reserve": frozenset({str(Stage.RESERVE)}),
    "withdrawn": frozenset({str(Stage.WITHDRAWN)}),
    ALL_PHASES: frozenset(),
}
"""The tabs of the ledger and the stages in each; no stages: whatever the stage."""

PHASE_WORDS: Final[Mapping[str, str]] = {
    BUILDING_PHASE: gettext_noop("在建"),
    "preliminary": gettext_noop("前期"),
    "reserve": gettext_noop("储备"),
    "withdrawn": gettext_noop("调出"),
    ALL_PHASES: gettext_noop("全部"),
}

FLAGS: Final[Mapping[str, str]] = {
    "silent": gettext_noop("未报"),
    "late": gettext_noop("迟报"),
    "questioned": gettext_noop("待核"),
}
"""The filters that are on or off, beside `started=no`."""

TEXT_FILTERS: Final = ("q", "stage", "category", "level", "county", "size", "light", "leader", "department")
FACETS: Final = ("category", "level", "county", "size", "light", "department")
"""The filters whose values are known: each is chosen from a list."""

FACET_WORDS: Final[Mapping[str, str]] = {
    "q": gettext_noop("搜索"),
    "stage": gettext_noop("阶段"),
    "category": gettext_noop("行业"),
    "level": gettext_noop("层级"),
    "county": gettext_noop("县区"),
    "size": gettext_noop("规模"),
    "light": gettext_noop("灯"),
    "leader": gettext_noop("包保领导"),
    "department": gettext_noop("牵头部门"),
}

COLUMN_KEYS: Final = re.compile(r"[a-z_]+(?:\.[a-z_]+){0,40}")
"""What an address may say of columns; keys that are none are passed over."""
LONGEST: Final = 100
"""Characters of a text that is searched for."""


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """What of the ledger is asked for; an empty text filters nothing. `sort` is empty for the order of the tab.

    `columns` names the columns to show (keys with dots between; empty: as the browser keeps them). `period` and `known`
    filter nothing either: they are the month and the past day that the address names, so that links keep them.
    """

    q: str = ""
    stage: str = BUILDING_PHASE
    category: str = ""
    level: str = ""
    county: str = ""
    size: str = ""
    light: str = ""
    leader: str = ""
    department: str = ""
    silent: bool = False
    late: bool = False
    questioned: bool = False
    not_started: bool = False
    sort: str = ""
    page: int = 1
    columns: str = ""
    period: str = ""
    known: str = ""

    @property
    def phase(self) -> str:
        """The tab that the stage belongs to."""
        if self.stage in PHASES:
            return self.stage
        return next(phase for phase, stages in PHASES.items() if self.stage in stages)

    @property
    def stages(self) -> frozenset[str]:
        """The stages asked for; empty: whatever the stage."""
        return PHASES.get(self.stage, frozenset({self.stage}))

    @property
    def narrowed(self) -> int:
        """How many filters are on, beside the tab."""
        named = (self.q, *(getattr(self, name) for name in FACETS), self.leader)
        flags = (self.silent, self.late, self.questioned, self.not_started, self.stage not in PHASES)
        return sum(bool(value) for value in (*named, *flags))

    def query(self, **changes: object) -> str:
        """The query of the address for this filter with some changes, with its “?”; "" for the plain ledger.

        The page is left out unless it is among the changes.
        """
        changed = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]
        plain = LedgerFilter()
        pairs = [
            (name, str(getattr(changed, name)))
            for name in (*TEXT_FILTERS, "sort", "columns", "period", "known")
            if getattr(changed, name) != getattr(plain, name)
        ]
        pairs += [(name, "1") for name in FLAGS if getattr(changed, name)]
        if changed.not_started:
            pairs.append(("started", "no"))
        if changed.page > 1:
            pairs.append(("page", str(changed.page)))
        return f"?{urlencode(pairs)}" if pairs else ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter as read from an address, and what of it could not be used, by parameter, in Chinese."""

    filter: LedgerFilter
    errors: Mapping[str, str] = field(default_factory=dict)


def stage_named(text: str, scheme: Scheme) -> str | None:
    """The stage or tab that `text` means: its identifier, or its name in the scheme. None: there is none."""
    if text in PHASES or text in STAGE_NAMES:
        return text
    for words in scheme.text.stage:
        if text == words.name or text in words.aliases:
            return str(words.id)
    return next((str(stage) for stage, name in STAGE_NAMES.items() if name == text), None)


def asked(
    query: QueryDict,
    *,
    known: Mapping[str, frozenset[str]],
    sorts: frozenset[str],
    scheme: Scheme,
    period: Period | None,
) -> Asked:
    """The filter in an address. `known` holds the values of each facet, `sorts` the names one can sort by.

    `period` is the month that is shown, whatever the address says.
    """
    values: dict[str, object] = {}
    errors: dict[str, str] = {}
    for name in TEXT_FILTERS:
        text = query.get(name, "").replace("\x00", "").strip()
        if len(text) > LONGEST:
            errors[name] = _("“%(filter)s”最多 %(most)d 个字，这一条没有用。") % {
                "filter": _(FACET_WORDS[name]),
                "most": LONGEST,
            }
        elif text:
            values[name] = text
    _read_stage(values, errors, scheme)
    if values.get("light") == "silent":
        del values["light"]
        values["silent"] = True
    for name in FACETS:
        if name in values and values[name] not in known[name]:
            errors[name] = _unknown(name, str(values.pop(name)))
    for name in FLAGS:
        text = query.get(name, "")
        if text in ("1", "true", "yes", "on"):
            values[name] = True
        elif text not in ("", "0", "false", "no"):
            errors[name] = _("“%(filter)s”只能写 1，现为“%(found)s”，这一条没有用。") % {
                "filter": _(FLAGS[name]),
                "found": text[:20],
            }
    _read_started(query, values, errors)
    _read_sort(query, values, errors, sorts)
    _read_page(query, values, errors)
    if COLUMN_KEYS.fullmatch(text := query.get("columns", "")):
        values["columns"] = text
    if text := query.get("period", ""):
        if text == str(period):
            values["period"] = text
        else:
            errors["period"] = _("“%s”没有判定过，已显示网站所选的月份。") % text[:20]
    return Asked(LedgerFilter(**values), errors)  # type: ignore[arg-type]


def _unknown(name: str, found: str) -> str:
    return _("“%(filter)s”里没有“%(found)s”，这一条没有用；请从列表里选。") % {
        "filter": _(FACET_WORDS[name]),
        "found": found[:40],
    }


def _read_stage(values: dict[str, object], errors: dict[str, str], scheme: Scheme) -> None:
    if "stage" not in values:
        return
    stage = stage_named(str(values["stage"]), scheme)
    if stage is None:
        errors["stage"] = _unknown("stage", str(values.pop("stage")))
    else:
        values["stage"] = stage


def _read_started(query: QueryDict, values: dict[str, object], errors: dict[str, str]) -> None:
    text = query.get("started", "")
    if text == "no":
        values["not_started"] = True
    elif text:
        errors["started"] = _("started 只能写 no（应开工而未开工），现为“%s”，这一条没有用。") % text[:20]


def _read_sort(
    query: QueryDict, values: dict[str, object], errors: dict[str, str], sorts: frozenset[str]
) -> None:
    text = query.get("sort", "")
    if text.removeprefix("-") in sorts:
        values["sort"] = text
    elif text:
        errors["sort"] = _("没有“%s”这种排序，已按通常的次序排列；请按表头排序。") % text[:40]


def _read_page(query: QueryDict, values: dict[str, object], errors: dict[str, str]) -> None:
    text = query.get("page", "")
    if text.isascii() and text.isdecimal() and int(text[:9]) > 0:
        values["page"] = int(text[:9])
    elif text:
        errors["page"] = _("页码应为从 1 起的整数，现为“%s”，已显示第 1 页。") % text[:20]


def conditions(wanted: LedgerFilter, period: Period | None, scheme: Scheme) -> Q:
    """The condition on Project of everything but the stage.

    The rows must carry the relation `standing` of the month (ledger_queries.with_standing). The cost is one
    walk through the projects: a text may stand anywhere in name, code and initials.
    """
    found = Q()
    for word in wanted.q.split():
        found &= Q(name__icontains=word) | Q(code__icontains=word) | Q(pinyin__contains=word.lower())
    if wanted.category:
        found &= Q(category__in=category_names(wanted.category, scheme))
    for name in ("level", "county"):
        if value := getattr(wanted, name):
            found &= Q(**{name: "" if value == UNCLASSED else value})
    if wanted.size:
        found &= size_condition(wanted.size, scheme)
    if wanted.leader:
        found &= Q(city_leader__icontains=wanted.leader) | Q(county_leader__icontains=wanted.leader)
    if wanted.department:
        found &= Q(lead_department__name=wanted.department)
    if wanted.light:
        found &= Q(standing__level=wanted.light)
    building = Q(stage__in=PHASES[BUILDING_PHASE])
    if wanted.silent:
        found &= building & Q(standing__reported=False)
    if wanted.late:
        found &= building & Q(standing__late=True)
    if wanted.questioned:
        found &= building & Q(standing__questioned=True)
    if wanted.not_started:
        due = Q(planned_start__gt="", planned_start__lte=str(period)) if period else Q()
        found &= Q(stage=str(Stage.NEW), standing__started=False) & due
    return found


def category_names(name: str, scheme: Scheme) -> tuple[str, ...]:
    """What ledgers may write for a category of the scheme."""
    if name == UNCLASSED:
        return ("",)
    aliases = (category.aliases for category in scheme.text.category if category.name == name)
    return (name, *next(aliases, ()))


def size_condition(name: str, scheme: Scheme) -> Q:
    """The condition that the total investment lies in a size tier of the scheme."""
    if name == UNCLASSED:
        return Q(total__isnull=True)
    band = next(tier.band() for tier in scheme.text.size_tier if tier.class_ == name)
    found = Q(total__isnull=False)
    if band.low is not None:
        found &= Q(**{f"total__{'gte' if band.low_included else 'gt'}": int(band.low * FEN_PER_YI)})
    if band.high is not None:
        found &= Q(**{f"total__{'lte' if band.high_included else 'lt'}": int(band.high * FEN_PER_YI)})
    return found


def sentence(wanted: LedgerFilter, scheme: Scheme) -> str:
    """The filter in words, for the head of an export: 在建；行业：产业；灯：红."""
    stage = _(PHASE_WORDS[wanted.stage]) if wanted.stage in PHASES else stage_words(wanted.stage, scheme)
    parts = [stage]
    tiers = {tier.class_: tier.name for tier in scheme.text.size_tier}
    for name in ("q", *FACETS, "leader"):
        value = getattr(wanted, name)
        if not value:
            continue
        if name == "light":
            value = light_word(value, scheme)
        if name == "size":
            value = tiers.get(value, value)
        parts.append(_("%(filter)s：%(value)s") % {"filter": _(FACET_WORDS[name]), "value": value})
    parts += [_(words) for name, words in FLAGS.items() if getattr(wanted, name)]
    if wanted.not_started:
        parts.append(_("应开未开"))
    return "；".join(parts)


def stage_words(stage: str, scheme: Scheme) -> str:
    """The name of a stage: the scheme's own, else the general one."""
    for words in scheme.text.stage:
        if str(words.id) == stage:
            return words.name
    return STAGE_NAMES[Stage(stage)] if stage in STAGE_NAMES else "–"


def light_word(level: str, scheme: Scheme) -> str:
    """The name of a level of the lights: the scheme's own."""
    known = scheme.levels.get(level)
    return known.name if known else _("不判灯")
