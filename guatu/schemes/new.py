"""A new scheme: the teaching scheme, copied under its own name."""

from __future__ import annotations

import json
import re
from pathlib import Path

from guatu.language import gettext as _
from guatu.schemes.load import POLICY_DIRS, SchemeError, SchemeFault

MODEL = "_model"
MODEL_YEAR = "2026"
"""The year in which the teaching scheme is written; no other number in it has these digits."""


def new_scheme(folder: Path, *, name: str, place: str, year: int, scheme_id: str | None = None) -> list[Path]:
    """Copy the teaching scheme to `folder` with its document, place and year, and return the files written.

    The id is that of `scheme_id`, else the folder's name. Raises SchemeError where the folder exists, or where
    the id is not of small letters, digits and hyphens; OSError where it cannot be written.
    """
    if folder.exists():
        raise _refused(folder, _("已经有这个文件夹，不覆盖；请换一个名称"))
    own_id = scheme_id or folder.name
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", own_id):
        raise _refused(
            folder, _("代号“{id}”只能用小写字母、数字和连字符；请用 --id 另写一个").format(id=own_id)
        )
    if not 1900 <= year <= 2200:
        raise _refused(folder, _("{year} 不是年度").format(year=year))
    head = {"id": own_id, "name": name, "short_name": place, "jurisdiction": place}
    model = _model()
    written = []
    for path in sorted(model.rglob("*.toml")):
        text = path.read_text(encoding="utf-8").replace(MODEL_YEAR, str(year))
        if path.name == "scheme.toml":
            text = _with_head(text, head)
        target = folder / path.relative_to(model)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        written.append(target)
    return written


def _model() -> Path:
    return next(
        path for path in (folder / MODEL for folder in POLICY_DIRS) if (path / "scheme.toml").is_file()
    )


def _with_head(text: str, head: dict[str, str]) -> str:
    """The file with these values in [scheme]; the comments behind them stay."""
    before, mark, after = text.partition("[scheme]\n")
    table, blank, rest = after.partition("\n\n")
    lines = table.split("\n")
    for number, line in enumerate(lines):
        key, _equals, value = line.partition(" = ")
        if key in head:
            comment = value.partition(" #")
            lines[number] = f"{key} = {json.dumps(head[key], ensure_ascii=False)}" + "".join(comment[1:])
    table = "\n".join(lines)
    return before + mark + table + blank + rest


def _refused(folder: Path, message: str) -> SchemeError:
    return SchemeError([SchemeFault("error", str(folder), "", message)])
