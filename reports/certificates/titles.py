"""荣誉证书 of a title that an award round gave to an organisation or to a person of it.

No public page says who holds a title, so these have no picture that leads to one. A title from before was awarded with
a certificate of its own, and so is what comes with a title (省五一劳动奖状); what was revoked has none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assessments.awards.honours import candidacies_visible_to, rounds_visible_to
from assessments.models import AwardRound, Title
from orgs.models import User
from orgs.printable import printable
from reports.certificates.printing import Address, Certificate
from reports.exports.spec import Asked
from reports.official.values import written


@dataclass(frozen=True, slots=True)
class Titles:
    """The certificates of a round, as far as the reader sees its candidates: the highest title first, then as the tree
    stands."""

    award_round: AwardRound
    reader: User

    @property
    def rows(self) -> QuerySet[Title]:
        seen = candidacies_visible_to(self.reader).filter(round=self.award_round)
        found = certified().filter(round=self.award_round, organization__in=seen.values("organization"))
        return found.order_by("-rung__position", "organization__path", "person", "pk")

    def certificates(self, rows: Iterable[Title], _address: Address) -> list[Certificate]:
        return [certificate_of(title) for title in rows]


def certified() -> QuerySet[Title]:
    """Titles that have a certificate."""
    return Title.objects.filter(round__isnull=False, revoked_on=None).select_related(
        "rung", "organization", "round__owner"
    )


def certificate_of(title: Title) -> Certificate:
    """Of one of `certified`, in the language that is spoken now."""
    award_round = title.round
    if award_round is None:
        raise ValueError(title)
    said = {"round": award_round.name, "issuer": award_round.owner.name, "organization": title.organization.name}
    if title.person:
        name = _("%(person)s, %(organization)s") % {**said, "person": title.person}
        text = _("In “%(round)s”, %(issuer)s awards you the title:") % said
    else:
        name = title.organization.name
        text = _("In “%(round)s”, %(issuer)s awards your organisation the title:") % said
    return Certificate(
        heading=_("Certificate of honour"),
        serial=serial(title),
        name=printable(name),
        text=printable(text),
        honour=printable(title.rung.name),
        issuer=printable(award_round.owner.name),
        day=written(title.awarded_on),
    )


def serial(title: Title) -> str:
    """The same for ever, and no certificate of a cycle has it: the year, the round, the title."""
    return f"{title.awarded_on.year}-R{title.round_id:03d}-{title.pk:06d}"


def read(user: User, asked: Asked) -> Titles:
    """The round that was asked for, if the person may know of it."""
    award_round = rounds_visible_to(user).filter(pk=asked["round"]).first()
    if award_round is None:
        raise PermissionDenied
    return Titles(award_round, user)
