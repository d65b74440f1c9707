"""站内消息: the only writer of messages. The services that cause one call this in their own transaction.

A message is told to a person once for each occasion, however often and by however many it is told: the database holds
it. So whoever tells need not know what has been told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from django.conf import settings
from django.utils import timezone

from assessments.awards.permissions import RECOMMENDERS
from assessments.models import Assessment, Candidacy, Extension, MakeUp, Message, Notice, Objection, Signoff, Step
from assessments.permissions import party_key
from assessments.reminders import reminding
from assessments.reminders.reminding import Note
from assessments.workflow import DECIDERS, STATE_OF, UNIT_PEOPLE, WRITERS, Action, Stage, State
from orgs import background
from orgs.models import Membership, Organization, User
from orgs.roles import Role

BATCH = 1000

TO_UNIT = frozenset({Action.CONFIRM, Action.WITHDRAW})
"""Moves that the assessed organisation is told of; of the others in `reminding.MOVED`, who has to act next."""


def tell(people: Iterable[int], occasion: str, text: str, url: str = "") -> None:
    """Writes one message to each of these people, unless they have been told on this occasion before."""
    write((person, Note(occasion, text, url)) for person in people)
    send_later()


def write(told: Iterable[tuple[int, Note]]) -> None:
    """Messages to people, whatever part of them stands already. In one order, so that no two writers wait crosswise."""
    now = timezone.now()
    Message.objects.bulk_create(
        (
            Message(to_id=person, occasion=note.occasion, text=note.text, url=note.url, at=now)
            for person, note in sorted(set(told))
        ),
        batch_size=BATCH,
        ignore_conflicts=True,
    )


def send_later() -> None:
    """Have the e-mails written, on a site that sends any."""
    if settings.EMAIL_FROM:
        background.run("assessments.services.mail.send", name="e-mail")


def read(message: Message) -> None:
    Message.objects.filter(pk=message.pk, read_at=None).update(read_at=timezone.now())


def read_about(user: User, occasion: str) -> None:
    """The person has seen it where it happened."""
    Message.objects.filter(to=user, occasion=occasion, read_at=None).update(read_at=timezone.now())


def read_all(user: User) -> int:
    """How many there were."""
    return Message.objects.filter(to=user, read_at=None).update(read_at=timezone.now())


# --- Who ---


def people_of(organizations: Collection[int], roles: Collection[Role]) -> dict[int, list[int]]:
    """By organisation, who has one of these roles in it, or in the union that it was merged into."""
    merged = Organization.objects.filter(pk__in=organizations, merged_into__isnull=False).order_by()
    answering: dict[int | None, list[int]] = {own: [own] for own in organizations}
    for heir, absorbed in merged.values_list("merged_into__pk", "pk"):
        answering.setdefault(heir, []).append(absorbed)
    held = Membership.objects.filter(
        organization__in=answering, role__in=roles, organization__closed_on=None, user__is_active=True
    )
    found: dict[int, list[int]] = defaultdict(list)
    for user, organization in held.values_list("user", "organization"):
        for own in answering[organization]:
            found[own].append(user)
    return found


def _people_in(organization: int | None, roles: Collection[Role], *, but: int | None = None) -> Iterator[int]:
    people = people_of([organization], roles)[organization] if organization else []
    return (person for person in people if person != but)


def _writers(assessment: Assessment, state: State, *, but: int) -> Iterator[int]:
    """Who writes the sheet that is open in a state; of departments, those that have not signed off."""
    by = WRITERS[state].by
    people = _people_in(party_key(assessment, by.party), by.roles, but=but)
    done = _signed_off(assessment) if state == State.ASSESSING else frozenset()
    return (person for person in people if person not in done)


def _signed_off(assessment: Assessment) -> frozenset[int]:
    """Who has nothing to mark, as all departments that they mark for have signed off."""
    signed = Signoff.objects.filter(sheet__assessment=assessment).order_by().values("department")
    held = Membership.objects.filter(organization=assessment.assessor_id, role__in=WRITERS[State.ASSESSING].by.roles)
    marking = held.exclude(department__in=signed).values("user")
    return frozenset(held.filter(department__in=signed).exclude(user__in=marking).values_list("user", flat=True))


def deciders(cycle_owner: int, *, but: int | None = None) -> Iterator[int]:
    return _people_in(cycle_owner, DECIDERS.roles, but=but)


# --- What services tell ---


def tell_step(step: Step) -> None:
    """Of a move, whom it concerns and who did not make it. Most moves nobody is told of: `reminding.MOVED`."""
    action, assessment = Action(step.action), step.assessment
    if action not in reminding.MOVED:
        return
    people = (
        _people_in(assessment.organization_id, UNIT_PEOPLE.roles, but=step.by_id)
        if action in TO_UNIT
        else _writers(assessment, State(step.target), but=step.by_id)
    )
    tell(people, *reminding.moved(step))


def tell_call_ups(steps: Iterable[Step]) -> None:
    """Of drawn organisations, each reviewing union once: `reminding.moved` says the same of all of a cycle and day."""
    for step in {step.assessment.reviewer_id: step for step in steps}.values():
        tell_step(step)


def tell_extension(extension: Extension) -> None:
    """Of a later deadline, who has to keep it."""
    state = STATE_OF[Stage(extension.stage)]
    tell(_writers(extension.assessment, state, but=extension.by_id), *reminding.extended(extension))


def tell_objection(objection: Objection) -> None:
    """Of a registered objection, those who handle it."""
    people = deciders(objection.assessment.cycle.owner_id, but=objection.registered_by_id)
    tell(people, *reminding.objected(objection))


def tell_settled(objection: Objection) -> None:
    """Of a settled objection, the organisation that it was about and those who handle objections."""
    unit = _people_in(objection.assessment.organization_id, UNIT_PEOPLE.roles)
    tell(
        {*unit, *deciders(objection.assessment.cycle.owner_id, but=objection.settled_by_id)},
        *reminding.settled(objection),
    )


def tell_make_up(make_up: MakeUp) -> None:
    """Of a make-up task, the organisation that has to do it."""
    unit = make_up.consequence.row.assessment.organization_id
    tell(_people_in(unit, UNIT_PEOPLE.roles, but=make_up.set_by_id), *reminding.make_up_set(make_up))


def tell_candidacy(candidacy: Candidacy) -> None:
    """Of a decision on a candidate, its organisation and those who recommend for the union that recommended it."""
    unit = _people_in(candidacy.organization_id, UNIT_PEOPLE.roles)
    union = _people_in(candidacy.recommended_by_id, RECOMMENDERS)
    tell({*unit, *union} - {candidacy.decided_by_id}, *reminding.decided(candidacy))


def tell_notice(notice: Notice) -> None:
    """Of a notice, every organisation of its cycle: in the background, as there may be a hundred thousand."""
    background.run("assessments.services.daily.tell_of_notice", notice.pk, name=f"notice {notice.pk}")
