"""Pages of long lists that nobody counts: COUNT(*) over 1,000,000 rows costs more than the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

Row = TypeVar("Row")

SIZE = 50
LAST = 200
"""The last page shown: whoever leafs further should search, and a deep OFFSET is as dear as a count."""


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """A page with the names that templates know from django.core.paginator.Page."""

    object_list: list[Row]
    number: int
    has_next: bool
    is_cut: bool = False
    """Whether more rows follow that no page shows."""

    def __iter__(self) -> Iterator[Row]:
        return iter(self.object_list)

    def __len__(self) -> int:
        return len(self.object_list)

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def previous_page_number(self) -> int:
        return self.number - 1

    @property
    def next_page_number(self) -> int:
        return self.number + 1


def page_of(rows: QuerySet[Row], typed: str | None, size: int = SIZE) -> Page[Row]:  # type: ignore[type-var]
    """The page that was asked for, in one query; what is no page number means the first."""
    number = min(max(int(typed), 1), LAST) if typed and typed.isascii() and typed.isdigit() and len(typed) < 9 else 1
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    more = len(found) > size
    return Page(found[:size], number, has_next=more and number < LAST, is_cut=more and number == LAST)
