"""A county assesses a township: each department marks its own items, the union confirms when all have signed off."""

from __future__ import annotations

import pytest

from assessments.models import Assessment
from assessments.workflow import Stage, State
from orgs.models import Level
from orgs.roles import Role
from rubrics.models import Rubric
from tests import factories

DEPARTMENTS = {"办公室": 20, "组织部": 18, "生产保护部": 16, "保障部": 16, "厂务公开办公室": 11, "宣教部": 19}
"""Points that each department gives in annex 1 (domain.md 1.2)."""


@pytest.fixture
def township(transactional_db: None) -> tuple[int, dict]:
    factories.load_rubrics()
    county = factories.organization(None, "county", Level.COUNTY)
    unit = factories.organization(county, "township", Level.TOWNSHIP)
    people = {
        name: factories.person(
            (county, Role.DEPARTMENT_ASSESSOR, factories.department(county, name, position=position))
        )
        for position, name in enumerate(DEPARTMENTS)
    }
    people["assessor"] = factories.person((county, Role.ASSESSOR))
    people["chair"] = factories.person((unit, Role.CHAIR))
    cycle = factories.open_cycle_for(county, {"township": Rubric.objects.get(code="c1")})
    assessment = Assessment.objects.get(cycle=cycle, organization=unit)
    factories.fill(people["chair"], assessment, Stage.SELF)
    factories.services.move(people["chair"], assessment, "submit")
    return assessment.pk, people


def test_departments_mark_their_own_items_and_sign_off(visitor, township) -> None:
    pk, people = township
    page = visitor.page

    visitor.log_in(people["assessor"])
    page.goto(f"/assessments/{pk}/confirm/")
    assert page.locator("main form button[type=submit].btn-primary").count() == 0  # nobody has signed off

    for name, points in DEPARTMENTS.items():
        visitor.log_in(people[name])
        page.click(f"a[href='/assessments/{pk}/sheets/assess/']")
        assert visitor.sum("maximum") == str(points)
        items = Rubric.objects.get(code="c1").items.filter(offices__name=name)
        answers = {
            field: "3" if field.startswith("c-") else f"{items.get(key=field[2:]).points:f}"
            for field in visitor.fields()
        }
        visitor.type_points(answers)
        if name == "办公室":  # three absences cost 1.5 of the 2 points
            assert visitor.sum("points") == "18.5"
            assert "2 − 0.5 × 3 = 0.5" in page.inner_text("main")
        page.goto(f"/assessments/{pk}/")
        page.click("form[action$='/sign-off/'] button")
        page.wait_for_selector(".message-success")

    visitor.log_in(people["assessor"])
    visitor.move(pk, "confirm")
    assessment = Assessment.objects.get(pk=pk)
    assert (assessment.state, assessment.points) == (State.FINAL, pytest.approx(98.5))
    assert "98.5" in page.inner_text("main")
