"""Small files that are what they claim to be: a PDF of one page and a picture."""

from __future__ import annotations

import struct
import zlib
from random import Random

from django.core.files.base import ContentFile

SIDE = 96


def evidence_file(name: str, about: str, rng: Random) -> ContentFile[bytes]:
    """A file by its name's ending. `about` is the line that a PDF shows; a picture is drawn by lot."""
    content = pdf(f"{name.rsplit('.', 1)[0]}（演示）", about) if name.endswith(".pdf") else png(rng)
    return ContentFile(content, name)


def pdf(*lines: str) -> bytes:
    """One page of Chinese lines in a font that every viewer brings along."""
    shown = b" ".join(f"<{line.encode('utf-16-be').hex()}> Tj T*".encode() for line in lines)
    stream = b"BT /F 16 Tf 28 TL 72 760 Td " + shown + b" ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</Font <</F 5 0 R>>>> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
        b"""<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 7 0 R
            /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>""",
        b"""<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0
            /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>""",
    )
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(objects) + 1
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (count, table, count, len(body))
    )


def png(rng: Random) -> bytes:
    """A square of slanting stripes in two colours, in place of a photograph."""
    colours = [bytes(rng.randrange(60, 220) for _ in range(3)) for _ in range(2)]
    width = rng.randrange(8, 24)
    rows = b"".join(b"\0" + b"".join(colours[(x + y) // width % 2] for x in range(SIDE)) for y in range(SIDE))
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
