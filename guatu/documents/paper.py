"""A paper as data: title, blocks of words and tables, attachments. It goes to and from JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from guatu.documents.wording import gettext as _

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `header` may hold line breaks; `light` columns are coloured by level;
    `wraps` columns give way when the table is too wide for the page."""

    header: str
    align: Align = "left"
    light: bool = False
    wraps: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: level 1 is 一、, level 2 is （一）. The text holds its number."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the text."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """Small words below a table or at the end of a part; `fixed` ones are figures, and not editable."""

    text: str
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: every row has as many cells as there are columns; the figures are not editable."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Paragraph | Note | Table


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attachment: it starts on a new page under its own title."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """The words and tables of a month's bulletin (通报).

    `signed_by` is None until somebody signs; until then the paper carries `draft_note`. `day` is
    the day below the signature, as text. `provenance` names the scheme and the facts behind the
    figures, so that anyone can compute them again.
    """

    mark: str
    number: str
    title: str
    recipients: str
    blocks: tuple[Block, ...]
    agency: str
    day: str
    copies_to: str = ""
    attachments: tuple[Attachment, ...] = ()
    signed_by: str | None = None
    provenance: Mapping[str, str] = field(default_factory=dict)

    @property
    def draft_note(self) -> str | None:
        """What an unsigned paper says under its title; None once it is signed."""
        return None if self.signed_by else _("（征求意见稿，未经签发）")

    def texts(self) -> dict[str, str]:
        """Every heading, paragraph and note by its key (`text.3`, `attachment.1.0`): what people
        may rewrite. Tables and fixed notes are not among them."""
        return {
            key: block.text
            for key, block in self._keyed().items()
            if not isinstance(block, Table) and not (isinstance(block, Note) and block.fixed)
        }

    def edited(self, texts: Mapping[str, str]) -> Bulletin:
        """The same paper with these words. A text emptied by its editor is left out.

        Raises ValueError for a key that is not one of `texts()`; a table or a fixed note cannot be changed.
        """
        known = self.texts()
        for key in texts:
            if key not in known:
                raise ValueError(_("没有可以修改的段落“{key}”；表格中的数字不能修改。").format(key=key))

        def rewritten(prefix: str, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
            kept: list[Block] = []
            for index, block in enumerate(blocks):
                if isinstance(block, Table):
                    kept.append(block)
                    continue
                text = _one_line(texts.get(f"{prefix}.{index}", block.text))
                if text:
                    kept.append(replace(block, text=text))
            return tuple(kept)

        return replace(
            self,
            blocks=rewritten("text", self.blocks),
            attachments=tuple(
                replace(attachment, blocks=rewritten(f"attachment.{number}", attachment.blocks))
                for number, attachment in enumerate(self.attachments, 1)
            ),
        )

    def _keyed(self) -> dict[str, Block]:
        keyed: dict[str, Block] = {f"text.{index}": block for index, block in enumerate(self.blocks)}
        for number, attachment in enumerate(self.attachments, 1):
            for index, block in enumerate(attachment.blocks):
                keyed[f"attachment.{number}.{index}"] = block
        return keyed

    def as_json(self) -> dict[str, Any]:
        """The paper as plain data; `from_json` gives the same paper back."""
        return {
            "mark": self.mark,
            "number": self.number,
            "title": self.title,
            "recipients": self.recipients,
            "blocks": [_block_json(block) for block in self.blocks],
            "agency": self.agency,
            "day": self.day,
            "copies_to": self.copies_to,
            "attachments": [
                {"title": attachment.title, "blocks": [_block_json(block) for block in attachment.blocks]}
                for attachment in self.attachments
            ],
            "signed_by": self.signed_by,
            "provenance": dict(self.provenance),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Bulletin:
        """Read what `as_json` wrote. Raises ValueError that names the key which is wrong."""
        wanted = ("mark", "number", "title", "recipients", "blocks", "agency", "day")
        for key in wanted:
            if key not in data:
                raise ValueError(_("通报数据缺少“{key}”。").format(key=key))
        return cls(
            mark=str(data["mark"]),
            number=str(data["number"]),
            title=str(data["title"]),
            recipients=str(data["recipients"]),
            blocks=tuple(_block(block) for block in data["blocks"]),
            agency=str(data["agency"]),
            day=str(data["day"]),
            copies_to=str(data.get("copies_to", "")),
            attachments=tuple(
                Attachment(str(item["title"]), tuple(_block(block) for block in item["blocks"]))
                for item in data.get("attachments", ())
            ),
            signed_by=None if data.get("signed_by") is None else str(data["signed_by"]),
            provenance={str(key): str(value) for key, value in data.get("provenance", {}).items()},
        )


def _one_line(text: str) -> str:
    """Without line breaks and doubled blanks; a blank of fixed width stays what it is."""
    return re.sub(r"[ \t\r\n]+", " ", text).strip()


_ALIGNS: Final[dict[str, Align]] = {"left": "left", "center": "center", "right": "right"}


def _block_json(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text, level):
            return {"kind": "heading", "level": level, "text": text}
        case Paragraph(text):
            return {"kind": "paragraph", "text": text}
        case Note(text, fixed):
            return {"kind": "note", "text": text, **({"fixed": True} if fixed else {})}
        case Table(caption, columns, rows):
            return {
                "kind": "table",
                "caption": caption,
                "columns": [
                    {"header": c.header, "align": c.align, "light": c.light, "wraps": c.wraps}
                    for c in columns
                ],
                "rows": [list(row) for row in rows],
            }


def _block(data: Mapping[str, Any]) -> Block:
    kind = data.get("kind")
    if kind == "heading":
        return Heading(str(data["text"]), int(data["level"]))
    if kind == "paragraph":
        return Paragraph(str(data["text"]))
    if kind == "note":
        return Note(str(data["text"]), bool(data.get("fixed", False)))
    if kind == "table":
        columns = tuple(
            Column(str(c["header"]), _ALIGNS[c["align"]], bool(c["light"]), bool(c["wraps"]))
            for c in data["columns"]
        )
        rows = tuple(tuple(map(str, row)) for row in data["rows"])
        for number, row in enumerate(rows, 1):
            if len(row) != len(columns):
                raise ValueError(
                    _("表“{caption}”第{number}行有{found}格，应有{expected}格。").format(
                        caption=data["caption"], number=number, found=len(row), expected=len(columns)
                    )
                )
        return Table(str(data["caption"]), columns, rows)
    raise ValueError(_("不认识的段落种类“{kind}”。").format(kind=kind))
