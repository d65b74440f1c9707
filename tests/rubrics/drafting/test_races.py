"""Two administrators at the same moment, on a real PostgreSQL; without the lock the wrong thing must come about."""

import threading

from rubrics.blueprint import Blueprint
from rubrics.drafting import change as service
from rubrics.drafting import edits
from rubrics.drafting.change import Conflict, change
from rubrics.drafting.history import What
from rubrics.drafting.publishing import publish
from rubrics.models import Rubric
from tests.races import ON_POSTGRESQL, PATIENCE, kinds, together

pytestmark = ON_POSTGRESQL


def rewording(desk, by, seen, text):
    edit = lambda draft: edits.change_item(draft, "1-1", text=text)  # noqa: E731
    return lambda: change(by, desk.draft, seen, edit, What.ITEM, "1-1")


def test_of_two_edits_of_what_both_saw_one_is_carried_out_and_logged(desk):
    for turn in range(3):
        seen = desk.seen
        results = together(
            rewording(desk, desk.admin, seen, f"张{turn}。"), rewording(desk, desk.above, seen, f"李{turn}。")
        )
        assert kinds(results) == ["Blueprint", "Conflict"]
        (kept,) = (result for result in results if isinstance(result, Blueprint))
        assert desk.blueprint == kept
        assert desk.draft.edits.count() == turn + 1


def test_without_the_lock_both_believe_that_theirs_is_the_draft(desk, monkeypatch):
    met = threading.Barrier(2, timeout=PATIENCE)

    def unlocked(_by, rubric):
        return Rubric.objects.select_related("document__owner").get(pk=rubric.pk)

    def seen_by_both(before, seen, check=service.check_seen):
        check(before, seen)
        met.wait()

    monkeypatch.setattr(service, "locked", unlocked)
    monkeypatch.setattr(service, "check_seen", seen_by_both)
    seen = desk.seen
    results = together(rewording(desk, desk.admin, seen, "张。"), rewording(desk, desk.above, seen, "李。"))
    assert kinds(results) != ["Blueprint", "Conflict"]


def test_an_edit_and_publishing_meet_and_one_of_them_is_told(desk):
    seen = desk.seen
    results = together(
        rewording(desk, desk.admin, seen, "张。"), lambda: publish(desk.above, desk.draft, seen, "as_printed")
    )
    assert sum(isinstance(result, Conflict) for result in results) == 1
    rubric = Rubric.objects.get(pk=desk.draft.pk)
    assert (rubric.published_at is None) == (desk.blueprint.sections[0].items[0].text == "张。")
