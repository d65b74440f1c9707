"""Two who confirm, or propose, at the same moment, on a real PostgreSQL."""

import threading
from datetime import timedelta

from django.utils import timezone

from assessments.models import Consequence, Cycle, MakeUp
from assessments.services import aftermath
from assessments.services.aftermath import deciding, proposing
from tests import factories as make
from tests.assessments.aftermath import made
from tests.races import ON_POSTGRESQL, PATIENCE, come_to

pytestmark = ON_POSTGRESQL


def confirming(cast, by, one):
    due_on = timezone.localdate() + timedelta(days=9)
    return lambda: aftermath.confirm(make.again(by), cast.cycle, [one.pk], due_on=due_on)


def test_one_of_two_who_confirm_and_drop_wins(transactional_db):
    cast = made.closed_year()
    aftermath.propose(cast.admin, cast.cycle)
    for one in Consequence.objects.all():
        drops = lambda one=one: aftermath.drop(make.again(cast.reviewer), cast.cycle, [one.pk], "理由")  # noqa: E731
        assert come_to(confirming(cast, cast.admin, one), drops) == ["WrongState", "done"]
    assert MakeUp.objects.count() == Consequence.objects.filter(kind="make_up", state="confirmed").count()


def test_without_the_locks_both_would_decide(transactional_db, monkeypatch):
    cast = made.closed_year()
    aftermath.propose(cast.admin, cast.cycle)
    one = Consequence.objects.get(kind="funding")
    meeting = threading.Barrier(2, timeout=PATIENCE)

    def unlocked(_by, _cycle, keys):
        found = list(Consequence.objects.filter(pk__in=keys, state="proposed").select_related("row__assessment"))
        meeting.wait()
        return found

    monkeypatch.setattr(deciding, "_proposed", unlocked)
    drops = lambda: aftermath.drop(make.again(cast.reviewer), cast.cycle, [one.pk], "理由")  # noqa: E731
    assert come_to(confirming(cast, cast.admin, one), drops) == ["done", "done"]


def test_two_who_propose_propose_once(transactional_db, monkeypatch):
    cast = made.closed_year()
    proposes = [lambda who=who: aftermath.propose(make.again(who), cast.cycle) for who in (cast.admin, cast.reviewer)]
    assert come_to(*proposes) == ["done", "done"]
    assert Consequence.objects.count() == 4
    # and without the lock on the cycle the database itself would have to refuse one
    Consequence.objects.all().delete()
    meeting = threading.Barrier(2, timeout=PATIENCE)
    act = proposing._without

    def meet(*args):
        found = list(act(*args))
        if args[1] == proposing.FOLLOWING[0] and found:
            meeting.wait()
        return found

    monkeypatch.setattr(proposing, "_without", meet)
    monkeypatch.setattr(proposing, "_batches", lambda rows: [rows] if rows else [])
    monkeypatch.setattr(proposing, "locked_cycle", lambda _by, cycle: Cycle.objects.get(pk=cycle.pk))
    assert come_to(*proposes) == ["IntegrityError", "done"]
