"""What an organisation claims one by one for a bonus: shared experience, a recognised innovation, each with its proof.

The kernel scores how many claims name each measure (`counted`), so a claim is worth what a count of 1 is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from rubrics.rows import Row


@dataclass(frozen=True, slots=True)
class Claimed:
    """One claim as a value; the fields are those of the model `Claim`.

    measure    key of the level or kind that it is claimed at
    file       key of the evidence that shows it, with its name
    """

    measure: str
    occasion: str
    day: date
    proof: str = ""
    file: int | None = None
    file_name: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class TypedClaim:
    """One claim as a person typed it. `day` is 2025-06-18, `file` the key of the evidence."""

    measure: str = ""
    occasion: str = ""
    day: str = ""
    proof: str = ""
    file: str = ""


def counted(claims: Iterable[Claimed]) -> dict[str, Decimal]:
    """How many claims name each measure: the counts that the kernel scores. A measure that none names has none."""
    return {key: Decimal(many) for key, many in Counter(one.measure for one in claims).items()}


def is_blank(row: Row, typed: TypedClaim) -> bool:
    """Whether nothing was typed; where there is but one measure to claim, its field always names it."""
    said = (typed.occasion, typed.day, typed.proof, typed.file, typed.measure if len(row.claims) > 1 else "")
    return not any(text.strip() for text in said)


def in_words(row: Row, claim: Claimed) -> str:
    """'在辽宁省交流：全省街道工会工作会议，2025-06-18（辽工发〔2025〕12号、交流材料.pdf）', in any language."""
    label = next((one.label for one in row.claims if one.key == claim.measure), claim.measure)
    shown = "、".join(text for text in (_in_one_line(claim.proof), claim.file_name) if text)
    told = f"{label}：{_in_one_line(claim.occasion)}，{claim.day.isoformat()}"
    return f"{told}（{shown}）" if shown else told


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


def on_record(row: Row, claims: Sequence[Claimed]) -> str:
    """The claims as the history of a mark keeps them, one a line."""
    return "\n".join(in_words(row, one) for one in claims)


def as_typed(claim: Claimed) -> TypedClaim:
    """What somebody types who leaves a claim as it stands."""
    file = "" if claim.file is None else str(claim.file)
    return TypedClaim(claim.measure, claim.occasion, claim.day.isoformat(), claim.proof, file)
