"""An export from its order to its deletion: what becomes of it, who may have it, and what it leaves on the disk."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from django.utils.translation import override

from assessments.models import Message
from assessments.services import Refused, WrongState
from orgs.models import Membership
from orgs.roles import Role
from reports.exports import expiry, files, making, ordering
from reports.exports.progress import progress_of, words_of
from reports.exports.registry import SPECS
from reports.models import Export, ExportState
from tests import factories as make
from tests.reports.exports import lines

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
EIGHT = {"first": 1, "count": 8}
WHOLE = "1\n2\n3\n4\n5\n6\n7\n8\n"


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    lines.BEFORE.clear()
    with override("en"):
        yield


@pytest.fixture
def client(client):
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def queue(monkeypatch):
    """Orders to the workers, in the order that they were given; nobody takes them but the test."""
    orders = []
    monkeypatch.setattr(making.background, "run", lambda job, *args, **_options: orders.append((job, args)))
    return orders


def work(queue, most=100):
    """What a worker does with the next so many orders."""
    for _order in range(most):
        if not queue:
            return
        job, args = queue.pop(0)
        getattr(making, job.rpartition(".")[2])(*args)


def order(admin, asked=EIGHT, **said):
    return ordering.order(admin, lines.SPEC, asked, name="数字", **said)


def again(export):
    return Export.objects.get(pk=export.pk)


def lying(export):
    return sorted(path.name for path in files.folder(export).glob("*"))


def parts(export):
    return [bool(done) for done in export.parts.values_list("done_at", flat=True)]


# --- Making ---


def test_made_part_by_part_and_joined_in_order(spec, admin, queue):
    export = order(admin, {**EIGHT, "count": 20}, seat=None)
    assert [args for _job, args in queue] == [(export.pk, 1), (export.pk, 2), (export.pk, 3)], "a few at a time"
    assert (again(export).state, words_of(export, progress_of(export))) == (
        "waiting",
        "0 of 20 done; waiting for a worker that is free",
    )
    work(queue, 2)
    running = again(export)
    assert (running.state, progress_of(running)[:2], lying(export)) == ("running", (6, 20), ["000001", "000002"])
    assert words_of(running, progress_of(running)) == "6 of 20 done; less than a minute left"
    work(queue, 5)
    running = again(export)
    assert queue == [("reports.exports.making.join", (export.pk,))]
    assert words_of(running, progress_of(running)) == "All 20 are done and are being put together into one file"
    work(queue)
    made = again(export)
    assert files.whole(made).read_text().split() == [str(unit) for unit in range(1, 21)]
    assert (made.state, made.size, lying(made)) == ("done", files.whole(made).stat().st_size, ["whole"])
    assert made.expires_at - made.finished_at == timedelta(days=7)
    modes = [path.stat().st_mode & 0o777 for path in (files.root(), files.folder(made), files.whole(made))]
    assert modes == [0o700, 0o700, 0o600]


def test_no_transaction_is_open_while_a_part_is_made(spec, admin, queue):
    """It takes seconds, and SQLite has one writer."""
    order(admin)
    outside, inside = list(connection.savepoint_ids), []
    lines.BEFORE.append(lambda _user: inside.append(list(connection.savepoint_ids)))
    work(queue)
    assert inside == [outside] * 3


def test_what_is_begun_twice_is_there_once(spec, admin, queue):
    export = order(admin)
    late = list(queue)
    work(queue, 3)
    lines.BEFORE.append(lambda _user: pytest.fail("nobody makes it again"))
    work(late)
    (joining,) = queue
    work([joining, joining])
    assert (files.whole(export).read_text(), lying(export)) == (WHOLE, ["whole"])


def test_two_workers_at_the_same_part(spec, admin, queue):
    """The second begins and ends while the first is at it."""
    export = order(admin)

    def overtake(_user):
        lines.BEFORE.clear()
        making.make(export.pk, 1)

    lines.BEFORE.append(overtake)
    work(queue)
    assert (again(export).state, files.whole(export).read_text(), lying(export)) == ("done", WHOLE, ["whole"])


def test_the_joining_is_handed_out_again_and_cleans_up(spec, admin, queue):
    """As after a kill between the commit and the cleaning."""
    export = order(admin)
    work(queue)
    (files.folder(export) / "left.tmp").touch()
    making.join(export.pk)
    assert (again(export).state, lying(export)) == ("done", ["whole"])


@pytest.mark.parametrize("state", ["done", "failed"])
def test_who_went_away_is_told_once_and_who_stayed_has_read_it(spec, admin, queue, client, state):
    export = order(admin)
    if state == "failed":
        making.join_failed(export.pk)
        making.join_failed(export.pk)
    work(queue)
    assert again(export).state == state
    (message,) = Message.objects.all()
    assert (message.to, message.url, message.read_at) == (admin, f"/files/{export.pk}/", None)
    client.force_login(admin)
    client.get("/files/")
    assert Message.objects.get().read_at is None
    client.get(message.url)
    assert Message.objects.get().read_at is not None
    if state == "failed":
        ordering.again(admin, again(export))
        work(queue)
        assert "is ready" in Message.objects.latest("pk").text


def test_who_fetches_a_file_knows_that_it_is_there(spec, admin, queue, client):
    export = order(admin)
    work(queue)
    client.force_login(admin)
    assert b"".join(client.get(f"/files/{export.pk}/file/")) == WHOLE.encode()
    assert Message.objects.filter(read_at=None).count() == 0


def test_mail_is_sent_at_once_to_who_waited_long(spec, admin, queue, settings):
    settings.EMAIL_FROM = "kaoping@example.cn"
    order(admin)
    work(queue)
    assert queue == [], "others may still look at the page"
    waited = order(admin, {**EIGHT, "again": 1})
    Export.objects.filter(pk=waited.pk).update(at=timezone.now() - timedelta(minutes=2))
    parts_and_whole = 4
    work(queue, parts_and_whole)
    assert queue == [("assessments.services.mail.send", ())]


# --- Rights ---


def test_nothing_is_ordered_without_the_right_or_the_seat(spec, city):
    clerk = make.person((city, Role.CLERK))
    other = make.organization()
    both = make.person((city, Role.ADMIN), (other, Role.CLERK))
    with pytest.raises(PermissionDenied):
        order(clerk)
    with pytest.raises(PermissionDenied):
        order(both, seat=other.pk)
    with pytest.raises(PermissionDenied):
        order(both, seat=make.organization().pk)
    assert order(both, seat=city.pk).state == "done"
    assert Export.objects.count() == 1


@pytest.mark.parametrize("lost", ["post", "account", "post before joining"])
def test_a_right_that_is_lost_ends_it(spec, admin, queue, lost):
    export = order(admin)
    work(queue, 3 if "joining" in lost else 1)
    if lost == "account":
        type(admin).objects.update(is_active=False)
    else:
        Membership.objects.all().delete()
    work(queue)
    failed = again(export)
    assert failed.state == "failed"
    assert failed.sentence == "You may no longer read what this file was to hold, so it was not made."
    assert (parts(failed), files.folder(failed).exists()) == ([False] * 3, False)
    assert (failed.shown_state, queue) == ("failed", [])


# --- Troubles ---


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_full_disk_is_said_and_leaves_nothing(spec, admin, monkeypatch, wrapped):
    def book(*args):
        try:
            Path("/dev/full").write_text("-")
        except OSError as error:
            raise ValueError("as XlsxWriter does") from error

    if wrapped:
        monkeypatch.setitem(SPECS, "lines", replace(spec, join=book))
    failed = order(admin, EIGHT if wrapped else {**EIGHT, "into": "/dev/full"})
    assert (failed.state, failed.sentence) == (
        "failed",
        "The disk of the server is full. Nothing of the file was kept.",
    )
    assert not files.folder(failed).exists()


def test_what_nobody_foresaw_is_said_and_gone_on_with(spec, admin, queue):
    export = order(admin)
    work(queue, 1)

    def stumble(_user):
        raise ValueError("nobody foresaw it")

    lines.BEFORE.append(stumble)
    with pytest.raises(ValueError, match="nobody foresaw it"):
        work(queue, 1)
    making.part_failed(export.pk, 1)
    assert again(export).state == "running", "that part is done: another worker's failure is no matter"
    making.part_failed(export.pk, 2)
    failed = again(export)
    assert (failed.state, failed.sentence[:36], parts(failed)) == (
        "failed",
        "Something went wrong on the server. ",
        [True, False, False],
    )
    lines.BEFORE.clear()
    queue.clear()
    ordering.again(admin, failed)
    assert [args for _job, args in queue] == [(export.pk, 2), (export.pk, 3)], "only what is missing"
    work(queue)
    assert (again(export).state, files.whole(export).read_text()) == ("done", WHOLE)


def test_a_refusal_in_a_part_is_said(spec, admin):
    def refuse(_user):
        raise Refused("It is not there any more.")

    lines.BEFORE.append(refuse)
    failed = order(admin)
    assert (failed.state, failed.sentence) == ("failed", "It is not there any more.")


def test_workers_that_share_no_folder_are_told_of(spec, admin, queue):
    export = order(admin)
    work(queue, 3)
    files.place(export.parts.get(number=2)).unlink()
    work(queue)
    assert again(export).state == "failed"
    assert "do not share one folder" in again(export).sentence
    ordering.again(admin, export)
    work(queue)
    assert files.whole(export).read_text() == WHOLE


# --- Steps of a person ---


def test_cancelled_and_gone_on_with(spec, admin, queue):
    export = order(admin)
    work(queue, 1)

    def cancel(_user):
        lines.BEFORE.clear()
        ordering.cancel(admin, export)

    lines.BEFORE.append(cancel)
    work(queue)
    stopped = again(export)
    assert (stopped.state, parts(stopped), lying(stopped)) == ("cancelled", [True, False, False], ["000001"])
    with pytest.raises(WrongState, match="Cancelled"):
        ordering.cancel(admin, export)
    ordering.again(admin, export)
    with pytest.raises(WrongState):
        ordering.delete(admin, export)
    work(queue)
    assert (again(export).state, files.whole(export).read_text(), lying(export)) == ("done", WHOLE, ["whole"])
    with pytest.raises(PermissionDenied):
        ordering.delete(make.person(), export)


def test_deleted_while_a_worker_is_at_it(spec, admin, queue, django_capture_on_commit_callbacks):
    export = order(admin)

    def delete(_user):
        ordering.cancel(admin, export)
        with django_capture_on_commit_callbacks(execute=True):
            ordering.delete(admin, export)

    lines.BEFORE.append(delete)
    work(queue)
    assert (Export.objects.count(), files.folder(export).exists()) == (0, False)


def test_the_same_twice_is_one_and_too_many_are_refused(spec, admin, queue, monkeypatch):
    first = order(admin)
    assert order(admin) == first
    for number in range(2, 6):
        order(admin, {"first": number, "count": 1})
    with pytest.raises(Refused, match="5 files are being made for you"):
        order(admin, {"first": 9, "count": 1})
    work(queue)
    monkeypatch.setattr(ordering, "MOST_BYTES", 10)
    with pytest.raises(Refused, match="Delete those that you have fetched"):
        order(admin)
    with pytest.raises(Refused, match="nothing to put"):
        order(make.person((make.organization(), Role.ADMIN)), {"first": 1, "count": 0})


# --- Its time ---


def test_expired_whether_or_not_the_daily_job_ran(spec, admin, client):
    made = order(admin)
    stopped = Export.objects.create(kind="lines", by=admin, state="failed", expires_at=timezone.now(), name="-")
    lost = files.root() / ("0" * 32)
    lost.mkdir()
    Export.objects.filter(pk=made.pk).update(expires_at=timezone.now() + timedelta(hours=1))
    client.force_login(admin)
    assert b"".join(client.get(f"/files/{made.pk}/file/")) == WHOLE.encode()
    expiry.tidy()
    assert (again(made).state, again(stopped).state, lost.exists()) == ("done", "expired", False)
    Export.objects.filter(pk=made.pk).update(expires_at=timezone.now())
    assert again(made).shown_state == ExportState.EXPIRED
    answer = client.get(f"/files/{made.pk}/file/", follow=True)
    assert "This file was deleted after its time. Order it anew." in answer.content.decode()
    expiry.tidy()
    assert (again(made).state, files.folder(made).exists(), made.parts.count()) == ("expired", False, 0)
    with pytest.raises(WrongState):
        ordering.again(admin, made)


def test_what_was_lost_from_the_queue_is_taken_up(spec, admin, queue):
    export = order(admin)
    work(queue, 1)
    queue.clear()
    expiry.tidy()
    assert queue == []
    long_ago = timezone.now() - timedelta(hours=2)
    Export.objects.update(at=long_ago)
    export.parts.update(handed_at=long_ago)
    expiry.tidy()
    work(queue)
    assert files.whole(export).read_text() == WHOLE


# --- Pages ---


def test_pages_for_the_owner_alone(spec, admin, queue, client):
    client.force_login(admin)
    assert "You have not ordered a file yet." in client.get("/files/").content.decode()
    export = order(admin)
    Export.objects.update(name="沈阳市“数字”")
    work(queue, 1)
    page = client.get(f"/files/{export.pk}/").content.decode()
    assert "3 of 8 done; less than a minute left" in page
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    assert client.get(f"/files/{export.pk}/progress/").json() == {
        "running": True,
        "done": 3,
        "total": 8,
        "words": "3 of 8 done; less than a minute left",
    }
    assert client.get(f"/files/{export.pk}/file/", follow=True).redirect_chain == [(f"/files/{export.pk}/", 302)]
    client.post(f"/files/{export.pk}/cancel/")
    assert "Go on with it" in client.get(f"/files/{export.pk}/").content.decode()
    assert client.post(f"/files/{export.pk}/cancel/").status_code == 409
    client.post(f"/files/{export.pk}/resume/")
    work(queue)
    assert client.get(f"/files/{export.pk}/progress/").json()["running"] is False
    answer = client.get(f"/files/{export.pk}/file/")
    assert b"".join(answer) == WHOLE.encode()
    assert "%E6%B2%88%E9%98%B3%E5%B8%82%E2%80%9C%E6%95%B0%E5%AD%97%E2%80%9D.txt" in answer["Content-Disposition"]
    assert (answer["Content-Length"], answer["Content-Type"]) == ("16", "text/plain; charset=utf-8")
    assert "沈阳市“数字”.txt" in client.get("/files/").content.decode()
    Membership.objects.all().delete()
    assert client.get(f"/files/{export.pk}/file/").status_code == 403
    client.force_login(make.person())
    assert client.get(f"/files/{export.pk}/file/").status_code == 404
    client.force_login(admin)
    client.post(f"/files/{export.pk}/delete/")
    assert Export.objects.count() == 0


def test_without_a_worker_the_page_says_so(spec, admin, queue, client, settings):
    settings.BACKGROUND_INLINE = False
    export = order(admin)
    assert queue, "whoever comes to work finds the first parts"
    client.force_login(admin)
    assert "No worker is running" in client.get(f"/files/{export.pk}/").content.decode()
    work(queue)
    export.refresh_from_db()
    assert export.state == "done", "a worker that comes later finds the order"


def test_a_kind_that_is_gone_is_refused_in_words(spec, admin, client):
    export = order(admin)
    del SPECS["lines"]
    client.force_login(admin)
    assert client.get("/files/").status_code == 200
    answer = client.get(f"/files/{export.pk}/file/", follow=True)
    assert "Files of this kind are not made any more." in answer.content.decode()


@pytest.mark.parametrize("count", [1, 25])
def test_the_list_asks_the_same_of_any_number(spec, admin, client, django_assert_num_queries, count):
    until = timezone.now() + timedelta(days=1)
    Export.objects.bulk_create(
        Export(kind="lines", by=admin, state="done", expires_at=until, name=str(n)) for n in range(count)
    )
    client.force_login(admin)
    with django_assert_num_queries(5):
        client.get("/files/")
