"""A bulletin as its page shows it: blocks with their keys, cells with their alignment, who edited what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from guatu.documents.paper import Block, Bulletin, Column, Heading, Note, Table
from guatu.server.frame.drawing import LEVEL_WORDS, light

ALIGN_CLASSES: Final = {"left": "", "center": "c", "right": "n"}
LEVELS: Final = {word: level for level, word in LEVEL_WORDS.items()}


def paper_blocks(
    paper: Bulletin, edits: Mapping[str, str] | None = None
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The blocks and the attachments of `bulletin.html`.

    `edits` says for the key of a text who changed it when (a sentence), for those that were changed.
    """
    changed = edits or {}
    blocks = _blocks("text", paper.blocks, changed)
    attachments = [
        {"title": one.title, "blocks": _blocks(f"attachment.{number}", one.blocks, changed)}
        for number, one in enumerate(paper.attachments, 1)
    ]
    return blocks, attachments


def _blocks(prefix: str, blocks: Sequence[Block], edits: Mapping[str, str]) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = []
    for index, block in enumerate(blocks):
        key = f"{prefix}.{index}"
        if isinstance(block, Table):
            cells = [
                [_cell(text, column) for text, column in zip(row, block.columns, strict=True)] for row in block.rows
            ]
            shown.append(
                {
                    "key": key,
                    "kind": "table",
                    "caption": block.caption,
                    "columns": block.columns,
                    "cells": cells,
                }
            )
            continue
        kind = "heading" if isinstance(block, Heading) else "note" if isinstance(block, Note) else "paragraph"
        shown.append(
            {
                "key": key,
                "kind": kind,
                "level": getattr(block, "level", None),
                "text": block.text,
                "edited": edits.get(key, ""),
            }
        )
    return shown


def _cell(text: str, column: Column) -> dict[str, str]:
    level = LEVELS.get(text) if column.light else None
    return {"text": light(level, text) if level else text, "css": ALIGN_CLASSES[column.align] + " nowrap" * column.light + " wraps" * column.wraps}
