"""The text of scheme files, block by block, so that one value is written anew and all else stays as it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import tomlkit

from guatu.schemes.load import rule_files

_HEADER = re.compile(r"\s*(\[\[|\[)\s*([A-Za-z_][\w.-]*)\s*\]\]?\s*(#.*)?")
_STEPS = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


@dataclass(slots=True)
class _Block:
    """One table as written: the file, its place (`light[0].band[2]`; empty: what stands before the first table), its
    header, its keys, and the blank lines and comments after them, which belong to what follows."""

    file: str
    at: str
    header: str
    body: str = ""
    rest: str = ""


@dataclass(slots=True)
class WrittenFiles:
    """The rule files of a scheme. Lists go on from file to file, as the loader joins them."""

    texts: Mapping[str, str]
    _blocks: list[_Block] = field(default_factory=list)

    def __post_init__(self) -> None:
        counts: dict[str, int] = {}
        for name in rule_files(self.texts):
            here: dict[str, str] = {}
            block = _Block(name, "", "")
            self._blocks.append(block)
            for line in self.texts[name].splitlines(keepends=True):
                header = _HEADER.fullmatch(line.rstrip("\r\n"))
                if header:
                    block = _Block(name, _place(header[2], header[1] == "[[", here, counts), line)
                    self._blocks.append(block)
                elif line.strip() and not line.lstrip().startswith("#"):
                    block.body, block.rest = block.body + block.rest + line, ""
                else:
                    block.rest += line

    def put(self, at: str, name: str, value: Any) -> None:
        """Write a key of the table at a place; None takes it away. A single table that nobody wrote is begun.

        Raises TOMLKitError, KeyError or IndexError where the text is written in a way that cannot be turned here.
        """
        block = max(
            (one for one in self._blocks if one.at == at or not one.at or at.startswith((f"{one.at}.", f"{one.at}["))),
            key=lambda one: (len(one.at), -self._blocks.index(one)),
        )  # fmt: skip
        document = tomlkit.parse(block.body)
        table: Any = document
        for word, number in _STEPS.findall(at[len(block.at) :]):
            if word and word not in table:
                table[word] = tomlkit.inline_table()
            table = table[word] if word else table[int(number)]
        if value is None:
            table.pop(name, None)
        else:
            table[name] = value
        block.body = tomlkit.dumps(document)
        if block.body and not block.body.endswith("\n"):
            block.body += "\n"

    def written(self) -> dict[str, str]:
        """All files of the scheme, with what was written."""
        files = dict(self.texts)
        for name in rule_files(self.texts):
            mine = [one for one in self._blocks if one.file == name]
            files[name] = "".join(f"{one.header}{one.body}{one.rest}" for one in mine)
        return files


def _place(name: str, listed: bool, here: dict[str, str], counts: dict[str, int]) -> str:
    """The place of the table that a header begins. `here` are the places of the tables last begun, by their names."""
    above, _dot, last = name.rpartition(".")
    place = f"{here.get(above, above)}.{last}" if above else last
    if listed:
        counts[place] = counts.get(place, -1) + 1
        place = f"{place}[{counts[place]}]"
    for known in [one for one in here if one.startswith(f"{name}.")]:
        del here[known]
    here[name] = place
    return place
