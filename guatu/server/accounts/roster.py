"""The workbook by which accounts are opened in bulk: the template, and reading what was filled in."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Any, Final

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from guatu.server.accounts.models import Organisation, Role
from guatu.workbooks.cells import day_of, plain, shown
from guatu.workbooks.safety import refuse_unsafe
from guatu.workbooks.sheets import Sheet, WorkbookError, column_letter, open_workbook

COLUMNS: Final = {
    "organisation": gettext_noop("单位"),
    "kind": gettext_noop("单位类别"),
    "region": gettext_noop("辖区"),
    "person": gettext_noop("姓名"),
    "distinction": gettext_noop("区分"),
    "title": gettext_noop("职务"),
    "role": gettext_noop("角色"),
    "valid_from": gettext_noop("任职日"),
    "phone": gettext_noop("联系电话"),
    "username": gettext_noop("账号"),
}
NEEDED: Final = ("organisation", "person", "title", "role", "valid_from")
WIDTHS: Final = {"organisation": 30, "title": 22, "distinction": 18}
MOST_ROWS: Final = 2000


@dataclass(slots=True)
class Line:
    """One row of the roster as it was filled in: its number in the sheet, the texts by column, the day."""

    row: int
    texts: dict[str, str]
    valid_from: date | None = None


@dataclass(slots=True)
class Fault:
    """What is wrong with a cell, and the cure: the row, the letter and words of the column."""

    row: int
    letter: str
    column: str
    message: str


@dataclass(slots=True)
class Roster:
    """What was read: the file's and sheet's name, the lines, where each column stands, what is wrong."""

    file: str
    sheet: str
    lines: list[Line] = field(default_factory=list)
    letters: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, row: int, column: str, message: str) -> None:
        """Add a fault of the cell in `column` of `row`."""
        self.faults.append(Fault(row, self.letters.get(column, ""), _(COLUMNS[column]), message))


def template(today: date) -> IO[bytes]:
    """The open file of the empty roster: heads, lists to choose from, an explained example."""
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  (whoever sends it closes it)
    book = xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_("名单"))
    head = book.add_format({"bold": True, "bottom": 2, "bg_color": "#F3F4F1"})
    text = book.add_format({"num_format": "@"})
    for index, (name, words) in enumerate(COLUMNS.items()):
        star = "*" if name in NEEDED else ""
        sheet.write_string(0, index, _(words) + star, head)
        sheet.set_column(index, index, WIDTHS.get(name, 14), text)
    places = {name: index for index, name in enumerate(COLUMNS)}
    choices = {
        "kind": [str(kind.label) for kind in Organisation.Kind],
        "role": [str(role.label) for role in Role],
    }
    for name, values in choices.items():
        sheet.data_validation(
            1, places[name], MOST_ROWS, places[name], {"validate": "list", "source": values}
        )
    sheet.freeze_panes(1, 0)
    notes = book.add_worksheet(_("填写说明"))
    notes.set_column(0, 0, 14)
    notes.set_column(1, 1, 90, book.add_format({"text_wrap": True, "valign": "top"}))
    for index, (name, words) in enumerate(_notes(today).items()):
        notes.write_string(index, 0, _(COLUMNS[name]), head)
        notes.write_string(index, 1, words)
    book.close()
    file.seek(0)
    return file


def _notes(today: date) -> dict[str, str]:
    return {
        "organisation": _("全称。没有的单位会新设，这时要填单位类别。"),
        "kind": _("只在新设单位时填：%s。") % "、".join(str(kind.label) for kind in Organisation.Kind),
        "region": _("只在新设单位时填：辖区的名称、又名或区划代码；县和乡镇要填。"),
        "person": _("姓名。"),
        "distinction": _("同名的人靠它分开，例如所在单位；没有同名就空着。"),
        "title": _("职务。同一单位同一职务只有一个角色。"),
        "role": _("申请的角色：%s。新职务的角色由安全管理员授权后才生效。")
        % "、".join(str(role.label) for role in Role),
        "valid_from": _("任职的第一天，例如 %s。") % today.isoformat(),
        "phone": _("可不填。"),
        "username": _("登录用的账号：字母、数字、点、横线；不开账号就空着。"),
    }


def read_roster(name: str, content: bytes) -> Roster:
    """Read a filled-in roster. Raises WorkbookError (Chinese) for a file that is none, or has no such heads."""
    refuse_unsafe(name, content)
    ending = name.rpartition(".")[2].lower()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"roster.{ending}"
        path.write_bytes(content)
        for sheet in open_workbook(path):
            found = _heads(sheet)
            if found:
                return _lines(name, sheet, *found)
    raise WorkbookError(
        _("“%(file)s”里没有表头“%(heads)s”。请用下载的模板填写。")
        % {"file": name, "heads": "、".join(_(COLUMNS[needed]) for needed in NEEDED)}
    )


def _heads(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """The row of the heads and where each column stands, in one of the first ten rows."""
    names = {_(words): name for name, words in COLUMNS.items()} | {
        words: name for name, words in COLUMNS.items()
    }
    for row in range(min(10, len(sheet.rows))):
        found: dict[str, int] = {}
        for column in range(len(sheet.rows[row])):
            head = plain(sheet.value(row, column)).strip(" *＊")
            if head in names:
                found.setdefault(names[head], column)
        if all(needed in found for needed in NEEDED):
            return row, found
    return None


def _lines(file: str, sheet: Sheet, head: int, places: dict[str, int]) -> Roster:
    roster = Roster(
        file, sheet.name, letters={name: column_letter(column) for name, column in places.items()}
    )
    for row in range(head + 1, len(sheet.rows)):
        cells: dict[str, Any] = {name: sheet.value(row, column) for name, column in places.items()}
        texts = {name: " ".join(shown(value).split()) for name, value in cells.items()}
        if not any(texts.values()):
            continue
        if len(roster.lines) == MOST_ROWS:
            raise WorkbookError(
                _("“%(file)s”超过%(most)d行，请分几次上传。") % {"file": file, "most": MOST_ROWS}
            )
        line = Line(row + 1, texts)
        for needed in NEEDED:
            if not texts[needed]:
                roster.fault(line.row, needed, _("没有填；请补上。"))
        if texts["valid_from"]:
            read = day_of(cells["valid_from"], None)
            line.valid_from = read.value
            if read.value is None:
                roster.fault(
                    line.row, "valid_from", _("“%s”不是日期；应写作 2023-01-01。") % texts["valid_from"]
                )
        roster.lines.append(line)
    return roster
