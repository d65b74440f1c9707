"""Opening a cycle: who is assessed with what, by whom, frozen for good."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment, Cycle, CycleKind, Sheet, Superior
from assessments.permissions import may_manage_cycle, may_open_cycle
from assessments.results import own_stages, total_of
from assessments.services import cycle_log
from assessments.services.locking import locked_cycle
from assessments.services.refusals import Forbidden, Refused
from assessments.services.tallying import count_all
from assessments.services.words import said
from assessments.tallies import branch_in, unions_under
from assessments.workflow import Stage
from orgs.models import Organization, OrganizationKind, User
from orgs.queries import in_subtree
from orgs.services.base import wait_for_owner
from rubrics.models import Band, Document, Rubric, TotalPolicy
from rubrics.services import freeze

BATCH = 2000


@dataclass(frozen=True, slots=True)
class Choice:
    """What a kind gets in a cycle: a rubric and how its total is read, or, with None, deliberately nothing."""

    rubric: Rubric | None
    total_policy: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A cycle as an administrator fills it in.

    choices   by kind key; a kind that is absent has not been decided
    superior  who assesses organisations with two superiors
    """

    name: str
    year: int
    owner: Organization
    branch: Organization
    document: Document
    self_deadline: date
    assess_deadline: date
    review_deadline: date | None
    choices: Mapping[int, Choice]
    superior: str = Superior.TERRITORIAL


@dataclass(frozen=True, slots=True)
class KindCount:
    """A kind of organisation in a branch, with how many there are and the document's rubric for it, if it has one."""

    kind: OrganizationKind
    organizations: int
    rubric: Rubric | None


def candidates(owner: Organization, branch: Organization) -> QuerySet[Organization]:
    """The organisations that a cycle of `owner` reaches in a branch: all open ones but the deciding union itself.

    Those that stand elsewhere and have a union of the branch as their industrial union belong to it too. Two queries,
    so that the usual branch, which has none, is asked for as a plain range of paths.
    """
    inside = in_subtree(branch.path)
    led = in_subtree(branch.path, "industrial_union__path")
    elsewhere = Organization.objects.filter(led).exclude(inside).exists()
    return Organization.objects.filter(inside | led if elsewhere else inside, closed_on=None).exclude(pk=owner.pk)


def with_two_superiors(owner: Organization, branch: Organization) -> int:
    """How many of them have two unions that could assess them."""
    found = candidates(owner, branch).filter(parent__isnull=False, industrial_union__isnull=False)
    return found.order_by().count()


def documents_for(*owners: Organization) -> QuerySet[Document]:
    """What a cycle of these unions may go by: what came with the software, their own, and those of unions above."""
    near = {pk for owner in owners for pk in (*owner.ancestor_ids, owner.pk)}
    return Document.objects.filter(Q(owner=None) | Q(owner__in=near))


def survey(owner: Organization, branch: Organization, document: Document) -> list[KindCount]:
    """The kinds in a branch and the document's newest published rubric for each. Four queries."""
    rubrics = rubric_per_kind(document)
    counts = dict(candidates(owner, branch).order_by().values_list("kind").annotate(Count("pk")))
    kinds = OrganizationKind.objects.filter(pk__in=counts)
    return [KindCount(kind, counts[kind.pk], rubrics.get(kind.code)) for kind in kinds]


def rubric_per_kind(document: Document) -> dict[str, Rubric]:
    """The document's map: kind code -> the rubric that addresses it, each in its newest published version.

    A kind that the newest version addresses no more has none: an older version is no answer for it. Of several
    rubrics for a kind the first in the document is proposed.
    """
    published = document.rubrics.filter(published_at__isnull=False).prefetch_related("audiences")
    newest = {rubric.code: rubric for rubric in published.order_by("-position", "-code", "version")}
    return {audience.kind: rubric for rubric in newest.values() for audience in rubric.audiences.all()}


def printed_total(rubric: Rubric) -> Decimal:
    """What the rubric's printed points add up to."""
    return rubric.items.aggregate(Sum("points"))["points__sum"] or Decimal(0)


def needs_total_policy(rubric: Rubric) -> bool:
    """Whether the printed points contradict the declared total, so that a person must say how totals are read."""
    return rubric.declared_total is not None and printed_total(rubric) != rubric.declared_total


@transaction.atomic
def open_cycle(by: User, plan: Plan) -> Cycle:
    """Opens a cycle: one assessment, with its empty self sheet, per organisation of the branch whose kind has a rubric.

    Frozen for each: name, path and kind of the organisation, rubric version and total policy, the assessing union (its
    parent; of two superiors the one that the plan names, the other one reads) and the reviewing union (the cycle's
    owner). The rubrics used are frozen too. Raises Forbidden, or Refused with every undecided kind named.
    """
    if not may_open_cycle(by, plan.owner.path) or not plan.branch.path.startswith(plan.owner.path):
        raise Forbidden(_("You can open cycles only for your own union and its branches."))
    wait_for_owner(plan.owner)
    choices = _checked(plan)
    cycle = _create_cycle(by, plan, choices)
    terms = {
        kind: Terms(choice.rubric, _policy(choice), own_stages(choice.rubric))
        for kind, choice in choices.items()
        if choice.rubric
    }
    unions = unions_under(cycle.branch)
    organizations = candidates(plan.owner, plan.branch).filter(kind__in=terms).select_related("kind")
    opened = 0
    for batch in _batches(organizations.iterator(chunk_size=BATCH)):
        opened += _open_assessments(cycle, batch, terms, unions)
    if not opened:
        raise Refused(_("There is no organisation to assess in this branch."))
    count_all(cycle)
    return cycle


class Terms(NamedTuple):
    """What all organisations of a kind are assessed with."""

    rubric: Rubric
    total_policy: str
    stages: int


def _checked(plan: Plan) -> dict[int, Choice]:
    kinds = survey(plan.owner, plan.branch, plan.document)
    undecided = [entry.kind.name for entry in kinds if entry.kind.pk not in plan.choices]
    if undecided:
        raise Refused(
            _("These kinds have no rubric. Choose one, or leave the kind out on purpose: %(kinds)s.")
            % {"kinds": "、".join(undecided)}
        )
    choices = {entry.kind.pk: plan.choices[entry.kind.pk] for entry in kinds}
    _check_documents(plan, choices)
    for rubric in {choice.rubric for choice in choices.values() if choice.rubric}:
        _check_rubric(plan, rubric)
    unread = [c.rubric for c in choices.values() if c.rubric and not c.total_policy and needs_total_policy(c.rubric)]
    if unread:
        raise Refused(
            _("The points of these rubrics do not add up to the declared total. Say how totals are read: %(rubrics)s.")
            % {"rubrics": "、".join(str(rubric) for rubric in unread)}
        )
    return choices


def _check_documents(plan: Plan, choices: Mapping[int, Choice]) -> None:
    """A union goes by its own documents and its superiors', never by another's."""
    documents = {plan.document.pk, *(choice.rubric.document_id for choice in choices.values() if choice.rubric)}
    if documents_for(plan.owner).filter(pk__in=documents).count() != len(documents):
        raise Refused(_("A cycle goes by documents of its own union or of a union above it."))


def _check_rubric(plan: Plan, rubric: Rubric) -> None:
    if rubric.published_at is None:
        raise Refused(_("“%(rubric)s” is not published yet.") % {"rubric": rubric})
    if own_stages(rubric) == 3 and plan.review_deadline is None:
        raise Refused(_("“%(rubric)s” has a review stage: please set its deadline.") % {"rubric": rubric})


def _create_cycle(by: User, plan: Plan, choices: Mapping[int, Choice]) -> Cycle:
    _check_deadlines(plan.self_deadline, plan.assess_deadline, plan.review_deadline)
    name = _checked_name(plan)
    if plan.superior not in Superior.values:
        raise Refused(_("Say who assesses organisations with two superiors."))
    cycle = Cycle.objects.create(
        name=name,
        year=plan.year,
        owner=plan.owner,
        branch=plan.branch,
        document=plan.document,
        self_deadline=plan.self_deadline,
        assess_deadline=plan.assess_deadline,
        review_deadline=plan.review_deadline,
        superior=plan.superior,
        quota_share=_quota_share(choices.values()),
        opened_at=timezone.now(),
        opened_by=by,
    )
    CycleKind.objects.bulk_create(
        CycleKind(cycle=cycle, kind_id=kind, rubric=choice.rubric, total_policy=_policy(choice))
        for kind, choice in choices.items()
    )
    for rubric in {choice.rubric for choice in choices.values() if choice.rubric}:
        freeze(rubric)
    return cycle


def _quota_share(choices: Iterable[Choice]) -> Decimal | None:
    """What the rubrics say of their best bands, if they agree: else a person says it in the cycle's rules."""
    rubrics = {choice.rubric.pk for choice in choices if choice.rubric}
    best: dict[int, Decimal | None] = {}
    for rubric, quota in Band.objects.filter(rubric__in=rubrics).order_by("-rank").values_list("rubric", "quota"):
        best.setdefault(rubric, quota)
    shares = set(best.values())
    return shares.pop() if len(shares) == 1 else None


def _checked_name(plan: Plan) -> str:
    name = said(plan.name, 120, _("The cycle needs a name."))
    if Cycle.objects.filter(owner=plan.owner, name=name).exists():
        raise Refused(_("There is already a cycle called “%(name)s”.") % {"name": name})
    return name


def _policy(choice: Choice) -> str:
    return (choice.total_policy or TotalPolicy.AS_PRINTED) if choice.rubric else ""


def _check_deadlines(self_deadline: date, assess_deadline: date, review_deadline: date | None) -> None:
    if not self_deadline <= assess_deadline <= (review_deadline or date.max):
        raise Refused(_("The deadlines must follow each other: self-score, assessment, review."))


def _batches(rows: Iterator[Organization]) -> Iterable[list[Organization]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _open_assessments(
    cycle: Cycle, batch: list[Organization], terms: Mapping[int, Terms], unions: Collection[str]
) -> int:
    assessments = Assessment.objects.bulk_create(
        [_assessment(cycle, organization, terms[organization.kind_id], unions) for organization in batch]
    )
    blank = {}  # what an empty sheet says is the same for all of a kind
    for assessment in assessments:
        if assessment.kind_id not in blank:
            blank[assessment.kind_id] = total_of(assessment, {})
    Sheet.objects.bulk_create(
        Sheet(
            assessment=assessment,
            stage=Stage.SELF,
            applicable=blank[assessment.kind_id].applicable,
            required=blank[assessment.kind_id].required,
        )
        for assessment in assessments
    )
    return len(assessments)


def superiors(cycle: Cycle, organization: Organization) -> tuple[int, int | None]:
    """Keys of the union that assesses an organisation and of the one that, of two superiors, only reads."""
    territorial, industrial = organization.parent_id, organization.industrial_union_id
    if territorial is None or industrial is None:
        return territorial or industrial or cycle.owner_id, None
    return (industrial, territorial) if cycle.superior == Superior.INDUSTRIAL else (territorial, industrial)


def _assessment(cycle: Cycle, organization: Organization, terms: Terms, unions: Collection[str]) -> Assessment:
    assessor, observer = superiors(cycle, organization)
    return Assessment(
        cycle=cycle,
        organization=organization,
        name=organization.name,
        sort_key=organization.sort_key,
        path=organization.path,
        branch=branch_in(cycle, organization.path, unions),
        kind=organization.kind,
        rubric=terms.rubric,
        total_policy=terms.total_policy,
        stages=terms.stages,
        assessor_id=assessor,
        observer_id=observer,
        reviewer_id=cycle.owner_id,
    )


@transaction.atomic
def change_deadlines(
    by: User, cycle: Cycle, *, self_deadline: date, assess_deadline: date, review_deadline: date | None
) -> Cycle:
    """Sets other deadlines for a running cycle. Raises Forbidden or Refused."""
    cycle = locked_cycle(cycle.pk)
    if not may_manage_cycle(by, cycle):
        raise Forbidden(_("Only administrators of the deciding union change its cycles."))
    _check_deadlines(self_deadline, assess_deadline, review_deadline)
    if cycle.review_deadline and not review_deadline:
        raise Refused(_("This cycle has a review stage: it needs a deadline."))
    days = {"self_deadline": self_deadline, "assess_deadline": assess_deadline, "review_deadline": review_deadline}
    cycle_log.change(by, cycle, days)
    return cycle
