"""How lists write where an organisation stands: names from above, one after the other."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from orgs.importing.words import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

SEPARATORS = str.maketrans(dict.fromkeys(">›、\\→", "/"))


def joined(names: Sequence[str]) -> str:
    """A path as our exports write it: with a sign that none of the names has, where that can be."""
    return (" › " if any("/" in name for name in names) else "/").join(names)


@lru_cache(10_000)
def folded_path(typed: str) -> str:
    """Names from above, however they are separated, folded and joined by '/'."""
    return "/".join(filter(None, fold(typed).translate(SEPARATORS).split("/"))) or fold(typed)


def last(path: str, pieces: int) -> str:
    return "/".join(path.rsplit("/", pieces)[-pieces:])
