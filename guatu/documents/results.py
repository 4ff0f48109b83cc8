"""The files of a judged month: the JSON contract, the workbook and the bulletin."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from guatu.documents.bulletin import compose_bulletin
from guatu.documents.docx import write_docx
from guatu.documents.month import JudgedMonth
from guatu.documents.workbook import write_workbook


def as_documents(month: JudgedMonth) -> dict[str, dict[str, Any]]:
    """The JSON files of the contract (docs/reference/json.md) by name, each with the head."""
    bodies = {
        "summary.json": month.summary,
        "lights.json": {"lights": month.lights, "entity_lights": month.entity_lights},
        "ranking.json": {"rankings": month.rankings},
        "assessment.json": {"assessments": month.assessments},
        "findings.json": {"findings": month.findings},
    }
    return {name: {**month.head, **body} for name, body in bodies.items()}


def as_document(month: JudgedMonth) -> dict[str, Any]:
    """The files of the contract as one object."""
    whole: dict[str, Any] = {}
    for document in as_documents(month).values():
        whole |= document
    return whole


def write_results(
    month: JudgedMonth, folder: Path, *, papers: bool = True, bundle_digest: str | None = None
) -> list[str]:
    """Write the files into `folder`, all of them or none, and return their names.

    `papers` adds the workbook and the bulletin, which need a ledger; the bulletin carries the digest of the bundle
    from which the month can be computed again, where one is written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".guatu-") as work:
        draft = Path(work)
        for name, document in as_documents(month).items():
            text = json.dumps(document, ensure_ascii=False, indent=1)
            (draft / name).write_text(text + "\n", encoding="utf-8")
        if papers:
            write_workbook(month, draft / "workbook.xlsx")
            write_docx(compose_bulletin(month, bundle_digest=bundle_digest), draft / "bulletin.docx")
        names = sorted(path.name for path in draft.iterdir())
        for name in names:
            shutil.move(draft / name, folder / name)
    return names
