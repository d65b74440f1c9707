"""Codes for slips: made at random, shown once, kept as digests."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from assessments.models import Ballot, BallotCode, BallotState
from assessments.services.ballots.base import held_by
from assessments.services.refusals import Refused
from orgs.models import User

ALPHABET = "34679ACDEFGHJKMNPQRTUVWXY"
"""Without what is taken for something else: 0 O, 1 I L, 2 Z, 5 S, 8 B."""

LENGTH = 12
"""25^12 codes: a guess finds one of 10,000 once in six million million tries, so that none need be counted."""

MOST_SLIPS = 2000


def digest_of(code: str) -> str:
    """What is kept of a code as somebody may type it. The site's secret key is in it: a dump alone tests no guess."""
    said = "".join(code.split()).replace("-", "").upper()
    return salted_hmac("assessments.ballot", said, algorithm="sha256").hexdigest()


@transaction.atomic
def issue_codes(by: User, ballot: Ballot, number: int) -> list[str]:
    """New codes for so many slips, in clear, for this once. Codes issued before and not used are void from now on.

    There are never more codes and papers than people entitled. Raises Forbidden, WrongState when the ballot is not
    open, Refused with the number that is left.
    """
    ballot = held_by(by, ballot, BallotState.OPEN)
    ballot.codes.filter(used=False).delete()
    left = ballot.roster - ballot.codes.count() - (ballot.papers or 0)
    if not 1 <= number <= min(left, MOST_SLIPS):
        raise Refused(_("%(left)s slips can be printed now.") % {"left": min(left, MOST_SLIPS)})
    codes = ["".join(secrets.choice(ALPHABET) for _place in range(LENGTH)) for _slip in range(number)]
    write_codes(ballot, [(digest_of(code), False) for code in codes])
    return codes


def write_codes(ballot: Ballot, codes: list[tuple[str, bool]]) -> None:
    """In the order of digests, which is neither that of slips nor of votes."""
    BallotCode.objects.bulk_create(
        BallotCode(digest=digest, ballot=ballot, used=used) for digest, used in sorted(codes)
    )


def rewrite_codes(ballot: Ballot) -> None:
    """All codes of a ballot written afresh, so that nothing in the rows tells which was used when."""
    codes = list(ballot.codes.values_list("digest", "used"))
    ballot.codes.all().delete()
    write_codes(ballot, codes)
