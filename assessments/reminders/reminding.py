"""What is told to people: sentences, each with the occasion that it is told on once and the page that it leads to.

Pure: whom it is told to, and that it is, stands in `services.messages` and `services.daily`. What is told is kept, and
read by others than who caused it: so it is said in the language of the site. No sentence says what an objector said or
who they are; reasons stand on the page, behind its rights.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING, NamedTuple, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from assessments.workflow import STATE_OF, Action, Stage

if TYPE_CHECKING:
    from assessments.models import Assessment, Candidacy, Cycle, Extension, MakeUp, Notice, Objection, Step, YearReport

Given = ParamSpec("Given")


class Note(NamedTuple):
    """What `services.messages.tell` takes after the people."""

    occasion: str
    text: str
    url: str = ""


def in_site_language(say: Callable[Given, Note]) -> Callable[Given, Note]:
    @wraps(say)
    def said(*args: Given.args, **kwargs: Given.kwargs) -> Note:
        with override(settings.LANGUAGE_CODE):
            return say(*args, **kwargs)

    return said


MOVED: dict[Action, Promise] = {
    Action.SEND_BACK: gettext_lazy("“%(cycle)s”: the sheet of %(unit)s was sent back to you. The page says why."),
    Action.CONFIRM: gettext_lazy("“%(cycle)s”: the result of %(unit)s was confirmed."),
    Action.REOPEN: gettext_lazy("“%(cycle)s”: the result of %(unit)s was opened again and waits for you."),
    Action.CALL_UP: gettext_lazy("“%(cycle)s”: organisations were drawn and wait for your review."),
    Action.RECHECK: gettext_lazy("“%(cycle)s”: items of %(unit)s wait for you to be marked again."),
    Action.WITHDRAW: gettext_lazy("“%(cycle)s”: %(unit)s was taken out and gets no result. The page says why."),
    Action.RESUME: gettext_lazy("“%(cycle)s”: %(unit)s takes part again; its self-score waits for you."),
}
"""The moves that somebody is told of. What was handed in or forwarded the home page shows: a city has thousands."""


@in_site_language
def moved(step: Step) -> Note:
    """A move of `MOVED`. Organisations that are drawn are told of once a day, not one by one."""
    assessment = step.assessment
    text = str(MOVED[Action(step.action)]) % {"cycle": assessment.cycle.name, "unit": assessment.name}
    if step.action == Action.CALL_UP:
        return Note(f"drawn-{assessment.cycle_id}-{step.at:%Y%m%d}", text, listed(assessment.cycle, Stage.REVIEW))
    return Note(f"step-{step.pk}", text, page_of(assessment))


@in_site_language
def extended(extension: Extension) -> Note:
    assessment = extension.assessment
    text = _("“%(cycle)s”: %(unit)s has until %(day)s now for this stage: %(stage)s.") % {
        "cycle": assessment.cycle.name,
        "unit": assessment.name,
        "day": extension.day.isoformat(),
        "stage": Stage(extension.stage).label,
    }
    return Note(f"extension-{extension.pk}", text, page_of(assessment))


# --- Days that come and go ---


@in_site_language
def self_due(assessment: int, unit: str, cycle: str, day: date, *, late: bool) -> Note:
    """To an organisation whose self-score has not been handed in."""
    said = (
        _("“%(cycle)s”: the self-score of %(unit)s was due on %(day)s. It can still be handed in and counts as late.")
        if late
        else _("“%(cycle)s”: please hand in the self-score of %(unit)s by %(day)s.")
    )
    text = said % {"cycle": cycle, "unit": unit, "day": day.isoformat()}
    url = reverse("assessments:sheet", args=[assessment, Stage.SELF])
    return Note(f"{_when(late)}-{assessment}-{Stage.SELF}-{day:%Y%m%d}", text, url)


@in_site_language
def work_due(cycle: Cycle, stage: Stage, union: int, count: int, day: date, *, late: bool) -> Note:
    """To a union that has so many organisations still to assess or to review: one note for all with the same day."""
    said = {
        (Stage.ASSESS, False): ngettext(
            "“%(cycle)s”: please assess %(count)d organisation by %(day)s.",
            "“%(cycle)s”: please assess %(count)d organisations by %(day)s.",
            count,
        ),
        (Stage.ASSESS, True): ngettext(
            "“%(cycle)s”: %(count)d organisation was to be assessed by %(day)s.",
            "“%(cycle)s”: %(count)d organisations were to be assessed by %(day)s.",
            count,
        ),
        (Stage.REVIEW, False): ngettext(
            "“%(cycle)s”: please review %(count)d organisation by %(day)s.",
            "“%(cycle)s”: please review %(count)d organisations by %(day)s.",
            count,
        ),
        (Stage.REVIEW, True): ngettext(
            "“%(cycle)s”: %(count)d organisation was to be reviewed by %(day)s.",
            "“%(cycle)s”: %(count)d organisations were to be reviewed by %(day)s.",
            count,
        ),
    }[stage, late]
    text = said % {"cycle": cycle.name, "count": count, "day": day.isoformat()}
    return Note(f"{_when(late)}-{cycle.pk}-{stage}-{union}-{day:%Y%m%d}", text, listed(cycle, stage))


@in_site_language
def make_up_due(make_up: MakeUp, *, late: bool) -> Note:
    said = (
        _("The make-up task of %(unit)s was due on %(day)s.")
        if late
        else _("Please report on the make-up task of %(unit)s by %(day)s.")
    )
    text = said % {"unit": make_up.consequence.row.name, "day": make_up.due_on.isoformat()}
    return Note(f"{_when(late)}-make-up-{make_up.pk}-{make_up.due_on:%Y%m%d}", text, task_of(make_up))


@in_site_language
def objection_due(objection: Objection, *, late: bool) -> Note:
    said = (
        _("“%(cycle)s”: an objection about %(unit)s was to be settled by %(day)s.")
        if late
        else _("“%(cycle)s”: an objection about %(unit)s is to be settled by %(day)s.")
    )
    text = said % {
        "cycle": objection.assessment.cycle.name,
        "unit": objection.assessment.name,
        "day": objection.due_on.isoformat(),
    }
    return Note(f"{_when(late)}-objection-{objection.pk}", text, reverse("objections:detail", args=[objection.pk]))


@in_site_language
def report_due(report: YearReport, *, late: bool) -> Note:
    said = (
        _("“%(cycle)s”: the yearly report of %(unit)s was due on %(day)s.")
        if late
        else _("“%(cycle)s”: please hand in the yearly report of %(unit)s by %(day)s.")
    )
    text = said % {
        "cycle": report.cycle.name,
        "unit": report.organization.name,
        "day": report.due_on.isoformat(),
    }
    return Note(
        f"{_when(late)}-report-{report.pk}-{report.due_on:%Y%m%d}",
        text,
        reverse("year_reports:detail", args=[report.pk]),
    )


def _when(late: bool) -> str:
    return "late" if late else "due"


# --- After the results ---


@in_site_language
def noticed(notice: Notice) -> Note:
    text = _("“%(title)s”: public notice from %(first)s to %(last)s. Objections can be made until then.") % {
        "title": notice.title,
        "first": notice.starts_on.isoformat(),
        "last": notice.ends_on.isoformat(),
    }
    return Note(f"notice-{notice.pk}", text, reverse("public_notice", args=[notice.key]))


@in_site_language
def objected(objection: Objection) -> Note:
    text = _("“%(cycle)s”: an objection about %(unit)s was registered; it is to be settled by %(day)s.") % {
        "cycle": objection.assessment.cycle.name,
        "unit": objection.assessment.name,
        "day": objection.due_on.isoformat(),
    }
    return Note(f"objection-{objection.pk}", text, reverse("objections:detail", args=[objection.pk]))


@in_site_language
def settled(objection: Objection) -> Note:
    text = _("“%(cycle)s”: an objection about %(unit)s was settled.") % {
        "cycle": objection.assessment.cycle.name,
        "unit": objection.assessment.name,
    }
    return Note(f"settled-{objection.pk}", text, reverse("objections:detail", args=[objection.pk]))


@in_site_language
def make_up_set(make_up: MakeUp) -> Note:
    text = _("%(unit)s has a make-up task, to be done by %(day)s.") % {
        "unit": make_up.consequence.row.name,
        "day": make_up.due_on.isoformat(),
    }
    return Note(f"make-up-{make_up.pk}", text, task_of(make_up))


@in_site_language
def decided(candidacy: Candidacy) -> Note:
    said = (
        _("“%(round)s”: %(holder)s is awarded “%(title)s”.")
        if candidacy.state == "awarded"
        else _("“%(round)s”: %(holder)s is not awarded “%(title)s”. The page says why.")
    )
    text = said % {
        "round": candidacy.round.name,
        "holder": candidacy.person or candidacy.organization.name,
        "title": candidacy.rung.name,
    }
    return Note(f"candidacy-{candidacy.pk}", text, reverse("awards:candidacy", args=[candidacy.pk]))


# --- Where a note leads ---


def page_of(assessment: Assessment) -> str:
    return reverse("assessments:detail", args=[assessment.pk])


def task_of(make_up: MakeUp) -> str:
    return reverse("consequences:detail", args=[make_up.consequence_id])


def listed(cycle: Cycle, stage: Stage) -> str:
    """The assessments of a cycle that are at a stage."""
    return f"{reverse('assessments:list')}?{urlencode({'cycle': cycle.pk, 'state': STATE_OF[stage]})}"
