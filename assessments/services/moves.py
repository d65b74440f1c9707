"""The only writer of states."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.appraisal import obstacles
from assessments.chain import digest_of
from assessments.models import Assessment, Sheet, Step
from assessments.permissions import may_move
from assessments.queries import departments_of, hands_in_self_sheet
from assessments.rechecking import being_rechecked, not_rechecked
from assessments.results import contents_of, own_stages, read_marks, store_total, total_of
from assessments.services import messages, signoffs, tallying
from assessments.services.locking import in_closed_cycle, locked
from assessments.services.refusals import Forbidden, Refused, WrongState
from assessments.services.words import said
from assessments.text import listed
from assessments.tolerance import standing
from assessments.workflow import STAGE_ORDER, THREE, WRITERS, Action, Move, Stage, State, Warrant, find_move, stages_of
from orgs.models import User
from rubrics.rows import rows

REASON_LENGTH = 1000
RESULTS = ("points", "band_rank", "applicable", *(f"{stage}_points" for stage in Stage))


@transaction.atomic
def move(
    by: User,
    assessment: Assessment,
    action: Action,
    *,
    reason: str = "",
    items: Collection[str] = (),
    seen: str = "",
    warrant: Warrant | None = None,
) -> Assessment:
    """Moves an assessment along one edge of the workflow table.

    items  keys of the items to open again, where the edge allows naming them; empty: all
    seen   the state that the person saw when they decided; empty: any. "Send back" leads on from two states, so without
           it a second click of somebody who both assesses and reviews would send the sheet back twice.
    warrant  what stands behind the move, for the edges that ask for one; only the services of draws and objections
             give it, having checked it

    Effects, all or none: the ended stage's sheet is closed, or, going back, the earlier sheet is open again, and if
    that is the assess sheet or an earlier one, the sign-offs of departments with a named item are taken back (of all
    where none is named); the sheet of a stage that begins is created; who filled in a submitted self sheet is kept; the
    official result becomes that of the last completed stage; one Step is appended to the chained log; whom it concerns
    is told. Raises WrongState when the table has no such edge from the present state, the cycle is closed to it, an
    objection is being rechecked, or the person saw another one; Forbidden when the person may not take it; Refused when
    a condition of the edge is not met.
    """
    assessment = locked(assessment.pk)
    closed = in_closed_cycle(assessment)
    rechecked = being_rechecked(assessment)
    edge = find_move(State(assessment.state), action, assessment.stages, closed=closed, rechecked=rechecked)
    if edge is None or seen not in ("", edge.source) or edge.warrant != warrant:
        raise overtaken(assessment)
    if not may_move(by, assessment, edge):
        raise Forbidden(_("You may see this assessment but not take this step."))
    reason = _checked_reason(edge, reason)
    named = _named_items(assessment, edge, items)
    if edge.needs_complete_sheet:
        _check_complete(assessment, edge)
    if rechecked:
        _check_rechecked(assessment, edge)
    _check_conditions(assessment, edge, reason)
    step = _append_step(by, assessment, edge, reason, named)
    _turn_sheets(assessment, edge, step, named)
    if action == Action.SUBMIT:
        assessment.filled_in_by.add(by, *hands_in_self_sheet(assessment))
    _set_state(by, assessment, edge)
    messages.tell_step(step)
    return assessment


def overtaken(assessment: Assessment) -> WrongState:
    return WrongState(
        _("This can't be done any more: the assessment is now “%(state)s”.") % {"state": assessment.get_state_display()}
    )


def _check_conditions(assessment: Assessment, edge: Move, reason: str) -> None:
    """What the edge asks beside a complete sheet."""
    if edge.needs_departments:
        _check_departments(assessment)
    if edge.needs_ballots:
        _check_ballots(assessment, edge)
    if edge.needs_tolerance:
        _check_tolerance(assessment, edge, reason)


def _checked_reason(edge: Move, reason: str) -> str:
    return said(reason, REASON_LENGTH, _("Please give the reason.") if edge.needs_reason else "")


def _named_items(assessment: Assessment, edge: Move, keys: Collection[str]) -> list[int]:
    if not keys and edge.needs_items:
        raise Refused(_("Please name the items."))
    if not keys:
        return []
    by_key = {row.key: row.pk for row in rows(assessment.rubric) if row.applies(assessment.kind.code)}
    if not edge.may_name_items or not by_key.keys() >= set(keys):
        raise Refused(_("These items can't be named here."))
    return [by_key[key] for key in dict.fromkeys(keys)]


def _sheet_of(assessment: Assessment, stage: Stage) -> Sheet:
    """The stage's sheet, created empty when its stage begins for the first time."""
    sheet, created = Sheet.objects.get_or_create(assessment=assessment, stage=stage)
    sheet.assessment = assessment
    if created:
        store_total(sheet, total_of(assessment, {}), None)
    return sheet


def _check_complete(assessment: Assessment, edge: Move) -> None:
    sheet = _sheet_of(assessment, WRITERS[edge.source].stage)
    marks = read_marks(assessment.rubric, [sheet])[sheet.pk]
    missing = total_of(assessment, contents_of(marks)).missing
    if missing:
        raise Refused(_("%(count)d items have no mark yet: %(items)s.") % _listed(missing))
    if sheet.stage != Stage.SELF:
        _check_claims(assessment, [key for key, mark in marks.items() if mark.content.not_applicable])


def _check_rechecked(assessment: Assessment, edge: Move) -> None:
    missing = not_rechecked(_sheet_of(assessment, WRITERS[edge.source].stage))
    keys = [row.key for row in rows(assessment.rubric) if row.pk in missing]
    if keys:
        raise Refused(
            _("Nobody has rechecked these items yet: %(items)s. Who has not marked them before does that on the sheet.")
            % _listed(keys)
        )


def _check_claims(assessment: Assessment, agreed: list[str]) -> None:
    """What a later stage agreed to as not applicable, the organisation may have withdrawn after a send-back."""
    if not agreed:
        return
    own = assessment.sheets.get(stage=Stage.SELF)
    claimed = {k for k, mark in read_marks(assessment.rubric, [own])[own.pk].items() if mark.content.not_applicable}
    withdrawn = [key for key in agreed if key not in claimed]
    if withdrawn:
        raise Refused(
            _("The organisation no longer says that these items do not apply, so they need a mark: %(items)s.")
            % _listed(withdrawn)
        )


def _listed(keys: Sequence[str]) -> dict[str, object]:
    return {"count": len(keys), "items": listed(keys)}


def _check_departments(assessment: Assessment) -> None:
    waiting = [department.name for department in departments_of(assessment) if not department.signed]
    if waiting:
        raise Refused(
            _("These departments have not signed off yet: %(departments)s.") % {"departments": "、".join(waiting)}
        )


def _check_ballots(assessment: Assessment, edge: Move) -> None:
    sheet = _sheet_of(assessment, WRITERS[edge.source].stage)
    contents = contents_of(read_marks(assessment.rubric, [sheet])[sheet.pk])
    if found := obstacles(assessment, contents):
        raise Refused(" ".join(found))


def _check_tolerance(assessment: Assessment, edge: Move, reason: str) -> None:
    """What is too far from the stage before has what the cycle asks for then."""
    found = [one.obstacle for one in standing(assessment, WRITERS[edge.source].stage, reason) if one.obstacle]
    if found:
        raise Refused(listed(found, by=" "))


def _append_step(by: User, assessment: Assessment, edge: Move, reason: str, named: list[int]) -> Step:
    last = assessment.steps.order_by("-number").values_list("number", "digest").first()
    step = step_after(last or FIRST, by, assessment, edge, reason, named)
    step.save(force_insert=True)
    step.items.set(named)
    return step


FIRST = (0, "")


def step_after(
    last: tuple[int, str], by: User, assessment: Assessment, edge: Move, reason: str, named: Collection[int] = ()
) -> Step:
    """The next step of a chained log, not stored yet. `last`: number and digest of the one before, or FIRST."""
    number, digest = last
    step = Step(
        assessment=assessment,
        number=number + 1,
        action=edge.action,
        source=edge.source,
        target=edge.to,
        by=by,
        at=timezone.now(),
        reason=reason,
    )
    step.digest = digest_of(step, named, digest)
    return step


def _turn_sheets(assessment: Assessment, edge: Move, step: Step, named: Collection[int]) -> None:
    """Closes the sheet of the stage that ends; opens that of the stage that begins or begins again."""
    source = WRITERS.get(edge.source)
    target = WRITERS.get(edge.to)
    forward = (
        target is None
        or edge.adds_review
        or (source and STAGE_ORDER.index(target.stage) > STAGE_ORDER.index(source.stage))
    )
    if source and forward:
        Sheet.objects.filter(assessment=assessment, stage=source.stage).update(
            closed_at=timezone.now(), reopened_by=None
        )
    if target:
        sheet = _sheet_of(assessment, target.stage)
        sheet.closed_at, sheet.reopened_by = None, None if forward else step
        sheet.save(update_fields=("closed_at", "reopened_by"))
    if target and not forward and target.stage != Stage.REVIEW:
        signoffs.open_again(assessment, named)


def _set_state(by: User, assessment: Assessment, edge: Move) -> None:
    """The new state, and the results as they stand in it."""
    if edge.source == State.FINAL:
        tallying.take_out([assessment])
    assessment.state = edge.to
    if edge.adds_review:
        assessment.stages = THREE
    elif edge.drops_review:
        _drop_review(assessment)
    if edge.source == State.ASSESSING and edge.to in (State.REVIEWING, State.FINAL):
        assessment.assessed_by = by
    _set_results(assessment)
    assessment.save(update_fields=("state", "stages", "official_stage", "assessed_by", *RESULTS))
    if edge.to == State.FINAL:
        tallying.enter(assessment)


def _drop_review(assessment: Assessment) -> None:
    """Takes back what the last call-up added: the review stage and its empty sheet, unless there was one before."""
    calls = assessment.steps.filter(action=Action.CALL_UP).count()
    if calls == assessment.steps.filter(action=Action.RELEASE).count():
        assessment.stages = own_stages(assessment.rubric)
    if assessment.stages < THREE:
        assessment.sheets.filter(stage=Stage.REVIEW).delete()


def _set_results(assessment: Assessment) -> None:
    """Of each completed stage its points; the official result is the last one's. What was withdrawn has none."""
    current = WRITERS.get(State(assessment.state))
    stages = stages_of(assessment.stages) if assessment.state != State.WITHDRAWN else ()
    done = stages if current is None else stages[: stages.index(current.stage)]
    sheets = {one.stage: one for one in assessment.sheets.all()} if done else {}
    for stage in Stage:
        setattr(assessment, f"{stage}_points", sheets[stage].points if stage in done else None)
    sheet = sheets[done[-1]] if done else None
    assessment.official_stage = sheet.stage if sheet else ""
    assessment.points = sheet.points if sheet else None
    assessment.band_rank = sheet.band_rank if sheet else None
    assessment.applicable = sheet.applicable if sheet else None
