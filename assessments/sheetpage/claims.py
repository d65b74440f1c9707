"""The lines in which claims are entered: what earlier stages claimed, to be recognised with a tick, then one's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.template.loader import render_to_string

from assessments.claims import Claimed, TypedClaim, as_typed, in_words, is_blank
from assessments.controls import level
from assessments.fields import claim_fields
from assessments.results import Content
from assessments.services.typed import Typed
from assessments.sheetpage.load import SheetPage
from rubrics.rows import Row


@dataclass(frozen=True, slots=True)
class Line:
    """One line of fields of the item `key`.

    words   what an earlier stage claimed; empty: a line of one's own
    ticked  whether that is recognised
    """

    key: str
    number: int
    claim: TypedClaim
    words: str = ""
    ticked: bool = False

    @property
    def name(self) -> str:
        """What the names of its fields begin with."""
        return f"k-{self.key}-{self.number}"

    @property
    def fields(self) -> list[tuple[str, str]]:
        return list(claim_fields(self.key, self.number, self.claim).items())


def told_claims(row: Row, content: Content | None) -> list[str]:
    """What a mark claims one by one, in words."""
    return [in_words(row, claim) for claim in content.claims] if content else []


def entry_lines(page: SheetPage, row: Row, typed: Typed | None) -> str:
    """The lines as HTML: with what was typed and refused, else with what stands; and a blank one."""
    stored = page.marks[page.stage].get(row.key)
    stands = stored.content.claims if stored else ()
    own = [as_typed(claim) for claim in stands] if typed is None or typed.claims is None else typed.claims
    offered = {as_typed(claim): claim for claim in _offered(page, row)}
    alone = row.claims[0].key if len(row.claims) == 1 else ""
    others = [claim for claim in own if claim not in offered and not is_blank(row, claim)]
    context = {
        "offered": [
            Line(row.key, number, source, in_words(row, claim), source in own)
            for number, (source, claim) in enumerate(offered.items())
        ],
        "own": [
            Line(row.key, number, claim) for number, claim in enumerate((*others, TypedClaim(alone)), len(offered))
        ],
        "levels": [(one.key, level(one)) for one in row.claims],
        "alone": alone,
        "proofs": _proofs(page, row, [*offered.values(), *stands]),
    }
    return render_to_string("assessments/_claims.html", context)


def _offered(page: SheetPage, row: Row) -> Iterator[Claimed]:
    """What the earlier stages claimed or recognised."""
    for stage in page.before:
        stored = page.marks[stage].get(row.key)
        yield from stored.content.claims if stored else ()


def _proofs(page: SheetPage, row: Row, claims: Iterable[Claimed]) -> list[tuple[str, str]]:
    """The files that a claim may name: the item's evidence of this stage and those before, and what claims name."""
    stages = (*page.before, page.stage)
    found = {str(one.pk): one.name for stage in stages for one in page.evidence.get((stage, row.pk), ())}
    named = {str(claim.file): claim.file_name for claim in claims if claim.file is not None}
    return list((named | found).items())
