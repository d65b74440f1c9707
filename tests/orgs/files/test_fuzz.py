"""Whatever the bytes: rows or a refusal, never another error, and never long."""

import io
import time

import docx
import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orgs.files import FileRefused, Format, guarded, identify, open_table, reading, tables
from tests.orgs.files.build import SHEET, repacked, word, xlsx, xlsx_shared

LONG = 2.0
"""Seconds of the processor."""
ROWS = [["单位名称", "代码", "会员人数"], *([f"第{n}工会", f"8{n}", n] for n in range(30))]
XLSX, SHARED, DOCX = xlsx(ROWS), xlsx_shared(ROWS), word("标题", table=[[str(cell) for cell in row] for row in ROWS])
CSV = "\r\n".join(",".join(map(str, row)) for row in ROWS)
WHOLE = [
    (XLSX, ".xlsx"),
    (SHARED, ".xlsx"),
    (DOCX, ".docx"),
    (CSV.encode(), ".csv"),
    (CSV.encode("gbk"), ".csv"),
    (CSV.encode("utf-16"), ".csv"),
]
PARTS = [SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"]


def handled(content, name):
    """Do with it all that the product does, with what the sentence says as the only other end."""
    began = time.process_time()
    file = io.BytesIO(content)
    try:
        found = identify(file, name, set(Format))
        if found in {Format.XLSX, Format.CSV}:
            for table in tables(file, found):
                for number, cells in open_table(file, found, table=table):
                    assert number > 0
                    assert cells[-1]
                    assert all(cell == cell.strip() and "\0" not in cell for cell in cells)
        if found in {Format.XLSX, Format.DOCX}:
            with reading():
                (openpyxl.load_workbook if found is Format.XLSX else docx.Document)(guarded(file))
    except FileRefused:
        pass
    assert time.process_time() - began < LONG
    assert not file.closed


def test_whole_files_are_taken():
    for content, ending in WHOLE[:2] + WHOLE[3:]:
        file = io.BytesIO(content)
        found = identify(file, f"a{ending}", set(Format))
        assert [cells for _number, cells in open_table(file, found)] == [[str(cell) for cell in row] for row in ROWS]


@given(content=st.binary(max_size=400), ending=st.sampled_from([".xlsx", ".csv", ".docx", ".doc"]))
@example(b"PK\x03\x04", ".xlsx")
@example(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".doc")
@example(b"\xff\xfe", ".csv")
@example(b"\xff\xfea", ".csv")
@example(b'"', ".csv")
@example(b"sep=\n\n", ".csv")
@example(b'sep="\na"b', ".csv")
def test_noise(content, ending):
    handled(content, f"a{ending}")


@given(whole=st.sampled_from(WHOLE), share=st.floats(0, 1))
def test_cut_off(whole, share):
    content, ending = whole
    handled(content[: round(len(content) * share)], f"a{ending}")


@given(
    whole=st.sampled_from(WHOLE),
    flips=st.lists(st.tuples(st.floats(0, 0.9999), st.integers(1, 255)), min_size=1, max_size=6),
)
def test_flipped_bytes(whole, flips):
    content, ending = bytearray(whole[0]), whole[1]
    for place, change in flips:
        content[int(place * len(content))] ^= change
    handled(bytes(content), f"a{ending}")


@pytest.mark.parametrize("name", PARTS)
@settings(max_examples=60)
@given(
    flips=st.lists(st.tuples(st.floats(0, 0.9999), st.sampled_from(b'<>/"=&;0129 AZ\x00\xff')), min_size=1, max_size=5)
)
def test_flipped_bytes_inside_a_sound_archive(name, flips):
    """Sums are right, so that the readers themselves meet the nonsense."""

    def spoil(old):
        part = bytearray(old)
        for place, byte in flips:
            part[int(place * len(part))] = byte
        return bytes(part)

    handled(repacked(SHARED, {name: spoil}), "a.xlsx")


@settings(max_examples=60)
@given(
    flips=st.lists(st.tuples(st.floats(0, 0.9999), st.sampled_from(b'<>/"=&;0129 AZ\x00\xff')), min_size=1, max_size=5)
)
def test_flipped_bytes_inside_a_document(flips):
    def spoil(old):
        part = bytearray(old)
        for place, byte in flips:
            part[int(place * len(part))] = byte
        return bytes(part)

    handled(repacked(DOCX, {"word/document.xml": spoil}), "a.docx")
