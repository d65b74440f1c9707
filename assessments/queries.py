"""Reading assessments, always through what the reader may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from assessments.models import Assessment, Cycle, Evidence, MarkRevision, Signoff
from assessments.results import Content, contents_of, read_marks, total_of
from assessments.workflow import PARTIES_OF, UNIT_PEOPLE, WRITERS, Party, Stage
from orgs.models import PATH_STEP, Department, Level, User
from orgs.permissions import OVERSEERS, every_post, posts
from orgs.queries import NOTHING, in_subtree, overseen
from rubrics.rows import Row, rows

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from orgs.models import Organization
    from orgs.permissions import Post

FilledIn = Assessment.filled_in_by.through
PARTY_FIELD = {
    Party.UNIT: "organization",
    Party.ASSESSOR: "assessor",
    Party.REVIEWER: "reviewer",
    Party.OBSERVER: "observer",
}


def visible_to(user: User | AnonymousUser) -> QuerySet[Assessment]:
    """Assessments to which the person's posts are a party, and those in branches they oversee."""
    return Assessment.objects.filter(overseen(user) | _takes_part(posts(user)))


def supervised_by(user: User | AnonymousUser) -> QuerySet[Assessment]:
    """Those of them that the person knows as an administrator or auditor: what stands under such a union in the tree,
    and what has it as its other superior.
    """
    held = (post for post in posts(user) if post.role in OVERSEERS)
    return Assessment.objects.filter(overseen(user) | _takes_part(held))


def _takes_part(held: Iterable[Post]) -> Q:
    """Assessments to which these posts are a party."""
    own: dict[Party, set[int]] = defaultdict(set)
    for post in held:
        for party in PARTIES_OF[post.role]:
            own[party].add(post.organization_id)
    return reduce(or_, (Q(**{f"{PARTY_FIELD[party]}__in": keys}) for party, keys in own.items()), NOTHING)


def waiting_for(user: User | AnonymousUser) -> QuerySet[Assessment]:
    """Assessments whose open sheet the person writes: those for which `permissions.may_write` holds."""
    condition = NOTHING
    for state, writer in WRITERS.items():
        own = {post.organization_id for post in posts(user) if post.role in writer.by.roles}
        if own:
            theirs = Q(state=state, **{f"{PARTY_FIELD[writer.by.party]}__in": own})
            condition |= theirs if writer.stage == Stage.SELF else theirs & ~served_by(user)
    return Assessment.objects.filter(condition)


def served_by(user: User | AnonymousUser) -> Q:
    """Assessments of organisations that the person fills in sheets for, or did in that assessment."""
    own = {post.organization_id for post in every_post(user) if post.role in UNIT_PEOPLE.roles}
    return Q(organization__in=own) | Q(pk__in=FilledIn.objects.filter(user=user.pk).values("assessment"))


def cycles_visible_to(user: User | AnonymousUser) -> QuerySet[Cycle]:
    """Cycles owned in an overseen branch, and cycles that reach the person's own organisations."""
    own = {post.organization_id for post in posts(user)}
    parties = (
        Q(**{f"assessments__{field}__in": own}) for party, field in PARTY_FIELD.items() if party != Party.REVIEWER
    )
    reached = reduce(or_, parties) if own else NOTHING
    return Cycle.objects.filter(
        overseen(user, "owner__path")
        | _above(user)
        | Q(
            owner__in=own
        )  # the owner reviews all of a cycle: those who do aren't found by hundreds of thousands of rows
        | Q(pk__in=Cycle.objects.filter(reached).values("pk"))
        | _beside(user)
    ).select_related("owner", "document")


def _above(user: User | AnonymousUser) -> Q:
    """Cycles whose branch contains an overseen union."""
    paths = {post.path for post in posts(user) if post.role in OVERSEERS}
    prefixes = {path[:end] for path in paths for end in range(PATH_STEP, len(path) + 1, PATH_STEP)}
    return Q(branch__path__in=prefixes)


def _beside(user: User | AnonymousUser) -> Q:
    """Cycles of industrial unions that reach organisations of an overseen branch: all these have another superior.

    Found by who that is: few assessments have one, while the branch may have hundreds of thousands.
    """
    if not any(post.role in OVERSEERS for post in posts(user)):
        return NOTHING
    others = Assessment.objects.filter(observer__isnull=False).order_by().values("observer")
    led = Assessment.objects.filter(overseen(user), observer__in=others)
    return Q(pk__in=led.order_by().values("cycle"))


def under(branch: Organization) -> Q:
    """Assessments of organisations that stood in this branch when their cycle opened; of an industrial union, also of
    those that had it as their second superior.
    """
    inside = in_subtree(branch.path)
    if branch.level != Level.INDUSTRY:
        return inside
    return inside | Q(observer=branch.pk) | Q(assessor=branch.pk, observer__isnull=False)


def filled_in(user: User | AnonymousUser, assessment: Assessment) -> bool:
    """Whether the person had a hand in the self sheet when it was submitted."""
    return FilledIn.objects.filter(assessment=assessment.pk, user=user.pk).exists()


def hands_in_self_sheet(assessment: Assessment) -> frozenset[int]:
    """Keys of the people who saved a mark or gave evidence on the self sheet so far."""
    marked = MarkRevision.objects.filter(sheet__assessment=assessment, sheet__stage=Stage.SELF)
    shown = Evidence.objects.filter(sheet__assessment=assessment, sheet__stage=Stage.SELF)
    return frozenset(
        marked.order_by().values_list("by", flat=True).union(shown.order_by().values_list("uploaded_by", flat=True))
    )


@dataclass(frozen=True, slots=True)
class DepartmentStatus:
    """How far a department of the assessing union is with its items. `missing` are keys of items without a mark."""

    pk: int
    name: str
    items: tuple[str, ...]
    missing: tuple[str, ...]
    signed: Signoff | None


def departments_of(assessment: Assessment) -> tuple[DepartmentStatus, ...]:
    """The assessing union's departments that a rubric makes responsible for items, in the union's order.

    Empty when the rubric names no departments or the union has none of them: then nobody waits for a sign-off.
    """
    named = [row for row in rows(assessment.rubric) if row.departments and row.applies(assessment.kind.code)]
    if not named:
        return ()
    sheet = assessment.sheets.filter(stage=Stage.ASSESS).first()
    contents = contents_of(read_marks(assessment.rubric, [sheet])[sheet.pk]) if sheet else {}
    missing = frozenset(total_of(assessment, contents).missing)
    signed = {one.department_id: one for one in sheet.signoffs.select_related("by")} if sheet else {}
    found = []
    for department in Department.objects.filter(organization=assessment.assessor_id):
        own = [row for row in named if not department.names.isdisjoint(row.departments)]
        if own:
            keys = tuple(row.key for row in own)
            open_keys = tuple(row.key for row in own if row.key in missing and not _gave(department, row, contents))
            found.append(DepartmentStatus(department.pk, department.name, keys, open_keys, signed.get(department.pk)))
    return tuple(found)


def _gave(department: Department, row: Row, contents: Mapping[str, Content]) -> bool:
    """Whether the department has given its own points of a row that several score; the others may take their time."""
    scores = [one.key for one in row.measures if one.office in department.names]
    return bool(scores) and row.key in contents and contents[row.key].counts.keys() >= set(scores)
