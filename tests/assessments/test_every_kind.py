"""Every kind of row as its users meet it: fields, answers, refusals, sums, gates, history, and the same on paper."""

from __future__ import annotations

import re
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from assessments import services
from assessments.figures import formula, worth
from assessments.models import Mark, MarkRevision, Sheet
from assessments.results import Content, contents_of, read_marks, total_of
from assessments.sentences import answer_in_words, counts_in_words, explained
from assessments.services import MarksRefused, Typed, save_marks
from assessments.workflow import Stage, State
from reports import excel, pdf
from reports.tables import Role, scorecard
from rubrics.rows import rows
from rubrics.scoring.explain import explain
from rubrics.scoring.items import Entry, score_item
from rubrics.scoring.numbers import format_points
from tests import factories as make
from tests.factories import D

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SELF, ASSESS = Stage.SELF, Stage.ASSESS


@pytest.fixture
def cast():
    return make.cast(rubric=make.rubric_of_every_kind())


def client_of(user, **headers):
    client = Client(headers=headers or None)
    client.force_login(user)
    return client


def sheet_page(cast, user, stage=SELF):
    return client_of(user).get(reverse("assessments:sheet", args=[cast.assessment.pk, stage])).content.decode()


def item_html(page, key):
    return re.search(rf'<article class="item [^>]*id="item-{key}".*?</article>', page, re.DOTALL)[0]


def choices(page, name):
    """(value, label, whether it stands) of a list of choices."""
    select = re.search(rf'<select[^>]*name="{name}".*?</select>', page, re.DOTALL)[0]
    found = re.findall(r'<option value="([^"]*)"( selected)?>([^<]*)</option>', select)
    return [(value, label, bool(stands)) for value, stands, label in found]


# --- Fields that fit ---


def test_each_kind_has_its_fields(cast):
    page = sheet_page(cast, cast.clerk)
    fields = {
        row.key: re.findall(r'<(input|select)[^>]*name="([pcl]-[^"]+)"', item_html(page, row.key))
        for row in rows(cast.rubric)
    }
    number, choice = "input", "select"
    assert fields == {
        "1-1": [(number, "p-1-1")],
        "1-2": [(number, "c-1-2-absent")],
        "1-3": [(number, "c-1-3-rate"), (number, "c-1-3-team")],
        "2-1": [(number, "c-2-1-built")],
        "2-2": [(number, "c-2-2-letters")],
        "2-3": [(number, "c-2-3-trained")],
        "2-4": [(choice, f"c-2-4-c{n}") for n in range(4)],
        "2-5": [(choice, "l-2-5")],
        "3-1": [(number, "c-3-1-office"), (number, "c-3-1-staff")],
        "4-1": [(number, "c-4-1-papers")],
        "4-2": [(number, "c-4-2-late")],
        "4-3": [(number, "c-4-3-blamed")],
        "5-1": [(choice, "c-5-1-gate")],
        "5-2": [(choice, "c-5-2-gate")],
        "5-3": [(choice, "c-5-3-gate")],
    }


def test_a_choice_begins_blank_and_then_stands(cast):
    page = sheet_page(cast, cast.clerk)
    assert [option[0] for option in choices(page, "l-2-5")] == ["", "a", "b", "c", "d"]
    assert not any(stands for name in ("l-2-5", "c-2-4-c0", "c-5-2-gate") for *_rest, stands in choices(page, name))
    make.save(cast.clerk, cast.assessment, SELF, "2-5", counts={"b": "1"})
    make.save(cast.clerk, cast.assessment, SELF, "2-4", counts={"c0": "1", "c1": "0"})
    make.save(cast.clerk, cast.assessment, SELF, "5-2", counts={"gate": "0"})
    page = sheet_page(cast, cast.clerk)
    standing = {
        name: [value for value, _label, stands in choices(page, name) if stands]
        for name in ("l-2-5", "c-2-4-c0", "c-2-4-c1", "c-2-4-c2", "c-5-1-gate", "c-5-2-gate")
    }
    assert standing == {
        "l-2-5": ["b"],
        "c-2-4-c0": ["1"],
        "c-2-4-c1": ["0"],
        "c-2-4-c2": [],
        "c-5-1-gate": [],
        "c-5-2-gate": ["0"],
    }


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("1-2", ["down to −2 points at the lowest"]),
        ("2-1", ["from 80%: 10, from 70%: 7, from 60%: 4"]),
        ("2-2", ["up to 0件: 6, up to 2件: 3"]),
        ("2-3", ["10 points from 80% on, below it in proportion"]),
        ("2-4", ["3 of these 4 earn the 8 points, fewer earn 0"]),
        ("2-5", ["优秀 (10 points)", "不合格 (0 points)"]),
        ("3-1", ["0 to 25 points, weight 60", "0 to 25 points, weight 40"]),
        ("4-2", ["−0.5 points for each 次", "counts towards the common limit “奖惩”"]),
        ("4-3", ["down to −5 points at the lowest"]),
        ("5-1", ["without it, not qualified", "not there"]),
        ("5-2", ["if it happened, no band and not qualified", "did not happen"]),
        ("5-3", ["if it happened, not the best band"]),
    ],
)
def test_the_field_says_what_it_is_worth(cast, key, words):
    client = client_of(cast.clerk, **{"accept-language": "en"})
    client.cookies["django_language"] = "en"
    page = client.get(reverse("assessments:sheet", args=[cast.assessment.pk, SELF])).content.decode()
    assert [word for word in words if word not in item_html(page, key)] == []


def test_a_plain_form_saves_every_kind(cast):
    """Without JavaScript: all fields at once, as a browser posts them."""
    answers = {
        "p-1-1": "14", "c-1-2-absent": "10", "c-1-3-rate": "8", "c-1-3-team": "3", "c-2-1-built": "78.5%",
        "c-2-2-letters": "1", "c-2-3-trained": "72", "c-2-4-c0": "1", "c-2-4-c1": "1", "c-2-4-c2": "0",
        "c-2-4-c3": "1", "l-2-5": "b", "c-3-1-office": "24", "c-3-1-staff": "22.5", "c-4-1-papers": "6",
        "c-4-2-late": "1", "c-4-3-blamed": "3", "c-5-1-gate": "1", "c-5-2-gate": "0", "c-5-3-gate": "1",
    }  # fmt: skip
    versions = {f"v-{row.key}": "0" for row in rows(cast.rubric)}
    client = client_of(cast.clerk)
    url = reverse("assessments:sheet", args=[cast.assessment.pk, SELF])
    assert client.post(url, answers | versions).status_code == 302
    sheet = Sheet.objects.get(assessment=cast.assessment)
    # 14 − 1 + 11 + 7 + 3 + 9 + 8 + 8 + 23.4; 6 − 0.5 within 3; −5
    assert (sheet.points, sheet.base, sheet.scored, sheet.required) == (D("80.4"), D("83.4"), 12, 12)
    page = client.get(url).content.decode()
    for name, typed in answers.items():
        text = typed.rstrip("%")
        stands = (
            [value for value, _label, chosen in choices(page, name) if chosen]
            if "<select" in _tag(page, name)
            else [re.search(r'value="([^"]*)"', _tag(page, name))[1]]
        )
        assert stands == [text], name


def _tag(page, name):
    return re.search(rf'<(?:input|select)[^>]*name="{name}"[^>]*>', page)[0]


def test_a_row_left_alone_stays_blank(cast):
    url = reverse("assessments:sheet", args=[cast.assessment.pk, SELF])
    blank = dict.fromkeys(re.findall(r'name="([pcl]-[^"]+)"', sheet_page(cast, cast.clerk)), "")
    versions = {f"v-{row.key}": "0" for row in rows(cast.rubric)}
    assert client_of(cast.clerk).post(url, blank | versions).status_code == 302
    assert not Mark.objects.exists()
    assert Sheet.objects.get(assessment=cast.assessment).points is None


def test_choices_stand_again_beside_what_was_refused(cast):
    make.save(cast.clerk, cast.assessment, SELF, "2-5", counts={"a": "1"})
    make.save(cast.clerk, cast.assessment, SELF, "5-2", counts={"gate": "0"})
    answers = {"v-2-5": "1", "l-2-5": "b", "v-5-2": "1", "c-5-2-gate": "", "v-2-1": "0", "c-2-1-built": "八成"}
    answer = client_of(cast.clerk).post(reverse("assessments:sheet", args=[cast.assessment.pk, SELF]), answers)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert [[value for value, _label, stands in choices(page, n) if stands] for n in ("l-2-5", "c-5-2-gate")] == [
        ["b"],
        [],
    ]
    assert 'value="八成"' in _tag(page, "c-2-1-built")


# --- Refused with a sentence ---


@pytest.mark.parametrize(
    ("key", "counts", "words"),
    [
        ("2-5", {"a": "1", "b": "1"}, ("2-5", "优秀、良好、合格、不合格")),
        ("2-5", {"a": "2"}, ("2-5", "优秀、良好、合格、不合格")),
        ("2-5", {"e": "1"}, ("2-5", "优秀、良好、合格、不合格")),
        ("2-4", {"c1": "2"}, ("2-4 有制度", "“")),
        ("2-4", {"c1": "0.5"}, ("2-4 有制度", "“")),
        ("5-2", {"gate": "2"}, ("5-2", "“")),
        ("5-2", {"gate": "发生"}, ("5-2", "“")),
        ("2-1", {"built": "78.555"}, ("2-1 建家率", "78.555", "0.01")),
        ("2-1", {"built": "-1"}, ("2-1 建家率",)),
        ("2-2", {"letters": "1.5"}, ("2-2 越级上访", "1.5")),
        ("2-3", {"trained": "八十"}, ("2-3 培训面", "八十")),
        ("3-1", {"office": "25.5"}, ("3-1 办公室", "25.5", "25")),
        ("3-1", {"office": "24.3"}, ("3-1 办公室", "24.3", "0.5", "25")),
        ("4-3", {"blamed": "1.5"}, ("4-3 通报批评", "1.5")),
        ("4-1", {"papers": "9999999999"}, ("4-1",)),
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_wrong_answer_names_the_item_and_what_may_stand(cast, key, counts, words, language):
    before = make.snapshot(cast.assessment)
    with override(language), pytest.raises(MarksRefused) as refusal:
        make.save(cast.clerk, cast.assessment, SELF, key, counts=counts)
    assert [word for word in words if word not in refusal.value.errors[key]] == []
    assert "999999999999" not in refusal.value.errors[key]
    assert make.snapshot(cast.assessment) == before


def test_a_gate_can_not_be_left_out(cast):
    with pytest.raises(MarksRefused) as refusal:
        make.save(cast.clerk, cast.assessment, SELF, "5-2", not_applicable=True, reason="与我会无关")
    assert "5-2" in refusal.value.errors["5-2"]


@pytest.mark.parametrize("key", ["4-2", "4-3"])
def test_a_penalty_beyond_all_measure_is_held_by_its_limits_or_refused(cast, key):
    measure = {"4-2": "late", "4-3": "blamed"}[key]
    most = {measure: "9999999999"}
    if key == "4-3":  # its own floor holds it
        assert make.save(cast.clerk, cast.assessment, SELF, key, counts=most).total.penalty == -5
    else:
        with pytest.raises(MarksRefused):
            make.save(cast.clerk, cast.assessment, SELF, key, counts=most)


# --- What a row came to ---


@pytest.mark.parametrize(
    ("key", "counts", "figure", "how", "answer"),
    [
        ("1-2", {"absent": "3"}, "2.5", "4 − 0.5 × 3 = 2.5", ""),
        ("1-2", {"absent": "10"}, "−1", "4 − 0.5 × 10 = −1", ""),
        ("1-2", {"absent": "99"}, "−2", "4 − 0.5 × 99 = −2", ""),
        ("2-1", {"built": "78.5"}, "7", "78.5% → 7", "78.5%"),
        ("2-1", {"built": "59.99"}, "0", "59.99% → 0", "59.99%"),
        ("2-2", {"letters": "1"}, "3", "1件 → 3", "1件"),
        ("2-3", {"trained": "72"}, "9", "72% → 9", "72%"),
        ("2-4", {"c0": "1", "c1": "1", "c2": "1", "c3": "0"}, "8", "3 of 4 are met, 3 are needed", "3 of 4"),
        ("2-4", {"c0": "1", "c1": "0", "c2": "1", "c3": "0"}, "0", "2 of 4 are met, 3 are needed", "2 of 4"),
        ("2-4", {"c0": "1"}, "", "", "1 of 4"),
        ("2-5", {"b": "1"}, "8", "", "良好"),
        ("2-5", {"d": "1"}, "0", "", "不合格"),
        ("3-1", {"office": "24", "staff": "22.5"}, "23.4", "(24 × 60 + 22.5 × 40) ÷ 100 = 23.4", "24 / 22.5"),
        ("3-1", {"staff": "22.5"}, "", "still missing: 办公室", "– / 22.5"),
        ("4-1", {"papers": "2"}, "+2", "1 × 2 = +2", ""),
        ("4-2", {"late": "3"}, "−1.5", "−0.5 × 3 = −1.5", ""),
        ("4-2", {"late": "0"}, "−0", "−0.5 × 0 = −0", ""),
        ("4-3", {"blamed": "3"}, "−5", "−2 × 3 = −6, no more than −5 counts", ""),
        ("5-1", {"gate": "0"}, "", "", "not there"),
        ("5-2", {"gate": "1"}, "", "", "happened"),
        ("5-3", {"gate": "0"}, "", "", "did not happen"),
    ],
)
def test_figure_formula_and_answer(cast, key, counts, figure, how, answer):
    given = {name: Decimal(text) for name, text in counts.items()}
    item = total_of(cast.now(), {}).rubric.by_key[key]
    row = next(row for row in rows(cast.rubric) if row.key == key)
    score = score_item(item, Entry(counts=given))
    with override("en"):
        assert (worth(score), formula(score), answer_in_words(row, given)) == (figure, how, answer)


def test_the_computation_is_told_line_by_line(cast):
    filled(cast)
    marks = contents_of(read_marks(cast.rubric, cast.now().sheets.all())[cast.now().sheets.get().pk])
    with override("en"):
        lines = explained(explain(total_of(cast.now(), marks)), rows(cast.rubric))
    assert lines == [
        "项目1: 25 of 31",
        "Item 1-2, 缺席: 10 × 0.5 = -5",
        "Item 1-2: 4 − 5 = -1",
        "项目2: 35 of 44",
        "Item 2-1, 建家率: 78.5% is in the step of 70%: 7 points",
        "Item 2-2, 越级上访: 1件 is in the step of 2件: 3 points",
        "Item 2-3, 培训面: 72% of the 80% aimed at: 9 of 10 points",
        "Item 2-4: 3 of 4 conditions are met, 3 are needed: 8 points",
        "Item 2-5: “良好”, 8 points",
        "项目3: 23.4 of 25",
        "Item 3-1, 办公室: 24 points, weight 60",
        "Item 3-1, 组织部: 22.5 points, weight 40",
        "Item 3-1: weighted mean of the departments: 23.4",
        "项目4: 0 of 0",
        "Item 4-1, 经验材料: 6 × 1 = +6",
        "Item 4-1: bonus of 6, allowed in full",
        "Item 4-2, 迟报: 1 × 0.5 = -0.5",
        "Item 4-2: penalty of -0.5, counted in full",
        "Item 4-3, 通报批评: 3 × 2 = -6",
        "Item 4-3: penalty of -6, no more than -5 counts",
        "项目5: 0 of 0",
        "Sum of the items: 83.4 of 100",
        "Bonus: 6 claimed, 6 allowed",
        "Penalties: -6.5",
        "Common limit “奖惩”: together 5.5, of which 3 count",
        "Total: 80.4 of 100",
        "Item 5-1 is required and not there: not qualified",
        "Item 5-2 happened, a veto: no band and not qualified",
    ]


ANSWERS = {
    "1-1": {"points": "14"},
    "1-2": {"counts": {"absent": "10"}},
    "1-3": {"counts": {"rate": "8", "team": "3"}},
    "2-1": {"counts": {"built": "78.5"}},
    "2-2": {"counts": {"letters": "1"}},
    "2-3": {"counts": {"trained": "72"}},
    "2-4": {"counts": {"c0": "1", "c1": "1", "c2": "0", "c3": "1"}},
    "2-5": {"counts": {"b": "1"}},
    "3-1": {"counts": {"office": "24", "staff": "22.5"}},
    "4-1": {"counts": {"papers": "6"}},
    "4-2": {"counts": {"late": "1"}},
    "4-3": {"counts": {"blamed": "3"}},
    "5-1": {"counts": {"gate": "0"}},
    "5-2": {"counts": {"gate": "1"}},
    "5-3": {"counts": {"gate": "0"}},
}


def filled(cast, **changes):
    answers = ANSWERS | changes
    typed = [Typed(key, **said) for key, said in answers.items() if said]
    return save_marks(make.again(cast.chair), cast.now(), SELF, typed)


# --- Gates, plainly ---


def test_a_veto_and_a_missing_requirement_stand_on_sheet_overview_move_and_card(cast):
    filled(cast)
    texts = ("5-1 依法取得工会法人资格。", "5-2 发生重大安全生产责任事故的。")
    client = client_of(cast.chair)
    for path in (f"/assessments/{cast.assessment.pk}/{rest}" for rest in ("", "sheets/self/", "submit/")):
        page = client.get(path).content.decode()
        told = " ".join(re.findall(r'<ul class="tripped".*?</ul>', page, re.DOTALL))
        assert [text for text in texts if text not in told] == [], path
        assert "5-3" not in told
    notes = "\n".join(scorecard(cast.now(), (SELF,)).notes)
    assert [text for text in texts if text not in notes] == []
    assert Sheet.objects.get(assessment=cast.assessment).band_rank is None


def test_an_open_gate_says_nothing(cast):
    make.fill(cast.chair, cast.assessment, SELF)
    client = client_of(cast.chair)
    assert client.get(f"/assessments/{cast.assessment.pk}/").content.decode().count('class="tripped"') == 0
    assert re.search(r'<ul class="tripped" data-tripped hidden>', sheet_page(cast, cast.chair))
    assert Sheet.objects.get(assessment=cast.assessment).band_rank == 5


def test_a_saved_gate_is_told_at_once(cast):
    client = client_of(cast.clerk, accept="application/json")
    url = reverse("assessments:save_item", args=[cast.assessment.pk, SELF, "5-2"])
    data = client.post(url, {"v-5-2": "0", "c-5-2-gate": "1"}).json()
    assert data["state"] == "is-tripped"
    assert len(data["sums"]["tripped"]) == 1
    assert "发生重大安全生产责任事故的" in data["sums"]["tripped"][0]
    data = client.post(url, {"v-5-2": "1", "c-5-2-gate": "0"}).json()
    assert (data["state"], data["sums"]["tripped"]) == ("is-scored", [])


def test_a_sheet_is_not_complete_while_a_gate_or_a_condition_is_blank(cast):
    filled(cast, **{"5-3": {}, "2-4": {"counts": {"c0": "1"}}})
    sheet = Sheet.objects.get(assessment=cast.assessment)
    assert (sheet.scored, sheet.required) == (10, 12)
    with pytest.raises(services.Refused, match="2-4"):
        services.move(make.again(cast.chair), cast.now(), "submit")


# --- Sums beside the grid ---


def test_bonus_penalty_and_limit_stand_apart(cast):
    filled(cast)
    client = client_of(cast.clerk, accept="application/json")
    url = reverse("assessments:save_item", args=[cast.assessment.pk, SELF, "4-3"])
    sums = client.post(url, {"v-4-3": "1", "c-4-3-blamed": "1"}).json()["sums"]
    told = {name: sums[name] for name in ("points", "maximum", "bonus", "penalty", "limits")}
    assert told == {"points": "83.4", "maximum": "100", "bonus": "+6", "penalty": "−3.5", "limits": "−2.5"}
    assert sums["sections"]["4"]["points"] == "3.5"


# --- History, adoption ---


def test_the_history_tells_answers_in_words(cast):
    filled(cast)
    told = dict(MarkRevision.objects.values_list("item__key", "counts"))
    with override("zh-hans"):
        words = {
            row.key: counts_in_words(row, {k: Decimal(v) for k, v in ANSWERS[row.key].get("counts", {}).items()})
            for row in rows(cast.rubric)
        }
    assert told == words
    assert (told["2-1"], told["2-5"], told["3-1"]) == ("建家率 78.5%", "良好", "办公室 24分；组织部 22.5分")
    url = reverse("assessments:item_history", args=[cast.assessment.pk, SELF, "2-5"])
    assert "<td>良好</td>" in client_of(cast.chair).get(url).content.decode()


def test_the_history_is_written_in_one_language(cast):
    with override("en"):
        make.save(cast.clerk, cast.assessment, SELF, "5-2", counts={"gate": "1"})
    with override("zh-hans"):
        make.save(cast.clerk, cast.assessment, SELF, "5-3", counts={"gate": "1"})
    first, second = MarkRevision.objects.values_list("counts", flat=True)
    assert first == second


def test_a_later_stage_takes_over_every_kind(cast):
    filled(cast)
    services.move(make.again(cast.chair), cast.now(), "submit")
    services.adopt_marks(make.again(cast.assessor), cast.now(), ASSESS)
    marks = read_marks(cast.rubric, cast.now().sheets.all())
    own, taken = (contents_of(marks[cast.now().sheets.get(stage=stage).pk]) for stage in (SELF, ASSESS))
    assert taken == own
    assert len(taken) == len(ANSWERS)


def test_the_assessor_sees_the_answers_beside_their_own(cast):
    filled(cast)
    services.move(make.again(cast.chair), cast.now(), "submit")
    page = sheet_page(cast, cast.assessor, ASSESS)
    found = {
        key: re.findall(r'<span class="score-answer">([^<]*)</span>', item_html(page, key)) for key in ("2-1", "2-5")
    }
    assert found == {"2-1": ["78.5%"], "2-5": ["良好"]}
    assert 'class="score-answer"' not in item_html(page, "1-2")


# --- The same total everywhere, whatever is answered ---

TYPED = {
    "1-1": {"points": st.sampled_from(["", "0", "7.5", "15"])},
    "1-2": {"absent": st.integers(0, 20)},
    "1-3": {"rate": st.integers(0, 8), "team": st.integers(0, 4)},
    "2-1": {"built": st.decimals(0, 120, places=2)},
    "2-2": {"letters": st.integers(0, 4)},
    "2-3": {"trained": st.decimals(0, 120, places=2)},
    "2-4": {f"c{n}": st.integers(0, 1) for n in range(4)},
    "3-1": {"office": st.integers(0, 25), "staff": st.integers(0, 25)},
    "4-1": {"papers": st.integers(0, 9)},
    "4-2": {"late": st.integers(0, 9)},
    "4-3": {"blamed": st.integers(0, 9)},
    **{f"5-{n}": {"gate": st.integers(0, 1)} for n in (1, 2, 3)},
}


@st.composite
def sheets(draw):
    """What somebody types on some of the fields of a sheet, a level chosen or not."""
    typed = []
    for key, fields in TYPED.items():
        drawn = {name: draw(st.one_of(st.just(""), values.map(str))) for name, values in fields.items()}
        typed.append(Typed(key, drawn.pop("points", ""), drawn))
    level = draw(st.sampled_from(["", "a", "b", "c", "d"]))
    return [*typed, Typed("2-5", counts={level: "1"} if level else {})]


def test_screen_kernel_stored_and_paper_say_the_same(cast):
    @settings(max_examples=25)
    @given(typed=sheets())
    def check(typed):
        assessment = cast.now()
        versions = dict(Mark.objects.filter(sheet__assessment=assessment).values_list("item__key", "version"))
        again = [Typed(one.key, one.points, one.counts, version=versions.get(one.key, 0)) for one in typed]
        saved = save_marks(make.again(cast.clerk), assessment, SELF, again)

        contents = {one.key: typed_content(one) for one in typed}
        total = total_of(assessment, {key: content for key, content in contents.items() if not content.blank})
        assert saved.total == total
        sheet = Sheet.objects.get(assessment=assessment)
        points = None if total.blank else total.points
        band = sheet.band_rank
        assert (sheet.points, sheet.base, sheet.bonus) == (points, total.base, total.beyond)
        assert band is None or (total.gates.isdisjoint({"veto"}) and not (band == 5 and "veto_top" in total.gates))

        page = sheet_page(cast, cast.clerk)
        shown = re.search(r'<b data-sum="points">([^<]*)</b><span class="side-of">', page)[1]
        assert shown == (format_points(points) or "–")

        table = scorecard(assessment, (SELF,))
        printed = [next(cell for cell in row.cells if cell.role == Role.SCORE) for row in table.rows]
        by_key = {score.item.key: score for score in total.items}
        of_rows = [by_key[row.key].points for row in rows(cast.rubric)]
        assert [cell.value for cell in printed[: len(of_rows)]] == of_rows
        assert printed[-1].value == points
        assert cells_of(excel.render(table), table) == [
            None if one is None else float(one) for one in (*of_rows, points)
        ]

    check()


def typed_content(one):
    counts = {key: Decimal(text) for key, text in one.counts.items() if text}
    return Content(Decimal(one.points) if one.points else None, counts)


def cells_of(workbook, table):
    """The numbers of the first score column of a workbook: its rows and its total."""
    sheet = load_workbook(BytesIO(workbook)).worksheets[0]
    first = int(sheet.print_title_rows.split("$")[-1]) + 1
    column = 2
    values = [sheet.cell(first + number, column).value for number in range(len(table.rows))]
    numbers = [value if isinstance(value, int | float) else None for value in values]
    items = sum(not row.total for row in table.rows)
    return [*numbers[:items], numbers[-1]]


def test_the_card_prints_answers_negative_points_and_limits(cast):
    filled(cast)
    table = scorecard(cast.now(), (SELF,))
    with override("zh-hans"):
        happened, missing = (counts_in_words(rows(cast.rubric)[n], {"gate": D(v)}) for n, v in ((13, 1), (12, 0)))
        conditions = answer_in_words(rows(cast.rubric)[6], {"c0": D(1), "c1": D(1), "c2": D(0), "c3": D(1)})
    texts = [next(cell.text for cell in row.cells if cell.role == Role.SCORE) for row in table.rows]
    assert texts[:8] == ["14", "-1", "11", "7(78.5%)", "3(1件)", "9(72%)", f"8({conditions})", "8(良好)"]
    assert texts[9:12] == ["6", "-0.5", "-5"]
    assert texts[12:14] == [missing, happened]
    assert texts[-2:] == ["82.9", "80.4"]
    assert "奖惩" in table.workings[0].value
    assert pdf.render(table).startswith(b"%PDF")


def test_an_answer_with_a_quotation_mark_does_not_break_the_workbook():
    items = (make.Asked("1-1", "5", "levels", (make.Counted("a", "5", "", label='"甲"级'),)),)
    cast = make.cast(rubric=make.small_rubric(items=items))
    make.save(cast.clerk, cast.assessment, SELF, "1-1", counts={"a": "1"})
    table = scorecard(cast.now(), (SELF,))
    sheet = load_workbook(BytesIO(excel.render(table))).worksheets[0]
    cell = sheet.cell(int(sheet.print_title_rows.split("$")[-1]) + 1, 2)
    assert (cell.value, cell.number_format) == (5, r'0"("\""甲"\""级)"')


# --- What it costs ---


def test_the_page_takes_no_more_queries_than_with_ordinary_rows():
    costs = []
    for rubric in (make.small_rubric(), make.rubric_of_every_kind()):
        cast = make.cast(rubric=rubric)
        make.bring_to(cast, State.ASSESSING)
        client = client_of(cast.department_assessor)
        url = reverse("assessments:sheet", args=[cast.assessment.pk, ASSESS])
        client.get(url)
        with CaptureQueriesContext(connection) as counted:
            assert client.get(url).status_code == 200
        costs.append(len(counted))
    assert costs[1] == costs[0] - 1  # an ordinary row looks at a ballot, which is asked for
