"""The lines in which claims are entered: what earlier stages claimed, to be recognised with a tick, then one's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.template.loader import render_to_string

from assessments.claims import Claimed, TypedClaim, as_typed, in_words
from assessments.controls import level
from assessments.fields import claim_fields
from assessments.results import Content
from assessments.services.typed import Typed
from assessments.sheetpage.load import SheetPage
from rubrics.rows import Row


@dataclass(frozen=True, slots=True)
class Line:
    """One line of fields; `name` is what their names begin with.

    words   what an earlier stage claimed; empty: a line of one's own
    ticked  whether that is recognised
    """

    name: str
    number: int
    claim: TypedClaim
    words: str = ""
    ticked: bool = False

    @property
    def fields(self) -> list[tuple[str, str]]:
        return list(claim_fields(self.name.removeprefix("k-").rpartition("-")[0], self.number, self.claim).items())


def told_claims(row: Row, content: Content | None) -> list[str]:
    """What a mark claims one by one, in words."""
    return [in_words(row, claim) for claim in content.claims] if content else []


def entry_lines(page: SheetPage, row: Row, typed: Typed | None) -> str:
    """The lines as HTML: with what was typed and refused, else with what stands; and a blank one."""
    stored = page.marks[page.stage].get(row.key)
    stands = stored.content.claims if stored else ()
    offered = list(_offered(page, row))
    own = [as_typed(claim) for claim in stands] if typed is None or typed.claims is None else list(typed.claims)
    sources = [as_typed(claim) for claim in offered]
    lines = [
        Line(f"k-{row.key}-{number}", number, source, in_words(row, claim), source in own)
        for number, (claim, source) in enumerate(zip(offered, sources, strict=True))
    ]
    alone = row.claims[0].key if len(row.claims) == 1 else ""
    others = [*(claim for claim in own if claim not in sources), TypedClaim(alone)]
    lines += [Line(f"k-{row.key}-{number}", number, claim) for number, claim in enumerate(others, start=len(offered))]
    context = {
        "row": row,
        "offered": [line for line in lines if line.words],
        "own": [line for line in lines if not line.words],
        "levels": [(one.key, level(one)) for one in row.claims],
        "alone": alone,
        "proofs": _proofs(page, row, [*offered, *stands]),
    }
    return render_to_string("assessments/_claims.html", context)


def _offered(page: SheetPage, row: Row) -> Iterator[Claimed]:
    """What the earlier stages claimed or recognised, each once."""
    seen = set()
    for stage in page.before:
        stored = page.marks[stage].get(row.key)
        for claim in stored.content.claims if stored else ():
            if claim not in seen:
                seen.add(claim)
                yield claim


def _proofs(page: SheetPage, row: Row, claims: Iterable[Claimed]) -> list[tuple[str, str]]:
    """The files that a claim may name: the item's evidence of this stage and those before, and what claims name."""
    stages = (*page.before, page.stage)
    found = {str(one.pk): one.name for stage in stages for one in page.evidence.get((stage, row.pk), ())}
    named = {str(claim.file): claim.file_name for claim in claims if claim.file is not None}
    return list((named | found).items())
