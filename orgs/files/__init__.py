"""Uploaded tables and documents, opened safely: the one door for every file whose content is read.

    format = identify(file, name, {Format.XLSX, Format.CSV})   # by content; else FileRefused says what to do
    for number, cells in open_table(file, format): ...         # text, row by row, in bounded memory
    with reading():                                            # who needs merged cells opens it whole
        book = openpyxl.load_workbook(guarded(file))

Each of them can be called on a stored file at any time: none relies on what another has checked.
"""

from orgs.files.formats import Format, identify
from orgs.files.guard import guarded
from orgs.files.refused import FileRefused, reading
from orgs.files.tables import open_table, tables
from orgs.files.text import ENCODINGS, encoding_of

__all__ = [
    "ENCODINGS",
    "FileRefused",
    "Format",
    "encoding_of",
    "guarded",
    "identify",
    "open_table",
    "reading",
    "tables",
]
