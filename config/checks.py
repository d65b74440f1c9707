"""System checks on the machine: what the code needs beside Python packages."""

from ctypes.util import find_library
from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004  # Django's name for it


@register
def font_subsetting(**_: Any) -> list[CheckMessage]:
    """Warn where WeasyPrint would fall back to subsetting Chinese fonts in Python: 12-19 s a card against 0.6 s."""
    if find_library("harfbuzz-subset"):
        return []
    return [
        Warning(
            "libharfbuzz-subset is not installed: each PDF takes some twenty times longer.",
            hint="apt-get install libharfbuzz-subset0",
            id="kaoping.W001",
        )
    ]


@register
def defused_workbooks(**_: Any) -> list[CheckMessage]:
    """Refuse to start where openpyxl would parse uploaded workbooks with a parser that expands entities."""
    from openpyxl.xml import DEFUSEDXML

    if DEFUSEDXML:
        return []
    return [Error("openpyxl does not use defusedxml: an uploaded workbook could exhaust memory.", id="kaoping.E001")]
