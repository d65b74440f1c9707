"""The field: a refusal is a form error, a good file says its format."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from orgs.files import Format
from orgs.files.fields import TableFileField
from tests.orgs.files.build import word, xlsx


class Form(forms.Form):
    file = TableFileField(label="File")
    document = TableFileField(accept=[Format.DOCX, Format.DOC], required=False)


def test_the_format_comes_with_the_file():
    form = Form({}, {"file": SimpleUploadedFile("名单.xlsx", xlsx()), "document": SimpleUploadedFile("a.docx", word())})
    assert form.errors == {}
    assert [form.cleaned_data[name].format for name in ("file", "document")] == [Format.XLSX, Format.DOCX]
    assert form.cleaned_data["file"].read() == xlsx()


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
