"""Rows as a person reads them on the screen, from workbooks and text files of every kind."""

import csv
import datetime as dt
import io
import tracemalloc

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgs import credit_code
from orgs.files import FileRefused, Format, encoding_of, identify, open_table, tables
from tests.orgs.files.build import MAIN, SHEET, repacked, saved, with_rows, with_sheet, xlsx, xlsx_shared


def rows_of(content, format_=Format.XLSX, **more):
    return list(open_table(io.BytesIO(content), format_, **more))


def as_text(rows, **more):
    """The same by Python's own writer of CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, **more).writerows(rows)
    return text.getvalue()


# --- workbooks -------------------------------------------------------------------------------------------------------


def test_each_row_has_the_number_that_the_spreadsheet_shows():
    book = openpyxl.Workbook()
    book.active["B3"], book.active["D3"], book.active["A6"] = "名称", " 沈河区\r\n总工会 ", "\x20\u3000"
    book.active["C9"] = "末"
    assert rows_of(saved(book)) == [(3, ["", "名称", "", "沈河区\n总工会"]), (9, ["", "", "末"])]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (3, None, "3"),
        (3.0, None, "3"),
        (-2.50, None, "-2.5"),
        (0.1 + 0.2, None, "0.3"),
        (1e-9, None, "0.000000001"),
        (123456789012345, None, "123456789012345"),
        (13800138000, None, "13800138000"),
        (0, None, "0"),
        (True, None, "TRUE"),
        ("007", None, "007"),
        ("a\tb", None, "a b"),
        ("_x000B_断行", None, "断行"),
        (dt.date(2026, 1, 31), None, "2026-01-31"),
        (dt.datetime.fromisoformat("2026-01-31T08:05:09"), None, "2026-01-31 08:05:09"),
        (dt.time(8, 5), None, "08:05:00"),
        (dt.timedelta(hours=30), None, "30:00:00"),
        (46053, 'yyyy"年"m"月"d"日"', "2026-01-31"),
        (46053, "[$-804]yyyy/m/d;@", "2026-01-31"),
        (12, '0"元"', "12"),
        (12, "#,##0.00_);[Red](#,##0.00)", "12"),
        (-1, "yyyy-mm-dd", "-1"),
    ],
)
def test_a_value_reads_as_a_person_would_write_it(value, form, text):
    book = openpyxl.Workbook()
    book.active["A1"] = value
    book.active["B1"] = "x"
    if form:
        book.active["A1"].number_format = form
    assert rows_of(saved(book)) == [(1, [text, "x"])]


@pytest.mark.parametrize("format_id", [14, 27, 31, 36, 57])
def test_built_in_dates_of_a_chinese_office(format_id):
    style = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="{format_id}"/></cellXfs></styleSheet>'
    content = repacked(with_rows('<row><c s="1"><v>46053</v></c></row>'), {"xl/styles.xml": style})
    assert rows_of(content) == [(1, ["2026-01-31"])]


def test_dates_of_a_workbook_that_counts_from_1904():
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.MAC_EPOCH
    book.active["A1"] = dt.date(2026, 1, 31)
    assert rows_of(saved(book)) == [(1, ["2026-01-31"])]


def test_an_error_is_no_blank():
    content = with_rows('<row><c t="e"><v>#N/A</v></c><c t="str"><f>A1</f><v>甲</v></c><c><f>1</f><v>1</v></c></row>')
    assert rows_of(content) == [(1, ["#N/A", "甲", "1"])]


def test_a_formula_whose_result_is_blank_is_blank():
    assert rows_of(with_rows('<row><c t="str"><f>""</f><v></v></c><c><v>1</v></c></row>')) == [(1, ["", "1"])]


def test_runs_are_joined_and_phonetic_guides_are_no_text():
    shared = (
        f'<sst xmlns="{MAIN}"><si><r><t>沈河</t></r><r><t>区</t></r><rPh sb="0" eb="1"><t>shen</t></rPh></si></sst>'
    )
    content = repacked(xlsx_shared([["x", "y"]]), {"xl/sharedStrings.xml": shared})
    content = repacked(content, {SHEET: lambda old: old.replace(b"<v>1</v>", b"<v>0</v>")})
    assert rows_of(content) == [(1, ["沈河区", "沈河区"])]


@pytest.mark.parametrize("code", [915000001234567890, 810000000000000000, 91500000123456789, 9.15e17])
def test_a_code_that_became_a_number_never_looks_like_a_code(code):
    ((_number, (text,)),) = rows_of(xlsx([[code]]))
    with pytest.raises(credit_code.NotACodeError) as refused:
        credit_code.parse(text)
    assert refused.value.reason is credit_code.Reason.SPREADSHEET


def test_sheets_that_show_something_in_their_order():
    book = openpyxl.load_workbook(io.BytesIO(xlsx([], sheets=[("名单", [["a"]]), ("选项", [["b"]]), ("空", [[" "]])])))
    book["选项"].sheet_state = "hidden"
    content = saved(book)
    assert tables(io.BytesIO(content), Format.XLSX) == ["名单"]
    assert rows_of(content) == [(1, ["a"])]
    assert rows_of(content, table="选项") == [(1, ["b"])]
    with pytest.raises(FileRefused):
        rows_of(content, table="别的")


def test_a_forged_dimension_is_not_believed():
    body = "<sheetData><row><c><v>1</v></c></row></sheetData>"
    for dimension in ("A1:XFD1048576", "A1", "nonsense"):
        forged = repacked(
            with_sheet(body),
            {
                SHEET: lambda old, to=dimension: old.replace(
                    b'<dimension ref="A1"/>', f'<dimension ref="{to}"/>'.encode()
                )
            },
        )
        assert rows_of(forged) == [(1, ["1"])]


def test_prefixes_and_the_strict_namespace_are_understood():
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    rows = "<x:sheetData><x:row><x:c><x:v>1</x:v></x:c></x:row></x:sheetData>"
    sheet = f'<x:worksheet xmlns:x="{strict}">{rows}</x:worksheet>'
    assert rows_of(repacked(xlsx(), {SHEET: sheet})) == [(1, ["1"])]


CELLS = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp"), exclude_characters="_\ufeff\ufffe\uffff"
    ),
    max_size=8,
).map(str.strip)
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=6)


def meant(rows):
    """What reading must give: rows with something, no blanks at their ends."""
    found = []
    for number, row in enumerate(rows, start=1):
        cells = [*row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            found.append((number, cells))
    return found


@given(TABLES.filter(meant))
def test_whatever_is_written_is_read_back(rows):
    book = openpyxl.Workbook()
    for y, row in enumerate(rows, start=1):
        for x, text in enumerate(row, start=1):
            book.active.cell(y, x).value = text
            book.active.cell(y, x).data_type = "s"
    assert rows_of(saved(book)) == meant(rows)


# --- text ------------------------------------------------------------------------------------------------------------

ENCODINGS = {
    "utf-8": ("utf-8", b""),
    "utf-8-sig": ("utf-8", b"\xef\xbb\xbf"),
    "utf-16": ("utf-16-le", b"\xff\xfe"),
    "utf-16 big": ("utf-16-be", b"\xfe\xff"),
    "utf-16-le": ("utf-16-le", b""),
    "utf-16-be": ("utf-16-be", b""),
    "gb18030": ("gb18030", b""),
    "gbk": ("gbk", b""),
}
HEADING = ("单位名称", "统一社会信用代码", "备注")
WORDS = st.text(st.sampled_from("沈阳市和平区总工会基层（）、第一〇Ａ1 aB'\"；，,;\t\n"), max_size=9).map(str.strip)


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize(("encoding", "mark"), ENCODINGS.values(), ids=ENCODINGS)
@given(rows=st.lists(st.lists(WORDS, min_size=3, max_size=3), max_size=4), end=st.sampled_from(["\r\n", "\n"]))
def test_text_round_trips_in_each_encoding_mark_delimiter_and_quoting(encoding, mark, delimiter, quoting, rows, end):
    text = as_text([HEADING, *rows], delimiter=delimiter, quoting=quoting, lineterminator=end)
    content = mark + text.encode(encoding)
    assert identify(io.BytesIO(content), "名单.csv", {Format.CSV}) is Format.CSV
    tidy = [[cell.replace("\t", " ") for cell in row] for row in rows]
    assert rows_of(content, Format.CSV) == meant([HEADING, *tidy])


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"a,b\n", "utf-8"),
        ("单位".encode(), "utf-8"),
        (b"\xef\xbb\xbfa", "utf-8-sig"),
        ("单位".encode("gbk"), "gb18030"),
        ("䶮,𠮷".encode("gb18030"), "gb18030"),
        ("单位".encode("utf-16"), "utf-16"),
        ("名称,一\n".encode("utf-16-le"), "utf-16-le"),
    ],
)
def test_encoding(content, encoding):
    assert encoding_of(io.BytesIO(content)) == encoding


def test_an_encoding_may_be_said():
    assert rows_of("甲,乙".encode("big5"), Format.CSV, encoding="big5") == [(1, ["甲", "乙"])]
    with pytest.raises(FileRefused):
        rows_of("甲,乙".encode("gbk"), Format.CSV, encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("甲\n乙\n", [(1, ["甲"]), (2, ["乙"])]),
        ("\n\n甲,乙\n\n丙\n", [(3, ["甲", "乙"]), (5, ["丙"])]),
        ('甲,"两\n行"\n丙,丁\n', [(1, ["甲", "两\n行"]), (2, ["丙", "丁"])]),
        ("sep=;\n甲;乙,丙\n", [(2, ["甲", "乙,丙"])]),
        (
            "说明：一, 二\n甲\t乙\n丙\t丁\n戊\t己\n",
            [(1, ["说明：一, 二"]), (2, ["甲", "乙"]), (3, ["丙", "丁"]), (4, ["戊", "己"])],
        ),
        ('5"管,乙\n', [(1, ['5"管', "乙"])]),
        ("甲,乙\x0b丙\n", [(1, ["甲", "乙 丙"])]),
        ("甲,乙\x1a", [(1, ["甲", "乙"])]),
    ],
)
def test_rows_of_text(text, rows):
    assert rows_of(text.encode(), Format.CSV) == rows


def test_a_quotation_mark_that_is_not_closed_is_named():
    with pytest.raises(FileRefused) as refused:
        rows_of('甲,乙\n"丙,丁\n戊,己\n'.encode(), Format.CSV)
    assert refused.value.sentence == (
        "Row 2: a quotation mark is not closed or stands in the wrong place. Save the table as .xlsx."
    )


# --- large -----------------------------------------------------------------------------------------------------------


def test_memory_does_not_grow_with_the_rows():
    rows = [["沈阳市和平区总工会", 12, f"第{number}号", 3.5] for number in range(20_000)]
    for content, format_ in ((xlsx_shared(rows), Format.XLSX), (as_text(rows).encode(), Format.CSV)):
        tracemalloc.start()
        count = sum(1 for _row in open_table(io.BytesIO(content), format_))
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert count == 20_000
        assert peak < 12 << 20
