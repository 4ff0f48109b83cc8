"""Past months under two schemes: whose light, score, place, list, step or reward would change, and why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any, Literal

from guatu.assessment.rules.rule import plain
from guatu.judge.figures import Json
from guatu.judge.month import Judged
from guatu.language import gettext as _
from guatu.schemes.differences import Difference, differences, editions
from guatu.schemes.load import Scheme
from guatu.schemes.units import UNIT_WORDS
from guatu.values import Period, half_up

What = Literal["light", "rank", "score", "place", "lists", "steps", "rewards"]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that comes out otherwise under the new scheme.

    `what` is a light's level, a place in a ranking (`rank`), a sheet's score or place, its lists, the steps or the rewards
    that it proposes; `rule` the key of the rule (`light[schedule]`), `before` and `after` in words, `measures` both values
    with their unit, `why` the sentences that say which rule differs, or what else made it so.
    """

    period: str
    what: What
    rule: str
    rule_name: str
    entity: str
    before: str
    after: str
    measures: tuple[str, str]
    why: tuple[str, ...]

    def sentence(self) -> str:
        """The change for people: who, under which rule, from what to what, and both measures."""
        label = {"light": "", "rank": _("名次"), "score": _("得分"), "place": _("名次"), "lists": _("名单"),
                 "steps": _("建议措施"), "rewards": ""}[self.what]  # fmt: skip
        words = _("{entity} {rule}{label}由{before}变为{after}").format(
            entity=self.entity, rule=self.rule_name, label=label, before=self.before, after=self.after
        )
        old, new = self.measures
        if old or new:
            words += _("（数值 {old}）").format(old=old) if old == new else _("（数值 {old} → {new}）").format(
                old=old or _("无"), new=new or _("无"))  # fmt: skip
        return words


@dataclass(frozen=True, slots=True)
class Comparison:
    """Months judged twice: the differences of the schemes, what changes, and a line for each month."""

    old: Scheme
    new: Scheme
    periods: tuple[str, ...]
    differences: tuple[Difference, ...]
    changes: tuple[Change, ...]

    def summary(self) -> list[Json]:
        """How many things of each kind change in each month."""
        return [
            {"period": period, "changes": sum(counts.values()), **{what: counts[what] for what in _WHATS}}
            for period in self.periods
            for counts in [Counter(change.what for change in self.changes if change.period == period)]
        ]

    def as_json(self) -> Json:
        return {
            "old": {"id": self.old.id, "name": self.old.name, "digest": self.old.digest},
            "new": {"id": self.new.id, "name": self.new.name, "digest": self.new.digest},
            "differences": [one.as_json() for one in self.differences],
            "summary": self.summary(),
            "changes": [asdict(change) for change in self.changes],
        }

    def as_text(self) -> str:
        """The comparison for a terminal: a line for each month, then every change with its reason."""
        lines = [editions(self.old, self.new)]
        for row in self.summary():
            counted = [f"{name} {row[what]}" for what, name in _what_names().items() if row[what]]
            month = Period.parse(row["period"]).label
            lines.append(_("{month}：{what}").format(month=month, what="，".join(counted) or _("没有变化")))
        for period in self.periods:
            mine = [change for change in self.changes if change.period == period]
            if mine:
                lines += ["", Period.parse(period).label]
            reason: tuple[str, ...] = ()
            for change in mine:
                lines.append(f"  {change.sentence()}")
                if change.why != reason:
                    lines += [f"      {sentence}" for sentence in change.why]
                reason = change.why
        return "\n".join(lines)


_WHATS: tuple[What, ...] = ("light", "rank", "score", "place", "lists", "steps", "rewards")


def _what_names() -> Mapping[str, str]:
    return {"light": _("灯"), "rank": _("排名名次"), "score": _("考核得分"), "place": _("考核名次"), "lists": _("名单"),
            "steps": _("建议措施"), "rewards": _("建议奖励")}  # fmt: skip


def compare(old: Scheme, new: Scheme, periods: Iterable[Period], judge: Callable[[Scheme, Period], Judged]) -> Comparison:  # fmt: skip
    """Judge every period by both schemes on the same facts and say what comes out otherwise.

    `judge` judges one period by one scheme. Rules are matched by their ids; a rule that only one scheme has counts
    as a change from or to nothing. Costs two judgements a period.
    """
    judged = list(periods)
    found = differences(old, new)
    changes = [
        change
        for period in judged
        for change in compare_months(judge(old, period), judge(new, period), found)
    ]
    return Comparison(old, new, tuple(map(str, judged)), tuple(found), tuple(changes))


def compare_months(before: Judged, after: Judged, found: Sequence[Difference]) -> list[Change]:
    """What comes out otherwise in one month. `found` are the differences of the two schemes."""
    month = _Month(before, after, found)
    return [*month.lights(), *month.rankings(), *month.assessments()]


class _Month:
    """One month judged twice."""

    def __init__(self, before: Judged, after: Judged, found: Sequence[Difference]) -> None:
        self.before, self.after, self.found = before.month, after.month, found
        self.schemes = before.scheme, after.scheme
        self.period = str(after.month.period)

    def lights(self) -> Iterator[Change]:
        """Lights of projects, of entities and combined ones."""
        yield from self._light_changes(self.before.lights, self.after.lights, "project")
        yield from self._light_changes(self.before.entity_lights, self.after.entity_lights, "entity")

    def _light_changes(self, old: list[Json], new: list[Json], entity: str) -> Iterator[Change]:
        for one, other in _pairs(old, new, ("light", entity)):
            if _level(one) == _level(other):
                continue
            row = other or one or {}
            kind = "combined_light" if "of" in row else "light"
            name = str(row["name"]) if "name" in row else str(row["entity"])
            yield self._change(
                "light", f"{kind}[{row['light']}]", row["light_name"], name, _level(one), _level(other),
                (_measure(one, "measure"), _measure(other, "measure")), ("schedule", "level", *self._of(row)),
            )  # fmt: skip

    def _of(self, row: Json) -> list[str]:
        return [f"light[{light}]" for light in row.get("of", ())]

    def rankings(self) -> Iterator[Change]:
        for one, other in _pairs(self.before.rankings, self.after.rankings, ("ranking", "entity")):
            if (one or {}).get("rank") == (other or {}).get("rank"):
                continue
            row = other or one or {}
            yield self._change(
                "rank", f"ranking[{row['ranking']}]", row["ranking_name"], row["entity"], _place(one), _place(other),
                (_measure(one, "value"), _measure(other, "value")), ("official",),
            )  # fmt: skip

    def assessments(self) -> Iterator[Change]:
        keys = ("sheet", "entity", "entity_kind", "term")
        for one, other in _pairs(self.before.assessments, self.after.assessments, keys):
            row = other or one or {}
            rule, name = (
                f"sheet[{row['sheet']}]",
                _("{term} {sheet}").format(term=row["term"], sheet=row["sheet_name"]),
            )
            scores = _number(one, "score"), _number(other, "score")
            below = tuple(_indicators(one, other))
            passed_by = self._passed_by(rule, one, other)
            if scores[0] != scores[1]:
                yield self._change(
                    "score", rule, name, row["entity"], *scores, ("", ""), (), below, passed_by["score"]
                )
            if (one or {}).get("rank") != (other or {}).get("rank"):
                yield self._change(
                    "place",
                    rule,
                    name,
                    row["entity"],
                    _place(one),
                    _place(other),
                    scores,
                    (),
                    below,
                    passed_by["place"],
                )
            if _names(one, "lists") != _names(other, "lists"):
                yield self._change("lists", rule, name, row["entity"], _lists(one, self.schemes[0]), _lists(other, self.schemes[1]), scores, ())  # fmt: skip
            if _names(one, "steps") != _names(other, "steps"):
                steps = _joined(_names(one, "steps")), _joined(_names(other, "steps"))
                yield self._change("steps", rule, name, row["entity"], *steps, scores, ("step",))
            yield from self._rewards(one, other, rule, row)

    def _rewards(self, one: Json | None, other: Json | None, sheet: str, row: Json) -> Iterator[Change]:
        """Amounts that differ, reward by reward, with why each was earned."""
        for old, new in _pairs((one or {}).get("rewards", []), (other or {}).get("rewards", []), ("reward",)):
            if _amount(old) == _amount(new):
                continue
            reward = new or old or {}
            said = [
                _("{edition}：{because}").format(edition=edition, because=earned["because"])
                for edition, earned in ((_("原来"), old), (_("改后"), new))
                if earned is not None
            ]
            places = (_place(one), _place(other)) if _place(one) != _place(other) else ("", "")
            name = _("{term} {reward}").format(term=row["term"], reward=reward["name"])
            yield self._change(
                "rewards", f"reward[{reward['reward']}]", name, row["entity"], _amount(old), _amount(new), places, (sheet,), said
            )  # fmt: skip

    def _change(
        self, what: What, rule: str, name: str, entity: str, before: str, after: str, measures: tuple[str, str],
        also: Sequence[str] = (), more: Sequence[str] = (), without: Collection[str] = (),
    ) -> Change:  # fmt: skip
        """A change with its reason: what differs in the rule (but not at the keys `without`, which did not reach it), or
        in the `also` parts it rests on; `more` is said too."""
        of_rule = self._told(rule)
        of_rule = [one for one in of_rule if one.key not in without] or of_rule
        why = [one.sentence for one in of_rule or [found for key in also for found in self._told(key)]]
        if not why:
            why = [_("这条规则没有改动；所用的数据或组内其他对象的结果变了")]
        return Change(self.period, what, rule, name, entity, before, after, measures, (*why, *more))

    def _told(self, key: str) -> list[Difference]:
        return [one for one in self.found if one.key == key or one.key.startswith((f"{key}.", f"{key}["))]

    def _passed_by(self, rule: str, one: Json | None, other: Json | None) -> dict[What, set[str]]:
        """The differences of a sheet that did not reach an entity: for its score those of lists, and of lines and events
        that are worth the same to it; for its place those of lists; for its lists those of nothing."""
        lists, same = set(), set()
        worth = [_worth(row) for row in (one, other)]
        for found in self._told(rule):
            part = re.match(r"\.(list|item|event)\[([^\]]+)\]", found.key.removeprefix(rule))
            if part is None:
                continue
            if part[1] == "list":
                lists.add(found.key)
            elif worth[0].get(part[2]) == worth[1].get(part[2]):
                same.add(found.key)
        return {"score": lists | same, "place": lists}


def _pairs(
    old: list[Json], new: list[Json], keys: Sequence[str]
) -> Iterator[tuple[Json | None, Json | None]]:
    """The rows of two results side by side, in the order of the new one, then what only the old one has."""

    def identity(row: Json) -> tuple[Any, ...]:
        return tuple(row.get(key) for key in keys)

    ones, others = {identity(row): row for row in old}, {identity(row): row for row in new}
    for key in dict.fromkeys((*others, *ones)):
        yield ones.get(key), others.get(key)


def _level(row: Json | None) -> str:
    return str(row["level_name"]) if row else _("不判")


def _place(row: Json | None) -> str:
    rank = (row or {}).get("rank")
    return _("第 {rank} 名").format(rank=rank) if rank is not None else _("无名次")


def _measure(row: Json | None, key: str) -> str:
    if row is None or row.get(key) is None:
        return ""
    return f"{row[key]}{UNIT_WORDS.get(row.get('unit', ''), '')}"


def _number(row: Json | None, key: str) -> str:
    return _("无") if row is None or row.get(key) is None else str(row[key])


def _points(row: Json | None) -> str:
    """The points of a line, to four decimals at most."""
    if row is None or row.get("points") is None:
        return _("无")
    return plain(half_up(Fraction(str(row["points"])), 4))


def _amount(reward: Json | None) -> str:
    """What one earns of a reward: 20 万元."""
    return _("无") if reward is None else f"{plain(Fraction(str(reward['amount'])))} {reward['unit']}"


def _worth(row: Json | None) -> dict[str, Any]:
    """What each line and event of a sheet is worth to an entity, by its id."""
    return {
        part["id"]: part["points"] for key in ("indicators", "events") for part in (row or {}).get(key, ())
    }


def _names(row: Json | None, key: str) -> list[str]:
    return sorted(one["name"] if isinstance(one, dict) else str(one) for one in (row or {}).get(key, ()))


def _lists(row: Json | None, scheme: Scheme) -> str:
    """The names of the lists on which an entity stands."""
    names = {
        rule.id: rule.name
        for sheet in scheme.text.sheet
        if row and sheet.id == row["sheet"]
        for rule in sheet.list_
    }
    return _joined([names.get(one, one) for one in _names(row, "lists")])


def _joined(names: Sequence[str]) -> str:
    return "、".join(f"“{name}”" for name in names) or _("无")


def _indicators(one: Json | None, other: Json | None) -> Iterator[str]:
    """The lines of a sheet whose points differ."""
    if one is None or other is None:
        return
    for old, new in _pairs(one["indicators"], other["indicators"], ("id",)):
        row = new or old or {}
        if _number(old, "points") != _number(new, "points"):
            points = _points(old), _points(new)
            yield _("其中“{name}”由 {old} 分变为 {new} 分").format(
                name=row["name"], old=points[0], new=points[1]
            )
