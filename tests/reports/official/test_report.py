"""The official report: its values, that paper and Word say the same as the snapshot, and who writes and reads it."""

from __future__ import annotations

import subprocess
from datetime import date
from io import BytesIO

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from docx.oxml.ns import qn

from assessments import publications
from assessments.aftermath.figures import in_lines
from assessments.models import Assessment, Consequence, MakeUp, YearReport
from assessments.services import aftermath as services
from reports.models import OfficialReport
from reports.official import paper, report, word
from reports.official.values import Annex, Column, Document, Heading, Paragraph, Row, Table, filled, written
from reports.official.values import in_lines as in_lines_of_title
from reports.standings.losses import by_item
from reports.standings.scope import Scope
from reports.standings.totals import by_kind
from tests.reports.results import keep_row, published
from tests.reports.standings.scene import D, finish

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

RARE = "㐂𠮷工会\x0b<b>&"


def built(city):
    snapshot = publications.newest(city.cycle)
    return report.document(snapshot, report.text_of(snapshot))


def tables(document):
    return [block for block in document.blocks if isinstance(block, Table)]


def annexed(document):
    return [block for annex in document.annexes for block in annex.blocks]


def cells(table):
    return [row.cells for row in table.rows]


def paper_text(document):
    told = subprocess.run(["pdftotext", "-", "-"], input=paper.render(document), capture_output=True, check=True)
    return "".join(told.stdout.decode().split())


def word_file(document):
    return docx.Document(BytesIO(word.render(document)))


def word_text(book):
    inside = [cell.text for table in book.tables for row in table.rows for cell in row.cells]
    return "".join("".join([paragraph.text for paragraph in book.paragraphs] + inside).split())


def test_its_figures_are_those_of_the_snapshot_and_of_the_statistics(city):
    notice = published(city)
    found = built(city)
    kinds, counties, lost = tables(found)
    kind = city.cycle.kinds.get(rubric__isnull=False)
    row = ("5", "4", "80.00", "2", "1", "1", "3", "1")
    assert cells(kinds) == [(kind.kind.name, *row), (kinds.rows[-1].cells[0], *row)]
    assert [column.label for column in kinds.columns][4:7] == ["五星", "四星", "一星"]
    assert [line[0] for line in cells(counties)] == ["东县", "西县", counties.rows[-1].cells[0]]
    assert notice.snapshot.rows.filter(points__isnull=False).count() == 4
    scope = Scope(city.cycle, city.people["reviewer"], whole=True, kinds={kind.kind_id: kind}, branches={}, kind=kind)
    shown = by_kind(scope).lines[0].cells
    assert (row[1], row[2]) == (str(shown[1]), f"{shown[2]:.2f}")
    with translation.override("zh-hans"):
        most = by_item(scope, kind).lines
    told = [(f"{line.cells[2].normalize():f}", f"{line.cells[6]:.2f}") for line in most]
    assert [(line[1], line[2]) for line in cells(lost)[1:]] == told != []


def test_organisations_right_under_the_union_are_one_line(city):
    branch = city.cycle.branch
    Assessment.objects.filter(cycle=city.cycle, name__in=("甲", "丙")).update(branch=branch.path)
    published(city)
    _kinds, counties, _lost = tables(built(city))
    found = {line[0]: line[1] for line in cells(counties)[:-1]}
    assert found.pop(f"{branch.name}直属") == "2"
    assert sum(map(int, found.values())) == 3


def test_the_annexes_list_everybody_and_what_has_to_be_made_up(city):
    snapshot = published(city).snapshot
    all_, failed = built(city).annexes
    results, away = all_.blocks
    kind = results.rows[0].cells
    assert cells(results)[1:] == [
        ("1", "甲", "90", "五星", "五星", results.rows[1].cells[-1]),
        ("1", "乙", "90", "五星", "五星", results.rows[1].cells[-1]),
        ("3", "丙", "85", "四星", "四星", results.rows[1].cells[-1]),
        ("4", "丁", "55", "一星", "一星", results.rows[4].cells[-1]),
    ]
    assert results.rows[1].cells[-1] != results.rows[4].cells[-1]
    assert (len(kind), cells(away)) == (1, [("戊", "已撤并")])
    assert [line[1] for line in cells(failed.blocks[0])] == ["丁"]
    by = {"proposed_by": city.people["admin"], "proposed_at": timezone.now()}
    row = snapshot.rows.get(name="丁")
    decided = {"state": "confirmed", "decided_by": city.people["reviewer"], "decided_at": timezone.now()}
    consequence = Consequence.objects.create(row=row, kind="make_up", ground="未达标", **by, **decided)
    MakeUp.objects.create(
        consequence=consequence,
        task="补齐台账",
        due_on=date(2027, 3, 1),
        set_by=city.people["admin"],
        set_at=timezone.now(),
    )
    line = cells(built(city).annexes[1].blocks[0])[0]
    assert line[:4] == ("1", "丁", "补齐台账", "2027-03-01")


def test_after_a_change_it_still_says_what_was_published(city):
    published(city)
    before = built(city)
    finish(city, "丙", "70", "99")
    Assessment.objects.filter(name="甲").update(name="改名")
    after = built(city)
    assert [cells(table) for table in annexed(after)] == [cells(table) for table in annexed(before)]
    assert tables(after)[:2] == tables(before)[:2]
    with CaptureQueriesContext(
        connection,
    ) as few:
        built(city)
    published(city, reason="更正")
    assert tables(built(city)) != tables(before)
    assert [line[2] for line in cells(built(city).annexes[0].blocks[0]) if len(line) > 1] == ["90", "90", "70", "55"]
    assert len(few) <= 30


def test_without_failures_there_is_one_annex_without_a_number(city):
    finish(city, "丁", "60", "80")
    published(city)
    found = built(city)
    assert [number for number, _title in found.listed] == [""]
    assert len(found.annexes) == 1


def test_paper_and_word_say_the_same(city):
    published(city)
    keep_row(publications.newest(city.cycle).rows.get(name="丙"), name=RARE)
    found = built(city)
    on_paper, in_word = paper_text(found), word_text(word_file(found))
    said = [found.title, found.issuer, found.day]
    said += [block.text for block in found.blocks if not isinstance(block, Table)]
    every = tables(found) + [block for annex in found.annexes for block in annex.blocks]
    said += [text.replace("\x0b", "") for table in every for row in table.rows for text in row.cells]
    for words in said:
        for text in (on_paper, in_word):
            assert "".join(words.split()) in text, words


def test_word_has_the_page_of_the_standard_and_repeats_heads(city):
    published(city)
    found = built(city)
    book = word_file(found)
    section = book.sections[0]
    edges = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(edge.mm, 1) for edge in (section.page_width, section.page_height, *edges)] == [
        210,
        297,
        37,
        35,
        28,
        26,
    ]
    assert book.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        (number,) = footer.paragraphs
        assert [one.get(qn("w:instr")) for one in number._p.iter(qn("w:fldSimple"))] == ["PAGE"]
        assert str(number.alignment).lower().startswith(side)
    for name, face, size in (
        ("Body Text", "仿宋_GB2312", 16),
        ("Title", "方正小标宋简体", 22),
        ("Heading 1", "黑体", 16),
    ):
        style = book.styles[name]
        assert style.element.rPr.rFonts.get(qn("w:eastAsia")) == face
        assert style.font.size.pt == size
    for table in book.tables:
        heads = [row._tr.trPr.findall(qn("w:tblHeader")) for row in table.rows]
        assert [bool(one) for one in heads] == [True] + [False] * (len(heads) - 1)
    headings = [one.text for one in book.paragraphs if one.style.name.startswith("Heading")]
    assert headings == [block.text for block in found.blocks if isinstance(block, Heading)]


def test_a_long_table_has_its_head_on_each_page_and_keeps_inside(db):
    names = f"{'很长的单位名称' * 8}工会"
    rows = tuple(Row((str(number), names)) for number in range(1, 221))
    table = Table(filled(Column("序号头", 12), Column("单位头", words=True)), rows)
    found = Document(
        "关于考核的报告",
        "",
        (Paragraph("正文。"),),
        (Annex("名单", (table,)),),
        "某市总工会",
        written(date(2026, 1, 3)),
    )
    told = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=paper.render(found), capture_output=True, check=True
    )
    pages = told.stdout.decode().split("\f")[1:-1]
    assert len(pages) > 8
    assert all("单位头" in page for page in pages)
    assert len(word_file(found).tables[0].rows) == 221


def ask(client, city, who, name="official"):
    client.force_login(city.people[who])
    return client.get(reverse(f"reports:{name}", args=[city.cycle.pk]))


def typed(form, **changes):
    return {name: form[name].value() for name in form.fields} | changes


def test_who_decides_writes_and_the_files_have_the_words(client, city):
    page = ask(client, city, "reviewer")
    assert page.context["snapshot"] is None
    assert [ask(client, city, "reviewer", f"official_{ending}").status_code for ending in ("pdf", "docx")] == [409, 409]
    published(city)
    page = ask(client, city, "reviewer")
    address = reverse("reports:official", args=[city.cycle.pk])
    said = typed(page.context["form"], addressee="省总工会", opening="开头一\n开头二", closing="", day="2026-12-01")
    assert client.post(address, said).status_code == 302
    kept = OfficialReport.objects.get()
    assert (kept.addressee, kept.closing, kept.version, kept.saved_by) == ("省总工会", "", 1, city.people["reviewer"])
    book = docx.Document(BytesIO(ask(client, city, "auditor", "official_docx").content))
    told = [paragraph.text for paragraph in book.paragraphs]
    assert told[1:4] == ["省总工会：", "开头一", "开头二"]
    assert "2026年12月1日" in told
    overlooked = client.post(address, said)
    assert overlooked.status_code == 403  # an auditor
    client.force_login(city.people["admin"])
    overlooked = client.post(address, said | {"opening": "别的开头"})
    assert overlooked.status_code == 422
    assert OfficialReport.objects.get().opening == "开头一\n开头二"
    again = typed(overlooked.context["form"])
    assert (again["opening"], again["version"]) == ("别的开头", "1")
    assert client.post(address, again).status_code == 302
    assert OfficialReport.objects.get().opening == "别的开头"
    assert client.post(address, typed(page.context["form"], title="", version="2")).status_code == 422
    published(city, reason="更正")
    fresh = ask(client, city, "admin").context["form"]
    assert (fresh.initial["addressee"], fresh.initial["version"]) == ("省总工会", 0)
    assert D(OfficialReport.objects.count()) == 1


def test_a_yearly_report_has_its_text_and_fixed_figures(client, city):
    published(city)
    by = {"asked_by": city.people["admin"], "asked_at": timezone.now()}
    by |= {"due_words": "2月30日", "due_on": date(2027, 2, 28)}
    asked = YearReport.objects.create(cycle=city.cycle, organization=city.east, text="总结一\n总结二", **by)
    client.force_login(city.people["reviewer"])
    address = reverse("reports:year_report_docx", args=[asked.pk])
    assert "总结一" not in word_text(docx.Document(BytesIO(client.get(address).content)))
    services.hand_in_report(city.people["east"], asked, asked.text)
    Assessment.objects.filter(name="甲").update(state="withdrawn")
    asked.refresh_from_db()
    book = docx.Document(BytesIO(client.get(address).content))
    told = [paragraph.text for paragraph in book.paragraphs]
    assert told[1:4] == [f"{city.city.name}：", "总结一", "总结二"]
    with translation.override("zh-hans"):
        lines = in_lines(asked.figures)
    assert [tuple(cell.text for cell in row.cells) for row in book.tables[0].rows][1:] == lines
    assert lines[0][1] == "2"
    pdf = client.get(reverse("reports:year_report_pdf", args=[asked.pk]))
    assert pdf["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于2026年年检情况的报告", ["关于2026年年检情况的报告"]),
        (
            "清泉县总工会关于2026年基层工会组织年检情况的总结报告",
            ["清泉县总工会关于2026年", "基层工会组织年检情况的总结报告"],
        ),
        (
            "某市教育科学文化卫生工会关于表彰优秀工会工作者的决定",
            ["某市教育科学文化卫生工会", "关于表彰优秀工会工作者的决定"],
        ),
    ],
)
def test_lines_of_a_title_end_with_a_phrase_where_that_can_be(title, lines):
    assert in_lines_of_title(title, 20) == lines
