"""What is claimed one by one: each claim with its occasion, day and proof; what is scored is how many there are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate

from assessments import services
from assessments.claims import Claimed, TypedClaim
from assessments.fields import fields_of, typed_in
from assessments.models import Claim, Evidence, MarkRevision
from assessments.results import Content, read_marks
from assessments.services import MarksRefused, Refused, Typed
from assessments.workflow import Stage, State
from reports.tables import scorecard
from rubrics.rows import rows
from tests import factories as make
from tests.assessments.offline.books import Person

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

D = Decimal
SELF, ASSESS = Stage.SELF, Stage.ASSESS
KEY = "3-3"
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
YEAR = localdate().year - 1
CITY = TypedClaim("city", "全市工会工作会议交流", f"{YEAR}-03-01", "会议通知")
PROVINCE = TypedClaim("province", "全省现场会介绍", f"{YEAR}-06-18")
CITY_SAYS, PROVINCE_SAYS = (
    f"数量 city：全市工会工作会议交流，{YEAR}-03-01（会议通知）",
    f"数量 province：全省现场会介绍，{YEAR}-06-18",
)


@pytest.fixture
def cast():
    return make.cast(rubric=make.small_rubric(items=make.EVERY_CLAIM))


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def claim(cast, by, stage, *claims, **said):
    return make.save(by, cast.assessment, stage, KEY, claims=claims, **said)


def content(cast, stage=SELF):
    sheet = cast.assessment.sheets.get(stage=stage)
    found = read_marks(cast.rubric, [sheet])[sheet.pk].get(KEY)
    return found.content if found else Content()


def as_(user, *, script=False):
    client = Client(headers={"accept": "application/json"} if script else None)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.force_login(user)
    return client


def at(cast, stage):
    return reverse("assessments:sheet", args=[cast.assessment.pk, stage])


def item_at(cast, stage):
    return reverse("assessments:save_item", args=[cast.assessment.pk, stage, KEY])


def attached(cast, key=KEY, name="会议通知.pdf", content=PDF):
    upload = SimpleUploadedFile(name, content)
    return services.attach(make.again(cast.clerk), cast.assessment, SELF, key, upload)


def lines(*claims, first=0, **extra):
    """The fields of so many lines."""
    found = {}
    for number, one in enumerate(claims, first):
        values = zip("modpf", (one.measure, one.occasion, one.day, one.proof, one.file), strict=True)
        found |= {f"k-{KEY}-{number}-{letter}": value for letter, value in values}
    return found | {f"k-{KEY}-{name}": value for name, value in extra.items()}


# --- What a save makes of them ---


def test_what_is_scored_is_how_many_claims_name_each_level(cast):
    saved = claim(cast, cast.clerk, SELF, PROVINCE, TypedClaim(), CITY)
    assert content(cast) == Content(
        counts={"city": D(1), "province": D(1)},
        claims=(
            Claimed("city", "全市工会工作会议交流", date(YEAR, 3, 1), "会议通知"),
            Claimed("province", "全省现场会介绍", date(YEAR, 6, 18)),
        ),
    )
    assert (saved.sheet.bonus, saved.sheet.points) == (3, 3)  # the highest only
    revision = MarkRevision.objects.get()
    assert (revision.counts, revision.claims) == ("", f"{CITY_SAYS}\n{PROVINCE_SAYS}")

    assert claim(cast, cast.chair, SELF, CITY, PROVINCE).contents == {}  # in whatever order they stand
    saved = claim(cast, cast.chair, SELF)
    assert (saved.sheet.bonus, saved.sheet.points, Claim.objects.count()) == (0, None, 0)
    assert list(MarkRevision.objects.order_by("version").values_list("version", flat=True)) == [1, 2]
    page = as_(cast.clerk).get(reverse("assessments:item_history", args=[cast.assessment.pk, SELF, KEY]))
    assert f"{CITY_SAYS}<br>{PROVINCE_SAYS}" in page.content.decode()


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        ([TypedClaim("city", " ", f"{YEAR}-03-01")], "claim 1: say what was shared"),
        (
            [CITY, TypedClaim("", "会议", f"{YEAR}-03-01")],
            "claim 2: choose exactly one of these levels: 数量 city、",
        ),
        ([TypedClaim("village", "全村会议", f"{YEAR}-03-01")], "claim 1: choose exactly one of these levels"),
        ([TypedClaim("city", "全市会议", "")], "claim 1: give the day"),
        ([TypedClaim("city", "全市会议", f"{YEAR}-02-30")], "claim 1: give the day"),
        ([TypedClaim("city", "全市会议", f"{YEAR + 2}-03-01")], f"claim 1: {YEAR + 2}-03-01 has not come yet"),
        ([TypedClaim("city", "全市会议", f"{YEAR - 90}-03-01")], "is too long ago"),
        ([TypedClaim("city", "长" * 201, f"{YEAR}-03-01")], "at most 200 characters"),
        ([CITY, CITY], "“全市工会工作会议交流” is claimed twice"),
        ([TypedClaim("city", f"会议{n}", f"{YEAR}-03-01") for n in range(51)], "at most 50 claims"),
        ([TypedClaim("city", "全市会议", f"{YEAR}-03-01", file="7")], "is not among the evidence of this item"),
        ([TypedClaim("city", "全市会议", f"{YEAR}-03-01", file="x")], "is not among the evidence of this item"),
    ],
)
def test_a_claim_that_can_not_stand_is_told_why_and_nothing_is_written(cast, claims, told):
    claim(cast, cast.clerk, SELF, PROVINCE)
    before = make.snapshot(cast.assessment)
    with pytest.raises(MarksRefused) as refused:
        claim(cast, cast.clerk, SELF, *claims)
    assert told in refused.value.errors[KEY]
    assert make.snapshot(cast.assessment) == before


def test_who_does_not_see_the_claims_leaves_them_as_they_stand(cast):
    claim(cast, cast.clerk, SELF, CITY)
    make.save(cast.chair, cast.assessment, SELF, KEY, remark="好")
    assert (len(content(cast).claims), content(cast).remark) == (1, "好")
    with pytest.raises(MarksRefused) as refused:
        make.save(cast.chair, cast.assessment, SELF, KEY, counts={"city": "2"})
    assert "claimed one by one, on the scoring page" in refused.value.errors[KEY]
    (row,) = (row for row in rows(cast.rubric) if row.key == KEY)
    for claims in (None, (), (CITY, PROVINCE)):
        typed = Typed(KEY, version=3, claims=claims)
        assert typed_in(fields_of(row, typed), [row])[0].claims == claims


def test_whoever_overlooked_other_claims_gets_both(cast):
    claim(cast, cast.clerk, SELF, CITY)
    claim(cast, cast.chair, SELF, CITY, PROVINCE)
    late = {"version": 1}
    assert claim(cast, cast.clerk, SELF, CITY, **late).contents == {}  # left as they saw it
    with pytest.raises(MarksRefused) as refused:
        claim(cast, cast.clerk, SELF, PROVINCE, **late)
    assert len(refused.value.conflicts[KEY].content.claims) == 2
    answer = as_(cast.clerk, script=True).post(item_at(cast, SELF), {f"v-{KEY}": "1"} | lines(PROVINCE))
    assert answer.status_code == 409
    assert answer.json()["conflict"] == f"{CITY_SAYS}；{PROVINCE_SAYS}"


# --- Proof ---


def test_a_file_of_the_item_proves_a_claim_and_stays_as_long(cast):
    file, other = attached(cast), attached(cast, key="1-1")
    with pytest.raises(MarksRefused) as refused:
        claim(cast, cast.clerk, SELF, TypedClaim("city", "全市会议", f"{YEAR}-03-01", file=str(other.pk)))
    assert "not among the evidence" in refused.value.errors[KEY]
    claim(cast, cast.clerk, SELF, TypedClaim("city", "全市会议", f"{YEAR}-03-01", file=str(file.pk)))
    assert MarkRevision.objects.get().claims == f"数量 city：全市会议，{YEAR}-03-01（会议通知.pdf）"
    with pytest.raises(Refused, match="proves a claim"):
        services.remove(make.again(cast.clerk), file)

    make.bring_to(cast, State.ASSESSING)
    services.adopt_marks(make.again(cast.assessor), cast.assessment, ASSESS)
    assert content(cast, ASSESS).claims == content(cast).claims
    claim(cast, cast.assessor, ASSESS)
    assert Evidence.objects.get(pk=file.pk).removed_at is None


# --- The pages ---


def test_the_page_saves_lines_and_keeps_what_it_refuses(cast):
    page = as_(cast.clerk)
    half = TypedClaim("nation", "全国会议<交流>", "")
    refused = page.post(at(cast, SELF), {f"v-{KEY}": "0"} | lines(CITY, half, TypedClaim()))
    html = refused.content.decode()
    assert refused.status_code == 422
    assert "claim 2: give the day" in html
    for kept in ("全市工会工作会议交流", "全国会议&lt;交流&gt;", f'name="k-{KEY}-2-o" value=""'):
        assert kept in html
    assert f'name="k-{KEY}-3-o"' not in html
    assert Claim.objects.count() == 0

    assert page.post(at(cast, SELF), {f"v-{KEY}": "0"} | lines(CITY, PROVINCE)).status_code == 302
    struck = page.post(at(cast, SELF), {f"v-{KEY}": "1"} | lines(CITY, PROVINCE, **{"0-x": "on"}))
    assert (struck.status_code, [one.measure for one in content(cast).claims]) == (302, ["province"])

    script = as_(cast.clerk, script=True)
    answer = script.post(item_at(cast, SELF), {f"v-{KEY}": "2"} | lines(PROVINCE, half))
    assert (answer.status_code, "give the day" in answer.json()["error"]) == (422, True)
    answer = script.post(item_at(cast, SELF), {f"v-{KEY}": "2"} | lines(PROVINCE, CITY, TypedClaim()))
    assert (answer.json()["worth"], answer.json()["sums"]["points"]) == ("+3", "3")


def test_the_assessor_ticks_what_is_recognised(cast):
    claim(cast, cast.clerk, SELF, CITY, PROVINCE)
    make.bring_to(cast, State.ASSESSING)
    own = [make.snapshot(cast.assessment)[name] for name in ("claims", "counts")]
    page = as_(cast.assessor)
    html = page.get(at(cast, ASSESS)).content.decode()
    assert html.count(CITY_SAYS) == html.count(PROVINCE_SAYS) == 1
    assert f'name="k-{KEY}-1-t"' in html
    offered = lines(CITY, PROVINCE, **{"0-s": "1", "1-s": "1"})

    page.post(at(cast, ASSESS), {f"v-{KEY}": "0"} | offered)
    assert content(cast, ASSESS).blank
    nation = TypedClaim("nation", "全国简报", f"{YEAR}-07-01")
    answer = as_(cast.assessor, script=True).post(
        item_at(cast, ASSESS), {f"v-{KEY}": "0", f"k-{KEY}-0-t": "on"} | offered | lines(nation, first=2)
    )
    assert answer.json()["worth"] == "+5"
    assert [one.measure for one in content(cast, ASSESS).claims] == ["city", "nation"]
    html = page.get(at(cast, ASSESS)).content.decode()
    assert f'name="k-{KEY}-0-t" checked' in html
    assert f'name="k-{KEY}-1-t" checked' not in html
    assert html.count("全国简报") == 1
    stored = [make.snapshot(cast.assessment)[name] for name in ("claims", "counts")]
    assert [one[: len(was)] for one, was in zip(stored, own, strict=True)] == own  # the self sheet stays as it was


def test_what_is_claimed_costs_the_page_one_query(cast):
    make.fill(cast.clerk, cast.assessment, SELF)
    queries = []
    for claims in ((CITY,), (CITY, PROVINCE, TypedClaim("nation", "全国简报", f"{YEAR}-07-01"))):
        claim(cast, cast.clerk, SELF, *claims)
        client = as_(cast.clerk)
        client.get(at(cast, SELF))
        with CaptureQueriesContext(connection) as found:
            assert client.get(at(cast, SELF)).status_code == 200
        queries.append(len(found))
    assert queries[0] == queries[1] <= 12


def test_the_table_of_the_item_shows_them_and_leads_to_the_sheet(cast):
    claim(cast, cast.clerk, SELF, CITY)
    make.bring_to(cast, State.ASSESSING)
    claim(cast, cast.assessor, ASSESS, PROVINCE)
    url = reverse("assessments:by_item", args=[cast.cycle.pk, cast.rubric.pk, KEY])
    html = as_(cast.assessor).get(url).content.decode()
    assert CITY_SAYS in html
    assert PROVINCE_SAYS in html
    assert f'<a href="{at(cast, ASSESS)}#item-{KEY}">Claims are entered on the scoring page</a>' in html
    pk = cast.assessment.pk
    assert as_(cast.assessor).post(url, {f"v-{pk}": "1", f"r-{pk}": "属实"}).status_code == 302
    assert (content(cast, ASSESS).remark, len(content(cast, ASSESS).claims)) == ("属实", 1)


def test_a_workbook_leaves_them_as_they_stand(cast):
    """It has no cells for them, says where they are entered, and takes the other items."""
    claim(cast, cast.clerk, SELF, CITY)
    clerk = Person(cast.clerk, cast.now(), SELF)
    book = clerk.download()
    told = {str(cell.value) for row in book.form.iter_rows() for cell in row}
    assert "在评分页面逐项申报，每项写明事由、日期和佐证" in told
    book["p-1-1"] = 4
    claim(cast, cast.chair, SELF, CITY, PROVINCE)  # meanwhile
    clerk.confirm(clerk.upload(book))
    assert (len(content(cast).claims), cast.assessment.sheets.get(stage=SELF).points) == (2, 7)
    preview = clerk.paste(f"编号\t得分\n1-1\t3\n{KEY}\t5")
    assert {entry.row.key: entry.fate for entry in preview.context["difference"].entries} == {
        "1-1": "changed",
        KEY: "refused",
    }
    assert "claimed one by one, on the scoring page" in preview.content.decode()


def test_the_card_tells_each_claim(cast):
    claim(cast, cast.clerk, SELF, CITY, PROVINCE, remark="材料见附件")
    card = scorecard(cast.now(), [SELF])
    assert [one.text for one in card.remarks] == [CITY_SAYS, PROVINCE_SAYS, "材料见附件"]
