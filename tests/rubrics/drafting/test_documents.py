"""A file becomes a document with its drafts, whole or not at all."""

from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from docx import Document as Word
from openpyxl import Workbook

from orgs.services.base import Refused
from rubrics.blueprint import read
from rubrics.drafting.documents import import_document
from rubrics.importers import grids
from rubrics.models import Document, Doubt, Rubric, Source

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

ROWS = (
    ("组织健全10分", "1", "依法建立工会组织，按期换届。", "4"),
    ("", "2", "按时参加会议，每缺席一次扣0.5分。", "6"),
    ("作用发挥6分", "3", "帮扶困难职工，建立档案。", "5"),
)
HEADINGS = ("项目", "序号", "考核内容", "分值", "自评得分", "考评得分")


def word(title="乡镇工会考核标准", rows=ROWS):
    paper = Word()
    paper.add_paragraph(title)
    table = paper.add_table(rows=0, cols=len(HEADINGS))
    for line in (HEADINGS, *rows):
        cells = table.add_row().cells
        for cell, text in zip(cells, line, strict=False):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    return upload(paper, "考核标准.docx")


def upload(made, name):
    file = BytesIO()
    made.save(file)
    return ContentFile(file.getvalue(), name)


def hollow(file):
    """The same package with a main part that is well-formed and says nothing."""
    emptied = BytesIO()
    with ZipFile(file) as whole, ZipFile(emptied, "w") as package:
        for part in whole.namelist():
            package.writestr(part, "<x/>" if part == "word/document.xml" else whole.read(part))
    return ContentFile(emptied.getvalue(), file.name)


def stored_files():
    folder = default_storage.path("rubrics")
    try:
        return set(default_storage.listdir(folder)[1])
    except FileNotFoundError:
        return set()


def test_a_word_table_becomes_a_draft_of_the_union(desk):
    (draft,) = import_document(desk.admin, desk.county, word(), number="青工发〔2026〕3号")
    document = draft.document
    assert (document.owner, document.title, document.number) == (desk.county, "乡镇工会考核标准", "青工发〔2026〕3号")
    blueprint = read(draft)
    assert [(item.text, item.points) for item in blueprint.items] == [
        (text, Decimal(points)) for _section, _number, text, points in ROWS
    ]
    assert [section.points for section in blueprint.sections] == [Decimal(10), Decimal(6)]
    assert draft.published_at is None


def test_the_file_is_kept_with_the_tables_that_were_read(desk):
    file = word()
    (draft,) = import_document(desk.admin, desk.county, file)
    source = Source.objects.get(document=draft.document)
    file.seek(0)
    with source.file.open() as kept:
        assert (source.name, source.uploaded_by, kept.read()) == ("考核标准.docx", desk.admin, file.read())
    (table,) = grids.from_json(source.tables)
    assert table.title_lines == ("乡镇工会考核标准",)
    assert [cell.text for cell in table.cells][: len(HEADINGS)] == list(HEADINGS)


def test_every_doubt_stands_beside_the_row_that_raised_it(desk):
    (draft,) = import_document(desk.admin, desk.county, word())
    found = {doubt.code: doubt.item and doubt.item.text for doubt in draft.doubts.all()}
    assert found["rule"] == ROWS[1][2]
    assert "label_sum" in found
    assert set(Doubt.objects.values_list("chosen", flat=True)) == {""}


def test_a_title_that_is_typed_is_the_documents(desk):
    (draft,) = import_document(desk.admin, desk.county, word(), title="二〇二六年考核办法")
    assert (draft.document.title, draft.title) == ("二〇二六年考核办法", "乡镇工会考核标准")


@pytest.mark.parametrize(
    "file",
    [
        lambda: ContentFile(b"", "空.docx"),
        lambda: ContentFile(b"%PDF-1.4 ...", "扫描.docx"),
        lambda: ContentFile(b"PK\x03\x04 broken", "坏.docx"),
        lambda: ContentFile("姓名,电话\n张三,1\n".encode(), "名单.csv"),
        lambda: hollow(word()),
        lambda: upload(Workbook(), "空.xlsx"),
        lambda: word("培训名单", [("一组", "1", "张三", "13900000000"), ("二组", "2", "李四", "13900000001")] * 3),
    ],
)
def test_what_is_no_rubric_is_refused_and_leaves_nothing(desk, file):
    before = (Document.objects.count(), Rubric.objects.count(), stored_files())
    with pytest.raises(Refused) as refusal:
        import_document(desk.admin, desk.county, file())
    assert refusal.value.sentence
    assert (Document.objects.count(), Rubric.objects.count(), stored_files()) == before
    assert Source.objects.count() == 0


@pytest.mark.parametrize("who", ["clerk", "stranger"])
def test_only_administrators_bring_documents_in(desk, who):
    with pytest.raises(PermissionDenied):
        import_document(getattr(desk, who), desk.county, word())
    assert Source.objects.count() == 0


def test_a_name_never_becomes_a_path(desk):
    file = word()
    file.name = "..\\..\\etc/考核.docx"
    (draft,) = import_document(desk.admin, desk.county, file)
    source = draft.document.sources.get()
    assert source.name == "考核.docx"
    assert source.file.name.startswith("rubrics/")
    assert "考核" not in source.file.name
