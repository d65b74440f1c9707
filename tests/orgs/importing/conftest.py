"""The small tree of the folder above, rows that never stood in a file, and files."""

import csv
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from orgs.importing.organizations.check import check
from orgs.importing.spec import ListRow
from orgs.models import Organization


@pytest.fixture
def checked(tree, cast):
    """checked({"name": "甲厂工会"}, …, branch=, by=) -> one Checked for each row, rows numbered from 2."""

    def run(*rows, branch=None, by=None):
        branch = Organization.objects.get(pk=(branch or tree.district).pk)
        listed = [ListRow(number, row) for number, row in enumerate(rows, 2)]
        return list(check(listed, branch, by or cast.branch_admin))

    return run


def xlsx(*rows, **more_sheets):
    """A workbook with these rows, and further sheets by name."""
    book = Workbook()
    book.active.title = "名单"
    for title, lines in {"名单": rows, **more_sheets}.items():
        sheet = book[title] if title in book.sheetnames else book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    file = BytesIO()
    book.save(file)
    return SimpleUploadedFile("名单.xlsx", file.getvalue())


def text(*rows, encoding="utf-8"):
    file = StringIO()
    csv.writer(file).writerows(rows)
    return SimpleUploadedFile("名单.csv", file.getvalue().encode(encoding))
