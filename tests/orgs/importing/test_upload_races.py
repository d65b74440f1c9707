"""Two confirms at once, on PostgreSQL. The positive control takes the lock away and must see the list written twice."""

from threading import Barrier, Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from orgs import background
from orgs.files import Format
from orgs.importing import jobs, steps
from orgs.importing.reading import see
from orgs.importing.registry import SPECS
from orgs.models import Change, Level, Membership, Organization, OrganizationKind, Upload, User
from orgs.services import Refused, create_organization

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]


@pytest.fixture
def upload():
    """A checked list that changes one organisation."""
    kind = OrganizationKind.objects.create(code="any", name="任意")
    city = create_organization(None, None, "市总工会", kind, Level.CITY)
    create_organization(None, city, "甲厂工会", kind, Level.GRASSROOTS)
    admin = User.objects.create(username="admin", full_name="王芳")
    Membership.objects.create(user=admin, organization=city, role="admin")
    file = SimpleUploadedFile("名单.csv", "单位名称,会员人数\n甲厂工会,5\n".encode())
    made = steps.receive(admin, "organizations", city, file, Format.CSV)
    sight = see(made, SPECS["organizations"])
    steps.match(admin, made, sight, sight.columns)
    return Upload.objects.get(pk=made.pk)


def confirmed_twice(upload, monkeypatch):
    """How often the job is ordered when two people press the button at the same moment."""
    orders, together = [], Barrier(2, timeout=2)

    def order(job, *args, **_options):
        orders.append(job)

    held = steps._mine

    def read_and_wait(*args):
        found = held(*args)
        try:
            together.wait()  # the worst moment: both have read, neither has written
        except Exception:  # noqa: BLE001  # with the lock the other one can't come here
            together.reset()
        return found

    monkeypatch.setattr(background, "run", order)
    monkeypatch.setattr(steps, "_mine", read_and_wait)
    refused = []

    def press():
        try:
            steps.confirm(upload.by, upload)
        except Refused as refusal:
            refused.append(refusal.sentence)
        finally:
            connection.close()

    pressed = [Thread(target=press) for _person in range(2)]
    for one in pressed:
        one.start()
    for one in pressed:
        one.join()
    return len(orders), len(refused)


def test_two_confirms_at_once_order_the_writing_once(upload, monkeypatch):
    assert confirmed_twice(upload, monkeypatch) == (1, 1)


def test_without_the_lock_it_is_ordered_twice(upload, monkeypatch):
    def unlocked(_by, wanted, *_states):
        return Upload.objects.select_related("branch", "by").get(pk=wanted.pk)

    monkeypatch.setattr(steps, "_mine", unlocked)
    assert confirmed_twice(upload, monkeypatch) == (2, 0)


def test_a_job_that_was_ordered_twice_writes_once(upload):
    Upload.objects.update(state="writing")
    lines = Change.objects.count()
    writers = [Thread(target=lambda: (jobs.write(upload.pk), connection.close())) for _worker in range(2)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    assert Upload.objects.get().state == "done"
    assert Organization.objects.get(name="甲厂工会").members == 5
    assert Change.objects.count() == lines + 1
