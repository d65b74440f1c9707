"""What a final result leaves behind, against the kernel on the marks and against numbers worked out by hand."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from assessments import services
from assessments.models import Assessment, Mark, SectionResult, Sheet, Tally, TallyChange, What
from assessments.results import contents_of, read_marks, total_of
from assessments.services import tallying
from assessments.tallies import FIELDS, counted, rolled_up
from assessments.workflow import Action, Stage, State
from rubrics.models import BaseRule, BonusRule
from tests import factories as make
from tests.factories import Asked, Counted

pytestmark = pytest.mark.django_db
D = Decimal

ITEMS = (
    Asked("1-1", "30"),
    Asked("1-2", "10", "deduct_per_unit", (Counted("absent", "1"),)),
    Asked("1-3", "20"),
    Asked("2-1", "40", "sum_of_parts", (Counted("a", "25"), Counted("b", "15"))),
    Asked("2-2", None, BaseRule.NONE, bonus_rule=BonusRule.ADD_PER_UNIT, bonus=(Counted("papers", "2"),), cap="5"),
)
SAID = {
    "1-1": {"points": "25"},
    "1-2": {"counts": {"absent": "3"}},
    "1-3": {"not_applicable": True, "reason": "没有"},
    "2-1": {"counts": {"a": "20", "b": "15"}},
    "2-2": {"counts": {"papers": "4"}},
}


def cast_of():
    return make.cast(rubric=make.small_rubric(items=ITEMS, stages=2, bands=make.STARS, title="年检"), stages=2)


def finish(cast, said):
    """Every stage that is still open says the same."""
    while cast.now().state != State.FINAL:
        stage = Stage.SELF if cast.now().state == State.SELF_SCORING else Stage.ASSESS
        make.fill(cast.writer(stage), cast.assessment, stage, lambda row: said[row.key])
        for key in said.keys() - {"1-1", "1-2", "1-3", "2-1"}:
            make.save(cast.writer(stage), cast.assessment, stage, key, **said[key])
        if stage == Stage.ASSESS:
            make.sign_all(cast.assessor, cast.assessment)
        action = Action.SUBMIT if stage == Stage.SELF else Action.CONFIRM
        services.move(make.again(cast.mover(action_party(stage))), cast.now(), action)


def action_party(stage):
    return {Stage.SELF: "unit", Stage.ASSESS: "assessor"}[stage]


def sections(cast):
    found = SectionResult.objects.filter(assessment=cast.assessment).order_by("section__position")
    return list(found.values_list("points", "applicable"))


def earned(cast):
    marks = Mark.objects.filter(sheet__assessment=cast.assessment, sheet__stage=Stage.ASSESS)
    return dict(marks.order_by("item__key").values_list("item__key", "earned"))


def in_roll_up(cast):
    found = Counter()
    for what in What:
        for *figure, number in rolled_up(cast.cycle, what, FIELDS):
            found[what, *figure] += number
    return {figure: number for figure, number in found.items() if number}


def by_kernel(cast):
    """The same, from the marks of all sheets of final results."""
    found = Counter({(What.ALL, *figure): number for *figure, number in everybody(cast)})
    for one in Assessment.objects.filter(cycle=cast.cycle, state=State.FINAL).select_related("kind", "rubric"):
        sheet = Sheet.objects.get(assessment=one, stage=one.official_stage)
        total = total_of(one, contents_of(read_marks(one.rubric, [sheet])[sheet.pk]))
        place = (cast.county.path, one.band_rank)
        found[What.TOTAL, one.kind_id, 0, place[0], total.points, place[1]] += 1
        keys = {str(section.position): section.pk for section in one.rubric.sections.all()}
        for section in total.sections:
            figure = (one.kind_id, keys[section.section.key], place[0], total.points_in(section), 0)
            found[What.SECTION, *figure] += 1
        items = dict(one.rubric.items.values_list("key", "pk"))
        for score in total.items:
            if score.earned is not None:
                found[What.ITEM, one.kind_id, items[score.item.key], place[0], score.earned, 0] += 1
    return dict(found)


def everybody(cast):
    return counted(What.ALL, FIELDS, cast.cycle.assessments.all())


def test_a_result_comes_goes_and_comes_again_with_all_its_figures():
    cast = cast_of()
    before = in_roll_up(cast)
    assert {figure[0] for figure in before} == {What.ALL}
    assert sum(before.values()) == cast.cycle.assessments.count()

    finish(cast, SAID)
    # 25 + 7 of the 40 that apply stand for 60: 48; 20 + 15, and 4 papers of 2 points give the 5 that the limit lets
    assert sections(cast) == [(D(48), D(40)), (D(40), D(40))]
    assert earned(cast) == {"1-1": D(25), "1-2": D(7), "1-3": None, "2-1": D(35), "2-2": D(5)}
    first = in_roll_up(cast)
    assert first == by_kernel(cast)

    services.move(make.again(cast.reviewer), cast.now(), Action.REOPEN, reason="更正")
    assert in_roll_up(cast) == before
    assert sections(cast) == []

    finish(cast, SAID | {"1-1": {"points": "30"}, "2-2": {"counts": {"papers": "0"}}})
    # (30 + 7) * 60 / 40 = 55.5
    assert sections(cast) == [(D("55.5"), D(40)), (D(35), D(40))]
    again = in_roll_up(cast)
    assert again == by_kernel(cast) != first

    tallying.fold()
    assert not TallyChange.objects.exists()
    assert in_roll_up(cast) == again
    Tally.objects.filter(what=What.ITEM).delete()
    tallying.recount(cast.cycle)
    assert in_roll_up(cast) == again


def test_results_are_folded_now_and_then(monkeypatch):
    monkeypatch.setattr(tallying, "FOLD_AFTER", 1)
    cast = cast_of()
    finish(cast, SAID)
    assert not TallyChange.objects.exists()
    assert in_roll_up(cast) == by_kernel(cast)


def test_a_section_of_which_nothing_applies_has_no_result():
    items = (Asked("1-1", "10"), Asked("2-1", "20"))
    cast = make.cast(rubric=make.small_rubric(items=items, stages=2), stages=2)
    finish(cast, {"1-1": {"points": "8"}, "2-1": {"not_applicable": True, "reason": "没有"}})
    assert sections(cast) == [(D(8), D(10))]
    assert cast.now().points == D(24)
