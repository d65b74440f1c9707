"""A large population is frozen by a worker: what stands meanwhile, what becomes of it, and a worker that is killed."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from assessments.draws.drawn import checks
from assessments.models import Draw, DrawMember, DrawState
from assessments.services import WrongState, draws
from assessments.services.draws import freezing
from assessments.services.locking import locked_cycle
from orgs.models import Membership
from tests import factories as make
from tests.assessments.draws import hold
from tests.orgs.background.workers import Worker, until


@pytest.fixture
def large(settings, monkeypatch):
    """Every population is large, and workers begin when the test does."""
    settings.BACKGROUND_INLINE = False
    monkeypatch.setattr(freezing, "AT_ONCE", 0)


@pytest.fixture
def people(db):
    return hold.finished()


def ordered(people, **changes):
    return draws.freeze_population(make.again(people.reviewer), hold.seeded(people, **changes))


def as_(user):
    client = Client()
    client.force_login(user)
    return client


def url(name, draw):
    return reverse(name, args=[draw.pk])


@pytest.mark.any_database
def test_a_large_population_is_frozen_as_a_small_one(people, monkeypatch):
    small = hold.frozen(people)
    monkeypatch.setattr(freezing, "AT_ONCE", 3)
    draw = ordered(people)
    assert (draw.state, draw.digest, draw.frozen_by) == ("frozen", small.digest, people.reviewer)
    told = [list(one.members.order_by("key").values_list("key", "stratum", "rank")) for one in (small, draw)]
    assert told[0] == told[1]
    assert all(one.agrees for one in checks(draw))


@pytest.mark.any_database
def test_meanwhile_the_draw_stands_still_and_its_page_says_so(people, large):
    draw = hold.seeded(people)
    reviewer, client = make.again(people.reviewer), as_(people.reviewer)
    draws.exclude(reviewer, draw, people.assessment, "上月刚检查过")
    page = client.post(url("draws:freeze", draw), follow=True)
    draw.refresh_from_db()
    assert (draw.state, draw.digest, draw.members.count(), OrmQ.objects.count()) == ("freezing", "", 1, 1)
    assert page.redirect_chain[-1][0] == url("draws:population", draw)
    for words in ("The population is being frozen", '<meta http-equiv="refresh"', "No worker is running"):
        assert words in page.content.decode()
    refused = (
        lambda: draws.freeze_population(reviewer, draw),
        lambda: draws.exclude(reviewer, draw, people.assessment, "别的"),
        lambda: draws.include(reviewer, draw, people.assessment),
        lambda: draws.draw_names(reviewer, draw),
        lambda: draws.redraw(reviewer, draw, [], "撤销"),
    )
    for act in refused:
        with pytest.raises(WrongState, match="Population being frozen"):
            act()
    needs_it = ("draws:detail", "draws:population_file", "draws:verify", "draws:comparison", "reports:draw_record")
    for name in needs_it:
        assert client.get(url(name, draw)).url == url("draws:population", draw), name
    draws.progress_of(draw).report(4, 4)
    assert "4 of 4 written down" in client.get(url("draws:population", draw)).content.decode()
    freezing.freeze(draw.pk)
    draw.refresh_from_db()
    assert (draw.state, draw.members.count(), draw.members.exclude(excluded_for="").count()) == ("frozen", 4, 1)
    digest = draw.digest
    freezing.freeze(draw.pk)
    freezing.failed(draw.pk)
    draw.refresh_from_db()
    assert (draw.state, draw.digest) == ("frozen", digest), "handed out twice, it is done once"


@pytest.mark.any_database
def test_who_does_not_want_to_wait_stops_it(people, large):
    draw = ordered(people)
    client = as_(people.admin)
    page = client.post(url("draws:stop_freezing", draw), follow=True).content.decode()
    assert "Freeze the population" in page
    freezing.freeze(draw.pk)
    draw.refresh_from_db()
    assert (draw.state, draw.frozen_by, draw.members.count()) == ("seeded", None, 0)
    draws.draw_names(make.again(people.admin), hold.frozen_now(people, draw))
    with pytest.raises(WrongState):
        draws.stop_freezing(make.again(people.admin), draw)


@pytest.mark.any_database
@pytest.mark.parametrize("why", ["nobody", "rights", "closed", "broken"])
def test_where_it_can_not_be_frozen_the_page_says_why(people, large, why):
    draw = ordered(people)
    said = {
        "nobody": "Nobody is left to draw from.",
        "rights": "Reviewers and administrators of the deciding union draw.",
        "closed": "The cycle was closed meanwhile",
        "broken": "Something went wrong on the server; nothing was frozen.",
    }
    if why == "nobody":
        for one in people.cycle.assessments.all():
            DrawMember.objects.create(draw=draw, assessment=one, key=str(one.pk), name=one.name, excluded_for="撤销")
    elif why == "rights":
        Membership.objects.filter(user=people.reviewer).delete()
    elif why == "closed":
        people.cycle.closed_at, people.cycle.closed_by = timezone.now(), people.admin
        people.cycle.save()
    before = draw.members.count()
    (freezing.failed if why == "broken" else freezing.freeze)(draw.pk)
    draw.refresh_from_db()
    assert (draw.state, draw.digest, draw.frozen_by, draw.members.count()) == ("seeded", "", None, before)
    page = as_(people.admin).get(url("draws:population", draw)).content.decode()
    assert "The population could not be frozen." in page
    assert said[why] in page
    if why == "broken":
        draws.freeze_population(make.again(people.admin), draw)
        freezing.freeze(draw.pk)
        draw.refresh_from_db()
        assert (draw.state, draw.unfrozen_for) == ("frozen", "")


# --- A worker that is killed ------------------------------------------------------------------------------------------


@pytest.mark.skipif(connection.vendor != "postgresql", reason="other processes can't see SQLite's test database")
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_nothing_and_another_freezes(large, settings, tmp_path):
    """Its process dies between the rows and the digest; what it wrote goes with it."""
    cache = {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path / "cache"}
    settings.CACHES = {"default": cache}
    settings.MEDIA_ROOT = tmp_path
    people = hold.finished()
    draw = ordered(people)
    with connection.cursor() as cursor:  # whoever writes it down waits here, its rows written
        cursor.execute("SELECT pg_advisory_lock(7)")
        cursor.execute(
            "CREATE FUNCTION wait_here() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NEW; END $$;"
            " CREATE TRIGGER wait_here BEFORE UPDATE ON assessments_draw FOR EACH ROW"
            " WHEN (NEW.state = 'frozen') EXECUTE FUNCTION wait_here()"
        )
    worker = Worker(connection.settings_dict["NAME"], tmp_path)
    try:
        until(waiting, tmp_path)
        assert (Draw.objects.get().state, DrawMember.objects.count()) == (DrawState.FREEZING, 0)
        worker.kill()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(7)")
        with transaction.atomic():
            locked_cycle(draw.cycle_id)  # the database's process finds that nobody listens, and lets go
        assert (Draw.objects.get().state, DrawMember.objects.count()) == (DrawState.FREEZING, 0)
        worker = Worker(connection.settings_dict["NAME"], tmp_path)
        until(lambda: Draw.objects.get().state == DrawState.FROZEN, tmp_path)
    finally:
        worker.kill()
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER wait_here ON assessments_draw; DROP FUNCTION wait_here()")
    assert DrawMember.objects.filter(draw=draw).count() == 4
    assert all(one.agrees for one in checks(Draw.objects.get()))


def waiting():
    """The database's process that waits where the trigger has it wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 7 AND NOT granted")
        found = cursor.fetchone()
    return found and found[0]
