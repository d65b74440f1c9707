"""The field: a refusal is a form error, a good file says its format."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from orgs.files import Format, open_table
from orgs.files.fields import TableFileField
from orgs.models import Upload
from tests import factories as make
from tests.orgs.files.build import word, xlsx


class Form(forms.Form):
    file = TableFileField(label="File")
    document = TableFileField(accept=[Format.DOCX, Format.DOC], required=False)


def test_the_format_comes_with_the_file():
    content = xlsx()
    form = Form(
        {}, {"file": SimpleUploadedFile("名单.xlsx", content), "document": SimpleUploadedFile("a.docx", word())}
    )
    assert form.errors == {}
    assert [form.cleaned_data[name].format for name in ("file", "document")] == [Format.XLSX, Format.DOCX]
    assert form.cleaned_data["file"].read() == content


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.xlsx", b"", "The file is empty. Save it once more in the program that made it, and upload it again."),
        ("a.xlsx", word(), "This is a .docx file. Here .xlsx / .csv is taken."),
    ],
)
def test_a_refusal_is_an_error_of_the_form(name, content, sentence):
    assert Form({}, {"file": SimpleUploadedFile(name, content)}).errors == {"file": [sentence]}


def test_none_where_none_is_required():
    form = Form({}, {"file": SimpleUploadedFile("a.csv", b"a,b\n")})
    assert form.is_valid()
    assert form.cleaned_data["document"] is None
    assert Form({}, {}).errors == {"file": ["This field is required."]}


def test_the_browser_is_asked_for_such_files():
    assert 'accept=".docx,.doc"' in str(Form()["document"])


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "content"), [("a.xlsx", xlsx([["甲", 1]])), ("a.csv", "甲,1\n".encode("gbk"))])
def test_uploaded_and_stored_files_are_read_alike(name, content):
    form = Form({}, {"file": SimpleUploadedFile(name, content)})
    assert form.is_valid()
    file = form.cleaned_data["file"]
    upload = Upload.objects.create(branch=make.organization(), by=make.person(), kind="people", name=name, file=file)
    with Upload.objects.get().file as stored, upload.file as just_saved:
        for one in (file, just_saved, stored):
            assert list(open_table(one, file.format)) == [(1, ["甲", "1"])]
            assert list(open_table(one, file.format)) == [(1, ["甲", "1"])]
            assert not one.closed
