"""What the page of the ledger shows: tabs, filters, head, rows, sums, pages. Templates compose it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from guatu.portfolio.project import STAGE_NAMES, Stage
from guatu.server.accounts.models import Account
from guatu.server.accounts.rights import Verb, may
from guatu.server.assessment.models import JudgedMonth
from guatu.server.known import Known
from guatu.server.portfolio import filters
from guatu.server.portfolio.columns import (
    ALWAYS,
    COLUMNS,
    Column,
    Line,
    chosen_columns,
    rows_html,
    sums_html,
)
from guatu.server.portfolio.filters import Asked, LedgerFilter
from guatu.server.portfolio.ledger_choices import choices, short_names
from guatu.server.portfolio.ledger_queries import (
    PAGE_SIZE,
    SORTS,
    Month,
    Seen,
    Sums,
    page_rows,
    sort_in_force,
    sums_by_stage,
    sums_of,
)
from guatu.server.portfolio.past import make_ready
from guatu.server.schemes.queries import scheme_in_force

STAGE_ORDER: Final = [str(stage) for stage in STAGE_NAMES]

PLAIN: Final = "?plain="
"""The query of the ledger without any filter, so that it does not open with the view a person begins with."""
LEADERS_OFFERED: Final = 200
"""So many names at most are offered while a leader's name is typed."""

RISING_FIRST: Final = frozenset(
    {"position", "name", "county", "category", "stage", "level", "planned_start", "planned_finish"}
    | {"department", "responsible_unit", "county_leader", "city_leader", "company"}
)
"""The sorts that a first press on the head puts in rising order; figures begin with the largest."""


def seen_by(user: Account, judged: JudgedMonth | None, known: Known | None = None) -> Seen:
    """What `user` may see of the ledger in a judged month; on a past day, of the projects as they were then."""
    month = Month(judged.pk, judged.period, judged.as_of, judged.entry_id) if judged else None
    if known is not None:
        make_ready(known)
    return Seen(user, month, scheme_in_force(), known=known)


def asked_in(query: QueryDict, seen: Seen) -> Asked:
    """The filter in an address, held against what can be chosen. One query where the values are not kept."""
    known = {
        name: frozenset(choice.value for choice in values)
        for name, values in choices(seen, filters.ALL_PHASES).items()
    }
    known["light"] |= set(seen.scheme.levels)
    known["size"] |= {tier.class_ for tier in seen.scheme.text.size_tier}
    found = filters.asked(query, known=known, sorts=frozenset(SORTS), scheme=seen.scheme, period=seen.period)
    if seen.known is None:
        return found
    return replace(found, filter=replace(found.filter, known=seen.known.day.isoformat()))


def project_href(code: str, query: str = "") -> str:
    """The address of a project's page, with the query of the ledger that it was opened from."""
    return f"{reverse('ledger')}{quote(code, safe='')}/{query}"


def ledger_context(seen: Seen, asked: Asked, columns_kept: str | None) -> dict[str, Any]:
    """All that the templates of the ledger need (portfolio/ledger.html says what)."""
    wanted, errors = asked.filter, dict(asked.errors)
    by_stage = sums_by_stage(seen, wanted)
    sums = sums_of(by_stage, wanted.stages)
    pages = max(1, -(-sums.projects // PAGE_SIZE))
    if wanted.page > pages:
        errors["page"] = _("只有 %d 页，已显示最后一页。") % pages
        wanted = replace(wanted, page=pages)
    columns = chosen_columns(wanted.columns or columns_kept, wanted.phase)
    plain = LedgerFilter(period=wanted.period, known=wanted.known)
    return {
        "wanted": wanted,
        "errors": errors,
        "tabs": list(_tabs(wanted, by_stage)),
        "stages": list(_stages(wanted, by_stage, seen)),
        "selects": list(_selects(seen, wanted, errors)),
        "flags": _flags(wanted),
        "orders": _orders(wanted),
        "leaders": [choice.value for choice in choices(seen, wanted.phase)["leader"]][:LEADERS_OFFERED],
        "columns": columns,
        "choosable": [
            {
                "key": column.key,
                "words": _(column.words),
                "chosen": column in columns,
                "fixed": column.key in ALWAYS,
            }
            for column in COLUMNS
        ],
        "heads": list(_heads(columns, wanted)),
        "rows": rows_html(_lines(seen, wanted, sums), columns),
        "sums": sums_html(sums, columns) if sums.projects else "",
        "projects": sums.projects,
        "pager": _pager(wanted, sums.projects),
        "month": seen.month,
        "query": wanted.query(page=wanted.page),
        "export": reverse("ledger-export") + wanted.query() if may(seen.user, Verb.EXPORT) else "",
        "export_csv": reverse("ledger-csv") + wanted.query() if may(seen.user, Verb.EXPORT) else "",
        "shown": replace(wanted, columns=wanted.columns or (columns_kept or "")).query(period="", known=""),
        "elsewhere": list(_elsewhere(wanted, by_stage)) if not sums.projects else [],
        "anything": bool(choices(seen, filters.ALL_PHASES)["county"]),
        "clear": reverse("ledger") + (replace(plain, stage=wanted.phase).query() or PLAIN),
    }


def _lines(seen: Seen, wanted: LedgerFilter, sums: Sums) -> Iterator[Line]:
    found = page_rows(seen, wanted, wanted.page, sums) if sums.projects else []
    query = wanted.query()
    base = reverse("ledger")
    short = short_names(seen)
    for number, row in enumerate(found, start=(wanted.page - 1) * PAGE_SIZE + 1):
        yield Line(row, number, f"{base}{quote(row.code, safe='')}/{query}", seen.scheme, short)


def _tabs(wanted: LedgerFilter, by_stage: dict[str, Sums]) -> Iterator[dict[str, Any]]:
    """The tabs that hold projects under the filters, the present one and the first two always."""
    for phase, words in filters.PHASE_WORDS.items():
        projects = sums_of(by_stage, filters.PHASES[phase]).projects
        if projects or phase == wanted.phase or phase in (filters.BUILDING_PHASE, "preliminary"):
            yield {
                "phase": phase,
                "words": _(words),
                "projects": projects,
                "href": reverse("ledger") + (wanted.query(stage=phase, sort="") or PLAIN),
                "current": phase == wanted.phase,
            }


def _stages(wanted: LedgerFilter, by_stage: dict[str, Sums], seen: Seen) -> Iterator[dict[str, Any]]:
    """The stages inside the tab, where it holds several."""
    if len(filters.PHASES[wanted.phase]) < 2:
        return
    usual = {str(Stage.NEW), str(Stage.CONTINUING), wanted.stage}
    held = filters.PHASES[wanted.phase] & (usual | by_stage.keys())
    for stage in sorted(held, key=STAGE_ORDER.index):
        yield {
            "value": stage,
            "words": filters.stage_words(stage, seen.scheme),
            "projects": by_stage.get(stage, Sums()).projects,
            "chosen": stage == wanted.stage,
        }


def _selects(seen: Seen, wanted: LedgerFilter, errors: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The filters that are chosen from a list; one without a choice is absent, unless it is on."""
    offered = choices(seen, wanted.phase)
    tiers = {tier.class_: tier.name for tier in seen.scheme.text.size_tier}
    for name in filters.FACETS:
        now = getattr(wanted, name)
        values = [choice for choice in offered[name] if choice.projects or choice.value == now]
        if name == "light" and not filters.PHASES[wanted.phase] & filters.PHASES[filters.BUILDING_PHASE]:
            values = values if now and wanted.phase != filters.ALL_PHASES else []
        if len(values) < 2 and not now and name not in errors:
            continue
        options = [
            {
                "value": choice.value,
                "words": _words_of(name, choice.value, tiers, seen),
                "projects": choice.projects,
                "chosen": choice.value == now,
            }
            for choice in values
        ]
        if now and not any(option["chosen"] for option in options):
            words = _words_of(name, now, tiers, seen)
            options.append({"value": now, "words": words, "projects": 0, "chosen": True})
        yield {
            "name": name,
            "words": _(filters.FACET_WORDS[name]),
            "options": options,
            "chosen": bool(now),
            "error": errors.get(name, ""),
        }


def _words_of(name: str, value: str, tiers: dict[str, str], seen: Seen) -> str:
    if name == "light":
        return filters.light_word(value, seen.scheme)
    return tiers.get(value, value) if name == "size" else value


def _flags(wanted: LedgerFilter) -> list[dict[str, Any]]:
    """The filters that are on or off; they say something only of projects under construction."""
    if wanted.phase not in (filters.BUILDING_PHASE, filters.ALL_PHASES):
        return []
    flags = [
        {"name": name, "value": "1", "words": _(words), "chosen": getattr(wanted, name)}
        for name, words in filters.FLAGS.items()
    ]
    not_started = {"name": "started", "value": "no", "words": _("应开未开"), "chosen": wanted.not_started}
    return [*flags, not_started]


ORDERS: Final[Mapping[str, str]] = {
    "": gettext_noop("通常次序"),
    "points": gettext_noop("比序时，由低到高"),
    "percent": gettext_noop("完成率，由低到高"),
    "-total": gettext_noop("总投资，由大到小"),
    "-planned": gettext_noop("年计划，由大到小"),
    "name": gettext_noop("名称，按拼音"),
    "county": gettext_noop("县区"),
}
"""The orders offered in a list, where the heads of the columns are not shown."""


def _orders(wanted: LedgerFilter) -> list[dict[str, Any]]:
    orders = [
        {"value": sort, "words": _(words), "chosen": sort == wanted.sort} for sort, words in ORDERS.items()
    ]
    if wanted.sort not in ORDERS:
        orders.append({"value": wanted.sort, "words": _("按所选的列"), "chosen": True})
    return orders


def _heads(columns: tuple[Column, ...], wanted: LedgerFilter) -> Iterator[dict[str, Any]]:
    now = sort_in_force(wanted)
    for column in columns:
        order = (
            {column.sort: "ascending", f"-{column.sort}": "descending"}.get(now, "") if column.sort else ""
        )
        rising = order == "descending" or (not order and column.sort in RISING_FIRST)
        yield {
            "id": f"ledger-by-{column.key}",
            "words": _(column.words),
            "unit": _(column.unit) if column.unit else "",
            "css": column.css,
            "order": order,
            "href": reverse("ledger") + wanted.query(sort=column.sort if rising else f"-{column.sort}")
            if column.sort
            else "",
        }


def _pager(wanted: LedgerFilter, projects: int) -> dict[str, Any]:
    """The context of frame/_pager.html."""
    page: Page[int] = Paginator(range(projects), PAGE_SIZE).page(wanted.page)
    base = reverse("ledger")

    def href(number: int) -> str:
        return base + (wanted.query(page=number) or PLAIN)

    return {
        "page": page,
        "what": _("个项目"),
        "numbers": [
            {"number": number, "href": href(number) if isinstance(number, int) else ""}
            for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
        ],
        "before": href(page.number - 1) if page.has_previous() else "",
        "after": href(page.number + 1) if page.has_next() else "",
    }


def _elsewhere(wanted: LedgerFilter, by_stage: dict[str, Sums]) -> Iterator[dict[str, Any]]:
    """The tabs in which the same filters do find something, for a page that is empty."""
    for phase, words in filters.PHASE_WORDS.items():
        projects = sums_of(by_stage, filters.PHASES[phase]).projects
        if projects and phase not in (wanted.phase, filters.ALL_PHASES):
            href = reverse("ledger") + wanted.query(stage=phase, sort="")
            yield {"words": _(words), "projects": projects, "href": href}
