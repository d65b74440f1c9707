"""The reach read for many sheets at once is the one that a save asks for."""

from __future__ import annotations

from typing import Any

import pytest

from assessments import services
from assessments.models import Sheet
from assessments.services.reach import Reach, open_items, reach_of, reaches
from assessments.workflow import Action, Stage, State
from orgs.models import User
from rubrics.rows import rows
from tests import factories as make
from tests.assessments.objections import hold
from tests.factories import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def sheets_of(people: Cast) -> list[Sheet]:
    found = list(Sheet.objects.filter(assessment__cycle=people.cycle, stage=Stage.ASSESS).select_related("reopened_by"))
    for sheet in found:
        sheet.assessment = people.cycle.assessments.select_related("rubric", "kind").get(pk=sheet.assessment_id)
    return found


def one_by_one(by: User, sheets: list[Sheet]) -> dict[int, Reach]:
    return {one.pk: reach_of(by, one.assessment, one, rows(one.assessment.rubric), open_items(one)) for one in sheets}


def opened_again(people: Cast) -> Any:
    make.bring_to(people, State.FINAL)
    services.move(make.again(people.reviewer), people.now(), Action.REOPEN, reason="重评", items=["1-2", "2-1"])


def signed_off(people: Cast) -> Any:
    make.bring_to(people, State.ASSESSING)
    make.fill(people.assessor, people.assessment, Stage.ASSESS)
    services.sign_off(make.again(people.assessor), people.now(), people.office)


def being_rechecked(people: Cast) -> Any:
    make.publish_cycle(people)
    hold.second_assessor(people)
    hold.rechecked(people)


@pytest.mark.parametrize("happened", [opened_again, signed_off, being_rechecked])
def test_it_is_the_same(happened: Any) -> None:
    people = make.cast(stages=2)
    happened(people)
    sheets = sheets_of(people)
    for person in (people.assessor, people.department_assessor, people.staff_assessor):
        by = make.again(person)
        found = reaches(by, sheets)
        assert found == one_by_one(by, sheets)
        assert found
    limits = {opened_again: "named", signed_off: "signed", being_rechecked: "seen"}
    assert any(getattr(one, limits[happened]) for one in reaches(make.again(people.assessor), sheets).values())
