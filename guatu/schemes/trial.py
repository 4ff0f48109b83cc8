"""A trial (试改): a scheme with some values turned, checked, its changes marked as local choices. Nothing is kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from guatu.language import gettext as _
from guatu.schemes.adjustable import Adjustable, Place, adjustables, places
from guatu.schemes.blocks import WrittenFiles
from guatu.schemes.check import check_scheme
from guatu.schemes.differences import Difference, differences
from guatu.schemes.lights import LightBand
from guatu.schemes.load import Scheme, SchemeError, SchemeFault, read_scheme, rule_files

_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?")


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of turning values: the files as they were turned; every fault that the scheme in force does not
    have; where there is no error the scheme, its changes marked as local choices, and how it differs."""

    files: Mapping[str, str]
    faults: tuple[SchemeFault, ...] = ()
    scheme: Scheme | None = None
    differences: tuple[Difference, ...] = ()

    @property
    def usable(self) -> bool:
        return self.scheme is not None


def turned(scheme: Scheme, values: Mapping[str, str], base: Scheme | None = None) -> Trial:
    """The scheme with other values: key of an adjustable → what was typed (empty: no value). Keys that the scheme
    does not have, and values that are as they were, change nothing. `base` is what is turned, where that is not
    the scheme in force itself.

    An edge that two bands of a light share moves for both, unless both were typed.
    """
    base = base or scheme
    known = {one.key: one for one in adjustables(base)}
    wanted = {
        key: typed.strip()
        for key, typed in values.items()
        if key in known and typed.strip() != known[key].value
    }
    files, faults = WrittenFiles(base.files), []
    for key, typed in {**_neighbours(known, wanted), **wanted}.items():
        at, _dot, name = key.rpartition(".")
        try:
            files.put(at, name, _item(known[key], typed) if typed else None)
        except (TOMLKitError, KeyError, IndexError):
            faults.append(_fault(base, key, _("这一处的写法不能逐条改，请按 TOML 改")))
        except ValueError as error:
            faults.append(_fault(base, key, str(error)))
    if faults:
        return Trial(files.written(), tuple(faults))
    return tried(scheme, files.written())


def _fault(scheme: Scheme, key: str, message: str) -> SchemeFault:
    return SchemeFault("error", rule_files(scheme.files)[0], key, message)


def _item(one: Adjustable, typed: str) -> Any:
    if one.kind == "choice":
        if typed not in dict(one.options):
            raise ValueError(
                _("应为 {names} 之一").format(names="、".join(name for _value, name in one.options))
            )
        return tomlkit.value(typed) if typed in ("true", "false") else tomlkit.string(typed)
    if one.kind == "formula" and not _NUMBER.fullmatch(typed):
        return tomlkit.string(typed)
    number = _plain(typed)
    if not _NUMBER.fullmatch(number):
        raise ValueError(_("“{typed}”不是数字：写成 12 或 12.5").format(typed=typed))
    sign, digits = ("-", number[1:]) if number.startswith("-") else ("", number)
    whole, dot, rest = digits.partition(".")
    return tomlkit.value(f"{sign}{int(whole)}{dot}{rest}")


def _plain(typed: str) -> str:
    """A number without wide digits, typographic signs and separators."""
    return unicodedata.normalize("NFKC", typed).replace("−", "-").replace(",", "")


def _neighbours(known: Mapping[str, Adjustable], wanted: Mapping[str, str]) -> dict[str, str]:
    """The same edge of the next band, for an edge that was moved while the other stood untouched."""
    edges = {
        key: one
        for key, one in known.items()
        if isinstance(one.place.part, LightBand) and one.kind == "number"
    }
    found = {}
    for key, typed in wanted.items():
        if key not in edges or not _NUMBER.fullmatch(_plain(typed)):
            continue
        side = "to" if key.endswith(".from") else "from"
        for other, one in edges.items():
            same = one.value == known[key].value and one.place.above == known[key].place.above
            if same and other.endswith(f".{side}") and other not in wanted:
                found[other] = typed
    return found


def tried(scheme: Scheme, files: Mapping[str, str]) -> Trial:
    """The scheme with other files: checked, and its changes marked where it has no error."""
    try:
        new = read_scheme(files, scheme.folder)
    except SchemeError as error:
        return Trial(files, error.faults)
    before = {(fault.key, fault.message) for fault in check_scheme(scheme)}
    faults = [
        fault
        for fault in check_scheme(new)
        if fault.severity != "note" and (fault.key, fault.message) not in before
    ]
    if any(fault.severity == "error" for fault in faults):
        return Trial(files, tuple(faults))
    found = [one for one in differences(scheme, new) if not one.key.endswith("local_choice")]
    marked = _marked(scheme, new, found)
    return Trial(files, tuple(faults), marked, tuple(found))


def _marked(old: Scheme, new: Scheme, found: Sequence[Difference]) -> Scheme:
    """The new scheme with every difference written down as a local choice of its rule, or at the head of the file
    where the rule has no room for one. What the new edition says of itself stays."""
    if not found:
        return new
    here = {place.key: place for place in places(new)}
    before = {place.key: place for place in places(old)}
    marks: dict[str, list[str]] = {}
    unmarked = []
    for one in found:
        place = _marked_place(here, one.key)
        if place is None:
            unmarked.append(one.sentence)
        else:
            marks.setdefault(place.key, []).append(one.sentence)
    files = WrittenFiles(new.files)
    for key, sentences in marks.items():
        place = here[key]
        said = getattr(place.part, "local_choice", None)
        if key in before and said != getattr(before[key].part, "local_choice", None):
            continue
        words = _("试改：{what}。").format(what="；".join(sentences))
        files.put(place.at, "local_choice", f"{said}{words}" if said else words)
    texts = files.written()
    if unmarked:
        first = rule_files(texts)[0]
        head = "".join(f"# {_('试改：{what}。').format(what=sentence)}\n" for sentence in unmarked)
        texts[first] = head + texts[first]
    return read_scheme(texts, new.folder)


def _marked_place(here: Mapping[str, Place], key: str) -> Place | None:
    """The nearest table above a key that can say that it is a local choice."""
    while key and key not in here:
        key = _above(key)
    place = here.get(key)
    while place is not None and place.at and "local_choice" not in type(place.part).model_fields:
        place = place.above
    return place if place is not None and place.at else None


def _above(key: str) -> str:
    """The key without its last step; dots inside brackets do not part steps."""
    if key.endswith("]"):
        return key[: key.rindex("[")]
    depth = 0
    for index in range(len(key) - 1, -1, -1):
        depth += (key[index] == "]") - (key[index] == "[")
        if key[index] == "." and depth == 0:
            return key[:index]
    return ""


def place_of(known: Iterable[Place], key: str) -> Place | None:
    """The table that a fault speaks of: the deepest whose place begins its key; None where it is of the whole."""
    at = re.sub(r"\.$", "", key)
    by = {place.at: place for place in known}
    while at and at not in by:
        at = _above(at)
    return by.get(at)
