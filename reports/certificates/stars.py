"""星级证书, 荣誉证书: what a cycle awarded.

Only of closed cycles, and only what their last published results award: a star that a correction took away is on none.
Who reached the best band and found no seat gets a certificate of the band that was awarded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import publications
from assessments.models import Cycle, Snapshot, SnapshotRow
from assessments.permissions import may_follow_decisions
from assessments.queries import cycles_visible_to
from assessments.services import WrongState
from orgs.models import User
from orgs.printable import printable
from reports.certificates.printing import Address, Certificate
from reports.exports.spec import Asked
from reports.official.values import written

STAR = "星"
MOST_STARS = 5


@dataclass(frozen=True, slots=True)
class Stars:
    """The certificates of a cycle: everybody with a band who qualified, or need not, by kind and place."""

    snapshot: Snapshot

    @property
    def rows(self) -> QuerySet[SnapshotRow]:
        given = self.snapshot.rows.filter(points__isnull=False, awarded_rank__isnull=False).exclude(qualified=False)
        return given.order_by("pk")

    def certificates(self, rows: Iterable[SnapshotRow], address: Address) -> list[Certificate]:
        notice, cycle = self.snapshot.notice, self.snapshot.cycle
        page, day = address(reverse("public_notice", args=[notice.key])), written(timezone.localdate(cycle.closed_at))
        said = {"cycle": cycle.name, "issuer": notice.issuer}
        text = _("In %(cycle)s, %(issuer)s has assessed your organisation and awards it:") % said
        return [
            Certificate(
                heading=_("Certificate of stars") if (stars := _stars(row)) else _("Certificate of honour"),
                serial=serial(cycle, row),
                name=printable(row.name),
                text=printable(text),
                honour=row.awarded,
                issuer=notice.issuer,
                day=day,
                stars=stars,
                address=page,
            )
            for row in rows
        ]


def final_results(cycle: Cycle) -> Stars:
    """What the cycle was closed with. Raises WrongState while it is not closed."""
    snapshot = publications.newest(cycle)
    if snapshot is None or cycle.closed_at is None:
        raise WrongState(_("Certificates are made when the cycle is closed: until then results can be corrected."))
    snapshot.cycle = cycle
    return Stars(snapshot)


def serial(cycle: Cycle, row: SnapshotRow) -> str:
    """The same for ever, corrections or not: the year, the cycle, and the organisation's assessment in it."""
    return f"{cycle.year}-{cycle.pk:03d}-{row.assessment_id:06d}"


def read(user: User, asked: Asked) -> Stars:
    """For the workers: the final results that were asked for, if the person may have them."""
    visible = cycles_visible_to(user).select_related("owner", "branch", "document")
    cycle = visible.filter(pk=asked["cycle"]).first()
    if cycle is None or not may_follow_decisions(user, cycle):
        raise PermissionDenied
    return final_results(cycle)


def _stars(row: SnapshotRow) -> int:
    return min(row.awarded_rank or 0, MOST_STARS) if STAR in row.awarded else 0
