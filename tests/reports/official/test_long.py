"""Documents of many rows: laid out in parts, numbered through, made once for all who may read them, never stale."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import docx
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from assessments import publications
from orgs import background
from reports.exports import files, making, official, ordering
from reports.models import Export, OfficialReport
from reports.official import paper, word
from reports.official.report import text_of
from reports.official.saving import save_report
from reports.official.values import Annex, Column, Document, Long, Paragraph, Row, Table, filled, parts
from tests.factories import again
from tests.races import ON_POSTGRESQL, kinds, meeting, together
from tests.reports.official.conftest import long_files
from tests.reports.results import graded, published
from tests.reports.test_notices import words_of

COLUMNS = filled(Column("序号头", 12), Column("单位头", words=True))


def rows(first, last):
    return tuple(Row((str(number + 1), f"第{number + 1}基层工会")) for number in range(first, last))


def document(count=0, own=0, more=0):
    """A long annex with a table of its own after it, and a second annex."""
    long = Long(COLUMNS, "x", 0, count, lambda first, last: (Row(("乡镇工会",)), *rows(first, last)))
    annexes = (
        Annex("名单", (long, Table(COLUMNS, rows(0, own), "已退出")), "摘要"),
        Annex("未达标", (Table(COLUMNS, rows(0, more)),)),
    )
    return Document("关于考核的公示", "", (Paragraph("正文。"),), annexes, "某市总工会", "2026年1月3日")


@pytest.mark.any_database
@given(st.integers(0, 30), st.integers(0, 9), st.integers(0, 9), st.integers(1, 12))
def test_parts_are_the_document_cut_where_they_are_full(count, own, more, most):
    whole = document(count, own, more)
    made = parts(whole, most)
    found = [(number, annex) for part in made for number, annex in part.annexes]
    blocks = [block for _number, annex in found for block in annex.blocks]
    told = [row.cells for block in blocks for row in block.rows if not row.across]
    assert told == [row.cells for row in (*rows(0, count), *rows(0, own), *rows(0, more))]
    assert [part.text for part in made] == [True] + [False] * (len(made) - 1)
    sizes = [sum(block.count for _number, annex in part.annexes for block in annex.blocks) for part in made]
    assert all(size == most for size in sizes[:-1])
    assert sizes[-1] <= most
    assert [(number, annex.title) for number, annex in found if annex.title] == [("1", "名单"), ("2", "未达标")]
    assert [annex.note for _number, annex in found if annex.note] == ["摘要"]
    assert [block.title for block in blocks if block.title] == ["已退出"]
    assert all(block.columns == COLUMNS for block in blocks)


@pytest.mark.any_database
def test_joined_parts_are_numbered_as_one_piece(tmp_path):
    whole = document(75, 3, 30)
    paths = []
    for place, part in enumerate(parts(whole, 40)):
        paths.append(tmp_path / str(place))
        paths[-1].write_bytes(paper.render_part(part))
        assert "—" not in PdfReader(paths[-1]).pages[0].extract_text()
    paper.joined(paths, tmp_path / "whole", whole.title)
    content, reader = (tmp_path / "whole").read_bytes(), PdfReader(tmp_path / "whole")
    in_one = paper.render(whole)
    assert len(reader.pages) == sum(len(PdfReader(path).pages) for path in paths) == 8
    assert reader.metadata.title == whole.title
    for page in range(1, 5):
        number, plain = words_of(content, page)[-3:], words_of(in_one, page)[-3:]
        assert [word[0] for word in number] == ["—", str(page), "—"]
        assert [word[1:] for word in number] == [pytest.approx(word[1:], abs=0.1) for word in plain]
    assert words_of(content, 8)[-3:][1][0] == "8"
    pages = [page.extract_text() for page in reader.pages]
    assert all("单位头" in page for page in pages[1:])
    told = "".join(pages)
    assert all(f"第{number}基层工会" in told for number in range(1, 76))


@pytest.mark.any_database
def test_a_long_table_in_word_is_the_same_as_a_short_one(monkeypatch):
    monkeypatch.setattr(word, "AT_ONCE", 7)
    long = document(20, 2, 3)
    first = long.annexes[0]
    short = Table(COLUMNS, first.blocks[0].read(0, 20))
    eager = Document(
        long.title,
        "",
        long.blocks,
        (Annex("名单", (short, first.blocks[1]), "摘要"), long.annexes[1]),
        *("某市总工会", long.day),
    )
    books = [docx.Document(BytesIO(word.render(one))) for one in (long, eager)]
    assert books[0].element.body.xml == books[1].element.body.xml


# --- Fetched by those who may read them -------------------------------------------------------------------------------


@pytest.fixture
def every_document_is_long(monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    long_files(monkeypatch)


def ask(client, city, ending="pdf"):
    client.force_login(city.people["auditor"])
    return client.get(reverse(f"reports:official_{ending}", args=[city.cycle.pk]))


def write(city, opening):
    snapshot = publications.newest(city.cycle)
    text = text_of(snapshot)
    saved = OfficialReport.objects.filter(snapshot=snapshot).first()
    said = type(text)(text.title, text.addressee, opening, text.closing, text.issuer, text.day)
    save_report(again(city.people["reviewer"]), snapshot, said, saved.version if saved else 0)


@pytest.mark.django_db
@pytest.mark.any_database
def test_a_long_notice_is_made_once_for_everybody(every_document_is_long, city, client, monkeypatch):
    notice = published(city)
    address = reverse("reports:notice_pdf", args=[notice.key])
    first = Client().get(address)
    content = first.getvalue()
    assert (first["Content-Type"], first.cookies) == ("application/pdf", {})
    told = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    assert all(name in told for name in "甲乙丙丁")
    monkeypatch.setattr(paper, "render_part", None)
    assert Client().get(address).getvalue() == content
    client.force_login(city.people["reviewer"])
    assert not client.get(reverse("reports:exports")).context["page"].object_list
    (export,) = Export.objects.all()
    assert client.get(reverse("reports:export_file", args=[export.pk])).status_code == 404
    docx_ = client.get(reverse("reports:notice_docx", args=[city.cycle.pk, notice.snapshot.number]))
    assert len(docx.Document(BytesIO(docx_.getvalue())).tables[0].rows) == 1 + 1 + 4
    files.whole(export).unlink()
    monkeypatch.undo()
    long_files(monkeypatch)
    assert Client().get(address).getvalue()[:5] == b"%PDF-", "lost, it is made anew"


@pytest.mark.django_db
@pytest.mark.any_database
def test_the_file_of_a_report_is_never_stale(every_document_is_long, city, client):
    published(city)
    write(city, "开头一")
    told = []
    for change in (lambda: None, lambda: write(city, "开头二"), lambda: published(city, reason="更正")):
        change()
        for _twice in range(2):
            book = docx.Document(BytesIO(ask(client, city, "docx").getvalue()))
            told.append(next(one.text for one in book.paragraphs if "开头" in one.text))
    assert told == ["开头一"] * 2 + ["开头二"] * 4
    assert Export.objects.count() == 3


@contextmanager
def by_hand(monkeypatch):
    """The workers' orders, to be carried out when the test says so."""
    orders = []
    monkeypatch.setattr(background, "run", lambda job, *args, **_options: orders.append((job, args)))
    yield orders


def work(orders):
    while orders:
        job, args = orders.pop(0)
        getattr(making, job.rpartition(".")[2])(*args)


@pytest.mark.django_db
@pytest.mark.any_database
def test_while_it_is_made_a_page_says_how_far_it_is(every_document_is_long, city, client, monkeypatch):
    published(city)
    write(city, "开头一")
    with by_hand(monkeypatch) as orders:
        for _twice in range(2):
            page = ask(client, city).content.decode()
            assert '<meta http-equiv="refresh" content="5">' in page
        assert Export.objects.count() == 1
        making.make(*orders.pop(0)[1])
        write(city, "开头二")
        work(orders)
        (old,) = Export.objects.all()
        assert old.state == "failed", "nothing is put together from parts of two reports"
        assert "<progress" in ask(client, city).content.decode()
        work(orders)
        told = "".join(page.extract_text() for page in PdfReader(BytesIO(ask(client, city).getvalue())).pages)
        assert "开头二" in told
        write(city, "开头一")
        page = ask(client, city).content.decode()
        assert (old.sentence in page, "<progress" in page, orders) == (True, False, [])
        with time_machine.travel(timezone.now() + ordering.TRIED_AGAIN + timedelta(seconds=1), tick=False):
            client.logout()
            ask(client, city)
            work(orders)
            assert "开头一" in "".join(p.extract_text() for p in PdfReader(BytesIO(ask(client, city).getvalue())).pages)


@contextmanager
def unguarded():
    """Without the constraint that a document is made once."""
    (once,) = (one for one in Export._meta.constraints if one.name == "export_said_once")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Export, once)
    yield
    Export.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Export, once)


def meeting_units():
    met = meeting()

    def units(user, asked):
        found = official.only_one(user, asked)
        met.wait()
        return found

    return units


def ordering_at_once(notice):
    """Two ask for a notice at the same moment: both have found nothing when either writes."""
    document = official.document_of({"what": official.NOTICE, "snapshot": notice.snapshot_id})
    said = official.digest_of(document)
    asked = {"what": official.NOTICE, "snapshot": notice.snapshot_id, "said": said}
    spec = replace(official.DOCX, units=meeting_units())
    return together(*[lambda: ordering.shared(spec, asked, said=said, name="公示")] * 2)


@pytest.mark.parametrize("guarded", [True, False])
class TestTwoAtOnce:
    pytestmark = ON_POSTGRESQL

    def test_it_is_made_once(self, transactional_db, monkeypatch, guarded):
        notice = published(graded())
        monkeypatch.setattr(background, "run", lambda *_args, **_options: None)
        if guarded:
            found = ordering_at_once(notice)
            assert (kinds(found), len({one.pk for one in found}), Export.objects.count()) == (["Export"] * 2, 1, 1)
        else:
            with unguarded():
                found = ordering_at_once(notice)
                assert (kinds(found), Export.objects.count()) == (["Export"] * 2, 2)
