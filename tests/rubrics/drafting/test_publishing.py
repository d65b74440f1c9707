"""The end of a draft: what stops it, what is worth knowing, publishing and deleting."""

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import transaction

from orgs.services.base import Refused
from rubrics.blueprint import AudiencePlan, BandPlan, read
from rubrics.drafting import edits
from rubrics.drafting.change import Conflict, change
from rubrics.drafting.checklist import Entry, checklist
from rubrics.drafting.history import What
from rubrics.drafting.publishing import NotReady, delete_draft, publish
from rubrics.guard import FrozenRubricError
from rubrics.models import Document, Rubric, Source

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
D = Decimal


def alter(desk, edit):
    change(desk.admin, desk.draft, desk.seen, edit, What.FACTS)


def stops(desk):
    draft = Rubric.objects.get(pk=desk.draft.pk)
    return [(entry.part, entry.name) for entry in checklist(draft, read(draft)).stops]


def test_nothing_stops_a_whole_draft(desk):
    assert stops(desk) == []


@pytest.mark.parametrize(
    ("edit", "found"),
    [
        (lambda draft: edits.change_facts(draft, title=" "), ("facts", "")),
        (lambda draft: edits.change_item(draft, "2-1", text=""), ("item", "2-1")),
        (lambda draft: edits.change_section(draft, 1, name=""), ("section", "1")),
        (lambda draft: edits.set_audiences(draft, []), ("audiences", "")),
        (lambda draft: edits.set_audiences(draft, [AudiencePlan("unheard", "没有")]), ("audiences", "")),
        (lambda draft: edits.set_columns(draft, draft.columns[:1]), ("columns", "")),
        (
            lambda draft: edits.set_bands(draft, [BandPlan(2, "好", D(60)), BandPlan(1, "差", D(80))], None),
            ("bands", ""),
        ),
        (lambda draft: edits.set_rule(draft, "1-1", edits.Ruling(D(5), "tiers")), ("item", "1-1")),
        (lambda draft: edits.group_items(draft, "1-1", "1-2", D(99), ""), ("draft", "")),
    ],
)
def test_each_thing_that_stops_publishing_is_told_with_its_place(desk, edit, found):
    alter(desk, edit)
    assert found in stops(desk)
    with pytest.raises(NotReady) as refusal:
        publish(desk.admin, desk.draft, desk.seen, "as_printed")
    assert found in [(entry.part, entry.name) for entry in refusal.value.stops]
    assert Rubric.objects.get(pk=desk.draft.pk).published_at is None


def test_open_doubts_stop_it_and_lead_to_the_first(desk):
    for key in ("1-2", "2-1"):
        desk.draft.doubts.create(code="nested", options=["by_hand"], item=desk.draft.items.get(key=key))
    draft = Rubric.objects.get(pk=desk.draft.pk)
    (entry,) = checklist(draft, read(draft)).stops
    assert (entry.part, entry.name, "2" in entry.sentence) == ("item", "1-2", True)


def test_what_is_only_worth_knowing_stops_nothing(desk):
    alter(desk, lambda draft: edits.change_section(draft, 0, points=D(99)))
    draft = Rubric.objects.get(pk=desk.draft.pk)
    found = checklist(draft, read(draft))
    assert found.stops == ()
    assert any("99" in entry.sentence for entry in found.worth_knowing)
    assert all(isinstance(entry, Entry) for entry in found.worth_knowing)


def test_publishing_freezes_and_says_who_did_it(desk):
    alter(desk, lambda draft: edits.change_facts(draft, title="定稿"))
    publish(desk.admin, desk.draft, desk.seen)
    rubric = Rubric.objects.get(pk=desk.draft.pk)
    assert (rubric.title, rubric.published_by, rubric.published_at is not None) == ("定稿", desk.admin, True)
    assert rubric.frozen_at is not None
    with pytest.raises(FrozenRubricError), transaction.atomic():
        rubric.items.first().delete()
    assert list(rubric.edits.values_list("made_by", "before")) == [(desk.admin.pk, None)]


def test_points_that_contradict_the_declared_total_ask_for_a_choice(desk):
    alter(desk, lambda draft: edits.change_facts(draft, declared_total=D(100)))
    for said in ("", "no_policy"):
        with pytest.raises(Refused, match="Say how totals are read"):
            publish(desk.admin, desk.draft, desk.seen, said)
    publish(desk.admin, desk.draft, desk.seen, "scaled")
    assert Rubric.objects.get(pk=desk.draft.pk).total_policy == "scaled"


def test_where_the_points_agree_a_choice_changes_nothing(desk):
    alter(desk, lambda draft: edits.change_facts(draft, declared_total=draft.points))
    publish(desk.admin, desk.draft, desk.seen, "scaled")
    assert Rubric.objects.get(pk=desk.draft.pk).total_policy == "as_printed"


def test_what_the_person_did_not_see_is_not_published(desk):
    seen = desk.seen
    alter(desk, lambda draft: edits.change_facts(draft, title="别人改的"))
    with pytest.raises(Conflict):
        publish(desk.admin, desk.draft, seen)
    assert Rubric.objects.get(pk=desk.draft.pk).published_at is None


def stored(desk):
    file = ContentFile(b"as it was", "原文.docx")
    return Source.objects.create(document=desk.document, name="原文.docx", file=file, uploaded_by=desk.admin)


def test_with_its_last_draft_a_document_goes_and_its_file_too(desk, django_capture_on_commit_callbacks):
    source = stored(desk)
    with django_capture_on_commit_callbacks(execute=True):
        delete_draft(desk.admin, desk.draft, desk.seen)
    assert not Document.objects.filter(pk=desk.document.pk).exists()
    assert not source.file.storage.exists(source.file.name)


def test_a_document_with_another_rubric_stays(desk, django_capture_on_commit_callbacks):
    source = stored(desk)
    other = Rubric.objects.create(document=desk.document, code="other", title="另一份")
    with django_capture_on_commit_callbacks(execute=True):
        delete_draft(desk.admin, desk.draft, desk.seen)
    assert list(Rubric.objects.filter(document=desk.document)) == [other]
    assert source.file.storage.exists(source.file.name)
