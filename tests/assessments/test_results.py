"""What the kernel's total leaves on a sheet's row, and the award it comes to in words."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from assessments.bands import award
from assessments.models import Sheet
from assessments.results import contents_of, read_marks, total_of
from assessments.workflow import Stage
from tests import factories as make

pytestmark = pytest.mark.django_db
D = Decimal

GOOD = {"5-1": "1", "5-2": "0", "5-3": "0"}


def cast_of(**options):
    return make.cast(rubric=make.rubric_of_every_kind(**options))


def stored(cast):
    return Sheet.objects.get(assessment=cast.assessment, stage=Stage.SELF)


def awarded(cast):
    """The award by the sheet as it is stored."""
    marks = read_marks(cast.assessment.rubric, [stored(cast)])[stored(cast).pk]
    with override("en"):
        return award(cast.assessment.rubric, total_of(cast.now(), contents_of(marks)))


def save(cast, key, points="", **counts):
    make.save(cast.writer(Stage.SELF), cast.assessment, Stage.SELF, key, points, counts=counts)


def answer(cast, gates):
    for key, said in gates.items():
        save(cast, key, gate=said)


@pytest.mark.parametrize(("floor", "points"), [("0", "0"), ("-3", "-3"), ("-9", "-7")])
def test_a_total_below_zero_is_stored_as_far_as_the_rubric_lets_it(floor, points):
    cast = cast_of(total_floor=D(floor))
    save(cast, "1-2", absent="30")  # 4 − 15, down to −2
    save(cast, "4-3", blamed="9")  # −18, down to −5
    sheet = stored(cast)
    assert (sheet.base, sheet.bonus, sheet.points, sheet.band_rank) == (0, -7, D(points), 1)


def test_bonus_and_penalty_are_stored_within_their_common_limit():
    cast = cast_of()
    save(cast, "1-1", "15")
    save(cast, "4-1", papers="9")
    save(cast, "4-2", late="4")
    sheet = stored(cast)
    assert (sheet.base, sheet.bonus, sheet.points) == (15, 3, 18)


def test_the_mean_of_several_departments_is_stored_to_its_last_decimal():
    cast = make.cast(rubric=make.small_rubric(items=(make.Asked("1-1", "5", "several_scorers", SCORERS),), stages=2))
    save(cast, "1-1", a="5", b="3", c="4")
    assert stored(cast).base == stored(cast).points == D("4.1428")


SCORERS = tuple(
    make.Counted(key, weight, "分", step="0.5", label=key) for key, weight in zip("abc", "322", strict=True)
)


@pytest.mark.parametrize(
    ("gates", "band", "words"),
    [
        (GOOD, 5, "五星"),
        (GOOD | {"5-1": "0"}, 5, "五星 (not qualified)"),
        (GOOD | {"5-2": "1"}, None, "Vetoed"),
        (GOOD | {"5-3": "1"}, 4, "四星"),
        (GOOD | {"5-1": "0", "5-3": "1"}, 4, "四星 (not qualified)"),
        ({}, 5, "五星"),
    ],
)
def test_gates_decide_about_the_award_and_leave_the_score(gates, band, words):
    cast = cast_of(stages=2)
    make.fill(cast.writer(Stage.SELF), cast.assessment, Stage.SELF)
    before = stored(cast).points
    answer(cast, gates)
    assert (stored(cast).points, stored(cast).band_rank) == (before, band)
    assert awarded(cast) == words


def test_without_bands_only_what_gates_say_is_an_award():
    cast = cast_of(stages=2, bands=())
    save(cast, "1-1", "15")
    assert awarded(cast) == ""
    answer(cast, {"5-1": "0"})
    assert awarded(cast) == "Not qualified"
    answer(cast, {"5-2": "1"})
    assert awarded(cast) == "Vetoed"


def test_a_sheet_that_says_nothing_about_points_has_no_award():
    cast = cast_of(stages=2)
    answer(cast, GOOD | {"5-2": "1"})
    assert (stored(cast).points, stored(cast).band_rank, awarded(cast)) == (None, None, "")
