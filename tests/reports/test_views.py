"""Who may take which card home, and how it arrives."""

from io import BytesIO
from urllib.parse import unquote

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from assessments.workflow import State
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SUFFIXES = ("pdf", "xlsx")
TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@pytest.fixture
def cast():
    return make.cast()


def get(client, user, name, pk):
    if user:
        client.force_login(user)
    return client.get(reverse(f"reports:{name}", args=[pk]))


def numbers(response):
    """The score columns of the small rubric's total row."""
    sheet = load_workbook(BytesIO(response.content)).worksheets[0]
    row = int(sheet.print_title_rows.split("$")[-1]) + 11
    return [sheet.cell(row, column).value for column in (2, 3, 4)]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("clerk", 200),
        ("chair", 200),
        ("assessor", 200),
        ("reviewer", 200),
        ("admin", 200),
        ("auditor", 200),
        ("stranger", 404),
        ("unposted", 404),
        ("superuser", 404),
    ],
)
def test_who_gets_a_scorecard(client, cast, suffix, who, status):
    response = get(client, cast.everyone[who], f"scorecard_{suffix}", cast.assessment.pk)
    assert response.status_code == status


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("name", ["scorecard", "form"])
def test_nobody_gets_anything_without_logging_in(client, cast, suffix, name):
    pk = cast.assessment.pk if name == "scorecard" else cast.rubric.pk
    response = get(client, None, f"{name}_{suffix}", pk)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("login"))


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("name", ["scorecard", "form"])
def test_what_is_not_there_is_not_found(client, cast, suffix, name):
    assert get(client, cast.clerk, f"{name}_{suffix}", 999_999).status_code == 404


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("who", ["clerk", "stranger", "unposted", "superuser"])
def test_everybody_gets_a_blank_form(client, cast, suffix, who):
    response = get(client, cast.everyone[who], f"form_{suffix}", cast.rubric.pk)
    assert response.status_code == 200
    assert response["Content-Type"] == TYPES[suffix]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_draft_without_columns_has_no_form(client, cast, suffix):
    draft = make.small_rubric()
    draft.columns.all().delete()
    assert get(client, cast.clerk, f"form_{suffix}", draft.pk).status_code == 404


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_posting_is_refused(client, cast, suffix):
    client.force_login(cast.clerk)
    assert client.post(reverse(f"reports:scorecard_{suffix}", args=[cast.assessment.pk])).status_code == 405


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_card_is_a_file_with_a_chinese_name(client, cast, suffix):
    response = get(client, cast.clerk, f"scorecard_{suffix}", cast.assessment.pk)
    kind, _, name = response["Content-Disposition"].partition("; filename*=utf-8''")
    assert kind == "attachment"
    assert unquote(name) == f"{cast.township.name}_{cast.rubric.title}_2026.{suffix}"
    assert response["Content-Type"] == TYPES[suffix]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


def test_a_name_that_no_system_takes_is_mended(client, cast):
    cast.assessment.name = '某/街道\\总:工*会?"<>|\n'
    cast.assessment.save()
    response = get(client, cast.clerk, "scorecard_xlsx", cast.assessment.pk)
    name = unquote(response["Content-Disposition"].partition("''")[2])
    assert name == f"某 街道 总 工 会_{cast.rubric.title}_2026.xlsx"


def test_the_unit_sees_later_stages_only_when_all_is_final(client, cast):
    make.bring_to(cast, State.REVIEWING)
    unit = numbers(get(client, make.again(cast.clerk), "scorecard_xlsx", cast.assessment.pk))
    assert unit[0] is not None
    assert unit[1:] == [None, None]
    assessor = numbers(get(client, make.again(cast.assessor), "scorecard_xlsx", cast.assessment.pk))
    assert assessor[1] is not None
    assert assessor[2] is None
    make.bring_to(cast, State.FINAL)
    assert None not in numbers(get(client, make.again(cast.clerk), "scorecard_xlsx", cast.assessment.pk))


def test_nobody_sees_an_open_sheet_of_others(client, cast):
    for who in ("assessor", "reviewer", "auditor"):
        response = get(client, cast.everyone[who], "scorecard_xlsx", cast.assessment.pk)
        assert numbers(response) == [None, None, None]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_screens_language_does_not_change_a_card(client, cast, suffix, language):
    client.cookies["django_language"] = language
    response = get(client, cast.clerk, f"scorecard_{suffix}", cast.assessment.pk)
    assert response.status_code == 200
    if suffix == "pdf":
        assert PdfReader(BytesIO(response.content)).trailer["/Root"]["/Lang"] == "zh-CN"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_queries_do_not_grow_with_the_rubric(client, suffix, django_assert_max_num_queries):
    casts = [make.cast(rubric=make.long_rubric(items)) for items in (5, 60)]
    for cast in casts:  # what is read once in a process
        get(client, cast.assessor, f"scorecard_{suffix}", cast.assessment.pk)
    for cast in casts:
        client.force_login(cast.assessor)
        # session, person, posts, assessment, sheets, marks; who wrote the self sheet
        with django_assert_max_num_queries(7):
            client.get(reverse(f"reports:scorecard_{suffix}", args=[cast.assessment.pk]))
