"""What a Word file holds becomes plain grids: merges, layout in XML, tables that pages cut."""

from copy import deepcopy
from io import BytesIO
from time import process_time

from documents import DOCUMENTS, Paper, as_docx
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import given, settings
from hypothesis import strategies as st

from rubrics.importers.docx import read_docx
from rubrics.importers.grids import Cell, from_json, place, to_json
from rubrics.importers.read import read_tables
from rubrics.importers.text import lines


def saved(document) -> BytesIO:
    file = BytesIO()
    document.save(file)
    file.seek(0)
    return file


def texts(table):
    return [(cell.row, cell.column, cell.text) for cell in table.cells]


def test_merged_cells_are_one_cell_with_its_area():
    paper = Paper("标题").row("甲", ("乙", 1, 2), None).row(("丙", 2, 1), "丁", "戊").row(None, ("己", 1, 2), None)
    (table,) = read_docx(as_docx([paper.table("注：完")]))
    assert table == paper.table("注：完")


def test_a_row_without_its_first_cell_keeps_the_cells_it_has():
    paper = Paper().row("一", "二", "三").row("四", "五")
    (table,) = read_docx(as_docx([paper.table()]))
    assert texts(table) == [(1, 1, "一"), (1, 2, "二"), (1, 3, "三"), (2, 1, "四"), (2, 2, "五")]


def test_grid_before_leaves_the_first_columns_empty():
    document = Document()
    table = document.add_table(2, 2)
    for at, text in enumerate("甲乙丙丁"):
        table.cell(at // 2, at % 2).text = text
    row = table.rows[1]._tr
    row.remove(row.tc_lst[0])
    row.get_or_add_trPr().append(parse_xml(f'<w:gridBefore {nsdecls("w")} w:val="1"/>'))
    (read,) = read_docx(saved(document))
    assert texts(read) == [(1, 1, "甲"), (1, 2, "乙"), (2, 2, "丁")]


def test_soft_breaks_paragraphs_and_tabs_are_kept_and_outer_blank_lines_are_not():
    document = Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "第一行\n第二行"
    cell.add_paragraph("第三行")
    cell.add_paragraph("")
    (read,) = read_docx(saved(document))
    assert read.cells == (Cell("第一行\n第二行\n第三行", 1, 1),)


def test_inserted_text_counts_deleted_text_and_field_codes_do_not():
    document = Document()
    paragraph = document.add_table(1, 1).cell(0, 0).paragraphs[0]
    paragraph.add_run("原有")
    for xml in (
        "<w:ins {0}><w:r><w:t>新增</w:t></w:r></w:ins>",
        "<w:del {0}><w:r><w:delText>删去</w:delText></w:r></w:del>",
        "<w:r {0}><w:instrText>PAGE</w:instrText></w:r>",
    ):
        paragraph._p.append(parse_xml(xml.format(nsdecls("w"))))
    (read,) = read_docx(saved(document))
    assert read.cells[0].text == "原有新增"


def test_rows_inside_content_controls_are_read():
    document = Document()
    table = document.add_table(2, 1)
    table.cell(0, 0).text, table.cell(1, 0).text = "甲", "乙"
    row = table.rows[1]._tr
    control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent/></w:sdt>")
    row.addprevious(control)
    control.find(qn("w:sdtContent")).append(row)
    (read,) = read_docx(saved(document))
    assert texts(read) == [(1, 1, "甲"), (2, 1, "乙")]


def test_a_nested_table_is_not_read_and_told_of():
    paper = Paper("考核表").row("项目", "考核内容", "分值").row("组织", "依法建会", "60").row("作用", "服务职工", "40")
    document = Document(as_docx([paper.table()]))
    document.tables[0].cell(1, 1).add_table(1, 1).cell(0, 0).text = "里面"
    (table,) = read_docx(saved(document))
    assert (table.nested, [text for *_place, text in texts(table)].count("里面")) == ((2,), 0)
    (found,) = read_tables([table])
    assert [(doubt.code.value, doubt.ref) for doubt in found.doubts] == [("nested", "1:2")]


def test_automatic_numbers_are_printed():
    document = Document()
    table = document.add_table(3, 1)
    for row in range(3):
        table.cell(row, 0).paragraphs[0].text = "内容"
        table.cell(row, 0).paragraphs[0].style = "List Number"
    for paragraph in (row.cells[0].paragraphs[0] for row in table.rows):
        style = document.styles["List Number"].element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        paragraph._p.get_or_add_pPr().append(deepcopy(style))
    (read,) = read_docx(saved(document))
    assert [cell.text for cell in read.cells] == ["1.内容", "2.内容", "3.内容"]


def test_a_table_that_pages_cut_is_one_and_two_tables_with_titles_are_two():
    head = ("项目", "考核内容", "分值")
    first = Paper("甲表").row(*head).row("组织", "依法建会，按期换届", "60")
    again = Paper().row("项目", "考 核 内 容", "分 值").row("作用", "服务职工，反映诉求", "40")
    other = Paper("乙表").row(*head).row("组织", "另一张表里的内容", "100")
    tables = read_docx(as_docx([first.table("— 1 —"), again.table(), other.table()]))
    assert [(table.title_lines, table.row_count) for table in tables] == [(("甲表",), 4), (("乙表",), 2)]


def test_tables_are_not_one_after_a_total_row():
    first = Paper("甲表").row("项目", "考核内容", "分值").row("组织", "依法建会，按期换届", "60").row("合计", "", "60")
    second = Paper().row("项目", "考核内容", "分值").row("组织", "另一张表里的内容", "100")
    assert len(read_docx(as_docx([first.table(), second.table()]))) == 2


def test_notes_go_to_the_table_above_and_titles_to_the_one_below():
    first = Paper("甲表").row("项目", "考核内容", "分值").row("组织", "依法建会，按期换届", "60")
    second = Paper("附件2", "乙表").row("项目", "考核内容", "分值").row("组织", "依法建会，按期换届", "60")
    tables = read_docx(as_docx([first.table("注：一、按实际计分。", "二、另行通知。"), second.table()]))
    assert [table.notes for table in tables] == [("注：一、按实际计分。", "二、另行通知。"), ()]
    assert tables[1].title_lines == ("附件2", "乙表")


def test_grids_survive_json():
    for make in DOCUMENTS.values():
        tables = read_docx(as_docx(make()))
        assert from_json(to_json(tables)) == tables


@given(st.integers(1, 99), st.integers(1, 9999), st.none() | st.integers(1, 40))
def test_a_reference_names_table_and_row(table, row, part):
    assert place(f"{table}:{row}" + (f".{part}" if part else "")) == (table, row)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.text("甲乙丙 1\n", max_size=5), min_size=2, max_size=2), min_size=1, max_size=5))
def test_any_plain_table_is_read_as_it_was_written(rows):
    paper = Paper("标题")
    for row in rows:
        paper.row(*row)
    (table,) = read_docx(as_docx([paper.table()]))
    assert [lines(cell.text) for cell in table.cells] == [lines(text) for row in rows for text in row]


def test_five_hundred_rows_take_less_than_three_seconds():
    paper = Paper("××市工会考核标准").row("项目", "序号", "考核内容", "分值", "评分标准", "自评分", "考评分")
    for at in range(1, 501):
        text = f"第{at}项：建立健全工会工作制度，认真落实各项任务，按时完成" + "、".join(str(at * k) for k in range(9))
        paper.row(
            (f"第{at // 50 + 1}部分", 50, 1) if at % 50 == 1 else None, str(at), text, "2", "每缺一项扣0.5分", "", ""
        )
    file = as_docx([paper.table()])
    start = process_time()
    (found,) = read_tables(read_docx(file))
    assert (process_time() - start, found.blueprint.points) < (3, 1001)
    assert found.blueprint.points == 1000
