"""The card as PDF: nothing missing, nothing fetched, nothing cut."""

import logging
import re
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from fontTools.ttLib import TTCollection
from pypdf import PdfReader
from weasyprint import HTML

from assessments.workflow import stages_of
from reports import pdf
from reports.tables import Cell, Role, ScoreTable, form, scorecard
from rubrics.rows import rows
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

NOTO = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
RARE = "㐂𠮷龘"
A4 = (595, 842)


@pytest.fixture(autouse=True)
def complaints(caplog):
    """What WeasyPrint complains of: glyphs that no font has, styles that it ignores, files that it may not read."""
    caplog.set_level(logging.WARNING, "weasyprint")
    found = []
    yield found
    said = [record.getMessage() for record in caplog.get_records("call") if record.name == "weasyprint"]
    assert [one for one in said if not any(expected in one for expected in found)] == []


def card_of(assessment) -> ScoreTable:
    return scorecard(assessment, stages_of(assessment.stages))


def read(content: bytes) -> PdfReader:
    return PdfReader(BytesIO(content))


def bare(text):
    return re.sub(r"\s", "", text)


def text_of(content):
    return bare("".join(page.extract_text() for page in read(content).pages))


def fonts_of(reader):
    """The fonts of a document by name, each with whether its program is inside."""
    found = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            font = font.get_object()  # noqa: PLW2901
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            found[font["/BaseFont"]] = any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    return found


def checked(content):
    """A card's PDF, after what holds for every card."""
    reader = read(content)
    assert fonts_of(reader)
    assert all(fonts_of(reader).values())
    assert "\ufffd" not in text_of(content)
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in reader.pages} == {A4}
    assert reader.attachments == {}
    return reader


# --- The fifteen documents ---


def test_a_blank_form_prints_the_whole_document(rubric_of, code):
    rubric = rubric_of(code)
    table = form(rubric)
    content = pdf.render(table)
    reader, printed = checked(content), text_of(content)
    assert [row.key for row in rows(rubric) if bare(row.text) not in printed] == []
    assert [one.heading for one in rubric.columns.all() if bare(one.heading) not in printed] == []
    assert [one.label for one in rubric.sections.all() if bare(one.label) not in printed] == []
    assert bare(rubric.title) in printed
    assert bare(rubric.footnote) in printed
    assert reader.metadata.title == f"{rubric.title}{rubric.subtitle}"
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"
    check_pages(table, [bare(page.extract_text()) for page in reader.pages])


def check_pages(table, pages):
    """Each page repeats the head and counts itself."""
    for number, page in enumerate(pages, start=1):
        assert {str(number), str(len(pages))} <= set(re.findall(r"[0-9]", page[-12:]))
        assert all(bare(heading.text) in page for heading in table.headings)


def test_a_filled_card_prints_wording_and_totals(rubric_of, assessed, code):
    rubric = rubric_of(code)
    table = card_of(assessed(rubric, name=f"某{RARE}总工会", marks={rows(rubric)[1].key: {"remark": "=1+1"}}))
    content = pdf.render(table)
    checked(content)
    printed = text_of(content)
    assert [row.key for row in rows(rubric) if bare(row.text) not in printed] == []
    assert f"某{RARE}总工会" in printed
    assert "=1+1" in printed
    scores = [cell.text for cell in table.rows[-1].cells if cell.role == Role.SCORE]
    assert all(scores)
    assert "".join(scores) in printed


@pytest.mark.skipif(not NOTO.exists(), reason="Debian's fonts-noto-cjk is not installed")
def test_the_free_font_has_every_character_of_the_documents(rubric_of):
    with TTCollection(NOTO, lazy=True) as collection:
        known = set().union(*(font.getBestCmap() for font in collection.fonts))
    used = {
        ord(one)
        for code in ("sy", "c1", "d", "g1", "g6", "j1", "j2", "j3")
        for table in [form(rubric_of(code))]
        for row in table.rows
        for cell in row.cells
        for one in cell.text
    }
    assert {chr(one) for one in used - known} <= {"\n"}


# --- Merged cells and the ends of pages ---


def column_zero(rows_on_page):
    return [row.cells[0] for row in rows_on_page if row.cells and row.cells[0].cell.column == 0]


@pytest.mark.parametrize("number", ["g1", "d", "j3", "c1", "sy"])
def test_no_merged_cell_crosses_the_end_of_a_page(rubric_of, number):
    table = form(rubric_of(number))
    plan = pdf._known.get(pdf._skeleton(table)) or (pdf.render(table), pdf._known[pdf._skeleton(table)])[1]
    document = pdf._layout(table, plan)
    assert pdf._starts(document) <= plan.starts
    ends = sorted(plan.starts)
    for top, row in enumerate(pdf.parted(table, plan.starts)):
        for printed in row.cells:
            assert not [end for end in ends if top < end < top + printed.cell.rows]
            if printed.cell.rows > 1:
                assert printed.text


def test_parted_cells_keep_their_label():
    cells = list(pdf._parts(Cell(Role.LABEL, 0, rows=5), 2, frozenset({4, 6})))
    assert [(top, cell.rows) for top, cell in cells] == [(2, 2), (4, 2), (6, 1)]


def test_unknown_ends_part_every_row():
    cells = list(pdf._parts(Cell(Role.LABEL, 0, rows=3), 1, None))
    assert [(top, cell.rows, cell.lines) for top, cell in cells] == [(1, 1, ()), (2, 1, ()), (3, 1, ())]


@pytest.mark.parametrize(
    ("opens", "heights", "tail", "starts"),
    [
        ([True, False, False, False], [50] * 4, 0, set()),
        ([True, *[False] * 9], [50] * 10, 0, {5}),
        ([True, False, False, False, True, False, False], [50] * 7, 0, {4}),  # no row of a section is left behind
        ([True, False, False, False, False, False], [50] * 6, 0, {4}),  # none is sent ahead alone
        ([True, False, False, False, True, False, False], [10, 10, 10, 30, 150, 90, 50], 0, {5}),  # not at that price
        ([True, False], [300, 300], 0, {1}),  # a row taller than the page stands alone
        ([True, *[False] * 7], [30] * 8, 100, {3}),  # some rows go along with the total
        ([True, *[False] * 7], [30] * 8, 10, set()),
        ([True, False], [120, 120], 100, {1}),
        ([True], [200], 100, set()),
        ([], [], 100, set()),
    ],
)
def test_pages_are_filled_without_single_rows(opens, heights, tail, starts):
    assert pdf.paginated(opens, heights, (250, 250), tail) == starts


def test_pages_hold_what_they_can():
    starts = sorted(pdf.paginated([True] * 100, [7.0] * 100, (50, 70), 0))
    assert starts[0] == 7
    assert {after - before for before, after in pairwise(starts)} == {10}


def test_a_taller_head_does_not_spoil_the_pages_of_others(rubric_of, assessed):
    """Where pages end is remembered for cards that look alike; one that does not fit is planned anew."""
    rubric = rubric_of("g1")
    usual, tall = (card_of(assessed(rubric, name=name)) for name in ("某工会", "某" * 120))
    plans = []
    for table in (usual, tall, usual):
        pdf.render(table)
        plans.append(pdf._known[pdf._skeleton(table)])
    pdf._known[pdf._skeleton(tall)] = plans[0]
    pdf.render(tall)
    assert pdf._known[pdf._skeleton(tall)] == plans[1] != plans[0]
    assert plans[2] == plans[0]


def test_rows_are_not_cut(rubric_of):
    """The first and the last words of a long row stand on one page."""
    rubric = rubric_of("j3")
    pages = [bare(page.extract_text()) for page in read(pdf.render(form(rubric))).pages]
    for line in form(rubric).rows[:-1]:
        wording = [bare(one.text) for cell in line.cells if cell.role == Role.WORDING for one in cell.lines]
        assert [page for page in pages if all(text in page for text in wording)]


# --- What people type ---

HOSTILE = (
    '<img src="file:///etc/passwd"><link rel=attachment href="file:///etc/passwd"><style>@import "http://example.org"'
    "</style></td></table><script>alert(1)</script>&lt;"
)


def test_hostile_text_is_printed_as_text(assessed):
    table = card_of(assessed(make.small_rubric(), name=HOSTILE[:100], marks={"1-1": {"remark": HOSTILE}}))
    content = pdf.render(table)
    checked(content)
    assert bare(HOSTILE) in text_of(content)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://127.0.0.1/", "https://localhost/", "ftp://localhost/x"])
def test_nothing_is_fetched(url):
    with pytest.raises(ValueError, match="disallowed"):
        pdf.NothingFetched().fetch(url)


def test_what_the_document_carries_is_used():
    assert pdf.NothingFetched().fetch("data:text/plain,abc").read() == b"abc"


@pytest.mark.parametrize("remark", ["一\x0b二", "a\x00b", "长" * 2000, "\n" * 50 + "末", "𠮷" * 500])
def test_any_remark_survives(assessed, remark):
    table = card_of(assessed(make.small_rubric(), marks={"1-1": {"remark": remark.replace("\0", "\x01")}}))
    assert len(read(pdf.render(table)).pages) >= 1


def test_a_missing_glyph_is_complained_of(complaints, caplog):
    fonts, stylesheet = pdf._engine()
    document = HTML(string="<p>\U000ebfff</p>", url_fetcher=pdf.NothingFetched())
    document.write_pdf(font_config=fonts, stylesheets=[stylesheet])
    complaints += [".notdef glyph", "Too many glyphs missing"]
    assert any(".notdef glyph" in message for message in caplog.messages)


def test_an_unfinished_card_says_so(assessed):
    assessment = assessed(make.small_rubric(), state="assessing", skip=("assess", "review"))
    table = card_of(assessment)
    assert table.state
    assert bare(table.state) in text_of(pdf.render(table))


def test_long_totals_stay_in_their_column(rubric_of, assessed):
    """Four decimals in a column of twelve millimetres: smaller type, one line."""
    assessment = assessed(rubric_of("d"), marks={"2": {"not_applicable": True, "reason": "不具备"}})
    table = card_of(assessment)
    last = list(pdf.parted(table, frozenset()))[-1]
    sizes = {printed.size for printed in last.cells if printed.cell.role == Role.SCORE}
    assert sizes <= {"size-6", "size-7", "size-8"}
    assert all(Decimal(cell.cell.number) == cell.cell.value for cell in last.cells if cell.cell.value is not None)
