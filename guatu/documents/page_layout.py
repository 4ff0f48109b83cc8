"""The page of an official paper by GB/T 9704-2012: measures, grid, fonts, styles, page numbers.

Lengths are in twips (1/20 pt, 1/1440 inch) unless a name says otherwise. The type area is 156 × 225 mm with
22 lines of 28 characters. Fonts carry their official names; what the reader's system puts in
their place is its own affair, but line pitch is exact, so the number of lines does not change.
"""

from __future__ import annotations

from typing import Any, Final

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import serialize_for_reading
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor, Twips
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

MARK_FONT: Final = "方正小标宋简体"
BODY_FONT: Final = "仿宋_GB2312"
HEADING_FONT: Final = "黑体"
SECOND_HEADING_FONT: Final = "楷体_GB2312"
PAGE_NUMBER_FONT: Final = "宋体"
LATIN_FONT: Final = "Times New Roman"

OTHER_NAMES: Final = (
    (MARK_FONT, "FZXiaoBiaoSong-B05S", "roman"),
    (BODY_FONT, "仿宋", "modern"),
    (SECOND_HEADING_FONT, "楷体", "modern"),
    (HEADING_FONT, "SimHei", "swiss"),
    (PAGE_NUMBER_FONT, "SimSun", "roman"),
    (LATIN_FONT, "Liberation Serif", "roman"),
)
"""Each font with the name under which a system without it may have it, and its family."""

SIZE_2: Final = 22.0
SIZE_3: Final = 16.0
SIZE_4: Final = 14.0
SIZE_SMALL_4: Final = 12.0
SIZE_5: Final = 10.5
"""The named sizes 2号 to 五号 in points."""

TYPE_WIDTH: Final = 8844
TYPE_HEIGHT: Final = 12756
LINE_PITCH: Final = 579
"""225 mm ÷ 22 lines."""
CHARACTER_PITCH: Final = TYPE_WIDTH / 28
"""156 mm ÷ 28 characters: a little less than 3号, which the grid takes off every character."""
LETTER_SPACE: Final = -5
"""What 3号 text gives up between two characters so that 28 stand on a line, in twips."""
CHARACTER_SPACE: Final = round((CHARACTER_PITCH / 20 - SIZE_3) * 4096)
RED: Final = RGBColor(0xD7, 0x19, 0x18)

STYLE_MARK: Final = "发文机关标志"
STYLE_NUMBER: Final = "发文字号"
STYLE_TITLE: Final = "公文标题"
STYLE_DRAFT: Final = "签发状态"
STYLE_RECIPIENTS: Final = "主送机关"
STYLE_BODY: Final = "公文正文"
STYLE_SIGNATURE: Final = "落款"
STYLE_ATTACHMENT: Final = "附件字样"
STYLE_CAPTION: Final = "表题"
STYLE_CELL: Final = "表格文字"
STYLE_CELL_HEAD: Final = "表格栏目"
STYLE_NOTE: Final = "表注"
STYLE_FOOT: Final = "版记"
STYLE_PAGE_NUMBER: Final = "页码"


def new_paper() -> DocxDocument:
    """An empty paper: A4, type area, grid, styles, page numbers on outer edges."""
    paper = Document()
    body = paper.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    _defaults(paper)
    _styles(paper)
    _page(paper.sections[0])
    _page_numbers(paper)
    _font_table(paper)
    return paper


def element(tag: str, **attributes: str | int) -> Any:
    """A WordprocessingML element with `w:` attributes."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def _defaults(paper: DocxDocument) -> None:
    settings = paper.settings
    settings.odd_and_even_pages_header_footer = True
    defaults = paper.styles.element.find(qn("w:docDefaults"))
    fonts = defaults.find(f".//{qn('w:rFonts')}")
    fonts.attrib.clear()
    _name_fonts(fonts, BODY_FONT)
    language = defaults.find(f".//{qn('w:lang')}")
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")
    normal = paper.styles["Normal"]
    assert isinstance(normal, ParagraphStyle)
    set_style(normal, BODY_FONT, SIZE_3)


def _name_fonts(fonts: Any, east_asian: str, latin: str = LATIN_FONT) -> None:
    for name, font in (("ascii", latin), ("hAnsi", latin), ("eastAsia", east_asian), ("cs", latin)):
        fonts.set(qn(f"w:{name}"), font)


def set_style(
    style: ParagraphStyle,
    font: str,
    size: float,
    *,
    latin: str = LATIN_FONT,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY,
    line: float = LINE_PITCH / 20,
    letter: int = 0,
    colour: RGBColor | None = None,
) -> None:
    """Give a style its font, size (pt), alignment, exact line pitch (pt) and space between letters."""
    properties = style.element.get_or_add_rPr()
    for child in list(properties):
        properties.remove(child)
    fonts = element("rFonts")
    _name_fonts(fonts, font, latin)
    properties.append(fonts)
    if letter:
        properties.append(element("spacing", val=letter))
    style.font.size = Pt(size)
    style.font.bold = False
    style.font.italic = False
    style.font.color.rgb = colour or RGBColor(0, 0, 0)
    layout = style.paragraph_format
    layout.alignment = align
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    layout.line_spacing = Pt(line)
    layout.widow_control = False
    _paragraph_switches(style.element.get_or_add_pPr())


_AFTER_SWITCHES: Final = (
    "bidi", "adjustRightInd", "spacing", "ind", "contextualSpacing", "mirrorIndents", "suppressOverlap", "jc",
    "textDirection", "textAlignment", "textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr", "sectPr",
    "pPrChange",
)  # fmt: skip


def _paragraph_switches(properties: Any) -> None:
    """Chinese line breaking, no extra gap beside digits; the style itself keeps the grid's pitch,
    because programs differ in how they snap to it."""
    later = [qn(f"w:{tag}") for tag in _AFTER_SWITCHES]
    position = next((i for i, child in enumerate(properties) if child.tag in later), len(properties))
    switches = [
        element("kinsoku", val=1),
        element("overflowPunct", val=1),
        element("autoSpaceDE", val=0),
        element("autoSpaceDN", val=0),
    ]
    for offset, switch in enumerate(switches):
        properties.insert(position + offset, switch)
    grid = element("snapToGrid", val=0)
    later.append(qn("w:snapToGrid"))
    position = next((i for i, child in enumerate(properties) if child.tag in later), len(properties))
    properties.insert(position, grid)


def indent_first_line(style: ParagraphStyle, characters: int = 2) -> None:
    """Indent the first line by whole characters, with the twips beside it for other readers."""
    properties = style.element.get_or_add_pPr()
    indent = properties.get_or_add_ind()
    indent.set(qn("w:firstLineChars"), str(characters * 100))
    indent.set(qn("w:firstLine"), str(round(characters * CHARACTER_PITCH)))


def _font_table(paper: DocxDocument) -> None:
    """Say under which other names the fonts may be found, and of what family they are."""
    table = element("fonts")
    for name, other, family in OTHER_NAMES:
        font = element("font", name=name)
        charset = "00" if name == LATIN_FONT else "86"
        for tag, value in (
            ("altName", other),
            ("charset", charset),
            ("family", family),
            ("pitch", "variable"),
        ):
            font.append(element(tag, val=value))
        table.append(font)
    for relation in paper.part.rels.values():
        if relation.reltype.endswith("/fontTable"):
            relation.target_part._blob = serialize_for_reading(table).encode()


def _styles(paper: DocxDocument) -> None:
    left, center = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER

    def add(name: str) -> ParagraphStyle:
        style = paper.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        assert isinstance(style, ParagraphStyle)
        style.base_style = None
        style.quick_style = True
        return style

    set_style(add(STYLE_MARK), MARK_FONT, SIZE_2, align=center, colour=RED)
    set_style(add(STYLE_NUMBER), BODY_FONT, SIZE_3, align=center)
    set_style(add(STYLE_TITLE), MARK_FONT, SIZE_2, align=center, line=33)
    set_style(add(STYLE_DRAFT), SECOND_HEADING_FONT, SIZE_3, align=center)
    set_style(add(STYLE_RECIPIENTS), BODY_FONT, SIZE_3, letter=LETTER_SPACE)
    body = add(STYLE_BODY)
    set_style(body, BODY_FONT, SIZE_3, letter=LETTER_SPACE)
    indent_first_line(body)
    body.paragraph_format.widow_control = True
    for name, font in (("Heading 1", HEADING_FONT), ("Heading 2", SECOND_HEADING_FONT)):
        heading = paper.styles[name]
        assert isinstance(heading, ParagraphStyle)
        heading.base_style = None
        set_style(heading, font, SIZE_3, letter=LETTER_SPACE)
        heading.paragraph_format.keep_with_next = True
        indent_first_line(heading)
    set_style(add(STYLE_SIGNATURE), BODY_FONT, SIZE_3, align=left, letter=LETTER_SPACE)
    set_style(add(STYLE_ATTACHMENT), HEADING_FONT, SIZE_3, align=left)
    set_style(add(STYLE_CAPTION), HEADING_FONT, SIZE_SMALL_4, align=center, line=24)
    set_style(add(STYLE_CELL), BODY_FONT, SIZE_SMALL_4, align=left, line=17)
    set_style(add(STYLE_CELL_HEAD), HEADING_FONT, SIZE_SMALL_4, align=center, line=17)
    set_style(add(STYLE_NOTE), BODY_FONT, SIZE_SMALL_4, line=19)
    set_style(add(STYLE_FOOT), BODY_FONT, SIZE_4, align=left, line=24)
    set_style(add(STYLE_PAGE_NUMBER), PAGE_NUMBER_FONT, SIZE_4, latin=PAGE_NUMBER_FONT, align=left, line=16)


def _page(section: Section) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.left_margin = Mm(37), Mm(28)
    section.right_margin, section.bottom_margin = Mm(26), Mm(35)
    section.header_distance = Mm(15)
    section.footer_distance = Mm(22)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = element("docGrid")
        section._sectPr.append(grid)
    grid.attrib.clear()
    for name, value in (("type", "linesAndChars"), ("linePitch", LINE_PITCH), ("charSpace", CHARACTER_SPACE)):
        grid.set(qn(f"w:{name}"), str(value))


def _page_numbers(paper: DocxDocument) -> None:
    """— 1 —: 4号, odd pages right, even pages left, one character in from the edge."""
    section = paper.sections[0]
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = paper.styles[STYLE_PAGE_NUMBER]
        paragraph.alignment = align
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(SIZE_4)
        paragraph.add_run("— ")
        _field(paragraph, "PAGE")
        paragraph.add_run(" —")
    for header in (section.header, section.even_page_header):
        header.is_linked_to_previous = False
        header.paragraphs[0].style = paper.styles[STYLE_PAGE_NUMBER]


def _field(paragraph: Paragraph, code: str) -> None:
    for kind, text in (("begin", None), (None, code), ("separate", None), ("shown", "1"), ("end", None)):
        run = paragraph.add_run(text if kind == "shown" else None)
        if kind is None:
            instruction = element("instrText")
            instruction.text = f" {text} "
            instruction.set(qn("xml:space"), "preserve")
            run._r.append(instruction)
        elif kind != "shown":
            run._r.append(element("fldChar", fldCharType=kind))


def thin_line(side: str, weight: int, colour: str = "000000", space: int = 0) -> Any:
    """A border of a paragraph or cell; `weight` in eighths of a point, `space` in points."""
    return element(side, val="single", sz=weight, space=space, color=colour)


def twips(value: float) -> Twips:
    """A length of so many twips."""
    return Twips(round(value))
