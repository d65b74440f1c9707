"""Text tables: which encoding, which delimiter, and the rows."""

from __future__ import annotations

import codecs
import csv
import io
import re
from typing import IO, TYPE_CHECKING

from django.utils.translation import gettext as _

from orgs.files.cells import LONGEST, tidy
from orgs.files.refused import FileRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
ENCODINGS = ("utf-8-sig", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "gb18030")
DELIMITERS = (",", "\t", ";")
SAMPLE = 1 << 16
SEPARATOR_LINE = re.compile(r"sep=([^\w\s\"]|\t)\r?\n", re.IGNORECASE)
"""A first line by which Excel is told the delimiter."""

_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f]")
_USUAL = re.compile(r"[\t\r\n\x20-\x7e　-〿一-鿿！-￮]")
_MANY = 20

csv.field_size_limit(4 * LONGEST)  # of the process; an unclosed quotation mark shall not swallow a whole file


def encoding_of(file: IO[bytes]) -> str:
    """One of ENCODINGS, in which the whole file can be read. Raises FileRefused where there is none.

    A mark at the start decides. Without one it is UTF-8 if it can be; UTF-16 if there are the noughts that it puts
    beside plain letters; else GB18030, which contains GBK and GB2312, if that gives words somebody could have written.
    """
    file.seek(0)
    content = file.read()
    file.seek(0)
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _sure(content, encoding)
    if b"\0" in content[:SAMPLE]:
        likely = max(("utf-16-le", "utf-16-be"), key=lambda encoding: _share_of_usual(content[:SAMPLE], encoding))
        return _sure(content, likely)
    if _is_utf8(content):
        return _sure(content, "utf-8")
    return _sure(content, "gb18030")


def rows(file: IO[bytes], encoding: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with its number, cells as they were written. Raises FileRefused at the first that can't be read."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    number = 0
    try:
        delimiter, is_said = _delimiter(text)
        for number, record in enumerate(csv.reader(text, delimiter=delimiter, strict=True), start=1):
            if number > 1 or not is_said:
                yield number, [tidy(cell, number) for cell in record]
    except csv.Error as error:
        raise FileRefused(
            _("Row %(row)s: a quotation mark is not closed or stands in the wrong place. Save the table as .xlsx.")
            % {"row": number + 1}
        ) from error
    except UnicodeError as error:
        raise _undecodable() from error
    finally:
        text.detach()


def _delimiter(text: io.TextIOWrapper) -> tuple[str, bool]:
    """What divides the first rows, and whether the first line says so: what cuts most of them into as many cells."""
    sample = text.read(SAMPLE)
    text.seek(0)
    if found := SEPARATOR_LINE.match(sample):
        return found[1], True
    return max(DELIMITERS, key=lambda delimiter: _agreement(sample, delimiter)), False


def _agreement(sample: str, delimiter: str) -> tuple[float, int]:
    """The share of the first rows that have the commonest width beyond one, and that width."""
    widths: list[int] = []
    try:
        for record in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            if any(record):
                widths.append(len(record))
            if len(widths) == _MANY:
                break
    except csv.Error:
        return (0, 0)
    divided = [width for width in widths if width > 1]
    return max(((divided.count(width) / len(widths), width) for width in divided), default=(0, 0))


def _sure(content: bytes, encoding: str) -> str:
    """The encoding, if the content is text in it."""
    try:
        text = content.decode(encoding)
    except UnicodeError as error:
        raise _undecodable() from error
    if len(_NO_TEXT.findall(text)) * 100 > len(text) or "\0" in text:
        raise _undecodable()
    if encoding == "gb18030" and not _is_common_chinese(text):
        raise _undecodable()
    return encoding


def _is_utf8(content: bytes) -> bool:
    """Whether it is UTF-8, or was before it was damaged: GB18030 would read other characters, and not complain."""
    text = content.decode("utf-8", errors="replace")
    faults = text.count("\N{REPLACEMENT CHARACTER}")
    return faults * 10 <= sum(map(len, re.findall(r"[^\x00-\x7f\ufffd]+", text)))


def _is_common_chinese(text: str) -> bool:
    """Whether most of what is not ASCII stands in GB2312. Big5 or Latin read as GB18030 gives rare characters."""
    foreign = "".join(re.findall(r"[^\x00-\x7f]+", text))
    common = foreign.encode("gb2312", errors="ignore")
    return len(foreign) < _MANY or len(common) >= len(foreign)  # two bytes each: half of them


def _share_of_usual(content: bytes, encoding: str) -> float:
    text = content.decode(encoding, errors="replace")
    return len(_USUAL.findall(text)) / max(len(text), 1)


def _undecodable() -> FileRefused:
    return FileRefused(
        _("The text is neither UTF-8, UTF-16 nor GBK, or is damaged. Save the table as .xlsx, and upload that.")
    )
