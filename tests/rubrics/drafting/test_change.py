"""Carrying edits out: rights, what the person saw, doubts that stay with their rows, the log, taking back."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from orgs.services.base import Refused
from rubrics.drafting import edits, history
from rubrics.drafting.change import GONE, Conflict, change, settle, undo
from rubrics.drafting.codec import digest
from rubrics.drafting.history import What
from rubrics.drafting.publishing import delete_draft, publish
from rubrics.models import Doubt, Rubric

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
D = Decimal


def renamed(draft):
    return edits.change_facts(draft, title="新标题")


def reworded(text, key="1-1"):
    return lambda draft: edits.change_item(draft, key, text=text)


def texts(desk):
    return {item.key: item.text for item in desk.blueprint.items}


def doubt_at(desk, key, **fields):
    item = desk.draft.items.get(key=key) if key else None
    values = {"code": "nested", "options": ["by_hand", "accept"], **fields}
    return Doubt.objects.create(rubric=desk.draft, item=item, **values)


def rows_of(desk):
    """Each doubt with the key of its row and how it was closed."""
    return {doubt.pk: (doubt.item.key if doubt.item else "", doubt.chosen) for doubt in desk.draft.doubts.all()}


# --- Rights -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["admin", "above"])
def test_administrators_of_the_owner_and_above_change_a_draft(desk, who):
    change(getattr(desk, who), desk.draft, desk.seen, renamed, What.FACTS)
    assert desk.blueprint.title == "新标题"


@pytest.mark.parametrize("who", ["clerk", "stranger"])
def test_nobody_else_does_anything_to_it(desk, who):
    by, before, seen = getattr(desk, who), desk.blueprint, desk.seen
    doubt = doubt_at(desk, "1-1")
    for attempt in (
        lambda: change(by, desk.draft, seen, renamed, What.FACTS),
        lambda: settle(by, doubt, "accept", seen),
        lambda: undo(by, desk.draft, seen),
        lambda: publish(by, desk.draft, seen),
        lambda: delete_draft(by, desk.draft, seen),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert (desk.blueprint, rows_of(desk), desk.draft.edits.count()) == (before, {doubt.pk: ("1-1", "")}, 0)


# --- What the person saw ----------------------------------------------------------------------------------------------


def test_who_overlooked_anothers_change_changes_nothing(desk):
    seen = desk.seen
    change(desk.above, desk.draft, seen, reworded("李市的话。"), What.ITEM, "1-1")
    after = desk.blueprint
    with pytest.raises(Conflict, match="Somebody else"):
        change(desk.admin, desk.draft, seen, renamed, What.FACTS)
    assert desk.blueprint == after


@pytest.mark.parametrize("seen", ["", "0" * 16])
def test_who_says_nothing_of_what_they_saw_changes_nothing(desk, seen):
    with pytest.raises(Conflict):
        change(desk.admin, desk.draft, seen, renamed, What.FACTS)


def test_a_published_draft_is_none_any_more(desk):
    seen = desk.seen
    publish(desk.admin, desk.draft, seen)
    with pytest.raises(Conflict, match="published"):
        change(desk.admin, desk.draft, seen, renamed, What.FACTS)


def test_a_deleted_draft_is_none_any_more(desk):
    seen = desk.seen
    delete_draft(desk.admin, desk.draft, seen)
    with pytest.raises(Conflict, match="deleted"):
        change(desk.admin, desk.draft, seen, renamed, What.FACTS)


def test_a_refused_edit_leaves_the_draft_and_no_line_in_the_log(desk):
    before = desk.blueprint
    with pytest.raises(Refused):
        change(desk.admin, desk.draft, desk.seen, lambda draft: edits.remove_item(draft, "9"), What.REMOVE)
    assert (desk.blueprint, desk.draft.edits.count()) == (before, 0)


def test_saving_what_is_there_already_is_no_change(desk):
    change(desk.admin, desk.draft, desk.seen, lambda draft: draft, What.FACTS)
    assert desk.draft.edits.count() == 0


# --- The log ----------------------------------------------------------------------------------------------------------


def test_who_changed_what_stays_known(desk):
    change(desk.admin, desk.draft, desk.seen, reworded("新。"), What.ITEM, "1-1")
    change(desk.above, desk.draft, desk.seen, renamed, What.FACTS)
    assert list(desk.draft.edits.values_list("made_by", "what", "place")) == [
        (desk.admin.pk, "item", "1-1"),
        (desk.above.pk, "facts", ""),
    ]


def test_the_last_changes_are_taken_back_one_by_one_the_oldest_no_longer(desk, monkeypatch):
    kept = 5  # of 30 the same holds, which takes seconds
    monkeypatch.setattr(history, "KEPT", kept)
    for number in range(kept + 2):
        change(desk.admin, desk.draft, desk.seen, reworded(f"第{number}句。"), What.ITEM, "1-1")
    for number in reversed(range(1, kept + 1)):
        undo(desk.admin, desk.draft, desk.seen)
        assert texts(desk)["1-1"] == f"第{number}句。"
    with pytest.raises(Refused, match="no change left"):
        undo(desk.admin, desk.draft, desk.seen)
    assert desk.draft.edits.count() == 2


def test_taking_back_gives_the_draft_as_it_was(desk):
    before, seen = desk.blueprint, desk.seen
    change(desk.admin, desk.draft, seen, lambda draft: edits.remove_section(draft, 1), What.REMOVE_SECTION)
    assert desk.blueprint != before
    undo(desk.admin, desk.draft, desk.seen)
    assert (desk.blueprint, desk.seen) == (before, seen)


def test_a_change_under_which_the_draft_was_replaced_is_not_taken_back(desk):
    change(desk.admin, desk.draft, desk.seen, renamed, What.FACTS)
    Rubric.objects.filter(pk=desk.draft.pk).update(title="另有来历")
    with pytest.raises(Refused, match="replaced"):
        undo(desk.admin, desk.draft, desk.seen)


# --- Doubts -----------------------------------------------------------------------------------------------------------


def test_doubts_stay_with_their_rows_through_every_change(desk):
    doubts = [doubt_at(desk, "1-1"), doubt_at(desk, "2-1"), doubt_at(desk, None)]
    change(desk.admin, desk.draft, desk.seen, reworded("新。"), What.ITEM)
    change(desk.admin, desk.draft, desk.seen, lambda draft: edits.move_item(draft, "1-1", "2-1"), What.MOVE)
    assert rows_of(desk) == dict(zip([one.pk for one in doubts], [("1-1", ""), ("2-1", ""), ("", "")], strict=True))


def test_a_doubt_follows_its_row_to_another_key(desk):
    doubt = doubt_at(desk, "1-1")
    change(desk.admin, desk.draft, desk.seen, lambda draft: edits.change_item(draft, "1-1", key="一"), What.ITEM)
    assert rows_of(desk) == {doubt.pk: ("一", "")}


def test_a_doubt_of_a_merged_row_goes_to_the_row_that_took_it(desk):
    doubt = doubt_at(desk, "1-2")
    change(desk.admin, desk.draft, desk.seen, lambda draft: edits.merge_items(draft, "1-1"), What.MERGE)
    assert rows_of(desk) == {doubt.pk: ("1-1", "")}


def test_the_doubts_of_a_removed_row_are_closed_and_open_again_with_it(desk):
    doubt = doubt_at(desk, "1-2")
    change(desk.admin, desk.draft, desk.seen, lambda draft: edits.remove_item(draft, "1-2"), What.REMOVE)
    assert rows_of(desk) == {doubt.pk: ("", GONE)}
    undo(desk.admin, desk.draft, desk.seen)
    assert rows_of(desk) == {doubt.pk: ("1-2", "")}


def test_settling_a_doubt_closes_it_and_says_who_did(desk):
    doubt, other = doubt_at(desk, "1-1"), doubt_at(desk, "1-2")
    settle(desk.admin, doubt, "accept", desk.seen)
    assert rows_of(desk) == {doubt.pk: ("1-1", "accept"), other.pk: ("1-2", "")}
    assert Doubt.objects.get(pk=doubt.pk).settled_by == desk.admin
    with pytest.raises(Conflict, match="already"):
        settle(desk.above, doubt, "by_hand", desk.seen)


def test_a_settled_doubt_can_be_taken_back(desk):
    doubt = doubt_at(desk, "1-1")
    settle(desk.admin, doubt, "accept", desk.seen)
    undo(desk.admin, desk.draft, desk.seen)
    assert rows_of(desk) == {doubt.pk: ("1-1", "")}


def test_a_doubt_changes_the_draft_as_its_option_says(desk):
    doubt = doubt_at(
        desk, "1-2", code="duplicate", options=["keep_both", "drop_row"], facts={"other": "1:1", "text": ""}
    )
    change(
        desk.admin, desk.draft, desk.seen, lambda draft: edits.change_item(draft, "1-2", source_ref="1:3"), What.ITEM
    )
    settle(desk.admin, doubt, "drop_row", desk.seen)
    assert "考核内容 1-2" not in texts(desk).values()
    assert rows_of(desk) == {doubt.pk: ("", "drop_row")}


def test_a_doubt_stays_with_its_row_when_settling_another_gives_all_rows_new_keys(desk):
    for number, key in enumerate(list(texts(desk)), 2):
        edit = lambda draft, key=key, number=number: edits.change_item(draft, key, source_ref=f"1:{number}")  # noqa: E731
        change(desk.admin, desk.draft, desk.seen, edit, What.ITEM)
    facts = {"other": "1:2", "text": ""}
    dropped = doubt_at(desk, "1-1", code="duplicate", options=["keep_both", "drop_row"], facts=facts)
    kept = {doubt_at(desk, key).pk: text for key, text in texts(desk).items() if key != "1-1"}
    settle(desk.admin, dropped, "drop_row", desk.seen)
    assert {doubt.pk: doubt.item.text for doubt in desk.draft.doubts.exclude(pk=dropped.pk)} == kept


@pytest.mark.parametrize("option", ["", "drop_row", "没有"])
def test_a_way_that_is_not_offered_is_refused(desk, option):
    doubt = doubt_at(desk, "1-1")
    before = desk.blueprint
    with pytest.raises(Refused):
        settle(desk.admin, doubt, option, desk.seen)
    assert (desk.blueprint, rows_of(desk)) == (before, {doubt.pk: ("1-1", "")})


def test_the_digest_is_of_everything_that_the_draft_says(desk):
    start = desk.blueprint
    assert digest(edits.change_item(start, "1-1", note="注")) != digest(start)
    assert digest(edits.set_columns(start, start.columns[:-1])) != digest(start)
