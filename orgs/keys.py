"""What stands in an address or a form in place of a row: its key, as text that anybody may have typed."""

from __future__ import annotations

DIGITS = 18
"""What fits into 64 bits; a longer number is no key, and no database takes it."""


def key_of(typed: str | None) -> int:
    """The key; 0, which no row has, for whatever is none."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) <= DIGITS else 0
