"""The table of rights, rights_table.csv: each role against each verb and each address.

A cell of a verb is `y` where the role has it. A cell of an address is what is answered: `y` opened or done,
`403` refused, `404` as if it did not exist, `409` and `422` let in and refused for what was sent, `sign-in` led to
the sign-in, `401` no token. Rows of the kinds api-GET, api-PUT and api-POST are asked with a token of the role's.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).with_name("rights_table.csv")


@dataclass(frozen=True, slots=True)
class Row:
    """A verb, or a method and the name of an address, with a cell for each role."""

    kind: str
    key: str
    address: str
    cells: dict[str, str]


def rows(*kinds: str) -> list[Row]:
    """The rows of these kinds (verb, GET, POST, api-GET, api-PUT, api-POST), in the order of the file."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [
            Row(line.pop("kind"), line.pop("key"), line.pop("address"), line)
            for line in csv.DictReader(file)
            if line["kind"] in kinds
        ]
