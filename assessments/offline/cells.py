"""What stands in a cell of a workbook that somebody else saved, as the text that a person would have typed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from orgs.files.cells import unescaped
from rubrics.exchange.cells import plain
from rubrics.scoring.numbers import format_points


def text_of(cell: Any, computed: Any) -> str:
    """The text of a cell. Raises ValueError with a sentence for a date, an error, and a formula that gives no number.

    computed  the same cell with what its formula gave when the file was last saved
    """
    value = cell.value
    if cell.data_type == "f":
        value = computed.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(_("The formula here gives no number. Type what it should say."))
    elif cell.data_type == "e":
        raise ValueError(_("The spreadsheet shows an error here: %(text)s") % {"text": str(value)[:30]})
    if isinstance(value, int | float) and not isinstance(value, bool) and "%" in (cell.number_format or ""):
        return f"{format_points(Decimal(f'{value:.15g}') * 100)}%"  # typed as 95%, kept as 0.95
    return plain(unescaped(value) if isinstance(value, str) else value)
