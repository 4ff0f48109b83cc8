"""Lights and rankings of a scheme in words."""

from __future__ import annotations

from collections.abc import Iterator

from guatu.language import gettext as _
from guatu.schemes.entries import Entry, full_stop, level_name
from guatu.schemes.formula_words import formula_words
from guatu.schemes.lights import Light, LightChange, Ranking
from guatu.schemes.load import Scheme
from guatu.schemes.scopes import ENTITY_OF
from guatu.schemes.units import UNIT_WORDS, word
from guatu.values import Period


def describe_lights(scheme: Scheme) -> Iterator[Entry]:
    text = scheme.text
    if text.light:
        order = sorted(text.level, key=lambda level: level.gravity)
        yield Entry("level", _("灯的级别"), "", full_stop((_("由轻到重：{names}").format(
            names="、".join(level.name for level in order)),)))  # fmt: skip
        missing = (
            _("没有分月计划的按月均摊") if text.schedule.when_missing == "linear" else _("没有分月计划的不判")
        )
        yield Entry("schedule", _("序时进度"), scheme.cite(text.schedule.clause), full_stop((
            _("取自{curve}").format(curve=word(text.schedule.curve)), missing if text.schedule.curve != "linear" else "",
        )), text.schedule.local_choice or "")  # fmt: skip
    for light in text.light:
        yield from _light(scheme, light)
    names = {light.id: light.name for light in text.light}
    for combined in text.combined_light:
        said = [
            _("由{lights}合成").format(lights="、".join(f"“{names.get(one, one)}”" for one in combined.of))
        ]
        if combined.how == "worst":
            said.append(_("取最重的一盏"))
        said += [
            _("有 {n} 盏达到{level}或更重的，为{becomes}").format(
                n=rule.at_least, level=level_name(scheme, rule.level), becomes=level_name(scheme, rule.becomes))
            for rule in combined.count
        ]  # fmt: skip
        yield Entry(
            f"combined_light[{combined.id}]", combined.name, scheme.cite(combined.clause), full_stop(said)
        )


def _light(scheme: Scheme, light: Light) -> Iterator[Entry]:
    key = f"light[{light.id}]"
    of, _applies = scheme.scopes.of_light(light)
    said = [
        _("看每个{entity}").format(entity=word(light.entity)),
        applies_words(scheme, light),
        _("数值 = {formula}，保留 {n} 位小数").format(formula=formula_words(scheme, light.measure, of), n=light.decimals),
    ]  # fmt: skip
    yield Entry(key, light.name, scheme.cite(light.clause), full_stop(said), light.local_choice or "")
    for band in light.band:
        name = _("{level}灯").format(level=level_name(scheme, band.level))
        yield Entry(f"{key}.band[{band.level}]", name, scheme.cite(light.clause),
                    full_stop((band.band().sentence(UNIT_WORDS[light.unit]).strip(),)), band.local_choice or "", 1)  # fmt: skip
    for change in light.change:
        yield _change(scheme, light, change)
    for rule in light.escalate:
        pattern = (
            _("连续 {n} 期{level}，升为{becomes}")
            if rule.running
            else _("一年内第 {n} 次{level}，升为{becomes}")
        )
        said = [pattern.format(n=rule.times, level=level_name(scheme, rule.level), becomes=level_name(scheme, rule.becomes))]  # fmt: skip
        yield Entry(f"{key}.escalate[{rule.level}]", _("升级"), scheme.cite(rule.clause or light.clause), full_stop(said), depth=1)  # fmt: skip


def _change(scheme: Scheme, light: Light, change: LightChange) -> Entry:
    """What is otherwise from a month on."""
    of, _applies = scheme.scopes.of_light(light)
    said = [_("自{month}起").format(month=Period.of(change.valid_from).label)]
    if change.measure:
        said.append(_("数值 = {formula}").format(formula=formula_words(scheme, change.measure, of)))
    said += [
        _("{level}灯：{band}").format(
            level=level_name(scheme, band.level), band=band.band().sentence(UNIT_WORDS[light.unit]).strip())
        for band in change.band
    ]  # fmt: skip
    return Entry(f"light[{light.id}].change[{change.valid_from}]", _("{name}的变化").format(name=light.name),
                 scheme.cite(change.clause), full_stop(("；".join(said),)), change.local_choice or "", 1)  # fmt: skip


def applies_words(scheme: Scheme, rule: Light | Ranking) -> str:
    """Which projects a light or ranking counts; empty where it counts all."""
    if not rule.applies:
        return ""
    scope = scheme.scopes.of("project") if rule.entity == "project" else scheme.scopes.one_project
    return _("只算满足条件的项目：{condition}").format(condition=formula_words(scheme, rule.applies, scope))


def describe_rankings(scheme: Scheme) -> Iterator[Entry]:
    for ranking in scheme.text.ranking:
        scope = scheme.scopes.of_rule(ENTITY_OF[ranking.entity])
        best = _("大的在前") if ranking.order == "descending" else _("小的在前")
        said = [
            _("每月给每个{entity}排名，{best}，并列同名次，其后跳过").format(entity=word(ranking.entity), best=best),
            applies_words(scheme, ranking),
            _("数值 = {formula}，保留 {n} 位小数").format(
                formula=formula_words(scheme, ranking.value, scope), n=ranking.decimals),
            _("不参加排名：{names}").format(names="、".join(ranking.exclude)) if ranking.exclude else "",
        ]  # fmt: skip
        yield Entry(f"ranking[{ranking.id}]", ranking.name, scheme.cite(ranking.clause), full_stop(said), ranking.local_choice or "")  # fmt: skip
