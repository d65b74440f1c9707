"""Evidence: taken by what it is and not by what it is called, and never replaced after submission."""

import io
import re
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.filetypes import content_type_of
from assessments.models import Evidence
from assessments.services import Forbidden, Refused, WrongState, attach, move, remove, sign_off
from assessments.services import evidence as service
from assessments.services.evidence import safe_name
from assessments.workflow import Action, Stage, State
from tests import factories as make

SELF, ASSESS = Stage.SELF, Stage.ASSESS
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + bytes(32) + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(32)
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 \x18\x00\x00\x00" + bytes(24)
TIFF = b"II*\x00\x08\x00\x00\x00" + bytes(32)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + bytes(64)
ELF = b"\x7fELF\x02\x01\x01" + bytes(64)
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
SHELL = b"#!/bin/sh\nrm -rf /\n"
RAR = b"Rar!\x1a\x07\x00" + bytes(32)


def zipped(*names, content=b"<x/>", **more):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
        for name, inside in more.items():
            archive.writestr(name, inside)
    return packed.getvalue()


PARTS = ("[Content_Types].xml", "_rels/.rels")
DOCX = zipped(*PARTS, "word/document.xml")
XLSX = zipped(*PARTS, "xl/workbook.xml")
PPTX = zipped(*PARTS, "ppt/presentation.xml")
MACRO = zipped(*PARTS, "word/document.xml", "word/vbaProject.bin")
MACRO_UPPER = zipped(*PARTS, "word/document.xml", "word/VBAPROJECT.BIN")
BOMB = zipped(*PARTS, "word/document.xml", content=bytes(40 * 1024 * 1024))
PLAIN_ZIP = zipped("readme.txt")


@pytest.mark.parametrize(
    ("name", "content", "kept_as"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("附件1 （定稿最终版2）.PDF", PDF, "application/pdf"),
        ("a.jpg", JPEG, "image/jpeg"),
        ("a.JPEG", JPEG, "image/jpeg"),
        ("a.png", PNG, "image/png"),
        ("a.gif", GIF, "image/gif"),
        ("a.heic", HEIC, "image/heic"),
        ("a.webp", WEBP, "image/webp"),
        ("a.tif", TIFF, "image/tiff"),
        ("a.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.pptx", PPTX, "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
        ("a.doc", OLE, "application/msword"),
        ("a.wps", OLE, "application/msword"),
        ("a.et", OLE, "application/vnd.ms-excel"),
        ("a.dps", OLE, "application/vnd.ms-powerpoint"),
    ],
)
def test_taken(name, content, kept_as):
    assert content_type_of(io.BytesIO(content), name) == kept_as


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", EXE),
        ("a.pdf", EXE),
        ("a.jpg", EXE),
        ("a.doc", EXE),
        ("a.docx", EXE),
        ("a.pdf", ELF),
        ("a.pdf", JPEG),
        ("a.jpg", PDF),
        ("a.jpg", PNG),
        ("a.html", HTML),
        ("a.pdf", HTML),
        ("a.jpg", HTML),
        ("a.doc", HTML),
        ("a.xls", HTML),
        ("a.docx", HTML),
        ("a.svg", SVG),
        ("a.png", SVG),
        ("a.pdf", SHELL),
        ("a.zip", PLAIN_ZIP),
        ("a.docx", PLAIN_ZIP),
        ("a.docx", XLSX),
        ("a.xlsx", DOCX),
        ("a.docx", OLE),
        ("a.doc", DOCX),
        ("a.docm", MACRO),
        ("a.docx", MACRO),
        ("a.docx", MACRO_UPPER),
        ("a.docx", BOMB),
        ("a.docx", DOCX[: len(DOCX) // 2]),
        ("a.rar", RAR),
        ("a.docx", RAR),
        ("a.pdf", b"\x00"),
        ("a.pdf", b"hello"),
        ("a", PDF),
        (".pdf", PDF),
        ("a.pdf.exe", PDF),
        ("", PDF),
    ],
)
def test_refused(name, content):
    assert content_type_of(io.BytesIO(content), name) is None


def test_bomb_is_small_and_is_not_unpacked():
    assert len(BOMB) < 200_000  # and holds 120 MB


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a.pdf", "a.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\王\\证书.pdf", "证书.pdf"),
        ("/home/\u202efdp.exe", "fdp.exe"),
        ("a\u200b\u2066b\x00\r\nc.pdf", "abc.pdf"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
        ("x" * 300, "x" * 200),
        ("a." + "p" * 300, "a." + "p" * 198),
        ("", "file"),
        ("..", "file"),
        ("a.pdf. ", "a.pdf"),
        (".pdf", "pdf"),
        ("/", "file"),
        ("\u202e", "file"),
    ],
)
def test_name_for_showing(typed, shown):
    assert safe_name(typed) == shown
    assert len(shown) <= 200


# --- The service ---


@pytest.fixture
def cast(db):
    return make.cast()


@pytest.fixture
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return lambda: sorted(path for path in tmp_path.rglob("*") if path.is_file())


def upload(content=PDF, name="证书.pdf"):
    return SimpleUploadedFile(name, content)


def put(cast, by, key="1-1", stage=SELF, **what):
    return attach(make.again(by), cast.assessment, stage, key, upload(**what))


def test_attached_file_is_kept_under_a_random_key(cast, files):
    evidence = put(cast, cast.clerk)
    stored = Evidence.objects.get()
    assert (stored.pk, stored.name, stored.size, stored.content_type) == (
        evidence.pk,
        "证书.pdf",
        len(PDF),
        "application/pdf",
    )
    assert (stored.sheet.stage, stored.item.key, stored.uploaded_by, stored.removed_at) == (
        SELF,
        "1-1",
        cast.clerk,
        None,
    )
    (kept,) = files()
    assert kept.read_bytes() == PDF
    assert "." not in stored.file.name
    assert "证书" not in stored.file.name
    with stored.file.open() as file:
        assert file.read() == PDF


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ({"content": b""}, "证书.pdf"),
        ({"content": EXE}, "证书.pdf"),
        ({"content": HTML, "name": "a.html"}, "a.html"),
        ({"content": PDF + bytes(20 * 1024 * 1024)}, "20 MB"),
    ],
)
def test_refused_file_leaves_nothing(cast, files, what, words):
    before = make.snapshot(cast.assessment)
    with pytest.raises(Refused, match=re.escape(words)):
        put(cast, cast.clerk, **what)
    assert (make.snapshot(cast.assessment), files()) == (before, [])


def test_exactly_twenty_megabytes_are_taken(cast, files):
    put(cast, cast.clerk, content=PDF + bytes(20 * 1024 * 1024 - len(PDF)))


def test_same_file_twice_is_refused_until_the_first_is_removed(cast, files):
    first = put(cast, cast.clerk)
    with pytest.raises(Refused, match="另一个名字"):
        put(cast, cast.chair, name="另一个名字.pdf")
    assert len(files()) == 1
    put(cast, cast.clerk, key="1-2")  # one paper may serve several items
    remove(make.again(cast.clerk), first)
    put(cast, cast.clerk)
    assert Evidence.objects.filter(removed_at=None).count() == 2


def test_twenty_files_an_item(cast, files):
    for number in range(20):
        put(cast, cast.clerk, content=PDF + bytes([number]))
    with pytest.raises(Refused, match="20"):
        put(cast, cast.clerk, content=PDF + b"more")
    assert len(files()) == 20


def test_item_of_another_rubric_or_kind(cast, files):
    for key in ("2-4", "9-9"):
        with pytest.raises(Forbidden):
            put(cast, cast.clerk, key=key)
    assert files() == []


@pytest.mark.parametrize("state", list(State))
def test_who_may_attach_in_which_state(cast, files, state):
    make.bring_to(cast, state)
    allowed = {
        State.SELF_SCORING: {("clerk", SELF), ("chair", SELF)},
        State.ASSESSING: {("assessor", ASSESS), ("department_assessor", ASSESS)},
        State.REVIEWING: {("reviewer", Stage.REVIEW)},
        State.FINAL: set(),
        State.WITHDRAWN: set(),
    }[state]
    done = set()
    for number, (name, somebody) in enumerate(cast.everyone.items()):
        for stage in Stage:
            try:
                put(cast, somebody, stage=stage, content=PDF + bytes([number]))
            except (Forbidden, WrongState):
                continue
            done.add((name, stage))
    assert done == allowed
    assert len(files()) == len(allowed)


def test_department_gives_evidence_for_its_own_items_until_it_signs_off(cast, files):
    make.bring_to(cast, State.ASSESSING)
    make.fill(cast.department_assessor, cast.assessment, ASSESS)
    kept = put(cast, cast.department_assessor, stage=ASSESS)
    with pytest.raises(Forbidden):
        put(cast, cast.department_assessor, key="2-1", stage=ASSESS)
    with pytest.raises(Forbidden):
        remove(make.again(cast.staff_assessor), kept)
    sign_off(make.again(cast.department_assessor), cast.assessment, cast.office)
    with pytest.raises(WrongState):
        put(cast, cast.department_assessor, stage=ASSESS, content=PDF + b"2")
    with pytest.raises(WrongState):
        remove(make.again(cast.department_assessor), kept)


def test_removed_only_while_open_and_only_once(cast, files):
    first, second = put(cast, cast.clerk), put(cast, cast.clerk, content=PDF + b"2")
    remove(make.again(cast.chair), first)
    assert Evidence.objects.get(pk=first.pk).removed_by == cast.chair
    assert len(files()) == 2  # the row and the file stay for who reads the log
    with pytest.raises(WrongState):
        remove(make.again(cast.chair), first)
    with pytest.raises(Forbidden):
        remove(make.again(cast.stranger), second)
    make.bring_to(cast, State.ASSESSING)
    for by in (cast.chair, cast.assessor):
        with pytest.raises(WrongState):
            remove(make.again(by), second)
    move(make.again(cast.assessor), cast.assessment, Action.SEND_BACK, reason="缺", items=["1-2"])
    with pytest.raises(WrongState):
        remove(make.again(cast.chair), second)
    move(make.again(cast.chair), cast.assessment, Action.SUBMIT)
    move(make.again(cast.assessor), cast.assessment, Action.SEND_BACK, reason="缺", items=["1-1"])
    remove(make.again(cast.chair), second)


def test_giving_evidence_is_filling_in(cast, files):
    turncoat = make.person((cast.township, make.Role.CLERK))
    put(cast, turncoat)
    make.bring_to(cast, State.ASSESSING)
    turncoat.memberships.all().delete()
    make.Membership.objects.create(user=turncoat, organization=cast.county, role=make.Role.ASSESSOR)
    with pytest.raises(Forbidden):
        make.save(turncoat, cast.assessment, ASSESS, "1-1", "1")


def test_file_is_read_and_stored_before_the_assessment_is_locked(cast, files, monkeypatch):
    seen = []
    monkeypatch.setattr(service, "_sha256", lambda upload, real=service._sha256: seen.append("hash") or real(upload))
    monkeypatch.setattr(service, "locked", lambda pk, real=service.locked: seen.append("lock") or real(pk))
    save = FileSystemStorage._save
    monkeypatch.setattr(FileSystemStorage, "_save", lambda *args: seen.append("store") or save(*args))
    put(cast, cast.clerk)
    assert seen == ["hash", "store", "lock"]


def test_nothing_is_left_behind_when_the_row_cannot_be_written(cast, files, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("disk of the database is full")

    monkeypatch.setattr(Evidence, "save", fail)
    with pytest.raises(RuntimeError):
        put(cast, cast.clerk)
    assert files() == []


def test_upload_without_a_name(cast, files):
    with pytest.raises(Refused, match="file"):
        attach(cast.clerk, cast.assessment, SELF, "1-1", ContentFile(PDF))
