"""Ranking and statistics: what they say, who reads them, and that page, workbook and paper say the same."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from assessments.models import Assessment, Cycle, CycleKind, Mark, Snapshot
from assessments.services.tallying import recount
from reports.standings import stages, views
from reports.standings.topics import TOPICS
from tests import factories as make
from tests.reports.standings.scene import D, finish, scene

pytestmark = pytest.mark.django_db

PAGES = ("ranking", "statistics", *TOPICS)
FILES = ("ranking_xlsx", "ranking_pdf", *(f"{topic}_{file}" for topic in TOPICS for file in ("xlsx", "pdf")))


def address(city, name):
    topic, _, file = name.partition("_")
    if topic not in TOPICS:
        return reverse(f"reports:{name}", args=[city.cycle.pk])
    return reverse(f"reports:topic{file and '_'}{file}", args=[city.cycle.pk, topic])


def ask(client, city, who, name, **asked):
    client.force_login(city.people[who])
    return client.get(address(city, name), asked)


def cells(rows):
    return [[cell.text for cell in row] for row in rows]


def content(response):
    return BytesIO(b"".join(response) if response.streaming else response.content)


def status(response):
    content(response)  # a file is closed when it has been read
    return response.status_code


def ranked(client, city, who="reviewer", **asked):
    return cells(ask(client, city, who, "ranking", **asked).context["rows"])


def parts(client, city, who="reviewer", name="statistics", **asked):
    return {part.title: cells(part.first) for part in ask(client, city, who, name, **asked).context["parts"]}


def publish(city):
    by = city.people["reviewer"]
    return Snapshot.objects.create(cycle=city.cycle, number=1, at=city.cycle.opened_at, by=by, digest="-")


def test_equals_share_a_rank_and_the_next_keeps_the_distance(client, city):
    assert ranked(client, city) == [
        ["1", "甲", "东县", "90", "100", "90.00", "100", "95", "5", "五星"],
        ["1", "乙", "东县", "90", "100", "90.00", "100", "92", "2", "五星"],
        ["3", "丙", "西县", "85", "100", "85.00", "100", "99", "14", "四星"],
        ["4", "丁", "西县", "60", "100", "60.00", "100", "80", "20", "二星"],
    ]


def test_a_branch_has_ranks_of_its_own_and_a_search_changes_none(client, city):
    assert [row[:2] for row in ranked(client, city, branch=city.west.pk)] == [["1", "丙"], ["2", "丁"]]
    assert [row[:2] for row in ranked(client, city, q="丙")] == [["3", "丙"]]
    assert ranked(client, city, q="没有") == []
    Assessment.objects.filter(name="丁").update(name="<i>丁")
    assert "&lt;i&gt;丁" in ask(client, city, "reviewer", "ranking").content.decode()
    for strange in ({"branch": "x"}, {"kind": "9" * 40}, {"sort": "points; drop"}, {"page": "-1"}, {"q": "\x00"}):
        assert len(ranked(client, city, **strange)) == 4


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("place", "甲乙丙丁"),
        ("-place", "丁丙甲乙"),
        ("points", "丁丙甲乙"),
        ("-points", "甲乙丙丁"),
        ("-above", "丁丙甲乙"),
    ],
)
def test_columns_sort_by_their_links(client, city, sort, names):
    found = ask(client, city, "reviewer", "ranking", sort=sort)
    by_points = [row[1].text for row in found.context["rows"]]
    ordered = sorted(by_points, key=lambda name: names.index(name) if name not in "甲乙" else names.index("甲"))
    assert by_points == ordered
    assert 'aria-sort="' in found.content.decode()


def test_names_and_unions_sort_both_ways(client, city):
    for sort in ("name", "union"):
        up, down = (
            [row[1 if sort == "name" else 2] for row in ranked(client, city, sort=way + sort)] for way in ("", "-")
        )
        assert up == down[::-1]
        assert len(set(up)) > 1


def test_statistics_say_what_was_counted_by_hand(client, city):
    kind = CycleKind.objects.get(cycle=city.cycle, rubric__isnull=False).kind.name
    found = parts(client, city)
    titles = list(found)
    by_kind, bands, counties = (found[title] for title in titles)
    unions, people, marks = parts(client, city, name="stages").values()
    assert by_kind == [[kind, "4", "81.25", "87.50", "60.00", "78.75", "90.00", "90.00", "100", "81.25"]]
    assert [row for row in bands if row[1] != "0"] == [
        ["五星", "2", "50.00"],
        ["四星", "1", "25.00"],
        ["二星", "1", "25.00"],
    ]
    assert counties == [
        ["东县", "2", "90.00", "90.00", "90.00", "90.00", "90.00", "90.00"],
        ["西县", "2", "72.50", "72.50", "60.00", "66.25", "78.75", "85.00"],
    ]
    assert unions == [
        ["西县", "2", "89.50", "72.50", "17.00", "-8.75", "0", ""],
        ["东县", "2", "93.50", "90.00", "3.50", "8.75", "0", ""],
    ]
    assert [row[1:] for row in people] == [row[1:] for row in unions]
    assert [row[0] for row in people] == [str(city.people["reviewer"]), "东县考核员"]
    assert marks == []  # six marks each say nothing about a person


def test_who_entered_enough_marks_is_compared_with_all(client, city, monkeypatch):
    monkeypatch.setattr(stages, "LEAST_MARKS", 6)
    marks = list(parts(client, city, name="stages").values())[2]
    assert marks == [[str(city.people["reviewer"]), "6", "72.50", "-8.75"], ["东县考核员", "6", "90.00", "8.75"]]


def test_a_single_result_has_no_line_of_its_own(client, city):
    Assessment.objects.filter(cycle=city.cycle, name="丙").update(state="reviewing")
    unions, people, _marks = parts(client, city, name="stages").values()
    assert [row[:4] for row in unions] == [
        ["东县", "2", "93.50", "90.00"],
        [unions[1][0], "1", "80.00", "60.00"],
    ]
    assert "西县" not in unions[1][0]
    assert str(city.people["reviewer"]) not in {row[0] for row in people}


def test_sections_and_items_are_ranked_like_totals(client, city):
    section, item = city.rubric.sections.get(), city.rubric.items.get(key="1-1")
    assert [row[:7] for row in ranked(client, city, by=f"section-{section.pk}")] == [
        ["1", "甲", "东县", "90", "100", "90.00", "100"],
        ["1", "乙", "东县", "90", "100", "90.00", "100"],
        ["3", "丙", "西县", "85", "100", "85.00", "100"],
        ["4", "丁", "西县", "60", "100", "60.00", "100"],
    ]
    by_item = {"by": f"item-{item.pk}"}
    assert ranked(client, city, **by_item) == [
        ["1", "甲", "东县", "60", "70", "85.71", "90"],
        ["1", "乙", "东县", "60", "70", "85.71", "90"],
        ["3", "丙", "西县", "55", "70", "78.57", "85"],
        ["4", "丁", "西县", "30", "70", "42.86", "60"],
    ]
    found = [row[:4] for row in ranked(client, city, branch=city.west.pk, **by_item)]
    assert found == [["1", "丙", "西县", "55"], ["2", "丁", "西县", "30"]]
    assert [row[1] for row in ranked(client, city, sort="total", **by_item)] == ["丁", "丙", "甲", "乙"]
    assert [row[0] for row in ranked(client, city, q="丁", **by_item)] == ["4"]
    assert ranked(client, city, by="item-999999") == ranked(client, city)


def test_sections_say_how_their_points_are_spread(client, city):
    (rows,) = parts(client, city, name="sections").values()
    name = city.rubric.sections.get().name
    assert rows == [[name, "4", "81.25", "87.50", "60.00", "78.75", "90.00", "90.00", "100", "81.25", "18.75"]]


def test_who_is_where_by_kind_and_branch(client, city):
    Assessment.objects.filter(cycle=city.cycle, name="丙").update(state="withdrawn")
    by_kind, by_branch = parts(client, city, name="course").values()
    assert [row[1:] for row in by_kind] == [["5", "1", "0", "0", "3", "1", "75.00"]]
    assert by_branch == [
        ["东县", "2", "0", "0", "0", "2", "0", "100.00"],
        ["西县", "3", "1", "0", "0", "1", "1", "50.00"],
    ]


def test_only_the_reviewed_are_compared_with_their_review(client, city):
    one = Assessment.objects.get(cycle=city.cycle, name="甲")
    Assessment.objects.filter(pk=one.pk).update(review_points=D("88.5"))
    unions = next(iter(parts(client, city, name="stages").values()))
    assert [row[0:1] + row[-2:] for row in unions] == [["西县", "0", ""], ["东县", "1", "1.50"]]


def test_what_is_under_way_or_does_not_apply_counts_nowhere(client, city):
    Mark.objects.filter(sheet__assessment__name="丁", item__key="1-1").update(
        points=None, earned=None, not_applicable=True, reason="无此项工作"
    )
    Assessment.objects.filter(cycle=city.cycle, name="丙").update(state="reviewing")
    recount(city.cycle)
    assert [row[:2] for row in ranked(client, city)] == [["1", "甲"], ["1", "乙"], ["3", "丁"]]
    (row,) = list(parts(client, city, name="losses").values())[1]
    assert row[3:] == ["2", "60.00", "60.00", "10.00", "14.29"]


def test_items_lose_what_their_official_marks_lack(client, city):
    item, counted = (city.rubric.items.get(key=key) for key in ("1-1", "1-3"))
    absent = Mark.objects.filter(sheet__assessment__name="丁", sheet__stage="assess", item=counted)
    absent.update(earned=4)  # of 10, by a rule
    recount(city.cycle)
    sections, items = ask(client, city, "reviewer", "losses").context["parts"]
    assert cells(sections.first) == [
        [city.rubric.sections.get().name, "100", "4", "81.25", "87.50", "18.75", "18.75"],
    ]
    assert cells(items.first) == [
        [item.number, item.text, "70", "4", "51.25", "57.50", "18.75", "26.79"],
        [counted.number, counted.text, "10", "4", "8.50", "10.00", "1.50", "15.00"],
    ]
    Mark.objects.filter(sheet__stage="self").update(points=0, earned=0)
    recount(city.cycle)
    assert [part.lines for part in ask(client, city, "reviewer", "losses").context["parts"]] == [
        sections.lines,
        items.lines,
    ]


def test_the_year_before_stands_beside_this_one(client, city):
    before = make.open_cycle_for(city.city, {"township": city.rubric}, by=city.people["admin"])
    Cycle.objects.filter(pk=before.pk).update(year=city.cycle.year - 1, name="上年")
    city_before = city.__class__(before, city.city, city.east, city.west, city.rubric, city.people)
    for name, points in (("甲", "80"), ("丙", "70")):
        finish(city_before, name, points, points)
    recount(before)
    titles = [title for title in parts(client, city) if "上年" in title]
    (row,) = parts(client, city)[titles[0]]
    assert row[1:-1] == ["2", "4", "75.00", "81.25", "6.25", "75.00", "87.50", "12.50"]
    publish(city)
    assert not [title for title in parts(client, city, "east") if "上年" in title]


@pytest.mark.any_database
def test_before_the_publication_only_those_who_decide_read_it(client, city):
    deciders, others = ("admin", "reviewer", "auditor"), {"east": 403, "clerk": 403, "stranger": 404}
    for name in PAGES:
        asked = {who: status(ask(client, city, who, name)) for who in city.people}
        assert asked == dict.fromkeys(deciders, 200) | others
    for number, name in enumerate(FILES):  # each is made for one of those who read the page, in turn
        decider = deciders[number // 2 % 3]
        asked = {who: status(ask(client, city, who, name)) for who in (decider, *others)}
        assert asked == {decider: 200} | others


def test_after_it_a_union_reads_its_own_branch(client, city):
    publish(city)
    assert [row[:2] for row in ranked(client, city, "east")] == [["1", "甲"], ["1", "乙"]]
    found = parts(client, city, "east")
    assert [row[0] for row in list(found.values())[2]] == ["东县"]
    assert len(found) == 3
    assert len(parts(client, city, "east", "stages")) == 1  # who assessed is for those who decide
    assert ask(client, city, "clerk", "ranking").status_code == 403
    assert len(ranked(client, city)) == 4
    whole = load_workbook(content(ask(client, city, "east", "ranking_xlsx"))).worksheets[0]
    assert whole.max_row == 5


def test_the_workbook_says_what_the_page_says(client, city):
    Assessment.objects.filter(cycle=city.cycle, name="甲").update(name="=1+1", points=D("90.1234"))
    recount(city.cycle)
    pages = {"ranking_xlsx": [ranked(client, city)]}
    pages |= {f"{name}_xlsx": list(parts(client, city, name=name).values()) for name in TOPICS}
    for name, shown in pages.items():
        book = load_workbook(content(ask(client, city, "reviewer", name)))
        assert len(book.worksheets) == len(shown)
        for sheet, rows in zip(book.worksheets, shown, strict=True):
            read = list(sheet.iter_rows(min_row=4))
            assert [[as_shown(cell) for cell in row] for row in read] == rows
            assert {cell.data_type for row in read for cell in row} <= {"n", "s"}
            assert sheet.freeze_panes == "A4"
            assert sheet.print_title_rows == "$1:$3"
            assert sheet.auto_filter.ref.startswith("A3:")
            assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert pages["ranking_xlsx"][0][0][1] == "=1+1"


def as_shown(cell):
    if cell.value is None or isinstance(cell.value, str):
        return cell.value or ""
    if "." in cell.number_format:
        return f"{cell.value:.2f}"
    return f"{cell.value:g}" if cell.value == int(cell.value) else str(cell.value)


@pytest.mark.any_database
def test_paper_has_the_tables_of_the_page(client, city):
    shown = {name: parts(client, city, name=name).values() for name in TOPICS} | {"ranking": [ranked(client, city)]}
    for name, tables in shown.items():
        pages = PdfReader(content(ask(client, city, "reviewer", f"{name}_pdf"))).pages
        text = "".join(page.extract_text() for page in pages).replace(" ", "").replace("\n", "")
        for rows in tables:
            for row in rows:
                assert row[1].replace(" ", "") in text
        assert pages[0].mediabox.width > pages[0].mediabox.height


def test_a_ranking_too_long_for_paper_is_a_workbook(client, city, monkeypatch):
    monkeypatch.setattr(views, "PAPER", 3)
    answer = ask(client, city, "reviewer", "ranking_pdf", sort="name")
    assert answer.url == f"{address(city, 'ranking')}?sort=name"
    assert "ranking.pdf" not in ask(client, city, "reviewer", "ranking").content.decode()


@pytest.mark.any_database
def test_queries_do_not_grow_with_organisations(client):
    def queries(city):
        counts = {}
        for name in (*PAGES, "ranking_xlsx"):
            client.force_login(city.people["reviewer"])
            url = address(city, name)
            content(client.get(url))
            with CaptureQueriesContext(
                connection,
            ) as seen:
                content(client.get(url))
            counts[name] = len(seen)
        return counts

    city = scene()
    Assessment.objects.filter(cycle=city.cycle).exclude(name="甲").update(state="self_scoring")
    recount(city.cycle)
    one = queries(city)
    Assessment.objects.filter(cycle=city.cycle).exclude(name="戊").update(state="final")
    recount(city.cycle)
    assert queries(city) == one
    assert max(one.values()) <= 15
