"""What an uploaded file is, judged by its content; where it is not what is wanted, a sentence says what to do."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum
from pathlib import PurePath
from typing import IO

import puremagic
from django.conf import settings
from django.utils.translation import gettext as _

from orgs.files import archive, markup, text
from orgs.files.refused import FileRefused, damaged


class Format(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"
    DOCX = "docx"
    DOC = "doc"


ENDINGS = {
    Format.XLSX: (".xlsx",),
    Format.CSV: (".csv", ".txt", ".tsv"),
    Format.DOCX: (".docx",),
    Format.DOC: (".doc",),
}
MAIN_PART = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".pptx": "ppt/presentation.xml"}
"""All three are ZIP files; which one it is, the part inside says."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
HEAD = 4096
PICTURES = {".jpg", ".jpeg", ".jfif", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic", ".heif"}
ARCHIVES = {".rar", ".7z", ".gz", ".tar", ".bz2", ".xz"}

HARMLESS_LINKS = {"hyperlink", "image", "attachedTemplate"}
"""Relations to the outside that an ordinary document has. Nothing here ever follows one."""


def identify(file: IO[bytes], name: str, accept: Collection[Format]) -> Format:
    """The file's format, one of `accept`. Raises FileRefused with the reason and the way out; reads, keeps nothing."""
    found = _recognise(file, PurePath(name).suffix.lower(), accept)
    if found not in accept:
        raise FileRefused(
            _("This is a .%(found)s file. Here %(wanted)s is taken.") % {"found": found.value, "wanted": _words(accept)}
        )
    suffix = PurePath(name).suffix.lower()
    if suffix not in ENDINGS[found]:
        raise FileRefused(
            _("The content is that of a .%(found)s file, but the name ends in “%(suffix)s”. Give it the right ending.")
            % {"found": found.value, "suffix": suffix}
        )
    file.seek(0)
    return found


def _recognise(file: IO[bytes], suffix: str, accept: Collection[Format]) -> Format:
    size = file.seek(0, 2)
    if not size:
        raise FileRefused(_("The file is empty. Save it once more in the program that made it, and upload it again."))
    if size > settings.LIST_MAX_BYTES:
        raise FileRefused(
            _("The file is larger than %(limit)s MB. Take out pictures and what is not needed, or divide it.")
            % {"limit": settings.LIST_MAX_BYTES >> 20}
        )
    file.seek(0)
    head = file.read(HEAD)
    if head.startswith(ZIP):
        return _package(file)
    if head.startswith(OLE):
        return _old_office(file, suffix, accept)
    _refuse_foreign(head, accept)
    _refuse_markup(head)
    if Format.CSV not in accept and suffix not in ENDINGS[Format.CSV]:
        raise FileRefused(
            _("The content is not that of an office file. Here %(wanted)s is taken.") % {"wanted": _words(accept)}
        )
    text.encoding_of(file)
    return Format.CSV


def _package(file: IO[bytes]) -> Format:
    """A .xlsx or .docx that holds what its directory says, and nothing that could do harm."""
    with archive.opened(file) as package:
        names = set(package.namelist())
        if archive.has_macros(package.infolist()):
            raise FileRefused(
                _("The file contains macros. Save it as .xlsx or .docx, which hold none, and upload that.")
            )
        found = next(
            (Format(ending[1:]) for ending, part in MAIN_PART.items() if part in names and ending != ".pptx"), None
        )
        if found is None:
            raise _other_package(names)
        for name, part in archive.parts(package):
            _check_part(name, part)
    return found


def _other_package(names: set[str]) -> FileRefused:
    if "xl/workbook.bin" in names or "content.xml" in names:
        return FileRefused(_("This is an .xlsb, .ods or .odt file. Save it as .xlsx or .docx, and upload that."))
    if MAIN_PART[".pptx"] in names:
        return FileRefused(_("This is a presentation. Upload the table or document that it was made from."))
    if "[Content_Types].xml" in names:
        return damaged()
    return FileRefused(_("This is a compressed archive. Unpack it, and upload the file inside."))


def _check_part(name: str, part: archive.Part) -> None:
    """Read the whole part, so that its size and sum are proven; as markup it may declare no document type."""
    if name.lower().endswith(".rels"):
        parser = markup.new_parser()
        parser.StartElementHandler = _refuse_outside
        return markup.parse(parser, part, markup.FEW_TAGS)
    chunk = part.read(markup.CHUNK)
    if name.lower().endswith(".xml") or markup.looks_like_it(chunk):
        markup.check_prolog(chunk)
    tags = 0
    while chunk:
        tags += chunk.count(b"<")
        chunk = part.read(markup.CHUNK)
    if tags > markup.MOST_TAGS:
        raise markup.too_much()
    return None


def _refuse_outside(_name: str, attributes: dict[str, str]) -> None:
    """Refuse a relation that takes content from elsewhere: what is shown here would not be what was uploaded."""
    kind, target = attributes.get("Type", "").rpartition("/")[2], attributes.get("Target", "")
    if attributes.get("TargetMode") != "External":
        return
    if kind not in HARMLESS_LINKS or (
        kind == "attachedTemplate" and re.match(r"(https?|ftp):|\\\\|file://[^/]", target)
    ):
        raise FileRefused(
            _("The file takes content from other files. Copy what it shows into a new file and upload that.")
        )


def _old_office(file: IO[bytes], suffix: str, accept: Collection[Format]) -> Format:
    """OLE containers: all that Office and WPS wrote before 2007, and every encrypted file."""
    file.seek(0)
    content = file.read()
    if _has_stream(content, "EncryptedPackage"):
        raise archive.encrypted()
    if _has_stream(content, "WordDocument"):
        if Format.DOC in accept and suffix in ENDINGS[Format.DOC]:
            return Format.DOC
        raise FileRefused(
            _("This is a document in the old format (.doc, .wps). Save it as .docx in WPS or Word, and upload that.")
        )
    if _has_stream(content, "Workbook") or _has_stream(content, "Book") or suffix in {".xls", ".et"}:
        raise FileRefused(
            _("This is a table in the old format (.xls, .et). Save it as .xlsx in WPS or Excel, and upload that.")
        )
    raise FileRefused(_("This is an old office file. Save it as .xlsx or .docx, and upload that."))


def _has_stream(content: bytes, name: str) -> bool:
    """Whether the container's directory lists the stream: its name, closed by a nought."""
    return (name + "\0").encode("utf-16-le") in content


def _refuse_foreign(head: bytes, accept: Collection[Format]) -> None:
    """What is neither office file nor text, but known."""
    wanted = {"wanted": _words(accept)}
    endings = _endings(head)
    if b"%PDF-" in head[:1024]:
        raise FileRefused(
            _("This is a PDF: pages, not a table. Upload the file that it was made from, as %(wanted)s.") % wanted
        )
    if endings & PICTURES:
        raise FileRefused(_("This is a picture. Upload the file that it was made from, as %(wanted)s.") % wanted)
    if endings & ARCHIVES:
        raise FileRefused(_("This is a compressed archive. Unpack it, and upload the file inside."))


def _endings(head: bytes) -> set[str]:
    try:
        return {match.extension for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return set()


def _refuse_markup(head: bytes) -> None:
    if head.startswith(b"{\\rtf"):
        raise FileRefused(_("This is an .rtf document. Save it as .docx in WPS or Word, and upload that."))
    if markup.looks_like_it(head):
        raise FileRefused(
            _("This is a web page, whatever its name says. Save it as .xlsx in WPS or Excel, and upload that.")
        )


def _words(accept: Collection[Format]) -> str:
    return " / ".join(f".{found.value}" for found in Format if found in accept)
