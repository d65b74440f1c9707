"""Whose cards are in the file, what stands on them for this reader, and what they are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Assessment
from assessments.permissions import readable_stages
from assessments.queries import cycles_visible_to, under, visible_to
from assessments.reminders.unsubmitted import counties
from assessments.services import Refused
from assessments.workflow import State
from orgs.downloads import file_name
from reports.standings.totals import branch_names
from reports.tables import ScoreTable, scorecard
from reports.tables.cards import LANGUAGE

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from assessments.models import Cycle
    from orgs.models import Organization, User
    from reports.exports.spec import Asked

MOST = 5000
"""Cards in one file: some two gigabytes of single PDFs."""

FOLDER_BYTES, NAME_BYTES, ORGANIZATION_BYTES = 90, 200, 110
"""Of UTF-8, ending aside: Linux takes names of 255 bytes, Windows paths of 260 characters."""


@dataclass(frozen=True, slots=True)
class Card:
    """A card with the county it belongs to; `name` is that of its file, without the ending."""

    table: ScoreTable
    county: str
    name: str


def found(user: User, asked: Asked) -> QuerySet[Assessment]:
    """Of what the person sees of the cycle, what was asked for, in tree order; who left the cycle has no card in it."""
    cycle = cycles_visible_to(user).filter(pk=asked["cycle"]).first()
    if cycle is None:
        raise PermissionDenied
    wanted = visible_to(user).filter(cycle=cycle).exclude(state=State.WITHDRAWN)
    if asked["kind"]:
        wanted = wanted.filter(kind=asked["kind"])
    if asked["branch"]:
        wanted = wanted.filter(under(_branch(user, cycle, asked["branch"])))
    if asked["final"]:
        wanted = wanted.filter(state=State.FINAL)
    return wanted.order_by("path", "pk")


def _branch(user: User, cycle: Cycle, pk: int) -> Organization:
    branch = counties(user, cycle).filter(pk=pk).first()
    if branch is None:
        raise PermissionDenied
    return branch


def units(user: User, asked: Asked) -> Sequence[int]:
    """Keys of the assessments, at most MOST."""
    keys = list(found(user, asked).values_list("pk", flat=True)[: MOST + 1])
    if not keys:
        raise Refused(_("There is no scorecard of this kind here yet."))
    if len(keys) > MOST:
        at_most = ngettext("%(count)d scorecard", "%(count)d scorecards", MOST) % {"count": MOST}
        raise Refused(_("One file holds at most %(cards)s. Choose a branch or a kind.") % {"cards": at_most})
    return keys


def cards(user: User, asked: Asked, part: Sequence[int]) -> list[Card]:
    """The cards of these assessments, each with what this reader sees on the single card.

    Raises PermissionDenied where they no longer see one of them.
    """
    visible = visible_to(user).filter(pk__in=part, cycle=asked["cycle"])
    by_key = visible.select_related("cycle__branch", "kind", "rubric__document", "organization").in_bulk()
    if len(by_key) < len(part):
        raise PermissionDenied
    assessments = [by_key[key] for key in part]
    with translation.override(LANGUAGE):  # folders are read beside the cards, which are Chinese
        names = _folders(assessments)
    twins = _twins(assessments)
    made = []
    for assessment in assessments:
        table = scorecard(assessment, readable_stages(user, assessment))
        code = assessment.organization.code or "" if assessment.name in twins else ""
        made.append(Card(table, names[assessment.pk], card_name(table, code)))
    return made


def card_name(table: ScoreTable, code: str = "") -> str:
    """组织_标题_年度 as on the single card, with the organisation's code where others have its name, cut to a length
    that every system takes."""
    organization = within(file_name(table.organization), ORGANIZATION_BYTES)
    year = str(table.year or "")
    room = NAME_BYTES - sum(len(part.encode()) + 1 for part in (organization, code, year))
    return file_name(organization, code, within(file_name(table.title + table.subtitle), room), year)


def within(text: str, size: int) -> str:
    """As much of a text as fits into so many bytes of UTF-8."""
    return text.encode()[: max(size, 0)].decode(errors="ignore").strip(". ")


def _folders(assessments: Sequence[Assessment]) -> dict[int, str]:
    """The county of each, as it is counted; those right under the union lie together in one folder."""
    names = branch_names(assessments[0].cycle, {one.branch for one in assessments})
    return {one.pk: within(file_name(names[one.branch]), FOLDER_BYTES) or "_" for one in assessments}


def _twins(assessments: Sequence[Assessment]) -> set[str]:
    """Names that several organisations of the cycle have."""
    named = {one.name for one in assessments}
    same = Assessment.objects.filter(cycle=assessments[0].cycle_id, name__in=named).order_by().values("name")
    return {one["name"] for one in same.annotate(number=Count("pk")).filter(number__gt=1)}
