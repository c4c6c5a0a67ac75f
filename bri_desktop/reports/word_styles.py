"""Page, fonts and styles of the Word file: the official layout or the plain one, so that an editor's own text fits in.

Every font is named as an office has it; the font table of the file says what another machine may take instead.
"""

import math
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.oxml import serialize_part_xml
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from bri_desktop.reports.paper import BETWEEN, LATIN_FONT, MM, WORD_FONTS, WORD_STAND_INS, Paper, Role, TypeStyle

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section

BODY, TITLE, CAPTION, CELL, HEAD, NOTE, LABEL = (
    "Body Text",
    "Title",
    "Caption",
    "Table Text",
    "Table Head",
    "Note Text",
    "Annex Label",
)
TWIPS = 20
PARAGRAPH_ORDER = (
    *("pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr", "pBdr", "shd", "tabs"),
    *("kinsoku", "wordWrap", "overflowPunct", "autoSpaceDE", "autoSpaceDN", "snapToGrid", "spacing", "ind"),
    *("contextualSpacing", "jc", "outlineLvl", "rPr"),
)
RUN_ORDER = (
    *("rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "color", "spacing", "w", "kern"),
    *("position", "sz", "szCs", "highlight", "u", "lang"),
)
"""The order in which Word wants the properties of paragraphs and of runs."""
FAMILIES = {"黑体": "swiss", "楷体": "script", "楷体_GB2312": "script"}
"""What kind of letters a font has, where it is not one with serifs."""


def font_of(layout: str, role: Role) -> str:
    """Return the name of a Chinese font, as an office has it."""
    return WORD_FONTS["official" if layout == "official" else "plain", role]


def lay_out(document: "Document", paper: Paper, layout: str, language: str) -> None:
    """Set up styles, fonts and the first section of a new document."""
    indent = language == "zh_CN"
    _normal(document, paper, layout)
    styles = {
        TITLE: paper.title,
        BODY: paper.body,
        CAPTION: paper.caption,
        CELL: paper.cells,
        HEAD: paper.head,
        NOTE: paper.note,
        LABEL: paper.label,
        **{f"Heading {level}": style for level, style in enumerate(paper.headings, 1)},
    }
    for name, style in styles.items():
        on_grid = paper.outside and style.size == paper.body.size and indent
        # Rounded away from zero: one twip more in each of 28 characters would push the last one out.
        twips = math.floor((paper.cell - paper.body.size) * TWIPS) if on_grid else 0
        _style(document, name, style, layout, has_indent=indent, tightened=twips)
    for name in (TITLE, CAPTION, LABEL, *(f"Heading {level}" for level in range(1, 5))):
        document.styles[name].paragraph_format.keep_with_next = True
    _font_table(document, layout)
    set_page(document.sections[0], paper)
    document.settings.odd_and_even_pages_header_footer = paper.outside


def _normal(document: "Document", paper: Paper, layout: str) -> None:
    style: Any = document.styles["Normal"]
    _fonts(style, layout, "body", paper.body.size)
    properties = style.element.get_or_add_pPr()
    for name in ("w:autoSpaceDE", "w:autoSpaceDN"):
        properties.append(properties.makeelement(qn(name), {qn("w:val"): "0"}))
    defaults = document.styles.element.find(".//" + qn("w:rPrDefault") + "//" + qn("w:lang"))
    if defaults is not None:
        defaults.set(qn("w:eastAsia"), "zh-CN")
    style.paragraph_format.space_after = Pt(0)
    _put_in_order(style)


def _put_in_order(style: Any) -> None:
    for properties, order in ((style.element.pPr, PARAGRAPH_ORDER), (style.element.rPr, RUN_ORDER)):
        places = {name: place for place, name in enumerate(order)}
        properties[:] = sorted(properties, key=partial(_place_in, places))


def _place_in(places: Mapping[str, int], child: Any) -> int:
    return places[str(child.tag).rpartition("}")[2]]


def _style(document: "Document", name: str, wish: TypeStyle, layout: str, *, has_indent: bool, tightened: int) -> None:
    if name in document.styles:
        style: Any = document.styles[name]
    else:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    _fonts(style, layout, wish.role, wish.size)
    style.font.bold, style.font.italic, style.font.color.rgb = wish.bold, False, RGBColor(0, 0, 0)
    shape = style.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    shape.line_spacing = Pt(int(wish.line * TWIPS) / TWIPS)
    spread = WD_ALIGN_PARAGRAPH.JUSTIFY if name in (BODY, NOTE) and has_indent else None
    shape.alignment = WD_ALIGN_PARAGRAPH.CENTER if wish.centred else spread
    borders = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if borders is not None:
        style.element.pPr.remove(borders)
    if tightened:
        _tighten(style, tightened)
    else:
        properties = style.element.get_or_add_pPr()
        properties.append(properties.makeelement(qn("w:snapToGrid"), {qn("w:val"): "0"}))
    if wish.indent and has_indent:
        indent_first(shape, wish.size, wish.indent)
    if name == BODY and not has_indent:
        # English custom: no indent, so room between paragraphs tells where one ends.
        shape.space_after = Pt(BETWEEN * wish.line)
    _put_in_order(style)


def indent_first(shape: Any, size: float, characters: int) -> None:
    """Indent the first line by so many characters, which an office suite keeps when the type is made larger."""
    shape.first_line_indent = Pt(characters * size)
    shape._element.pPr.find(qn("w:ind")).set(qn("w:firstLineChars"), str(100 * characters))


def _tighten(style: Any, twips: int) -> None:
    """Set characters closer, so that as many stand in a line as the layout asks for."""
    run = style.element.get_or_add_rPr()
    run.append(run.makeelement(qn("w:spacing"), {qn("w:val"): str(twips)}))


def _fonts(style: Any, layout: str, role: Role, size: float) -> None:
    style.font.name, style.font.size = LATIN_FONT, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(name), None)
    fonts.set(qn("w:eastAsia"), font_of(layout, role))


def _font_table(document: "Document", layout: str) -> None:
    """Say which fonts may stand in for those that a machine does not have."""
    part = next(part for part in document.part.package.iter_parts() if part.partname == "/word/fontTable.xml")
    table = parse_xml(part.blob)
    for name in dict.fromkeys(WORD_FONTS[key] for key in WORD_FONTS if key[0] == layout):
        stand_ins = quoteattr(",".join(WORD_STAND_INS[name]))
        table.append(
            parse_xml(
                f"<w:font {nsdecls('w')} w:name={quoteattr(name)}><w:altName w:val={stand_ins}/>"
                f'<w:charset w:val="86"/><w:family w:val="{FAMILIES.get(name, "roman")}"/>'
                '<w:pitch w:val="variable"/></w:font>'
            )
        )
    part._blob = serialize_part_xml(table)


def set_page(section: "Section", paper: Paper) -> None:
    """Give a section the size, margins and grid of a paper.

    The grid counts lines only; the characters of a line are counted by their spacing (:func:`_tighten`), which Word,
    WPS and LibreOffice take alike, while LibreOffice gives a character wider than its cell two of them.
    """
    section.page_width, section.page_height = Mm(paper.width), Mm(paper.height)
    section.orientation = WD_ORIENT.LANDSCAPE if paper.width > paper.height else WD_ORIENT.PORTRAIT
    above, below, left, right = (Mm(margin) for margin in paper.margins)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = above, below, left, right
    section.header_distance = Mm(max(paper.margins[0] - 14, 8))
    section.footer_distance = Mm(max(paper.margins[1] - paper.number_drop - paper.number_size / MM - 1, 6))
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = section._sectPr.makeelement(qn("w:docGrid"))
        section._sectPr.append(grid)
    grid.set(qn("w:linePitch"), str(int(paper.pitch * TWIPS)))
    if paper.outside:
        grid.set(qn("w:type"), "lines")
