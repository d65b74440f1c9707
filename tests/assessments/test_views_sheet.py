"""The scoring page: what each person sees, both ways of saving, refusals that lose nothing, its number of queries."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from assessments.models import Evidence, Mark, MarkRevision
from assessments.workflow import Action, Stage, State
from tests import factories
from tests.factories import Cast, bring_to, cast, fill, save

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def at(cast: Cast, stage: Stage) -> str:
    return reverse("assessments:sheet", args=[cast.assessment.pk, stage])


def item_at(cast: Cast, stage: Stage, key: str) -> str:
    return reverse("assessments:save_item", args=[cast.assessment.pk, stage, key])


def as_(user, *, script: bool = False) -> Client:
    client = Client(headers={"accept": "application/json"} if script else None)
    client.force_login(user)
    return client


@pytest.fixture
def people() -> Cast:
    return cast()


def first_judged(cast: Cast) -> str:
    return cast.rubric.items.filter(rule="judged").order_by("position").first().key


class TestReading:
    def test_the_stranger_does_not_learn_that_it_exists(self, people: Cast) -> None:
        assert as_(people.stranger).get(at(people, Stage.SELF)).status_code == 404

    def test_a_stage_that_there_is_not(self, people: Cast) -> None:
        assert as_(people.clerk).get(at(people, "other")).status_code == 404  # type: ignore[arg-type]

    def test_an_unfinished_sheet_is_its_writers_own(self, people: Cast) -> None:
        assert as_(people.assessor).get(at(people, Stage.SELF)).status_code == 403

    def test_the_clerk_gets_fields(self, people: Cast) -> None:
        page = as_(people.clerk).get(at(people, Stage.SELF))
        assert f'name="p-{first_judged(people)}"' in page.content.decode()

    def test_a_closed_sheet_has_none(self, people: Cast) -> None:
        bring_to(people, State.ASSESSING)
        html = as_(people.clerk).get(at(people, Stage.SELF)).content.decode()
        assert 'name="p-' not in html
        assert 'name="v-' not in html

    def test_a_department_sees_its_own_items_only(self, people: Cast) -> None:
        bring_to(people, State.ASSESSING)
        html = as_(people.department_assessor).get(at(people, Stage.ASSESS)).content.decode()
        own = set(people.rubric.items.filter(offices__name=factories.OFFICE).values_list("key", flat=True))
        others = set(people.rubric.items.values_list("key", flat=True)) - own
        assert own
        assert others
        assert all(f'id="item-{key}"' in html for key in own)
        assert not any(f'id="item-{key}"' in html for key in others)

    def test_what_people_wrote_is_text(self, people: Cast) -> None:
        key = first_judged(people)
        save(people.chair, people.assessment, Stage.SELF, key, "1", remark="<script>alert(1)</script>%(x)s")
        html = as_(people.clerk).get(at(people, Stage.SELF)).content.decode()
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;%(x)s" in html


class TestSavingOneItem:
    def test_saves_and_answers_with_the_new_sums(self, people: Cast) -> None:
        key = first_judged(people)
        answer = as_(people.clerk, script=True).post(
            item_at(people, Stage.SELF, key), {f"p-{key}": "１．５分", f"v-{key}": "0"}
        )
        assert answer.status_code == 200
        data = answer.json()
        assert (data["version"], data["worth"], data["state"], data["sums"]["points"]) == (1, "1.5", "is-scored", "1.5")
        assert Mark.objects.get().points == Decimal("1.5")

    def test_a_wrong_number_is_told_and_nothing_is_written(self, people: Cast) -> None:
        key = first_judged(people)
        answer = as_(people.clerk, script=True).post(
            item_at(people, Stage.SELF, key), {f"p-{key}": "1e1", f"v-{key}": "0"}
        )
        assert answer.status_code == 422
        assert key in answer.json()["error"]
        assert "1e1" in answer.json()["error"]
        assert not Mark.objects.exists()
        assert not MarkRevision.objects.exists()

    def test_two_people_one_item(self, people: Cast) -> None:
        key = first_judged(people)
        save(people.chair, people.assessment, Stage.SELF, key, "1", remark="主席")
        answer = as_(people.clerk, script=True).post(
            item_at(people, Stage.SELF, key), {f"p-{key}": "0.5", f"v-{key}": "0"}
        )
        assert answer.status_code == 409
        data = answer.json()
        assert (data["conflict"], data["by"], data["version"]) == ("1", str(people.chair), 1)
        assert data["theirs"] == {
            "points": "1",
            "counts": {},
            "not_applicable": False,
            "reason": "",
            "remark": "主席",
        }
        assert Mark.objects.get().points == 1

    def test_saving_what_stands_already_changes_nothing(self, people: Cast) -> None:
        key = first_judged(people)
        save(people.chair, people.assessment, Stage.SELF, key, "1")
        answer = as_(people.clerk, script=True).post(
            item_at(people, Stage.SELF, key), {f"p-{key}": "1.0", f"v-{key}": "0"}
        )
        assert (answer.status_code, answer.json()["version"]) == (200, 1)
        assert MarkRevision.objects.count() == 1

    def test_another_departments_item(self, people: Cast) -> None:
        bring_to(people, State.ASSESSING)
        foreign = people.rubric.items.exclude(offices__name=factories.OFFICE).filter(rule="judged").first()
        answer = as_(people.department_assessor, script=True).post(
            item_at(people, Stage.ASSESS, foreign.key), {f"p-{foreign.key}": "1", f"v-{foreign.key}": "0"}
        )
        assert answer.status_code == 403
        assert foreign.key in answer.json()["error"]

    def test_a_closed_sheet(self, people: Cast) -> None:
        bring_to(people, State.ASSESSING)
        key = first_judged(people)
        answer = as_(people.clerk, script=True).post(
            item_at(people, Stage.SELF, key), {f"p-{key}": "1", f"v-{key}": "1"}
        )
        assert answer.status_code == 409

    def test_strangers_and_unknown_items(self, people: Cast) -> None:
        key = first_judged(people)
        data = {f"p-{key}": "1", f"v-{key}": "0"}
        assert as_(people.stranger, script=True).post(item_at(people, Stage.SELF, key), data).status_code == 404
        assert as_(people.clerk, script=True).post(item_at(people, Stage.SELF, "nothing"), data).status_code == 404
        assert as_(people.clerk, script=True).post(item_at(people, Stage.SELF, key), {}).status_code == 404


class TestPlainSave:
    """The whole form at once: without JavaScript."""

    def test_saves_marks_and_files_together(self, people: Cast) -> None:
        key = first_judged(people)
        upload = SimpleUploadedFile("台账.pdf", PDF, "application/pdf")
        answer = as_(people.clerk).post(
            at(people, Stage.SELF), {f"p-{key}": "1", f"v-{key}": "0", f"r-{key}": "见附件", f"f-{key}": upload}
        )
        assert answer.status_code == 302
        mark = Mark.objects.get()
        assert (mark.points, mark.remark) == (1, "见附件")
        assert Evidence.objects.get().name == "台账.pdf"

    def test_one_wrong_number_and_all_stands_in_the_fields_again(self, people: Cast) -> None:
        first, second = (item.key for item in people.rubric.items.filter(rule="judged").order_by("position")[:2])
        answer = as_(people.clerk).post(
            at(people, Stage.SELF),
            {f"p-{first}": "1", f"v-{first}": "0", f"p-{second}": "一百", f"v-{second}": "0", f"r-{second}": "稍后补"},
        )
        html = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="1"' in html
        assert 'value="一百"' in html
        assert "稍后补" in html
        assert not Mark.objects.exists()

    def test_a_conflict_shows_both_and_saving_again_settles_it(self, people: Cast) -> None:
        key = first_judged(people)
        save(people.chair, people.assessment, Stage.SELF, key, "1")
        client = as_(people.clerk)
        answer = client.post(at(people, Stage.SELF), {f"p-{key}": "0.5", f"v-{key}": "0"})
        html = answer.content.decode()
        assert answer.status_code == 409
        assert str(people.chair) in html
        assert f'name="v-{key}" value="1"' in html
        assert client.post(at(people, Stage.SELF), {f"p-{key}": "0.5", f"v-{key}": "1"}).status_code == 302
        assert Mark.objects.get().points == Decimal("0.5")

    def test_items_that_were_not_sent_back_are_not_posted(self, people: Cast) -> None:
        bring_to(people, State.ASSESSING)
        key = first_judged(people)
        factories.services.move(people.assessor, people.now(), Action.SEND_BACK, reason="请补充材料", items=[key])
        html = as_(people.clerk).get(at(people, Stage.SELF)).content.decode()
        applying = people.rubric.items.filter(audiences=None).count()
        assert html.count('<fieldset class="score score-own" disabled>') == applying - 1

    def test_adopting_takes_the_earlier_marks(self, people: Cast) -> None:
        bring_to(people, State.ASSESSING)
        url = reverse("assessments:adopt", args=[people.assessment.pk, Stage.ASSESS])
        assert as_(people.assessor).post(url).status_code == 302
        assert people.now().sheets.get(stage=Stage.ASSESS).points == people.now().sheets.get(stage=Stage.SELF).points


@pytest.mark.parametrize("items", [4, 48])
def test_queries_do_not_grow_with_the_rubric(items: int, django_assert_max_num_queries) -> None:
    people = cast(rubric=factories.long_rubric(items))
    fill(people.chair, people.assessment, Stage.SELF)
    factories.services.move(people.chair, people.now(), Action.SUBMIT)
    fill(people.assessor, people.assessment, Stage.ASSESS)
    client = as_(people.assessor)
    client.get(at(people, Stage.ASSESS))  # the frozen rubric's part is read once per process
    with django_assert_max_num_queries(12):
        assert client.get(at(people, Stage.ASSESS)).status_code == 200
