"""The five source documents as they were issued: Word tables with merged cells, laid out as ../seeds shows them.

Wording, numbers, points, departments come from the independent transcription (tests/data/transcription), headings,
labels and printed points from the fixtures. What page breaks did to the originals is done here again: headings and
labels printed twice, tables cut in two, rows one column off, labels beside the wrong row, page numbers in between.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import replace
from functools import cache
from io import BytesIO
from itertools import groupby
from pathlib import Path

import yaml
from docx import Document
from openpyxl import Workbook

from rubrics.importers.grids import Cell, Table

ROOT = Path(__file__).resolve().parents[3]
FILES = {
    "sy": "shenyang_six_good",
    "c": "county_annexes",
    "d": "six_special_actions",
    "g": "guyuan_annual_inspection",
    "j": "jiangsu_model_home",
}
CODES = {
    "sy": ("sy",),
    "c": ("c1", "c2", "c3", "c4"),
    "d": ("d",),
    "g": ("g1", "g2", "g3", "g4", "g5", "g6"),
    "j": ("j1", "j2", "j3"),
}


# --- A table by hand -------------------------------------------------------------------------------------------------


class Paper:
    """Cells row by row. A text is a cell, None is covered from above or the left, (text, rows, columns) merges."""

    def __init__(self, *titles: str) -> None:
        self.titles = titles
        self.cells: list[Cell] = []
        self.rows = self.columns = 0

    def row(self, *cells: str | tuple[str, int, int] | None) -> Paper:
        self.rows += 1
        for column, cell in enumerate(cells, start=1):
            if cell is not None:
                text, down, right = cell if isinstance(cell, tuple) else (cell, 1, 1)
                self.cells.append(Cell(text, self.rows, column, down, right))
        self.columns = max(self.columns, len(cells))
        return self

    def table(self, *notes: str) -> Table:
        return Table(self.titles, tuple(self.cells), self.rows, self.columns, notes)


def as_docx(tables: list[Table]) -> BytesIO:
    """A Word file: paragraphs, and tables with merged cells; a cell that is not there is left out of its row."""
    document = Document()
    for table in tables:
        for line in table.title_lines:
            document.add_paragraph(line)
        written = document.add_table(table.row_count, table.column_count)
        grid = [list(row.cells) for row in written.rows]
        covered = set()
        for cell in table.cells:
            here = grid[cell.row - 1][cell.column - 1]
            if cell.rows > 1 or cell.columns > 1:
                here = here.merge(grid[cell.row + cell.rows - 2][cell.column + cell.columns - 2])
            here.text = cell.text
            covered |= {
                (row, column)
                for row in range(cell.row, cell.row + cell.rows)
                for column in range(cell.column, cell.column + cell.columns)
            }
        for row in range(1, table.row_count + 1):
            for column in range(table.column_count, 0, -1):
                if (row, column) in covered:
                    break
                element = grid[row - 1][column - 1]._tc
                element.getparent().remove(element)
        for line in table.notes:
            document.add_paragraph(line)
    file = BytesIO()
    document.save(file)
    file.seek(0)
    return file


def as_xlsx(tables: list[Table], *, numbers: bool = True) -> BytesIO:
    """An Excel file: a sheet for each table, the lines around it as rows of their own, whole numbers as numbers."""
    book = Workbook()
    book.remove(book.active)
    for at, table in enumerate(tables, start=1):
        sheet = book.create_sheet(table.name or f"Sheet{at}")
        below = len(table.title_lines)
        for row, line in enumerate(table.title_lines, start=1):
            sheet.cell(row, 1, line)
            sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=table.column_count)
        for cell in table.cells:
            value = int(cell.text) if numbers and cell.text.isascii() and cell.text.isdecimal() else cell.text
            sheet.cell(cell.row + below, cell.column, value or None)
            if cell.rows > 1 or cell.columns > 1:
                sheet.merge_cells(
                    start_row=cell.row + below,
                    end_row=cell.row + below + cell.rows - 1,
                    start_column=cell.column,
                    end_column=cell.column + cell.columns - 1,
                )
        for row, line in enumerate(table.notes, start=below + table.row_count + 1):
            sheet.cell(row, 1, line)
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return file


# --- What is committed -----------------------------------------------------------------------------------------------


@cache
def fixture(document: str) -> dict[str, dict[str, list[dict]]]:
    """Rubric code -> model -> fields of its rows, in order."""
    found: dict[str, dict[str, list[dict]]] = defaultdict(lambda: defaultdict(list))
    rows = yaml.safe_load((ROOT / "fixtures" / f"{FILES[document]}.yaml").read_text(encoding="utf-8"))
    for row in rows:
        model, fields = row["model"].split(".")[1], row["fields"]
        code = fields.get("code") if model == "rubric" else (fields.get("rubric") or fields.get("section") or [""])[0]
        found[code][model].append(fields)
    return found


def lines_of(document: str, code: str) -> list[dict]:
    """The transcription, each line with what only the fixture has: printed points, labels, subject."""
    of = fixture(document)[code]
    labels = {section["position"]: section for section in of["section"]}
    groups = {group["position"]: group for group in of["group"]}
    with (ROOT / "tests" / "data" / "transcription" / f"{code}.tsv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    for line, item in zip(lines, of["item"], strict=True):
        section = labels[item["section"][2]]
        line |= {
            "mark": item.get("number", ""),
            "printed": item["printed_points"],
            "label": section["label"],
            "part": section.get("part", ""),
            "subject": item.get("subject", ""),
            "group_label": groups[int(line["group"])]["label"] if line["group"] else "",
        }
    return lines


def rubric_of(document: str, code: str) -> dict:
    return fixture(document)[code]["rubric"][0]


def by(lines: list[dict], name: str) -> list[list[dict]]:
    return [list(rows) for _value, rows in groupby(lines, key=lambda line: line[name])]


def broken(text: str, every: int) -> str:
    """A label as a narrow column breaks it, with the blank paragraphs of the originals."""
    return "\n\n".join(text[at : at + every] for at in range(0, len(text), every))


# --- The documents ---------------------------------------------------------------------------------------------------


def shenyang() -> list[Table]:
    """Three pages, three tables; the heading on each, a page number below."""
    pages: list[Table] = []
    sections = by(lines_of("sy", "sy"), "label")
    for first in (0, 2, 4):
        paper = Paper(*(["沈阳市六好街道（乡镇）工会考核标准"] if first == 0 else []))
        paper.row("     内 容\n\n项 目", "考 核 标 准", "分  值", "自评分", "考核分", "复核分")
        for section in sections[first : first + 2] + (sections[6:] if first == 4 else []):
            for at, line in enumerate(section):
                head, bracket, points = line["label"].partition("（")
                label = f"{head[:4]}\n\n{head[4:]}{bracket}{points}" if bracket else head
                text = f"{line['number']}.{line['text']}" if line["number"] else line["text"]
                printed = "\n\n".join(("最高", "5", "分")) if line["printed"].startswith("最高") else line["printed"]
                paper.row((label, len(section), 1) if at == 0 else None, text, printed, "", "", "")
        if first == 4:
            paper.row("分数合计", "", "105", "", "", "")
        pages.append(paper.table(*(["PAGE  ", "2"] if first == 4 else [])))
    return pages


def county() -> list[Table]:
    """Four annexes: points inside the wording, departments and labels merged, the second and fourth cut by a page."""
    return [table for code in CODES["c"] for table in _annex(code)]


def _annex(code: str) -> list[Table]:
    rubric = rubric_of("c", code)
    paper = Paper(rubric["annex"], rubric["title"], rubric["subtitle"] + " " * 30)
    paper.row(
        "项目", "考  评  内  容", "评分细则", "自评", "得分", "考核责\n\n任部室" if code == "c1" else "考核责任部室"
    )
    tables = []
    for number, section in enumerate(by(lines_of("c", code), "label")):
        if code == "c1" and number == 3:
            paper.row("项目", "考  评  内  容", "评分细则", "自评", "得分", "考核责\n\n任部室")
        pieces = [section[:2], section[2:]] if code == "c2" and number == 3 else [section]
        for piece, lines in enumerate(pieces):
            if piece == 1 or (code == "c4" and number == 3):  # the page ends here; heading, label and department again
                tables.append(paper.table())
                paper = Paper()
                paper.row("项目", "考 评 内 容", "评分细则", "自\n\n评", "得\n\n分", "责任\n\n部室")
            for at, line in enumerate(lines):
                name, points = (
                    line["label"].rstrip("0123456789分"),
                    line["label"].lstrip("".join(section[0]["section"])),
                )
                label = f"{broken(name, 2) if number % 2 else name}\n\n{points}"
                office = _office(code, line["departments"])
                gap = "\n" + " " * 31 if len(line["text"]) % 3 == 0 else " " * 27
                paper.row(
                    (label, len(lines), 1) if at == 0 else None,
                    f"{line['text']}{gap}{line['printed']}",
                    line["basis"],
                    "",
                    "   " if at == 0 else "",
                    (office, len(lines), 1) if at == 0 else None,
                )
    return [*tables, paper.table()]


def _office(code: str, departments: str) -> str:
    if departments == "生产保护部":
        return "生产   保护部"
    if departments == "厂务公开办公室" and code == "c4":
        return "厂务\n公开\n办公室"
    return departments.replace("|", "\n") + ("\n" if code == "c1" else "")


def special_actions() -> list[Table]:
    """Two-level labels, the left one printed down the page and again on each page; departments among the assessed."""
    paper = Paper("附件", "全市工会“六个专项行动”检查项目表")
    lines = lines_of("d", "d")
    pages = {0: 10, 10: 12, 22: 4}
    for at, line in enumerate(lines):
        if at in pages:
            paper.row(("考核内容", 1, 2), None, ("具    体    项    目", 1, 2), None, "分值", "考核对象")
        same = [one for one in lines if one["label"] == line["label"]]
        first = line is same[0]
        points = "加分\n\n项目" if line["printed"] == "加分项目" else line["printed"]
        rest = (line["number"], line["text"], points, line["subject"].replace("\n", "\n\n", 1))
        if not line["part"]:
            paper.row((line["label"], 1, 2), None, *rest)
            continue
        name, bracket, number = line["label"].replace("(", "（").partition("（")
        label = f"{name}\n\n{line['label'][len(name) :]}" if bracket else name + number
        left = ("\n".join(line["part"]) + "\n\n", pages[at], 1) if at in pages else None
        paper.row(left, (label, len(same), 1) if first else None, *rest)
    return [paper.table()]


PLAN = (
    "固原市 总工会文件",
    "固工发〔2023〕86号",
    "关于印发《固原市基层 工会组织年检工作实施方案》的通知",
    "各县（区）总工会、开发区总工会，市直各基层工会：",
    "4、星级确定。年检星级评定分为五个等次，实行百分制考评。总分为90分（含）以上可评定为五星级，80（含）-89分可评定为四星级。",
    "各县区总工会、开发区总工会于每年2月30日前将年检工作情况总结上报市总工会组织部（电子版和纸质盖章版）。",
    "（联系方式略）",
    "附件：年检星级等次分类评选基本内容及考评标准",
    "附件：",
    "年检星级等次分类评选基本内容及考评标准",
)


def guyuan() -> list[Table]:
    """Six tables behind a plan, each cut by page breaks without a heading; two with rows one column off."""
    tables: list[Table] = []
    for code in CODES["g"]:
        rubric = rubric_of("g", code)
        paper = Paper(*(PLAN if code == "g1" else ()), rubric["title"])
        paper.row("内容", "子项", "基本要求", "分值", "自评得分", "考评得分")
        lines = lines_of("g", code)
        off = range(26, 32) if code == "g1" else ()
        for at, line in enumerate(lines):
            if at == 17:
                tables.append(paper.table())
                paper = Paper()
            first = at == 0 or lines[at - 1]["label"] != line["label"]
            label = line["label"] if first else ""
            if at in off:  # domain.md I9
                cells = ("", label, line["number"]) if first else (line["number"], "")
                paper.row(*cells, line["text"], line["printed"], "", *(() if first else ("",)))
            elif code == "g5" and at == 14:  # domain.md I10
                paper.row(line["number"], line["text"], line["printed"], "", "")
            else:
                paper.row(label, line["number"], line["text"], line["printed"], "", "")
        tables.append(paper.table())
    return tables


def jiangsu() -> list[Table]:
    """Numbered parts with points inside one cell, the group's points beside it; the third with displaced labels."""
    tables = []
    for code in CODES["j"]:
        rubric = rubric_of("j", code)
        head, middle, tail = rubric["title"].partition("考核验收细则")
        titles = (head, middle + tail) if code == "j3" else (rubric["title"],)
        paper = Paper(" " + rubric["annex"] if code == "j1" else rubric["annex"], *titles)
        paper.row("考核\n项目" if code != "j3" else "考核 项目", "考 核 内 容", "单项分", "自查分", "考评分")
        groups = by(lines_of("j", code), "group")
        starts = {"j1": {7: " ", 9: " "}, "j2": {6: " "}, "j3": {4: " ", 9: " "}}[code]
        labels = {rows[0]["label"]: int(rows[0]["group"]) for rows in reversed(groups)}
        if code == "j3":  # domain.md I11: printed one and two groups late
            labels |= {"维权到位25分": 5, "工作规范25分": 11}
        starts |= {group: f" \n \n{label[:2]}\n{label[2:4]}\n \n{label[4:]}" for label, group in labels.items()}
        edges = [*sorted(starts), len(groups) + 1]
        for number, lines in enumerate(groups, start=1):
            rows = edges[edges.index(number) + 1] - number if number in starts else 0
            text = "\n".join(_part(line, at) for at, line in enumerate(lines))
            blank = "　 " if number % 4 == 3 else ""
            cell = (starts[number], rows, 1) if number in starts else None
            paper.row(cell, text, blank + lines[0]["group_label"], " ", " ")
        paper.row("合计", " ", "100", " ", " ")
        tables.append(paper.table(*rubric["footnote"].split("\n")))
    return tables


def _part(line: dict, at: int) -> str:
    """One numbered part, padded as the originals are: points behind blanks, on a line of their own, or right behind."""
    text = line["text"]
    if len(text) > 60 and text[40:41].strip() and text[39:40].strip() and not text[39:41].isascii():
        text = f"{text[:40]}\n{text[40:]}"
    gap = ("\n" + " " * 40, " " * 22, "", "　　　 ")[len(text) % 4]
    return f"{line['mark']}{text}{gap}{line['printed']}" + (" \n" if at % 2 else "")


DOCUMENTS = {"sy": shenyang, "c": county, "d": special_actions, "g": guyuan, "j": jiangsu}


def logical(tables: list[Table]) -> list[Table]:
    """One table for each rubric, as a sheet has it: what pages cut is put together, missing cells stay missing."""
    whole: list[Table] = []
    for table in tables:
        if table.title_lines:
            whole.append(table)
            continue
        below = whole[-1].row_count
        cells = (*whole[-1].cells, *(replace(cell, row=cell.row + below) for cell in table.cells))
        whole[-1] = replace(whole[-1], cells=cells, row_count=below + table.row_count, notes=table.notes)
    return whole
