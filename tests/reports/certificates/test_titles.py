"""Certificates of titles: who has one, what it says, who may have those of a round, and that workers make the same."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext
from pypdf import PdfReader

from assessments.models import Ladder, Title
from assessments.services import Refused, awards
from reports.certificates import printing, titles, views
from reports.exports.certificates import TITLES
from reports.models import Export
from reports.official.values import written
from tests.assessments.awards import scene as set_up
from tests.factories import again

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

WORKERS = "jiangsu-worker"


@pytest.fixture
def here(db):
    return set_up.scene()


def given(here, award_round, organization, code="city-model", **said):
    return awards.award(again(here.reviewer), set_up.proposed(here, award_round, organization, code, **said))


def words(content):
    return ["".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages]


def ask(client, user, name, pk):
    client.force_login(user)
    call = client.post if name == "title_certificates" else client.get
    return call(reverse(f"reports:{name}", args=[pk]))


def test_says_who_gave_what_to_whom_and_leads_to_no_page(here):
    home = set_up.opened(here)
    persons = set_up.opened(here, name="个人评选", ladder=Ladder.objects.exclude(pk=home.ladder_id).get())
    own = given(here, home, here.base)
    code = persons.ladder.rungs.get(position=1).code
    hers = given(here, persons, here.base, code, person="王𠮷㐂")
    found = [titles.certificate_of(titles.certified().get(pk=title.pk)) for title in (own, hers)]
    assert [(one.name, one.honour, one.issuer, one.address, one.stars) for one in found] == [
        ("盛泽丝绸工会", "市级模范职工之家", "苏州市总工会", "", 0),
        ("盛泽丝绸工会 王𠮷㐂同志", hers.rung.name, "苏州市总工会", "", 0),
    ]
    assert found[0].serial == f"{own.awarded_on.year}-R{home.pk:03d}-{own.pk:06d}"
    one, two = words(printing.render(found))
    for page, title, name in ((one, own, "第一轮评选"), (two, hers, "个人评选")):
        for said in (title.rung.name, "盛泽丝绸工会", "苏州市总工会", name, written(title.awarded_on)):
            assert said in page
    assert "王𠮷㐂" in two
    assert "http" not in one + two


def test_one_by_one_for_who_reads_the_titles_and_all_of_a_round_as_its_page_shows_them(client, here):
    award_round = set_up.opened(here)
    first, second, far = (given(here, award_round, each) for each in (here.base, here.other, here.far))
    set_up.titled(here, here.other, "province-model")
    mine = ask(client, here.chair, "title_certificate", first.pk)
    assert (mine.status_code, mine["Content-Type"], len(words(mine.content))) == (200, "application/pdf", 1)
    page = client.get(reverse("awards:organization", args=[here.base.pk])).content.decode()
    assert reverse("reports:title_certificate", args=[first.pk]) in page
    assert ask(client, here.stranger, "title_certificate", first.pk).status_code == 404
    from_before = Title.objects.get(round=None)
    assert ask(client, here.admin, "title_certificate", from_before.pk).status_code == 404
    read = {
        name: len(words(ask(client, user, "title_certificates", award_round.pk).content))
        for name, user in (("city", here.auditor), ("county", here.county_admin), ("chair", here.chair))
    }
    assert read == {"city": 3, "county": 2, "chair": 1}
    awards.revoke_title(again(here.reviewer), second, "复查不合格")
    assert ask(client, here.admin, "title_certificate", second.pk).status_code == 404
    assert len(words(ask(client, here.reviewer, "title_certificates", award_round.pk).content)) == 2
    assert far.organization.name in words(ask(client, here.stranger, "title_certificates", award_round.pk).content)[0]


def test_many_are_made_by_the_workers_and_are_the_same(client, here, monkeypatch, tmp_path):
    award_round = set_up.opened(here)
    for each in (here.base, here.other, here.far):
        given(here, award_round, each)
    at_once = words(ask(client, here.reviewer, "title_certificates", award_round.pk).content)
    monkeypatch.setattr(views, "AT_ONCE", 2)
    ordered = ask(client, here.reviewer, "title_certificates", award_round.pk)
    (export,) = Export.objects.all()
    assert ordered["Location"] == reverse("reports:export", args=[export.pk])
    assert (export.kind, export.total) == ("title_certificates", 3)
    reviewer, paths = again(here.reviewer), [tmp_path / "1", tmp_path / "2"]
    found = list(TITLES.units(reviewer, export.asked))
    for path, part in zip(paths, (found[:2], found[2:]), strict=True):
        TITLES.make(reviewer, export.asked, part, path)
    TITLES.join(export.asked, paths, tmp_path / "whole")
    assert words((tmp_path / "whole").read_bytes()) == at_once
    awards.revoke_title(again(here.reviewer), Title.objects.get(pk=found[0]), "复查不合格")
    with pytest.raises(Refused, match="有称号已被撤销"):
        TITLES.make(reviewer, export.asked, found[:2], paths[0])
    with pytest.raises(PermissionDenied):
        TITLES.units(again(set_up.make.person()), export.asked)


def test_a_round_that_gave_nothing_says_so(client, here):
    award_round = set_up.opened(here)
    set_up.proposed(here, award_round, here.base)
    client.force_login(here.reviewer)
    page = client.get(reverse("awards:round", args=[award_round.pk])).content.decode()
    assert reverse("reports:title_certificates", args=[award_round.pk]) not in page
    told = client.post(reverse("reports:title_certificates", args=[award_round.pk]), follow=True).content.decode()
    assert gettext("There is nothing to put into the file.") in told
