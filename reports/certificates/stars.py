"""星级证书, 荣誉证书: what an organisation was awarded, on paper to be sealed and hung up. A4 across.

Only of closed cycles, and only what their last published results award: a star that a correction took away is on none.
Who reached the best band and found no seat gets a certificate of the band that was awarded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import segno
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from assessments import publications
from assessments.models import Cycle, Snapshot, SnapshotRow
from assessments.permissions import may_follow_decisions
from assessments.queries import cycles_visible_to
from assessments.services import WrongState
from orgs.models import User
from orgs.printable import printable
from reports.exports.spec import Asked
from reports.official.values import written
from reports.paper import printed
from reports.tables.cards import LANGUAGE

STAR = "星"
MOST_STARS = 5
LONG, VERY_LONG = 22, 44
"""Characters of a name from which on it is set smaller."""

MUCH = 50
"""Characters of cycle and issuer that stand in two lines of the text."""

Address = Callable[[str], str]
"""The whole address of a path of this site."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """`stars` are drawn where the band is called after them. `picture` leads a phone to the public notice."""

    serial: str
    name: str
    cycle: str
    band: str
    stars: int
    issuer: str
    day: str
    address: str
    picture: str

    @property
    def drawn(self) -> range:
        return range(self.stars)

    @property
    def size(self) -> str:
        length = len(self.name)
        return "very-long" if length > VERY_LONG else "long" if length > LONG else ""

    @property
    def tight(self) -> bool:
        """Whether so much is to be said that all of it is set smaller."""
        return len(self.name) > VERY_LONG or len(self.cycle) + len(self.issuer) > MUCH


def awarded(snapshot: Snapshot) -> QuerySet[SnapshotRow]:
    """Who gets a certificate, by kind and place: everybody with a band who qualified, or need not."""
    rows = snapshot.rows.filter(points__isnull=False, awarded_rank__isnull=False).exclude(qualified=False)
    return rows.order_by("pk")


def final_results(cycle: Cycle) -> Snapshot:
    """What the cycle was closed with. Raises WrongState while it is not closed."""
    snapshot = publications.newest(cycle)
    if snapshot is None or cycle.closed_at is None:
        raise WrongState(_("Certificates are made when the cycle is closed: until then results can be corrected."))
    snapshot.cycle = cycle
    return snapshot


def certificates_of(snapshot: Snapshot, rows: Iterable[SnapshotRow], address: Address) -> list[Certificate]:
    notice, cycle = snapshot.notice, snapshot.cycle
    page = address(reverse("public_notice", args=[notice.key]))
    picture = segno.make(page, error="m", micro=False).svg_data_uri(border=0)
    closed = timezone.localdate(cycle.closed_at)
    with translation.override(LANGUAGE):
        return [
            Certificate(
                serial=serial(cycle, row),
                name=printable(row.name),
                cycle=cycle.name,
                band=row.awarded,
                stars=min(row.awarded_rank or 0, MOST_STARS) if STAR in row.awarded else 0,
                issuer=notice.issuer,
                day=written(closed),
                address=page,
                picture=picture,
            )
            for row in rows
        ]


def serial(cycle: Cycle, row: SnapshotRow) -> str:
    """The same for ever, corrections or not: the year, the cycle, and the organisation's assessment in it."""
    return f"{cycle.year}-{cycle.pk:03d}-{row.assessment_id:06d}"


def render(found: Sequence[Certificate]) -> bytes:
    """A page each."""
    with translation.override(LANGUAGE):
        html = render_to_string("reports/certificate.html", {"certificates": found})
    return printed(html, "certificate.css")


def read_results(user: User, asked: Asked) -> Snapshot:
    """For the workers: the final results that were asked for, if the person may have them."""
    visible = cycles_visible_to(user).select_related("owner", "branch", "document")
    cycle = visible.filter(pk=asked["cycle"]).first()
    if cycle is None or not may_follow_decisions(user, cycle):
        raise PermissionDenied
    return final_results(cycle)
