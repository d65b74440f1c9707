import pytest

from rubrics.models import Rubric
from rubrics.rows import rows
from rubrics.table import Cell, Heading, headings, lines, score_columns

pytestmark = [pytest.mark.django_db, pytest.mark.any_database, pytest.mark.usefixtures("documents")]


def table(code):
    rubric = Rubric.objects.get(code=code)
    return headings(rubric.columns.all()), lines(rubric, rows(rubric))


def line(code, key):
    return next(line for line in table(code)[1] if line.row.key == key)


def test_score_columns_are_left_out():
    assert [heading.text for heading in table("g1")[0]] == ["内容", "子项", "基本要求", "分值"]


def test_score_columns_name_the_stages():
    assert score_columns(Rubric.objects.get(code="sy").columns.all()) == ["自评分", "考核分", "复核分"]


def test_a_printed_heading_spans_its_columns():
    assert table("d")[0] == [
        Heading("part", "考核内容", 2),
        Heading("number", "具体项目", 2),
        Heading("points", "分值", 1),
        Heading("subject", "考核对象", 1),
    ]


def test_the_part_spans_its_sections_and_a_section_without_part_spans_both_columns():
    assert line("d", "1").cells[:2] == (
        Cell("part", "六个专项行动", 26),
        Cell("section", "基层工会组建专项行动（17分）", 5),
    )
    assert line("d", "2").cells[0] == Cell("number", "2")
    assert line("d", "27").cells[0] == Cell("section", "综合项目", 1, 2)


def test_jiangsu_prints_one_cell_of_points_for_a_group():
    assert line("j1", "12-1").cells[-1] == Cell("group_points", "６", 3)
    assert [cell.source for cell in line("j1", "12-2").cells] == ["text"]


def test_county_departments_share_a_cell():
    assert line("c3", "2-1").cells == (
        Cell("section", "组宣工作45分", 5),
        Cell("text", "完成工会换届任务，加强工会规范化建设，开展“三亮”、三级联创“职工之家”活动。"),
        Cell("basis", "以完成情况计分。（见资料）"),
        Cell("office", "组织部\n宣传部", 5),
    )


def test_every_line_fills_the_table():
    for rubric in Rubric.objects.all():
        columns = sum(heading.columns for heading in headings(rubric.columns.all()))
        items = lines(rubric, rows(rubric))
        covered = sum(cell.lines * cell.columns for item in items for cell in item.cells)
        assert covered == columns * len(items), rubric


def test_the_threshold_stands_apart_inside_the_wording():
    found = line("sy", "3-4")
    assert (found.number, found.threshold, found.points) == ("4.", "劳动合同签订率100%", "")
    assert found.before + found.threshold + found.after == found.row.text


def test_points_and_departments_without_a_column_stand_with_the_wording():
    assert line("c1", "1-1").points == "（3分）"
    assert line("c1", "1-1").offices == ()
    assert line("d", "1").offices == ("组织部", "女职工部", "经审办")


def test_kinds_are_named_where_an_item_is_not_for_all():
    assert line("d", "1").kinds == ()
    assert line("d", "2").kinds == ("各区市县总工会",)
