"""An item that several departments score: each gives its own points, and nobody takes another's away."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from assessments import services
from assessments.models import Mark, MarkRevision
from assessments.queries import departments_of
from assessments.services import Forbidden, MarksRefused, Typed, WrongState, save_marks
from assessments.workflow import Stage, State
from tests import factories as make
from tests.factories import D

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SELF, ASSESS, REVIEW = Stage.SELF, Stage.ASSESS, Stage.REVIEW
KEY = "3-1"


@pytest.fixture
def cast():
    return make.cast(rubric=make.rubric_of_every_kind())


@pytest.fixture
def assessed(cast):
    """The same when the county's departments are at work."""
    make.bring_to(cast, State.ASSESSING)
    return cast


def give(cast, by, stage=ASSESS, **counts):
    return make.save(by, cast.assessment, stage, KEY, counts=counts)


def counts(cast, stage=ASSESS):
    found = Mark.objects.get(sheet__assessment=cast.assessment, sheet__stage=stage, item__key=KEY)
    return {one.measure.key: one.quantity for one in found.counts.select_related("measure")}


def score(saved):
    return next(one for one in saved.total.items if one.item.key == KEY)


# --- Who gives which points ---


def test_the_organisation_gives_all_of_them_itself(cast):
    saved = give(cast, cast.clerk, SELF, office="24", staff="22.5")
    assert score(saved).base == D("23.4")
    assert counts(cast, SELF) == {"office": 24, "staff": D("22.5")}


def test_each_department_gives_its_own_and_the_item_is_known_with_the_last(assessed):
    first = give(assessed, assessed.department_assessor, office="24")
    assert (score(first).base, score(first).missing) == (None, True)
    second = give(assessed, assessed.staff_assessor, staff="21")
    assert (score(second).base, score(second).missing) == (D("22.8"), False)
    assert counts(assessed) == {"office": 24, "staff": 21}
    history = MarkRevision.objects.filter(sheet__stage=ASSESS, item__key=KEY).values_list("counts", "by")
    assert list(history) == [
        ("办公室 24分", assessed.department_assessor.pk),
        ("办公室 24分；组织部 21分", assessed.staff_assessor.pk),
    ]


def test_a_department_may_not_give_anothers_points(assessed):
    give(assessed, assessed.staff_assessor, staff="21")
    before = make.snapshot(assessed.assessment)
    for typed in ({"office": "24", "staff": "20"}, {"staff": "0"}):
        with pytest.raises(Forbidden, match="组织部"):
            give(assessed, assessed.department_assessor, **typed)
    assert make.snapshot(assessed.assessment) == before


def test_what_it_sees_of_others_may_be_posted_as_it_stands(assessed):
    give(assessed, assessed.staff_assessor, staff="21")
    give(assessed, assessed.department_assessor, office="24", staff="21.0")
    assert counts(assessed) == {"office": 24, "staff": 21}


def test_a_closed_field_that_is_not_posted_keeps_its_points(assessed):
    give(assessed, assessed.staff_assessor, staff="21")
    give(assessed, assessed.department_assessor, office="24")
    give(assessed, assessed.department_assessor, office="")
    assert counts(assessed) == {"staff": 21}


def test_who_marks_for_the_whole_union_gives_any(assessed):
    give(assessed, assessed.assessor, office="24", staff="21")
    make.finish_stage(assessed)
    give(assessed, assessed.reviewer, REVIEW, office="20", staff="20")
    assert (counts(assessed), counts(assessed, REVIEW)) == ({"office": 25, "staff": 25}, {"office": 20, "staff": 20})


@pytest.mark.parametrize("points", ["25.5", "24.3", "-1", "x"])
def test_points_beyond_the_item_or_off_the_step_name_item_department_and_limit(assessed, points):
    with pytest.raises(MarksRefused) as refusal:
        give(assessed, assessed.department_assessor, office=points)
    assert "3-1 办公室" in refusal.value.errors[KEY]
    assert ("25" in refusal.value.errors[KEY]) is (points in {"25.5", "24.3"})


# --- At the same time ---


def both_open_the_page(cast):
    """The version that both departments saw."""
    return make.version_of(cast.assessment, ASSESS, KEY)


@pytest.mark.parametrize("first_said", [{}, {"staff": "20", "office": "19"}])
def test_two_departments_that_save_at_once_both_stand(assessed, first_said):
    if first_said:
        give(assessed, assessed.assessor, **first_said)
    seen = both_open_the_page(assessed)
    make.save(assessed.staff_assessor, assessed.assessment, ASSESS, KEY, counts={"staff": "21"}, version=seen)
    make.save(assessed.department_assessor, assessed.assessment, ASSESS, KEY, counts={"office": "24"}, version=seen)
    assert counts(assessed) == {"office": 24, "staff": 21}


def test_two_people_of_one_department_still_see_each_others_value(assessed):
    give(assessed, assessed.assessor, office="19", staff="20")
    seen = both_open_the_page(assessed)
    give(assessed, assessed.assessor, office="18", staff="20")
    with pytest.raises(MarksRefused) as refusal:
        make.save(assessed.department_assessor, assessed.assessment, ASSESS, KEY, counts={"office": "24"}, version=seen)
    assert refusal.value.conflicts[KEY].content.counts == {"office": 18, "staff": 20}
    assert counts(assessed) == {"office": 18, "staff": 20}


def test_of_two_remarks_at_once_neither_is_lost(assessed):
    seen = both_open_the_page(assessed)
    make.save(assessed.staff_assessor, assessed.assessment, ASSESS, KEY, counts={"staff": "21"}, remark="甲")
    said = {"counts": {"office": "24"}, "version": seen}
    with pytest.raises(MarksRefused):
        make.save(assessed.department_assessor, assessed.assessment, ASSESS, KEY, remark="乙", **said)
    make.save(assessed.department_assessor, assessed.assessment, ASSESS, KEY, **said)
    mark = Mark.objects.get(sheet__stage=ASSESS, sheet__assessment=assessed.assessment, item__key=KEY)
    assert (mark.remark, counts(assessed)) == ("甲", {"office": 24, "staff": 21})


# --- That it does not apply ---


@pytest.fixture
def claimed(cast):
    """The organisation says that the item does not apply, and the departments are at work."""
    make.fill(cast.chair, cast.assessment, SELF)
    make.save(cast.chair, cast.assessment, SELF, KEY, not_applicable=True, reason="无此业务")
    services.move(make.again(cast.chair), cast.now(), "submit")
    return cast


def test_one_department_alone_does_not_agree_that_it_does_not_apply(claimed):
    with pytest.raises(Forbidden, match=KEY):
        make.save(claimed.department_assessor, claimed.assessment, ASSESS, KEY, not_applicable=True)
    make.save(claimed.assessor, claimed.assessment, ASSESS, KEY, not_applicable=True)
    before = make.snapshot(claimed.assessment)
    with pytest.raises(Forbidden, match=KEY):
        give(claimed, claimed.department_assessor, office="24")
    assert not give(claimed, claimed.department_assessor).contents
    assert make.snapshot(claimed.assessment) == before


# --- Signing off ---


def department(cast, name):
    return next(one for one in departments_of(cast.now()) if one.name == name)


def test_a_department_waits_for_its_own_points_and_not_for_others(assessed):
    make.fill(assessed.department_assessor, assessed.assessment, ASSESS)
    assert department(assessed, "办公室").missing == ()
    assert KEY in department(assessed, "组织人事部").missing
    services.sign_off(make.again(assessed.department_assessor), assessed.now(), assessed.office)


def test_a_sign_off_closes_the_departments_points_and_leaves_others_open(assessed):
    make.fill(assessed.department_assessor, assessed.assessment, ASSESS)
    services.sign_off(make.again(assessed.department_assessor), assessed.now(), assessed.office)
    for by in (assessed.department_assessor, assessed.assessor):
        with pytest.raises(WrongState, match=KEY):
            give(assessed, by, office="20")
    give(assessed, assessed.staff_assessor, staff="21")
    give(assessed, assessed.assessor, staff="22")
    assert counts(assessed) == {"office": 25, "staff": 22}
    make.fill(assessed.staff_assessor, assessed.assessment, ASSESS)
    services.sign_off(make.again(assessed.staff_assessor), assessed.now(), assessed.staff)
    with pytest.raises(WrongState, match=KEY):
        give(assessed, assessed.assessor, staff="20")


# --- Taking over the earlier marks ---


def test_a_department_takes_over_what_is_its_own(assessed):
    give(assessed, assessed.staff_assessor, staff="21")
    services.adopt_marks(make.again(assessed.department_assessor), assessed.now(), ASSESS)
    assert counts(assessed) == {"office": 25, "staff": 21}
    untouched = make.snapshot(assessed.assessment)
    assert not services.adopt_marks(make.again(assessed.department_assessor), assessed.now(), ASSESS).contents
    assert make.snapshot(assessed.assessment) == untouched


# --- The page ---


def html(user, cast, stage=ASSESS):
    client = Client()
    client.force_login(user)
    return client.get(reverse("assessments:sheet", args=[cast.assessment.pk, stage])).content.decode()


def field(html, name):
    start = html.index(f'name="{name}"')
    return html[start : html.index(">", start)]


def test_only_ones_own_field_is_open(assessed):
    give(assessed, assessed.department_assessor, office="24")
    page = html(assessed.staff_assessor, assessed)
    assert 'value="24"' in field(page, "c-3-1-office")
    assert "disabled" in field(page, "c-3-1-office")
    assert "disabled" not in field(page, "c-3-1-staff")
    assert f'name="na-{KEY}"' not in page
    both = html(assessed.assessor, assessed)
    assert "disabled" not in field(both, "c-3-1-office") + field(both, "c-3-1-staff")


def test_a_refused_sheet_shows_the_others_points_again(assessed):
    give(assessed, assessed.department_assessor, office="24")
    client = Client()
    client.force_login(assessed.staff_assessor)
    answer = client.post(
        reverse("assessments:sheet", args=[assessed.assessment.pk, ASSESS]),
        {f"v-{KEY}": "1", f"c-{KEY}-staff": "99"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="24"' in field(page, "c-3-1-office")
    assert 'value="99"' in field(page, "c-3-1-staff")


def test_a_saved_field_brings_what_others_gave(assessed):
    give(assessed, assessed.department_assessor, office="24")
    client = Client(headers={"accept": "application/json"})
    client.force_login(assessed.staff_assessor)
    url = reverse("assessments:save_item", args=[assessed.assessment.pk, ASSESS, KEY])
    data = client.post(url, {f"v-{KEY}": "0", f"c-{KEY}-staff": "21"}).json()
    assert (data["worth"], data["others"]) == ("22.8", {"office": "24", "staff": "21"})


def test_ones_own_points_are_enough_for_ones_own_count_of_items(assessed):
    client = Client(headers={"accept": "application/json"})
    client.force_login(assessed.staff_assessor)
    url = reverse("assessments:save_item", args=[assessed.assessment.pk, ASSESS, KEY])
    sums = client.post(url, {f"v-{KEY}": "0", f"c-{KEY}-staff": "21"}).json()["sums"]
    assert (sums["scored"], sums["required"], sums["points"]) == (1, 3, "")
    page = html(assessed.department_assessor, assessed)
    assert re.search(r'<span data-sum="scored">(\d+)</span>', page)[1] == "0"


def test_a_whole_sheet_posted_by_a_department_leaves_the_others_points(assessed):
    give(assessed, assessed.department_assessor, office="24")
    save_marks(make.again(assessed.staff_assessor), assessed.now(), ASSESS, [Typed(KEY, counts={"staff": ""})])
    assert counts(assessed) == {"office": 24}


def test_the_home_page_counts_what_the_department_has_given(assessed):
    client = Client()
    client.force_login(assessed.staff_assessor)
    before = client.get("/").content.decode()
    make.fill(assessed.staff_assessor, assessed.assessment, ASSESS)
    after = client.get("/").content.decode()
    assert "0 / 3" in " ".join(before.split())
    assert "3 / 3" in " ".join(after.split())


def test_while_somebody_is_still_missing_the_sheet_has_no_points_rather_than_0(assessed):
    saved = give(assessed, assessed.department_assessor, office="24")
    assert (saved.total.blank, saved.sheet.points, saved.sheet.band_rank) == (True, None, None)
    page = html(assessed.assessor, assessed)
    assert '<b data-sum="points">–</b>' in page
