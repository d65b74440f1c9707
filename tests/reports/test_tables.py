"""What a card says: the layout of its source document, and the kernel's numbers in it."""

import re
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.translation import gettext, pgettext

from assessments.results import contents_of, read_marks, total_of
from assessments.workflow import Stage, State, stages_of
from reports.tables import Role, ScoreTable, form, scorecard
from rubrics.models import Rubric
from rubrics.rows import rows
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

D = Decimal
SELF, ASSESS, REVIEW = Stage.SELF, Stage.ASSESS, Stage.REVIEW


def chinese(msgid, **values):
    with translation.override("zh-hans"):
        return gettext(msgid) % values


def on_card(msgid):
    """A word that a card has for itself."""
    with translation.override("zh-hans"):
        return pgettext("scorecard", msgid)


def card_of(assessment, *stages) -> ScoreTable:
    return scorecard(assessment, stages or stages_of(assessment.stages))


def words(table):
    """Every word of the table's cells, as read from left to right."""
    return "".join(re.sub(r"\s", "", cell.text) for row in table.rows for cell in row.cells)


def column(table, index):
    """What stands in a column, from top to bottom, merged cells once."""
    return [cell.text for row in table.rows for cell in row.cells if cell.column == index]


def grid(table):
    """How often each place of the table is covered."""
    places = [[0] * len(table.widths) for _ in table.rows]
    for top, row in enumerate(table.rows):
        for cell in row.cells:
            for line in places[top : top + cell.rows]:
                for index in range(cell.column, cell.column + cell.columns):
                    line[index] += 1
    return places


def totals(assessment):
    """The kernel's total of each stage's sheet."""
    sheets = list(assessment.sheets.all())
    marks = read_marks(assessment.rubric, sheets)
    return {sheet.stage: total_of(assessment, contents_of(marks[sheet.pk])) for sheet in sheets}


# --- The fifteen documents ---


def test_a_blank_form_prints_the_whole_document(rubric_of, code):
    rubric = rubric_of(code)
    table = form(rubric)
    printed = words(table)
    assert [row.key for row in rows(rubric) if re.sub(r"\s", "", f"{row.text}") not in printed] == []
    assert [heading.text for heading in table.headings] == [one.heading for one in rubric.columns.all() if one.heading]
    assert sum(heading.columns for heading in table.headings) == len(table.widths) == rubric.columns.count()
    assert (table.annex, table.title, table.subtitle) == (rubric.annex, rubric.title, rubric.subtitle)
    labels = [re.sub(r"\s", "", cell.text) for row in table.rows for cell in row.cells if cell.role == Role.LABEL]
    assert set(rubric.sections.values_list("label", flat=True)) <= set(labels)


def test_cells_cover_the_table_once(rubric_of, assessed, code):
    rubric = rubric_of(code)
    for table in (form(rubric), card_of(assessed(rubric))):
        assert {count for line in grid(table) for count in line} == {1}


def test_a_blank_form_holds_no_score(rubric_of, code):
    table = form(rubric_of(code))
    assert {cell.text for row in table.rows for cell in row.cells if cell.role == Role.SCORE} == {""}
    assert (table.filled, table.remarks, table.workings, table.state) == (False, (), (), "")


def test_the_total_row_holds_the_kernels_totals(rubric_of, assessed, code):
    rubric = rubric_of(code)
    first = rows(rubric)[2].key
    assessment = assessed(rubric, marks={first: {"not_applicable": True, "reason": "无此业务"}})
    scores = [cell.value for cell in card_of(assessment).rows[-1].cells if cell.role == Role.SCORE]
    assert scores == [total.points for total in totals(assessment).values()]
    assert len(scores) == assessment.stages


PRINTED_TOTALS = {
    "sy": "105",
    **dict.fromkeys(("g1", "g6", "j1", "j2", "j3", "d"), "100"),
    "g2": "102",
    "g3": "102",
    "g4": "99",
    "g5": "99",
}


@pytest.mark.parametrize(("number", "total"), PRINTED_TOTALS.items())
def test_printed_totals(rubric_of, number, total):
    last = form(rubric_of(number)).rows[-1]
    assert next(cell.text for cell in last.cells if cell.role == Role.POINTS) == total


@pytest.mark.parametrize("number", ["c1", "c2", "c3", "c4"])
def test_the_county_prints_its_total_behind_the_label(rubric_of, number):
    table = form(rubric_of(number))
    assert table.rows[-1].cells[0].text == chinese("%(label)s (%(points)s points)", label=chinese("Total"), points=100)
    assert table.rows[-1].cells[0].columns == 3


# --- Layouts ---


def test_shenyang_merges_sections_and_prints_its_own_total(rubric_of):
    table = form(rubric_of("sy"))
    spans = [cell.rows for row in table.rows for cell in row.cells if cell.column == 0]
    assert spans == [4, 6, 5, 4, 4, 4, 1, 1]
    bonus, total = table.rows[-2:]
    assert [cell.text for cell in bonus.cells][::2] == ["加分项目", "最高5分", ""]
    assert [cell.text for cell in total.cells[:3]] == ["分数合计", "", "105"]


def test_counties_put_points_behind_the_wording_and_merge_departments(rubric_of):
    table = form(rubric_of("c3"))
    assert table.rows[0].cells[1].text.endswith("不少于1次。（5分）")
    merged = [(cell.text, cell.rows) for row in table.rows for cell in row.cells if cell.role == Role.OFFICE]
    assert merged == [("办公室", 3), ("组织部\n宣传部", 5), ("保障部", 1), ("组织部\n办公室", 4)]


def test_special_actions_span_their_part_and_mark_bonus_rows(rubric_of):
    table = form(rubric_of("d"))
    assert (table.rows[0].cells[0].text, table.rows[0].cells[0].rows) == ("六个专项行动", 26)
    last = table.rows[26]
    assert (last.cells[0].text, last.cells[0].columns) == ("综合项目", 2)
    assert [table.rows[row].cells[-4].text for row in (6, 26)] == ["加分项目", "加分项目"]
    added = chinese(", ").join(("自评", "考核得分"))
    assert table.notes == (chinese("Columns added to the printed table: %(columns)s.", columns=added),)


def test_jiangsu_prints_one_row_and_one_score_for_each_group(rubric_of, assessed):
    rubric = rubric_of("j1")
    table = form(rubric)
    assert len(table.rows) == 18 + 1
    assert column(table, 2)[:3] == ["5", "6", "4"]
    first = table.rows[0].cells[1]
    assert [line.points for line in first.lines] == ["2分", "2分", "1分"]
    assert first.lines[1].text.startswith("2.工会委员会到期")
    assert {line.scores for row in table.rows for cell in row.cells for line in cell.lines} == {""}

    assessment = assessed(rubric, marks={"1-3": {"not_applicable": True, "reason": "不具备"}})
    filled = card_of(assessment)
    group = totals(assessment)[SELF].sections[0].groups[0]
    assert filled.rows[0].cells[3].value == group.base == D("3.5")
    assert [line.scores for line in filled.rows[0].cells[1].lines] == [
        "〔1.5 / 1.5〕",
        "〔2 / 2〕",
        f"〔{on_card('Not applicable')} / {on_card('Not applicable')}〕",
    ]


def test_items_out_of_scope_are_struck_and_the_total_says_out_of_what(rubric_of, assessed):
    table = card_of(assessed(rubric_of("d"), "industry"))
    numbers = [next(cell.text for cell in row.cells if cell.role == Role.NUMBER) for row in table.rows[:27]]
    struck = [number for number, row in zip(numbers, table.rows[:27], strict=True) if row.cells[-1].text == "—"]
    assert struck == ["2", "4", "12", "14", "17", "24", "26"]
    assert table.rows[-1].cells[-1].text.endswith("/80")


# --- What a mark looks like ---


@pytest.fixture
def small(db):
    return make.small_rubric(stages=2, bands=make.STARS)


def headings(rubric):
    """The headings of the score columns."""
    return rubric.columns.filter(source__in=Stage.values).values_list("heading", flat=True)


def score_texts(table, key, rubric):
    index = [row.key for row in rows(rubric)].index(key)
    return [cell.text for cell in table.rows[index].cells if cell.role == Role.SCORE]


def test_blank_zero_and_not_applicable_differ(small, assessed):
    marks = {
        "1-1": None,
        "1-2": {"points": D(0)},
        "3-1": {"not_applicable": True, "reason": "无此业务"},
    }
    assessment = assessed(small, marks=marks)
    table = card_of(assessment)
    assert score_texts(table, "1-1", small) == ["", ""]
    assert score_texts(table, "1-2", small) == ["0", "0"]
    assert score_texts(table, "3-1", small) == [on_card("Not applicable")] * 2


def test_only_the_readers_stages_are_filled(small, assessed):
    assessment = assessed(small)
    table = card_of(assessment, SELF)
    assert {cell.text for row in table.rows for cell in row.cells if cell.column == 2} == {"", "—"}
    assert score_texts(table, "1-2", small) == ["3", ""]
    assert table.rows[-1].cells[-1].value is None
    assert [fact.label for fact in table.workings] == list(headings(small))[:1]
    assert card_of(assessment, ASSESS).bands[0].value == ""


def test_a_bonus_counts_in_its_items_cell_and_is_explained(small, assessed):
    table = card_of(assessed(small))
    assert score_texts(table, "2-2", small) == ["6.2", "6.2"]
    assert [fact.label for fact in table.workings] == list(headings(small))


def test_a_sheet_without_marks_has_no_total(small):
    table = card_of(make.cast(rubric=small).now())
    assert {cell.text for cell in table.rows[-1].cells if cell.role == Role.SCORE} == {""}
    assert [fact.value for fact in table.bands] == ["", ""]


@pytest.mark.parametrize(
    ("state", "awarded"), [(State.FINAL, True), (State.ASSESSING, False), (State.SELF_SCORING, False)]
)
def test_only_a_final_result_awards_a_star(small, assessed, state, awarded):
    table = card_of(assessed(small, state=state))
    assert bool(table.bands[0].value)
    assert bool(table.bands[1].value) is awarded
    assert (table.state == "") is awarded


def test_remarks_and_reasons_follow_the_document(small, assessed):
    marks = {
        "2-2": {"remark": "第二\x0b行"},
        "1-2": {"not_applicable": True, "reason": "无此业务", "remark": "另见"},
    }
    table = card_of(assessed(small, marks=marks), SELF)
    assert [(remark.item, remark.text) for remark in table.remarks] == [
        ("项目1 1-2", chinese("Does not apply: %(reason)s", reason="无此业务")),
        ("项目1 1-2", "另见"),
        ("项目2 2-2", "第二\n行"),
    ]


# --- How points are read ---


@pytest.mark.parametrize(
    ("policy", "rows_of_totals", "note"),
    [
        ("as_printed", 1, "Scored by the printed points, which add up to %(sum)s."),
        ("scaled", 2, "The printed points add up to %(sum)s; the total is scaled to %(declared)s."),
    ],
)
def test_a_contradicted_total_says_how_it_is_read(rubric_of, assessed, policy, rows_of_totals, note):
    assessment = assessed(rubric_of("g2"), policy=policy)
    table = card_of(assessment)
    assert table.notes[0] == chinese(note, sum="102", declared="100")
    assert len([row for row in table.rows if row.total]) == rows_of_totals
    kernel = totals(assessment)[SELF]
    assert table.rows[-1].cells[-1].value == kernel.points
    assert (kernel.points == kernel.base) is (policy == "as_printed")


def test_a_sum_that_is_not_the_total_has_its_own_row(rubric_of, assessed):
    assessment = assessed(rubric_of("g1"), marks={"4": {"not_applicable": True, "reason": "不具备"}})
    added, total = card_of(assessment).rows[-2:]
    kernel = totals(assessment)[ASSESS]
    assert [row.cells[-1].value for row in (added, total)] == [kernel.base, kernel.points]
    assert kernel.base != kernel.points


def test_guyuan_names_its_stars(rubric_of, assessed):
    table = card_of(assessed(rubric_of("g1")))
    assert [fact.label for fact in table.bands] == [chinese("Self-assessed star"), chinese("Awarded star")]
    assert [fact.value for fact in table.bands] == ["五星级", "五星级"]
    assert all(name in table.notes[-1] for name in ("五星级", "四星级", "三星级", "二星级", "一星级"))


def test_each_stage_signs(rubric_of):
    assert [len(form(rubric_of(number)).signatures) for number in ("sy", "c1", "d", "g1", "j1")] == [3, 2, 2, 2, 2]


# --- Whatever the screen speaks ---


def test_cards_are_chinese(small, assessed):
    assessment = assessed(small, marks={"1-1": {"not_applicable": True, "reason": "无"}}, state="assessing")
    with translation.override("en"):
        english = card_of(assessment)
    with translation.override("zh-hans"):
        assert card_of(assessment) == english
    assert english.facts[0].label == on_card("Organisation")


# --- Reading ---


def test_the_number_of_queries_does_not_grow(assessed, django_assert_num_queries):
    assessments = [assessed(make.long_rubric(items, stages=3)) for items in (5, 50)]
    for assessment in assessments:
        card_of(assessment)
    for assessment in assessments:
        with django_assert_num_queries(2):  # sheets, marks
            card_of(assessment)


def test_a_draft_without_columns_has_no_widths(db):
    rubric = make.small_rubric()
    rubric.columns.all().delete()
    assert form(Rubric.objects.select_related("document").get(pk=rubric.pk)).widths == ()
