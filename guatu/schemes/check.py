"""What a scheme leaves open or contradicts: `guatu scheme check`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from pydantic import BaseModel

from guatu.language import gettext as _
from guatu.portfolio.facts import UNIT_NAMES, Unit
from guatu.schemes.check_due import check_due
from guatu.schemes.check_levels import check_levels
from guatu.schemes.check_quality import check_quality
from guatu.schemes.check_reach import check_reach
from guatu.schemes.check_rewards import check_rewards
from guatu.schemes.check_scales import check_scales
from guatu.schemes.check_sheets import check_sheets
from guatu.schemes.check_steps import check_steps
from guatu.schemes.entries import level_name
from guatu.schemes.formulas import rules_of
from guatu.schemes.lights import Light, LightChange, Ranking
from guatu.schemes.load import Scheme, SchemeFault
from guatu.schemes.published import PublishedRow, PublishedShare
from guatu.supervision.bands import Band, band_errors
from guatu.values import Period, half_up, number_text

UNIT_OF_RESULT = {
    "percentage_points": (Unit.RATIO_DIFFERENCE, Unit.PERCENTAGE_POINTS),
    "percent": (Unit.RATIO, Unit.PERCENT),
    "ratio": (Unit.RATIO,),
    "count": (Unit.COUNT, Unit.NUMBER, Unit.FLAG),
    "number": (Unit.NUMBER,),
}
"""Which formula units a declared unit may stand for."""


def check_scheme(scheme: Scheme) -> list[SchemeFault]:
    """Every fault of a loaded scheme: errors, warnings and notes, in the order of the file."""
    faults = [
        *_bands(scheme),
        *_units(scheme),
        *_references(scheme),
        *_published(scheme),
        *check_sheets(scheme),
        *check_scales(scheme),
        *check_reach(scheme),
        *check_levels(scheme),
        *check_steps(scheme),
        *check_rewards(scheme),
        *check_due(scheme),
        *check_quality(scheme),
    ]
    return [*faults, *_clauses(scheme)]


def has_errors(faults: Sequence[SchemeFault]) -> bool:
    return any(fault.severity == "error" for fault in faults)


def _bands(scheme: Scheme) -> Iterator[SchemeFault]:
    for index, light in enumerate(scheme.text.light):
        for version in light.versions():
            where = f"light[{index}].{version.key}.band" if version.key else f"light[{index}].band"
            for message in band_errors(_named(scheme, version.bands)):
                yield SchemeFault("error", "scheme.toml", where, message, scheme.cite(version.clause))
        for place, change in enumerate(light.change):
            yield from _change(scheme, f"light[{index}].change[{place}]", light, change)
    for message in (
        band_errors([tier.band() for tier in scheme.text.size_tier]) if scheme.text.size_tier else []
    ):
        yield SchemeFault("error", "scheme.toml", "size_tier", message)


def _change(scheme: Scheme, key: str, light: Light, change: LightChange) -> Iterator[SchemeFault]:
    """A change that changes nothing, never comes, or comes twice in one month."""
    cite = scheme.cite(change.clause)
    if change.measure is None and not change.band:
        yield SchemeFault(
            "error", "scheme.toml", key, _("没有写变成什么：band（档）或 measure（算式）"), cite
        )
    if change.valid_from.year != scheme.text.scheme.year:
        yield SchemeFault("warning", "scheme.toml", f"{key}.from", _("起算日不在方案的 {year} 年之内").format(
            year=scheme.text.scheme.year), cite)  # fmt: skip
    month = Period.of(change.valid_from)
    if sum(Period.of(other.valid_from) == month for other in light.change) > 1:
        yield SchemeFault("error", "scheme.toml", f"{key}.from", _("{month}有两次变化：灯按月判定，一个月只能变一次").format(
            month=month.label), cite)  # fmt: skip


def _named(scheme: Scheme, bands: Sequence[Band]) -> list[Band]:
    """Bands under the names of their levels, for sentences."""
    return [replace(band, level=level_name(scheme, band.level)) for band in bands]


def _units(scheme: Scheme) -> Iterator[SchemeFault]:
    for key, rule in rules_of(scheme.text):
        yield from _unit_faults(scheme, key, rule)


def _unit_faults(scheme: Scheme, key: str, rule: Light | Ranking) -> Iterator[SchemeFault]:
    texts = [rule.measure] if isinstance(rule, Light) else [rule.value]
    texts += [change.measure for change in rule.change if change.measure] if isinstance(rule, Light) else []
    cite = scheme.cite(rule.clause)
    for text in texts:
        formula = scheme.formulas[text]
        if formula.unit not in UNIT_OF_RESULT[rule.unit]:
            yield SchemeFault(
                "error", "scheme.toml", f"{key}.unit", _unit_message(rule.unit, formula.unit), cite
            )
    if rule.applies and scheme.formulas[rule.applies].unit is not Unit.FLAG:
        yield SchemeFault("error", "scheme.toml", f"{key}.applies", _("适用范围要写成条件"), cite)


def _unit_message(declared: str, actual: Unit) -> str:
    if declared == "percentage_points" and actual is Unit.RATIO:
        return _(
            "百分点是两个比率之差；这个公式是相对差距（一个比率），应写 percent，或把公式写成两个比率相减"
        )
    if declared == "percent" and actual is Unit.RATIO_DIFFERENCE:
        return _("这个公式是两个比率之差，应写 percentage_points")
    return _('公式得出的是{actual}，与 unit = "{declared}" 不符').format(
        actual=UNIT_NAMES[actual], declared=declared
    )


def _references(scheme: Scheme) -> Iterator[SchemeFault]:
    known = "、".join(scheme.levels)
    for index, light in enumerate(scheme.text.light):
        keyed = [(f"band[{place}]", band) for place, band in enumerate(light.band)]
        for number, change in enumerate(light.change):
            keyed += [(f"change[{number}].band[{place}]", band) for place, band in enumerate(change.band)]
        for where, band in keyed:
            if band.level not in scheme.levels:
                yield SchemeFault("error", "scheme.toml", f"light[{index}].{where}.level", _(
                    "没有名为“{level}”的灯，已定的有：{known}").format(level=band.level, known=known), scheme.cite(light.clause))  # fmt: skip
    text = scheme.text
    for kind, names in (
        ("light", [light.id for light in text.light]),
        ("ranking", [ranking.id for ranking in text.ranking]),
        ("category", [category.id for category in text.category]),
        ("level", [level.id for level in text.level]),
        ("role", [role.id for role in text.role]),
    ):
        for index, name in enumerate(names):
            if name in names[:index]:
                yield SchemeFault(
                    "error", "scheme.toml", f"{kind}[{index}].id", _("“{id}”重复").format(id=name)
                )
    if not any(level.gravity == 0 for level in scheme.text.level):
        yield SchemeFault("error", "scheme.toml", "level", _("要有一档 gravity = 0（正常）"))


def _published(scheme: Scheme) -> Iterator[SchemeFault]:
    """Published totals against their own rows; rounding is told from contradiction."""
    published = scheme.text.published
    if published is None:
        return
    for index, table in enumerate(published.table):
        if table.sum is None:
            continue
        cite = scheme.cite(table.clause)
        for name, label in (("projects", _("项目数")), ("total", _("总投资")), ("planned", _("年度计划"))):
            stated: Decimal | int | None = getattr(table.sum, name)
            parts = [getattr(row, name) for row in table.row]
            if stated is None or any(part is None for part in parts):
                continue
            key = f"published.table[{index}].{name}"
            decimals = 0 if name == "projects" else table.decimals
            exact = name == "projects"
            yield from _sum_faults(
                key, label, [Decimal(part) for part in parts], Decimal(stated), decimals, exact, cite
            )
    for index, share in enumerate(published.share):
        yield from _share_faults(f"published.share[{index}].percent", share, scheme.cite(share.clause))
    quarters = published.quarters
    if quarters is None:
        return
    cite = scheme.cite(quarters.clause)
    if quarters.planned and quarters.planned_sum is not None:
        yield from _sum_faults("published.quarters.planned", _("四个季度的投资目标"), list(quarters.planned),
                               quarters.planned_sum, quarters.decimals, False, cite)  # fmt: skip
    if quarters.starts and quarters.starts_sum is not None:
        yield from _sum_faults("published.quarters.starts", _("各季度开工数"), [Decimal(n) for n in quarters.starts],
                               Decimal(quarters.starts_sum), 0, True, cite)  # fmt: skip
    yield from _percent_faults("published.quarters.cumulative_percent", quarters.planned, quarters.planned_sum,
                               quarters.cumulative_percent, cite)  # fmt: skip
    yield from _percent_faults(
        "published.quarters.starts_cumulative_percent", [Decimal(n) for n in quarters.starts],
        None if quarters.starts_sum is None else Decimal(quarters.starts_sum), quarters.starts_cumulative_percent, cite,
    )  # fmt: skip


def _sum_faults(
    key: str, label: str, parts: list[Decimal], stated: Decimal, decimals: int, exact: bool, cite: str
) -> Iterator[SchemeFault]:
    """A stated sum against its parts: equal says nothing; within rounding is a note; else a contradiction.

    n numbers printed at d decimals, and their printed sum, may differ by at most (n + 1) half units.
    """
    computed = sum(parts, Decimal(0))
    if computed == stated:
        return
    allowed = Decimal(0) if exact else (len(parts) + 1) * Decimal(5).scaleb(-decimals - 1)
    added = " + ".join(number_text(part, decimals) for part in parts)
    words = _("{label}：{added} = {computed}，文件写 {stated}").format(
        label=label,
        added=added,
        computed=number_text(computed, decimals),
        stated=number_text(stated, decimals),
    )
    if abs(computed - stated) <= allowed:
        yield SchemeFault("note", "scheme.toml", key, words + _("；相差在四舍五入之内"), cite)
    else:
        yield SchemeFault("warning", "scheme.toml", key, words + _("；四舍五入解释不了，原文自相矛盾"), cite)


def _share_faults(key: str, share: PublishedShare, cite: str) -> Iterator[SchemeFault]:
    """A stated percentage against its part and whole: rounded says nothing; cut off is a note; else a contradiction."""
    exact = Fraction(share.part) * 100 / Fraction(share.whole)
    rounded = half_up(exact, share.decimals)
    if rounded == share.percent:
        return
    cut = Decimal(int(exact * 10**share.decimals)).scaleb(-share.decimals)
    words = _("{name}：{part} ÷ {whole} = {computed}%，文件写 {stated}%").format(
        name=share.name, part=share.part, whole=share.whole, computed=rounded, stated=share.percent
    )
    if cut == share.percent:
        yield SchemeFault("note", "scheme.toml", key, words + _("；是截去尾数，不是四舍五入"), cite)
    else:
        yield SchemeFault("warning", "scheme.toml", key, words + _("；四舍五入解释不了，原文自相矛盾"), cite)


def _percent_faults(
    key: str, parts: Sequence[Decimal], whole: Decimal | None, stated: Sequence[Decimal], cite: str
) -> Iterator[SchemeFault]:
    if not stated or not whole or len(parts) != len(stated):
        return
    running = Decimal(0)
    for place, (part, percent) in enumerate(zip(parts, stated, strict=True), start=1):
        running += part
        computed = half_up(Fraction(running) * 100 / Fraction(whole), 1)
        if abs(computed - percent) > Decimal("0.1"):
            yield SchemeFault("warning", "scheme.toml", f"{key}[{place - 1}]", _(
                "累计到第 {place} 季度应为 {computed}%，文件写 {stated}%").format(
                    place=place, computed=computed, stated=percent), cite)  # fmt: skip


def _clauses(scheme: Scheme) -> Iterator[SchemeFault]:
    """Local choices are said aloud: what the source does not give."""
    for key, choice, clause in _choices(scheme.text, "", None):
        yield SchemeFault("note", "scheme.toml", key, _("本地选择：") + choice, scheme.cite(clause))


def _choices(part: BaseModel, key: str, clause: str | None) -> Iterator[tuple[str, str, str | None]]:
    """The local choices of a part and of the parts in it: the key, the words, the nearest clause."""
    clause = getattr(part, "clause", None) or clause
    choice = getattr(part, "local_choice", None)
    if choice:
        yield key, choice, clause
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        where = f"{key}.{field.alias or name}".lstrip(".")
        if isinstance(value, BaseModel):
            yield from _choices(value, where, clause)
        elif isinstance(value, tuple):
            for n, one in enumerate(value):
                if isinstance(one, BaseModel):
                    yield from _choices(one, f"{where}[{n}]", clause)


def published_rows(scheme: Scheme) -> Iterator[tuple[str, PublishedRow, str]]:
    """Every published row with its cut and clause, for holding against a ledger."""
    if scheme.text.published:
        for table in scheme.text.published.table:
            if table.cut:
                for row in table.row:
                    yield table.cut, row, scheme.cite(table.clause)
