"""The printed notice: what it says, and that it keeps to GB/T 9704."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from itertools import pairwise

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from hypothesis import given
from hypothesis import strategies as st

from reports.official import notice as notices
from reports.official import paper, serving
from reports.official.values import Annex, Table, in_lines
from tests.factories import STARS, cast, publish_cycle, small_rubric

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

MM = 72 / 25.4
LINE = "公示内容按照规定版式排印每行二十八个汉字每页二十二行不多也不少"


@pytest.fixture
def people(db):
    return cast(rubric=small_rubric(stages=2, bands=STARS))


def rendered(notice):
    return paper.render(notices.document(notice))


def lines_of(pdf, *options):
    told = subprocess.run(["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return [line.strip() for line in told.splitlines() if line.strip()]


def pages_of(pdf):
    told = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    assert "A4" in told
    return int(re.search(r"Pages:\s+(\d+)", told)[1])


def words_of(pdf, page):
    """Words of a page with their edges in millimetres: left, top, right, bottom."""
    options = ("-bbox", "-f", str(page), "-l", str(page))
    found = re.findall(
        r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>',
        "\n".join(lines_of(pdf, *options)),
    )
    return [(word, *(float(edge) / MM for edge in edges)) for *edges, word in found]


def test_it_says_what_the_notice_says_and_the_results_in_an_annex(people):
    notice = publish_cycle(
        people, title="关于2026年年检结果的公示", body="根据办法。\n现予公示。", contact="组织部，12345"
    )
    told = "".join(lines_of(rendered(notice)))
    for words in (
        "关于2026年年检结果的公示",
        "根据办法。",
        "组织部，12345",
        f"{notice.ends_on.year}年{notice.ends_on.month}月{notice.ends_on.day}日",
        notice.issuer,
        people.township.name,
        "一星",
        notice.snapshot.digest[:16],
    ):
        assert words in told
    row = notice.snapshot.rows.get(assessment=people.assessment)
    private = [str(person) for person in people.everyone.values()]
    for words in (*private, *row.explanation, "本年度撤并", people.neighbour.name):
        assert words not in told, words


def test_a_correction_says_why(people):
    publish_cycle(people)
    assert "经复查更正" in "".join(lines_of(rendered(publish_cycle(people, reason="经复查更正"))))


def test_it_keeps_to_the_official_layout(people):
    pdf = rendered(publish_cycle(people, body=LINE * 40))
    assert pages_of(pdf) == 4  # 1240 characters on two, and the annex
    lines = [line for line in lines_of(pdf, "-f", "2", "-l", "2") if "—" not in line]
    assert [len(line) for line in lines] == [28] * 22
    words = words_of(pdf, 2)
    page = words[:-3]  # without the number below
    assert min(word[1] for word in page) == pytest.approx(28, abs=1)
    assert min(word[2] for word in page) == pytest.approx(37, abs=3)  # the line's own leading above the characters
    assert max(word[3] for word in page) == pytest.approx(210 - 26, abs=1)
    assert max(word[4] for word in page) <= 297 - 35 + 1
    numbers = [words_of(pdf, page)[-3:] for page in (1, 2)]
    assert ["".join(part[0] for part in number) for number in numbers] == ["—1—", "—2—"]
    assert [number[0][1] > 105 for number in numbers] == [True, False]  # the outer edge: right, then left


def test_the_head_of_the_table_stands_on_each_page(people):
    notice = publish_cycle(people)
    found = notices.document(notice)
    table = found.annexes[0].blocks[0]
    long = Table(table.columns, table.rows * 60)
    pdf = paper.render(replace(found, annexes=(Annex("考核结果", (long,)),)))
    with translation.override("zh-hans"):
        head = gettext("Awarded")
    assert sum(head in line for line in lines_of(pdf, "-layout")) == pages_of(pdf) - 1 > 2


def test_everybody_fetches_it_and_it_is_made_once(people, monkeypatch):
    notice = publish_cycle(people)
    cache.clear()
    url = reverse("reports:notice_pdf", args=[notice.key])
    first = Client().get(url)
    assert (first.status_code, first["Content-Type"], first.cookies) == (200, "application/pdf", {})
    monkeypatch.setitem(serving.DRAWN, "pdf", None)
    assert Client().get(url).content == first.content
    cache.clear()


@given(st.text("公示结果年检组织2026AB", min_size=1, max_size=120), st.integers(4, 30))
def test_a_title_stands_in_as_few_lines_as_it_needs(title, room):
    lines = in_lines(title, room)
    assert "".join(lines) == title
    parted = [a[-1] + b[0] for a, b in pairwise(lines)]
    assert not any(pair.isascii() for pair in parted) or min(map(len, lines)) == 1
    if not re.search(r"[0-9A-Z]", title):
        assert len(lines) == -(-len(title) // room)
        assert max(map(len, lines)) - min(map(len, lines)) <= 1
