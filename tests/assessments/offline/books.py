"""A downloaded workbook in the hands of a person: fetched, filled in, sent back, confirmed."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from assessments.models import Assessment
from assessments.offline import layout
from assessments.results import Content, contents_of, read_marks
from assessments.workflow import Stage
from orgs.models import User


class Book:
    """The workbook, its cells by the names of their answers: p-1-1, c-1-2-absent, l-2-5; r-, na- and why- of items."""

    BESIDE = {"r": layout.REMARK, "na": layout.ABSENT, "why": layout.REASON}

    def __init__(self, content: bytes) -> None:
        self.book = load_workbook(BytesIO(content))
        self.form, self.machine = self.book[layout.FORM], self.book[layout.MACHINE]
        lines = [[cell.value for cell in row[:4]] for row in self.machine.iter_rows()]
        self.letters = {name: letter for kind, name, letter, _head in lines if kind == "column"}
        self.items = {key: (names or "").split() for kind, key, _version, names in lines if kind == "item"}
        self.rows = {
            cell.value: cell.row
            for cell in self.form[self.letters[layout.CODE]]
            if cell.value and cell.value.startswith(("p-", "c-", "l-"))
        }

    def at(self, name: str) -> str:
        """The address of an answer."""
        kind, _dash, key = name.partition("-")
        if kind in self.BESIDE:
            first = next(row for code, row in self.rows.items() if re.match(rf"[pcl]-{key}(-[a-z]|$)", code))
            return f"{self.letters[self.BESIDE[kind]]}{first}"
        return f"{self.letters[layout.VALUE]}{self.rows[name]}"

    def __getitem__(self, name: str) -> Any:
        return self.form[self.at(name)].value

    def __setitem__(self, name: str, value: Any) -> None:
        cell = self.form[self.at(name)]
        assert not cell.protection.locked, name
        cell.value = value

    def fact(self, name: str, value: str) -> None:
        """Changes what the hidden sheet says."""
        next(row for row in self.machine.iter_rows() if row[0].value == name)[1].value = value

    def saved(self) -> SimpleUploadedFile:
        file = BytesIO()
        self.book.save(file)
        return SimpleUploadedFile("评分表.xlsx", file.getvalue())


class Person:
    """Somebody in front of one stage of an assessment."""

    def __init__(self, user: User, assessment: Assessment, stage: Stage) -> None:
        self.client = Client()
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        self.client.force_login(user)
        self.assessment, self.stage = assessment, stage

    def url(self, route: str) -> str:
        return reverse(f"assessments:{route}", args=[self.assessment.pk, self.stage])

    def download(self) -> Book:
        answer = self.client.get(self.url("workbook"))
        assert answer.status_code == 200, answer.content.decode()
        return Book(answer.content)

    def upload(self, book: Book | SimpleUploadedFile) -> Any:
        return self.client.post(self.url("offline"), {"file": book.saved() if isinstance(book, Book) else book})

    def paste(self, text: str, **more: Any) -> Any:
        return self.client.post(self.url("paste"), {"text": text, **more})

    def confirm(self, preview: Any, *mine: str) -> Any:
        """Presses the button of a preview, with these boxes ticked."""
        return self.client.post(self.url("offline_confirm"), fields(preview) | {"mine": list(mine)})

    def typed(self, data: dict[str, str]) -> Any:
        return self.client.post(self.url("sheet"), data)


def fields(preview: Any) -> dict[str, list[str]]:
    """What the form of a preview would send."""
    html = preview.content.decode()
    form = html[html.index(f'action="{preview.context["save_url"]}"') :]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form):
        found.setdefault(name, []).append(unescaped(value))
    return found


def unescaped(text: str) -> str:
    from html import unescape

    return unescape(text)


def fates(preview: Any) -> dict[str, list[str]]:
    """Keys of the items of a preview by what would become of them."""
    return {
        fate: [entry.row.key if entry.row else "" for entry in entries]
        for fate, entries in preview.context["groups"].items()
        if entries
    }


def refusals(preview: Any) -> dict[str, str]:
    """The sentences of a preview by cell or line."""
    entries = preview.context["groups"]["refused"]
    return {fault.where: fault.sentence for entry in entries for fault in entry.faults}


def contents(assessment: Assessment, stage: Stage) -> dict[str, Content]:
    sheet = assessment.sheets.get(stage=stage)
    return contents_of(read_marks(assessment.rubric, [sheet])[sheet.pk])
