"""The page on which a slip votes: no login, no cookie but the one against forged forms, no code in any address.

The code on a slip's QR picture stands behind the '#', which no browser sends; a script puts it into the form.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from assessments.services import Refused
from assessments.services.ballots import CodeRefused, cast_vote, find_ballot
from assessments.views.answers import UNPROCESSABLE

CODE_LENGTH = 40
"""Of what is typed for a code, with blanks and hyphens."""


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def vote(request: HttpRequest) -> HttpResponse:
    """Asks for the code, then shows its ballot, then votes."""
    if request.method != "POST":
        return render(request, "ballots/vote_code.html")
    code, choice = request.POST.get("code", "")[:CODE_LENGTH], request.POST.get("choice", "")
    try:
        ballot = find_ballot(code)
        if "voting" not in request.POST:
            return render(request, "ballots/vote.html", {"ballot": ballot, "code": code})
        cast_vote(code, int(choice) if choice.isdecimal() and len(choice) < 4 else -1)
    except CodeRefused as refusal:
        return render(request, "ballots/vote_code.html", {"refusal": str(refusal)}, status=UNPROCESSABLE)
    except Refused as refusal:
        context = {"ballot": ballot, "code": code, "refusal": str(refusal)}
        return render(request, "ballots/vote.html", context, status=UNPROCESSABLE)
    return redirect("vote_thanks")


@login_not_required
@never_cache
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "ballots/vote_thanks.html")
