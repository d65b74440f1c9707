"""XML that somebody uploaded: read as a stream, without declarations and within bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.parsers import expat

from django.utils.translation import gettext as _

from orgs.files.refused import FileRefused, damaged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, NoReturn

    from orgs.files.archive import Part

CHUNK = 1 << 16
MOST_TAGS, FEW_TAGS = 15_000_000, 400_000
"""Of a sheet with 200,000 rows and 12 columns; of a part that only describes others."""
LONGEST_TOKEN = 4 << 20
"""A tag of more than 4 MB was made to choke whoever reads it."""
UNREADABLE = (expat.ExpatError, LookupError, ValueError)
"""No markup, an encoding that nobody knows, characters that the encoding has not."""
NAMESPACE = " "
"""What expat puts between a name's namespace and the name."""


def new_parser() -> expat.XMLParserType:
    """Expat that knows namespaces and refuses every document type: no entities, so nothing multiplies or is fetched."""
    parser = expat.ParserCreate(namespace_separator=NAMESPACE)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def feed(parser: expat.XMLParserType, part: Part, most_tags: int = 0) -> Iterator[None]:
    """Parse the part, pausing after each chunk so that the caller can hand on what came out of it."""
    fed = tags = 0
    try:
        while chunk := part.read(CHUNK):
            parser.Parse(chunk, False)  # noqa: FBT003  # expat takes it by position
            fed += len(chunk)
            tags += chunk.count(b"<")
            if fed - parser.CurrentByteIndex > LONGEST_TOKEN:
                raise damaged()
            if tags > (most_tags or MOST_TAGS):
                raise too_much()
            yield
        parser.Parse(b"", True)  # noqa: FBT003
    except UNREADABLE as error:
        raise damaged() from error
    yield


def parse(parser: expat.XMLParserType, part: Part, most_tags: int = 0) -> None:
    """Parse the whole part."""
    for _pause in feed(parser, part, most_tags):
        pass


def too_much() -> FileRefused:
    return FileRefused(_("The file holds far more than a table needs. Copy the table into a new file and upload that."))


def looks_like_it(head: bytes) -> bool:
    """Whether an XML parser could take it for XML, whatever it is called: a relation may make any part the main one."""
    return head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n").startswith(b"<")


def check_prolog(head: bytes) -> None:
    """Refuse a document type. It can stand only before the first element, which has to begin in this first chunk."""
    names: list[str] = []
    parser = new_parser()
    parser.StartElementHandler = lambda name, _attributes: names.append(name)
    try:
        parser.Parse(head)
    except UNREADABLE as error:
        raise damaged() from error
    if not names:
        raise damaged()


def _refuse_doctype(*_declared: Any) -> NoReturn:
    raise FileRefused(
        _(
            "The file contains a document type declaration, which no office program writes, and was not opened. "
            "Copy what is needed into a new file and upload that."
        )
    )
