"""Codes of a ballot as slips of paper to be cut apart, with a picture for phones; kept nowhere in clear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import segno
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assessments.appraisal import ballots_visible_to
from assessments.services.ballots import issue_codes
from assessments.views.answers import Request, refusals
from orgs.downloads import download, file_name
from reports.slip_sheet import slip_sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assessments.models import Ballot

PART = 4
"""Characters of a code that stand together."""


@dataclass(frozen=True, slots=True)
class SlipCard:
    """A code in parts, and the picture that leads a phone to its ballot."""

    code: str
    picture: str


@require_POST
@never_cache
@refusals(back="ballots:detail")
def ballot_slips(request: Request, pk: int) -> HttpResponse:
    """Makes new codes and prints them, this once."""
    visible = ballots_visible_to(request.user).select_related("assessment__assessor", "assessment")
    ballot = get_object_or_404(visible, pk=pk)
    typed = request.POST.get("number", "")
    codes = issue_codes(request.user, ballot, int(typed) if typed.isdecimal() and len(typed) < 7 else 0)
    content = render(ballot, codes, request.build_absolute_uri(reverse("vote")))
    return download(content, file_name(ballot.assessment.name, ballot.title), "pdf")


def render(ballot: Ballot, codes: Sequence[str], address: str) -> bytes:
    """The slips as a PDF. `address` is the voting page; the code goes behind its '#', which stays out of every log."""
    cards = [card(code, address) for code in codes]
    return slip_sheet("reports/ballot_slips.html", "ballot_slips.css", cards, ballot=ballot, address=address)


def card(code: str, address: str) -> SlipCard:
    picture = segno.make(f"{address}#{code}", error="m", micro=False).png_data_uri(scale=4, border=2)
    parts = (code[start : start + PART] for start in range(0, len(code), PART))
    return SlipCard("-".join(parts), picture)
