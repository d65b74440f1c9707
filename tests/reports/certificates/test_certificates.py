"""Certificates: who gets one, what stands on it, and that many are made by the workers and are the same."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from pypdf import PdfReader

from assessments import publications
from assessments.models import Cycle, SnapshotRow
from assessments.services import WrongState, publishing
from reports.certificates import printing, stars, views
from reports.exports.certificates import STARS
from reports.models import Export
from reports.official.values import written
from tests.factories import again, run_out
from tests.reports.results import published
from tests.reports.standings.scene import finish

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SITE = "https://kaoping.example"


def close(city):
    run_out(publications.newest(city.cycle).notice)
    publishing.close_cycle(again(city.people["reviewer"]), city.cycle)
    city.cycle = Cycle.objects.get(pk=city.cycle.pk)
    return stars.final_results(city.cycle)


def made(results):
    return printing.certificates_of(results, results.rows, lambda path: f"{SITE}{path}")


def pages(content):
    return ["".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages]


def ask(client, city, who, name, pk):
    client.force_login(city.people[who])
    return client.get(reverse(f"reports:{name}", args=[pk]))


def test_each_says_what_the_last_results_award(city):
    published(city)
    with pytest.raises(WrongState):
        stars.final_results(city.cycle)
    results = close(city)
    snapshot, found = results.snapshot, made(results)
    assert [(one.name, one.honour, one.stars) for one in found] == [
        ("甲", "五星", 5),
        ("乙", "五星", 5),
        ("丙", "四星", 4),
    ]
    first = found[0]
    row = snapshot.rows.get(name="甲")
    assert first.serial == f"2026-{city.cycle.pk:03d}-{row.assessment_id:06d}"
    assert first.address == f"{SITE}/notices/{snapshot.notice.key}/"
    with translation.override("zh-hans"):
        titles = [gettext("Certificate of stars"), gettext("This certificate is hereby issued.")]
    told = pages(printing.render(found))
    assert len(told) == 3
    for one, page in zip(found, told, strict=True):
        for words in (
            *titles,
            one.serial,
            one.name,
            one.honour,
            city.cycle.name,
            one.issuer,
            written(timezone.localdate()),
        ):
            assert "".join(words.split()) in page, words
    assert "丁" not in "".join(told)
    assert "戊" not in "".join(told)


def test_what_a_correction_took_away_is_on_none(client, city):
    snapshot = published(city).snapshot
    held = set(stars.Stars(snapshot).rows.values_list("name", flat=True))
    finish(city, "丙", "50", "99")
    published(city, reason="更正")
    assert held == {"甲", "乙", "丙"}
    assert [one.name for one in made(close(city))] == ["甲", "乙"]
    gone = city.cycle.assessments.get(name="丙")
    assert ask(client, city, "reviewer", "certificate", gone.pk).status_code == 404


def test_limited_by_the_quota_gets_the_band_that_was_awarded(city):
    published(city)
    results = close(city)
    QuerySet(SnapshotRow).filter(snapshot=results.snapshot, name="乙").update(
        awarded="四星", awarded_rank=4, limited=True
    )
    assert [(one.name, one.stars) for one in made(results)] == [("甲", 5), ("乙", 4), ("丙", 4)]


def test_one_by_one_for_the_organisation_and_all_for_who_decides(client, city, monkeypatch):
    published(city)
    own = city.cycle.assessments.get(name="甲")
    assert ask(client, city, "clerk", "certificate", own.pk).status_code == 409
    close(city)
    mine = ask(client, city, "clerk", "certificate", own.pk)
    assert (mine.status_code, mine["Content-Type"], len(pages(mine.content))) == (200, "application/pdf", 1)
    assert ask(client, city, "stranger", "certificate", own.pk).status_code == 404
    client.force_login(city.people["clerk"])
    shown = client.get(reverse("assessments:detail", args=[own.pk])).content.decode()
    assert reverse("reports:certificate", args=[own.pk]) in shown
    address = reverse("reports:certificates", args=[city.cycle.pk])
    assert client.post(address).status_code == 403
    client.force_login(city.people["auditor"])
    assert len(pages(client.post(address).content)) == 3
    monkeypatch.setattr(views, "AT_ONCE", 2)
    ordered = client.post(address)
    (export,) = Export.objects.all()
    assert ordered["Location"] == reverse("reports:export", args=[export.pk])
    assert (export.kind, export.total) == ("certificates", 3)


def test_the_workers_make_the_same_in_parts(city, tmp_path):
    published(city)
    asked = {"cycle": city.cycle.pk, "site": f"{SITE}/"}
    with pytest.raises(WrongState):
        STARS.units(again(city.people["admin"]), asked)
    results = close(city)
    admin = again(city.people["admin"])
    found = list(STARS.units(admin, asked))
    parts = [tmp_path / "1", tmp_path / "2"]
    for path, part in zip(parts, (found[:2], found[2:]), strict=True):
        STARS.make(admin, asked, part, path)
    STARS.join(asked, parts, tmp_path / "whole")
    assert pages((tmp_path / "whole").read_bytes()) == pages(printing.render(made(results)))
    for who in ("clerk", "stranger", "east"):
        with pytest.raises(PermissionDenied):
            STARS.units(again(city.people[who]), asked)
    assert STARS.per_part == 50
