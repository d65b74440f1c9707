"""The tree changes while assessments run: they keep what they froze, and somebody can finish them."""

import pytest

from assessments.models import Assessment
from assessments.permissions import may_read, may_write, open_moves, signs_for
from assessments.queries import visible_to, waiting_for
from assessments.services import Refused, move, sign_off
from assessments.workflow import Action, Stage, State
from orgs.models import Department, Organization
from orgs.roles import Role
from orgs.services import close_organization, merge_organizations, move_organization
from tests import factories as make

pytestmark = pytest.mark.django_db

FROZEN = (
    *("name", "path", "sort_key", "kind_id", "rubric_id", "organization_id", "assessor_id", "reviewer_id"),
    *("state", "stages", "points", "band_rank"),
)


@pytest.fixture
def cast():
    return make.cast()


def frozen():
    return list(Assessment.objects.order_by("pk").values(*FROZEN))


def everything(cast):
    return frozen(), make.snapshot(cast.assessment)


def reorganize(cast, how):
    if how == "merge the assessed":
        merge_organizations(None, cast.township, cast.neighbour)
    elif how == "merge the assessors":
        merge_organizations(None, cast.county, cast.other_county)
    elif how == "move":
        move_organization(None, cast.county, cast.other_county)
    else:
        close_organization(None, cast.township)


@pytest.mark.parametrize("how", ["merge the assessed", "merge the assessors", "move", "close"])
@pytest.mark.parametrize("state", [State.SELF_SCORING, State.ASSESSING, State.FINAL])
def test_assessments_keep_what_they_froze(cast, how, state):
    make.bring_to(cast, state)
    before = everything(cast)
    reorganize(cast, how)
    assert everything(cast) == before


def test_the_merged_organisations_chair_finishes_its_self_score(cast):
    make.fill(cast.chair, cast.assessment, Stage.SELF)
    merge_organizations(None, cast.township, cast.neighbour)
    chair = make.again(cast.chair)
    assert set(visible_to(chair).values_list("organization", flat=True)) == {cast.township.pk, cast.neighbour.pk}
    move(chair, cast.assessment, Action.SUBMIT)
    assert cast.now().state == State.ASSESSING


def test_the_heirs_assessors_and_departments_finish_what_was_running(cast):
    theirs = make.department(cast.other_county, make.OFFICE)
    heir = make.person((cast.other_county, Role.ASSESSOR))
    office = make.person((cast.other_county, Role.DEPARTMENT_ASSESSOR, theirs))
    make.bring_to(cast, State.ASSESSING)
    assert not may_read(heir, cast.now())
    merge_organizations(None, cast.county, cast.other_county)
    heir, office, department = make.again(heir), make.again(office), make.again(cast.department_assessor)
    for one in (heir, office, department):
        assert may_write(one, cast.now())
        assert cast.now() in waiting_for(one)
    make.fill(heir, cast.assessment, Stage.ASSESS)
    old_office = Department.objects.get(pk=cast.office.pk)
    assert signs_for(office, cast.now(), old_office)
    assert not signs_for(office, cast.now(), Department.objects.get(pk=cast.staff.pk))
    sign_off(office, cast.assessment, old_office)
    make.sign_all(heir, cast.assessment)
    move(make.again(heir), cast.assessment, Action.FORWARD)
    assert cast.now().state == State.REVIEWING


def test_after_closing_nobody_of_it_writes_any_more(cast):
    make.fill(cast.chair, cast.assessment, Stage.SELF)
    close_organization(None, cast.township)
    chair = make.again(cast.chair)
    assert (may_write(chair, cast.now()), open_moves(chair, cast.now())) == (False, ())
    with pytest.raises(Refused):
        move(chair, cast.assessment, Action.SUBMIT)


def test_the_frozen_path_still_says_who_oversees(cast):
    """After a move the union above of that time keeps its view, and the new one gets none of the old year."""
    before = make.person((cast.county, Role.AUDITOR))
    after = make.person((cast.other_county, Role.AUDITOR))
    make.bring_to(cast, State.ASSESSING)
    move_organization(None, cast.township, cast.other_county)
    assert Organization.objects.get(pk=cast.township.pk).path.startswith(cast.other_county.path)
    assert (may_read(make.again(before), cast.now()), may_read(make.again(after), cast.now())) == (True, False)


def test_the_heirs_overseers_see_the_old_branch(cast):
    auditor = make.person((cast.other_county, Role.AUDITOR))
    merge_organizations(None, cast.county, cast.other_county)
    assert may_read(make.again(auditor), cast.now())
    assert cast.now() in visible_to(make.again(auditor))
