"""What a save costs does not depend on how long the rubric is or how many are assessed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.services import Typed, save_marks
from assessments.workflow import Stage, State
from orgs.services import NewOrganization, bulk_create_organizations
from tests import factories as make

pytestmark = pytest.mark.django_db


def grown(cast, count):
    """The cast's county with so many townships more in the cycle's branch."""
    rows = [NewOrganization(f"乡镇{n}", make.kind(), "township", cast.county) for n in range(count)]
    bulk_create_organizations(None, rows)
    make.open_cycle_for(cast.city, {"township": make.long_rubric(1)}, name="更大的一轮")


def cost(act, *args):
    with CaptureQueriesContext(connection) as queries:
        act(*args)
    return [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]


def save(cast, by, stage, *typed):
    by, assessment = make.again(by), cast.now()
    return cost(save_marks, by, assessment, stage, typed)


@pytest.mark.parametrize("items", [13, 48])
@pytest.mark.parametrize("others", [0, 500])
def test_saving_one_item(items, others):
    cast = make.cast(rubric=make.long_rubric(items))
    if others:
        grown(cast, others)
    make.fill(cast.clerk, cast.assessment, Stage.SELF)
    # assessment, posts, sheet, marks; mark, revision, sheet
    assert len(save(cast, cast.clerk, Stage.SELF, Typed("1-1", "1", version=1))) == 7
    make.finish_stage(cast)
    # and who filled in the self sheet, and the departments' sign-offs
    assert len(save(cast, cast.assessor, Stage.ASSESS, Typed("1-1", "1"))) == 8


def test_saving_an_item_with_counts():
    cast = make.cast()
    make.fill(cast.clerk, cast.assessment, Stage.SELF)
    # and the counts: read, removed, written
    typed = Typed("2-1", counts={"rate": "1", "team": "2"}, version=1)
    assert len(save(cast, cast.clerk, Stage.SELF, typed)) <= 12


def test_saving_what_already_stands_writes_nothing():
    cast = make.cast(rubric=make.long_rubric(13))
    make.fill(cast.clerk, cast.assessment, Stage.SELF)
    queries = save(cast, cast.clerk, Stage.SELF, Typed("1-1", "2", version=1))
    assert len(queries) == 4
    assert all(sql.startswith("SELECT") for sql in queries)


def test_posting_a_whole_stale_sheet_asks_for_its_history_once():
    costs = set()
    for items in (13, 48):
        cast = make.cast(rubric=make.long_rubric(items))
        make.fill(cast.clerk, cast.assessment, Stage.SELF)
        make.fill(cast.chair, cast.assessment, Stage.SELF, lambda row: {"points": "1"})
        page = [Typed(item.key, "2", version=1) for item in cast.rubric.items.all()]
        costs.add(len(save(cast, cast.clerk, Stage.SELF, *page)))
    assert len(costs) == 1


def test_move_costs_the_same_for_every_rubric():
    costs = []
    for items in (13, 48):
        cast = make.cast(rubric=make.long_rubric(items))
        make.fill(cast.chair, cast.assessment, Stage.SELF)
        chair, assessment = make.again(cast.chair), cast.now()
        costs.append(len(cost(make.services.move, chair, assessment, "submit")))
        assert cast.now().state == State.ASSESSING
    assert costs[0] == costs[1] <= 18
