"""The bulletin as .docx in the layout of GB/T 9704-2012, for WPS, Word and LibreOffice."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO

from docx.document import Document as DocxDocument
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as DocxParagraph
from docx.text.run import Run

from guatu.documents.figures import ems
from guatu.documents.page_layout import (
    CHARACTER_PITCH,
    LINE_PITCH,
    SIZE_4,
    STYLE_ATTACHMENT,
    STYLE_BODY,
    STYLE_CAPTION,
    STYLE_DRAFT,
    STYLE_FOOT,
    STYLE_MARK,
    STYLE_NOTE,
    STYLE_NUMBER,
    STYLE_RECIPIENTS,
    STYLE_SIGNATURE,
    STYLE_TITLE,
    TYPE_WIDTH,
    element,
    new_paper,
    thin_line,
    twips,
)
from guatu.documents.paper import Block, Bulletin, Heading, Note, Paragraph, Table
from guatu.documents.tables import add_table
from guatu.documents.wording import gettext as _

FOOT_WIDTH = TYPE_WIDTH - 284
"""The imprint floats at the bottom of its page; some programs put a table that is as wide as the
type area into the text instead."""
RED_RULE = "D71918"
MARK_SIZES = (22.0, 48.0)
"""The agency mark is as large as fits on one line, between these sizes in points."""


def write_docx(bulletin: Bulletin, target: str | Path | IO[bytes]) -> None:
    """Write the paper to a path or a binary stream. OSError when the path cannot be written."""
    paper = new_paper()
    describe(paper, bulletin.title, bulletin.agency, bulletin.day, bulletin.signed_by)
    red_head(paper, bulletin.mark, bulletin.number)
    title(paper, bulletin.title, bulletin.draft_note)
    if bulletin.recipients:
        add(paper, bulletin.recipients, STYLE_RECIPIENTS)
    for block in bulletin.blocks:
        add_block(paper, block)
    attachment_note(paper, [attachment.title for attachment in bulletin.attachments])
    signature(paper, bulletin.agency, bulletin.day)
    for number, attachment in enumerate(bulletin.attachments, 1):
        label = _("附件") + (str(number) if len(bulletin.attachments) > 1 else "")
        first = add(paper, label, STYLE_ATTACHMENT)
        first.paragraph_format.page_break_before = True
        heading = add(paper, attachment.title, STYLE_TITLE)
        heading.paragraph_format.space_before = heading.paragraph_format.space_after = Pt(
            LINE_PITCH / 20 * 0.6
        )
        for block in attachment.blocks:
            add_block(paper, block)
    foot(paper, bulletin.copies_to, bulletin.agency, bulletin.day)
    paper.save(str(target) if isinstance(target, Path) else target)


def describe(paper: DocxDocument, title: str, agency: str, day: str, signed_by: str | None) -> None:
    """The properties of the file: title, agency, day; nothing of the machine that wrote it."""
    properties = paper.core_properties
    properties.title = title.replace("\n", "")
    properties.author = properties.last_modified_by = agency
    properties.language = "zh-CN"
    properties.comments = _("签发人：{name}").format(name=signed_by) if signed_by else ""
    numbers = [int(part) for part in day.replace("年", " ").replace("月", " ").replace("日", "").split()]
    written = datetime.combine(date(*numbers), datetime.min.time(), UTC)
    properties.created = properties.modified = written


def add(paper: DocxDocument, text: str, style: str) -> DocxParagraph:
    """A paragraph in one of the paper's styles. Quotation marks and dashes are set in the Chinese font."""
    paragraph = paper.add_paragraph(style=style)
    for index, line in enumerate(text.split("\n")):
        run = paragraph.add_run(line)
        chinese(run)
        if index:
            run._r.insert(1, element("br"))
    return paragraph


def chinese(run: Run) -> None:
    """Let signs that are both Latin and Chinese take the Chinese font."""
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")


def red_head(paper: DocxDocument, mark: str, number: str) -> None:
    """The agency mark in red, 35 mm below the top of the type area, the document number, the red rule."""
    paragraph = add(paper, mark, STYLE_MARK)
    least, most = MARK_SIZES
    fitting = int(TYPE_WIDTH / 20 / max(ems(mark), 1) * 2) / 2
    size = max(least, min(most, fitting))
    for run in paragraph.runs:
        run.font.size = Pt(size)
    layout = paragraph.paragraph_format
    layout.line_spacing = Pt(size * 1.3)
    layout.space_before = Mm(32)
    layout.space_after = Pt(LINE_PITCH / 20 * 1.5)
    line = add(paper, number, STYLE_NUMBER)
    borders = element("pBdr")
    borders.append(thin_line("bottom", 18, RED_RULE, space=8))
    properties = line._p.get_or_add_pPr()
    properties.insert(1, borders)


def letter_head(paper: DocxDocument, mark: str) -> None:
    """The head of a letter (信函格式): the agency in red at the top, a red double rule below it and
    one at the foot of the first page, which carries no page number."""
    paragraph = add(paper, mark, STYLE_MARK)
    size = min(34.0, int(TYPE_WIDTH / 20 / max(ems(mark), 1) * 2) / 2)
    for run in paragraph.runs:
        run.font.size = Pt(size)
    paragraph.paragraph_format.line_spacing = Pt(size * 1.3)
    borders = element("pBdr")
    borders.append(element("bottom", val="thickThinSmallGap", sz=24, space=4, color=RED_RULE))
    paragraph._p.get_or_add_pPr().insert(1, borders)
    section = paper.sections[0]
    section.footer_distance = Mm(20)
    section.different_first_page_header_footer = True
    section.first_page_header.is_linked_to_previous = False
    section.first_page_header.paragraphs[0].style = paper.styles[STYLE_FOOT]
    section.first_page_footer.is_linked_to_previous = False
    rule = section.first_page_footer.paragraphs[0]
    rule.style = paper.styles[STYLE_FOOT]
    rule.paragraph_format.line_spacing = Pt(2)
    edge = element("pBdr")
    edge.append(element("top", val="thinThickSmallGap", sz=24, space=0, color=RED_RULE))
    rule._p.get_or_add_pPr().insert(1, edge)


def title(paper: DocxDocument, text: str, draft_note: str | None) -> None:
    """The title two lines below the rule, the state of signing, and an empty line."""
    heading = add(paper, text, STYLE_TITLE)
    heading.paragraph_format.space_before = Pt(LINE_PITCH / 20 * 1.6)
    if draft_note:
        note = add(paper, draft_note, STYLE_DRAFT)
        note.paragraph_format.space_before = Pt(6)
    paper.paragraphs[-1].paragraph_format.space_after = Pt(LINE_PITCH / 20)


def add_block(paper: DocxDocument, block: Block) -> None:
    """A heading, a paragraph, a note or a table of the text."""
    match block:
        case Heading(text, level):
            add(paper, text, "Heading 1" if level == 1 else "Heading 2")
        case Paragraph(text):
            add(paper, text, STYLE_BODY)
        case Note(text):
            note = add(paper, text, STYLE_NOTE)
            note.paragraph_format.space_before = Pt(4)
            note.paragraph_format.space_after = Pt(8)
        case Table(caption, columns, rows):
            before = paper.paragraphs[-1] if paper.element.body[-2].tag == qn("w:p") else None
            if caption:
                heading = add(paper, caption, STYLE_CAPTION)
                heading.paragraph_format.keep_with_next = True
                heading.paragraph_format.space_before = Pt(6)
                heading.paragraph_format.space_after = Pt(4)
            elif before is not None:
                before.paragraph_format.keep_with_next = True
                before.paragraph_format.space_after = Pt(3)
            add_table(paper, Table(caption, columns, rows))
            gap = add(paper, "", STYLE_NOTE)
            gap.paragraph_format.line_spacing = Pt(6)


def attachment_note(paper: DocxDocument, titles: list[str]) -> None:
    """附件： below the text, one line for each attachment."""
    if not titles:
        return
    paper.paragraphs[-1].paragraph_format.keep_with_next = True
    for index, text in enumerate(titles):
        several = f"{index + 1}." if len(titles) > 1 else ""
        line = add(paper, f"{_('附件：') if not index else ''}{several}{text}", STYLE_BODY)
        first = 2 if not index else 5
        indent = line._p.get_or_add_pPr().get_or_add_ind()
        hang = 5 + ems(several)
        for name, value in (
            ("leftChars", round(hang * 100)),
            ("left", round(hang * CHARACTER_PITCH)),
            ("hangingChars", round((hang - first) * 100)),
            ("hanging", round((hang - first) * CHARACTER_PITCH)),
        ):
            indent.set(qn(f"w:{name}"), str(value))
        line.paragraph_format.keep_with_next = True
        if not index:
            line.paragraph_format.space_before = Pt(LINE_PITCH / 20)


def signature(paper: DocxDocument, agency: str, day: str) -> None:
    """The agency two characters from the right, the day below it two characters further in."""
    agency_wide, day_wide = ems(agency), ems(day)
    start = 28 - 2 - agency_wide
    day_start = start + 2
    if day_start + day_wide > 26:
        day_start = 26 - day_wide
        start = min(start, day_start - 2)
    paper.paragraphs[-1].paragraph_format.keep_with_next = True
    first = add(paper, agency, STYLE_SIGNATURE)
    first.paragraph_format.space_before = Pt(LINE_PITCH / 20 * 2)
    first.paragraph_format.keep_with_next = True
    second = add(paper, day, STYLE_SIGNATURE)
    for paragraph, characters in ((first, start), (second, day_start)):
        paragraph.paragraph_format.left_indent = twips(max(characters, 0) * CHARACTER_PITCH)


def foot(paper: DocxDocument, copies_to: str, agency: str, day: str) -> None:
    """The imprint (版记) at the bottom of the last page: copies, printing agency and day between rules."""
    lines = [(_("抄送：{offices}。").format(offices=copies_to), "")] if copies_to else []
    lines.append((agency, _("{day}印发").format(day=day)))
    made = paper.add_table(rows=1, cols=1)
    made.autofit = False
    properties = made._tbl.tblPr
    for child in list(properties):
        properties.remove(child)
    margins = element("tblCellMar")
    for side in ("left", "right"):
        margins.append(element(side, w=0, type="dxa"))
    for child in (
        element("tblpPr", leftFromText=0, rightFromText=0, vertAnchor="margin", horzAnchor="margin",
                tblpXSpec="center", tblpYSpec="bottom"),
        element("tblW", w=FOOT_WIDTH, type="dxa"),
        element("tblLayout", type="fixed"),
        margins,
    ):  # fmt: skip
        properties.append(child)
    made._tbl.tblGrid.gridCol_lst[0].w = twips(FOOT_WIDTH)
    made.rows[0]._tr.get_or_add_trPr().append(element("cantSplit"))
    cell = made.rows[0].cells[0]
    cell.width = twips(FOOT_WIDTH)
    _rule(paper, cell.paragraphs[0], 8)
    aside = SIZE_4 - (TYPE_WIDTH - FOOT_WIDTH) / 40
    for index, (text, right) in enumerate(lines):
        if index:
            _rule(paper, cell.add_paragraph(), 6)
        paragraph = cell.add_paragraph(style=paper.styles[STYLE_FOOT])
        chinese(paragraph.add_run(text))
        label = ems(_("抄送：")) * SIZE_4 if not right else 0
        layout = paragraph.paragraph_format
        layout.left_indent, layout.right_indent = Pt(aside + label), Pt(aside)
        layout.first_line_indent = Pt(-label)
        if right:
            layout.tab_stops.add_tab_stop(twips(FOOT_WIDTH - aside * 20), WD_TAB_ALIGNMENT.RIGHT)
            chinese(paragraph.add_run("\t" + right))
    _rule(paper, cell.add_paragraph(), 8)
    anchor = add(paper, "", STYLE_FOOT)
    anchor.paragraph_format.line_spacing = Pt(1)


def _rule(paper: DocxDocument, paragraph: DocxParagraph, weight: int) -> None:
    """A rule as wide as the type area, in a cell that is a little narrower."""
    paragraph.style = paper.styles[STYLE_FOOT]
    layout = paragraph.paragraph_format
    layout.line_spacing = Pt(3)
    layout.left_indent = layout.right_indent = twips((FOOT_WIDTH - TYPE_WIDTH) / 2)
    borders = element("pBdr")
    borders.append(thin_line("top", weight))
    paragraph._p.get_or_add_pPr().insert(1, borders)
