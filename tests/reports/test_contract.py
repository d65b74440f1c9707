"""What is on a screen is on paper and in its file, and all of it is what the documents' rules make of the raw marks.

CONTRACT_ASSESSMENTS=1000 generates so many instead of 300; CONTRACT_CARDS=1000 looks at pages, card and PDF of each.
"""

from __future__ import annotations

import csv
import os
import re
from decimal import Decimal
from io import BytesIO
from statistics import fmean

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook
from pypdf import PdfReader

from assessments.models import Assessment
from assessments.publications import newest
from assessments.workflow import Stage
from reports import excel, pdf
from reports.exports.marks import LONG, PLAIN, WORKBOOK
from reports.tables import Role, scorecard
from rubrics.rows import rows
from rubrics.scoring.numbers import format_points
from tests import factories as make
from tests.reports.contract import scene, told

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

ASSESSMENTS = int(os.environ.get("CONTRACT_ASSESSMENTS", "300"))
CARDS = int(os.environ.get("CONTRACT_CARDS", "8"))
PDFS = int(os.environ.get("CONTRACT_CARDS", "4"))


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture(scope="module")
def generated(documents):
    """Assessments under the fifteen rubrics, once for this module."""
    return scene(ASSESSMENTS)


def made(spec, user, kind, folder, **said):
    """The file that the workers would make, in parts of 20."""
    asked = {"cycle": kind.cycle_id, "kind": kind.kind_id, "branch": None, "stage": "", **said}
    keys, parts = spec.units(user, asked), []
    for first in range(0, len(keys), 20):
        parts.append(folder / f"{first}.part")
        spec.make(user, asked, keys[first : first + 20], parts[-1])
    whole = folder / f"whole.{spec.ending}"
    spec.join(asked, parts, whole)
    return whole


def shown(value):
    """A fraction as people write points; the marks of an item that does not count as the files have them."""
    if isinstance(value, str):
        return {"-": "—", "n": "Not applicable"}[value]
    return None if value is None else float(value)


def lines_of_book(path):
    """By stage and organisation, the cells of the workbook behind the facts."""
    found = {}
    for sheet in load_workbook(path).worksheets[:-1]:
        for line in sheet.iter_rows(min_row=6, values_only=True):
            found[sheet.title, line[1]] = list(line[5:])
    return found


def expected(kind, sheet):
    """What the line of a sheet has to say: items, sections' sums, total."""
    line = []
    listed = rows(kind.rubric)
    for section in dict.fromkeys(row.section for row in listed):
        inside = [row for row in listed if row.section == section]
        line += [shown(sheet.items[row.key]) for row in inside]
        line.append(shown(sheet.sections[section]) if any(row.points for row in inside) else None)
    return line


def test_files_of_all_marks_hold_what_the_rules_make_of_the_raw_marks(generated, tmp_path):
    seen = 0
    for kind in generated.kinds:
        book = lines_of_book(made(WORKBOOK, generated.admin, kind, tmp_path))
        with made(PLAIN, generated.admin, kind, tmp_path).open(encoding="utf-8-sig", newline="") as file:
            heads, *lines = csv.reader(file)
        plain = {line[0]: dict(zip(heads, line, strict=True)) for line in lines}
        with made(LONG, generated.admin, kind, tmp_path).open(encoding="utf-8-sig", newline="") as file:
            long = {(line["Organisation"], line["Stage"], line["Item"]): line for line in csv.DictReader(file)}
        names = {row.key: row for row in rows(kind.rubric)}
        keys = set()
        for sheet in told(kind):
            stage, name = str(Stage(sheet.stage).label), sheet.assessment.name
            line, wanted = book[stage, name], expected(kind, sheet)
            assert line[: len(wanted)] == wanted, (kind, name, stage)
            total = heads.index(f"{stage} Total")
            assert number(plain[name][heads[total]]) == shown(sheet.total)
            for key, worth in sheet.items.items():
                row = names[key]
                assert plain[name][f"{stage} {row.section_name} {key}"] == text(worth)
                if worth != "-":
                    keys.add(key)
                    assert long[name, stage, key]["Points"] == (text(worth) if worth != "n" else "")
            seen += 1
    assert seen >= 2 * ASSESSMENTS


def number(cell):
    return float(cell) if cell else None


def text(worth):
    found = shown(worth)
    return found if isinstance(found, str) else "" if found is None else format_points(Decimal(str(found)))


def bare(words):
    return re.sub(r"\s", "", words)


def test_pages_cards_and_paper_show_the_same_totals(generated):
    """The overview, each stage's scoring page, the workbook and the PDF of every so-manieth assessment."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(generated.admin)
    sheets = [(kind, sheet) for kind in generated.kinds for sheet in told(kind)]
    assessments = {sheet.assessment.pk: [] for _kind, sheet in sheets}
    for _kind, sheet in sheets:
        assessments[sheet.assessment.pk].append(sheet)
    apart = max(1, len(assessments) // CARDS)
    for count, (pk, stages) in enumerate(list(assessments.items())[::apart]):
        totals = [text(sheet.total) for sheet in stages]
        overview = client.get(reverse("assessments:detail", args=[pk])).content.decode()
        assert re.findall(r'<b>([^<]*)</b><span class="of"> /', overview) == [one for one in totals if one]
        for sheet in stages:
            page = client.get(reverse("assessments:sheet", args=[pk, sheet.stage])).content.decode()
            assert re.search(r'<b data-sum="points">([^<]*)</b>', page)[1] == (text(sheet.total) or "–")
        assessment = Assessment.objects.select_related("rubric__document", "kind", "cycle").get(pk=pk)
        table = scorecard(assessment, [sheet.stage for sheet in stages])
        printed = [cell.text.partition("/")[0] for cell in table.rows[-1].cells if cell.role == Role.SCORE]
        assert printed == totals[: len(printed)]
        given = [one for one in totals[: len(printed)] if one]
        assert card_totals(excel.render(table), table, len(given)) == given
        if count < PDFS:
            line = "".join(bare(cell.text) for cell in table.rows[-1].cells)
            pages = PdfReader(BytesIO(pdf.render(table))).pages
            assert line in bare("".join(page.extract_text() for page in pages))


def card_totals(content, table, stages):
    """The scores of the table's last row in the workbook: its last numbers, one for each stage."""
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    last = int(sheet.print_title_rows.split("$")[-1]) + len(table.rows)
    numbers = [cell.value for cell in sheet[last] if isinstance(cell.value, int | float)]
    return [format_points(Decimal(str(one))) for one in numbers[len(numbers) - stages :]]


def test_rankings_and_statistics_are_those_of_the_raw_marks(generated):
    client = Client(headers={"accept-language": "en"})
    client.force_login(generated.admin)
    for kind in generated.kinds:
        official = {}
        for sheet in told(kind):
            official[sheet.assessment.name] = sheet.total  # the last stage counts
        ranked = {name: total for name, total in official.items() if total is not None}
        answer = client.get(reverse("reports:ranking_xlsx", args=[kind.cycle_id]), {"kind": kind.kind_id})
        book = load_workbook(BytesIO(b"".join(answer))).worksheets[0]
        lines = [line[:4] for line in book.iter_rows(min_row=4, values_only=True)]
        places = {name: 1 + sum(other > total for other in ranked.values()) for name, total in ranked.items()}
        assert {(line[0], line[1], line[3]) for line in lines} == {
            (places[name], name, float(total)) for name, total in ranked.items()
        }
        page = client.get(reverse("reports:statistics", args=[kind.cycle_id]), {"kind": kind.kind_id})
        by_kind = {line.cells[0]: line.cells for line in page.context["parts"][0].lines}[kind.kind.name]
        assert by_kind[1] == len(ranked)
        assert abs(float(by_kind[2]) - fmean(float(total) for total in ranked.values())) <= 0.005001


def test_a_published_result_reads_the_same_everywhere():
    """Ranking and its workbook, grading and its workbook, notice and its PDF, and the file of all marks."""
    cast = make.cast(rubric=make.small_rubric(stages=2, bands=make.STARS))
    notice = make.publish_cycle(cast)
    one = cast.now()
    points = format_points(one.points)
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.admin)
    row = newest(cast.cycle).rows.get(assessment=one)
    assert (row.points, bool(row.awarded)) == (one.points, True)

    ranking = client.get(reverse("reports:ranking", args=[cast.cycle.pk]))
    assert [cell.text for cell in ranking.context["rows"][0]][:4:3] == ["1", points]
    assert book_line(client, "ranking_xlsx", cast, one.name)[3] == float(one.points)
    grading = client.get(reverse("grading:table", args=[cast.cycle.pk])).content.decode()
    assert f"{points} / {format_points(row.maximum)}" in grading
    graded = book_line(client, "grading_xlsx", cast, one.name)
    assert (graded[1], graded[5], graded[9]) == (1, float(one.points), row.awarded)
    public = Client().get(reverse("public_notice", args=[notice.key])).content.decode()
    for words in (one.name, points, row.awarded):
        assert words in public
    paper = Client().get(reverse("reports:notice_pdf", args=[notice.key]))
    printed = bare("".join(page.extract_text() for page in PdfReader(BytesIO(paper.getvalue())).pages))
    assert bare(f"{one.name}{points}") in printed
    assert row.awarded in printed


def book_line(client, name, cast, organization):
    answer = client.get(reverse(f"reports:{name}", args=[cast.cycle.pk]))
    lines = load_workbook(BytesIO(b"".join(answer))).worksheets[0].iter_rows(min_row=4, values_only=True)
    return next(line for line in lines if organization in line)
