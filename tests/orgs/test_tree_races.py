"""Two writers at once, on PostgreSQL. Each race has its positive control: with the lock taken away it must go wrong."""

from threading import Event, Thread, current_thread, main_thread

import pytest
from django.db import connection, transaction

from orgs.models import Membership, Organization, OrganizationKind, User
from orgs.services import (
    NewPost,
    Refused,
    create_organization,
    create_person,
    hand_over,
    merge_organizations,
    merging,
    move_organization,
    organizations,
    people,
    posts,
)
from tests.races import PATIENCE, wait_for_a_waiter

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]


@pytest.fixture
def kind():
    return OrganizationKind.objects.create(code="any", name="任意")


def while_uncommitted(first, second, committed=None, paused=None):
    """Do `first`, let another connection do `second` before the commit, and return what `second` came to.

    The commit comes when `second` has come through, waits for what `first` holds, or pauses for `committed`.
    """
    outcome = []

    def other():
        try:
            outcome.append(second())
        except Refused as refusal:
            outcome.append(refusal)
        finally:
            connection.close()

    thread = Thread(target=other)
    with transaction.atomic():
        first()
        thread.start()
        wait_for_a_waiter(lambda: not thread.is_alive() or (paused is not None and paused.is_set()))
    if committed:
        committed.set()
    thread.join()
    return outcome[0]


def cross_moves(kind, monkeypatch):
    """A under B here while B goes under A there; the outcome of the second, and whether there is a loop now.

    The worst moment: whoever may read before the other's commit writes only after it.
    """
    top = create_organization(None, None, "市", kind, "city")
    one, two = (create_organization(None, top, name, kind, "county") for name in "甲乙")
    committed, paused, last_check = Event(), Event(), organizations._refuse_depth

    def last_check_and_pause(*paths):
        last_check(*paths)
        if current_thread() is not main_thread():
            paused.set()
            committed.wait(PATIENCE)

    monkeypatch.setattr(organizations, "_refuse_depth", last_check_and_pause)
    outcome = while_uncommitted(
        lambda: move_organization(None, one, two), lambda: move_organization(None, two, one), committed, paused
    )
    one, two = Organization.objects.get(pk=one.pk), Organization.objects.get(pk=two.pk)
    return outcome, one.parent == two and two.parent == one


def test_cross_moves_make_no_loop(kind, monkeypatch):
    outcome, loop = cross_moves(kind, monkeypatch)
    assert isinstance(outcome, Refused)
    assert not loop


def test_cross_moves_without_the_lock_make_a_loop(kind, monkeypatch):
    monkeypatch.setattr(organizations, "lock_tree", lambda: None)
    _outcome, loop = cross_moves(kind, monkeypatch)
    assert loop


def create_under_moving(kind):
    """A new child appears while its parent's branch moves; whether its path is the parent's path and its own key."""
    top = create_organization(None, None, "市", kind, "city")
    one, two = (create_organization(None, top, name, kind, "county") for name in "甲乙")
    child = while_uncommitted(
        lambda: move_organization(None, one, two), lambda: create_organization(None, one, "新", kind, "township")
    )
    child = Organization.objects.select_related("parent").get(pk=child.pk)
    return child.path == child.parent.path + str(child.pk).zfill(9)


def test_a_child_born_during_a_move_stands_in_its_place(kind):
    assert create_under_moving(kind)


def test_a_child_born_during_a_move_is_lost_without_the_lock(kind, monkeypatch):
    monkeypatch.setattr(organizations, "lock_tree", lambda: None)
    assert not create_under_moving(kind)


def same_logins(kind):
    """One person gets as phone number what another gets as user name; how many people log in with it."""
    top = create_organization(None, None, "市", kind, "city")
    posts = [NewPost(top, "clerk")]
    while_uncommitted(
        lambda: create_person(None, "甲", posts, phone="13900000001", password="x"),
        lambda: create_person(None, "乙", posts, username="13900000001", password="x"),
    )
    return User.objects.filter(phone="13900000001").count() + User.objects.filter(username="13900000001").count()


def test_a_login_never_means_two_people(kind):
    assert same_logins(kind) == 1


def test_a_login_means_two_people_without_the_lock(kind, monkeypatch):
    monkeypatch.setattr(people, "lock_people", lambda: None)
    assert same_logins(kind) == 2


def two_successors(kind):
    """A post is handed over to one person here while it is handed over to another there; who holds it then."""
    top = create_organization(None, None, "市", kind, "city")
    people = [create_person(None, name, [NewPost(top, "chair")], password="x").person for name in "甲乙丙"]
    post = Membership.objects.create(user=people[0], organization=top, role="clerk")
    outcome = while_uncommitted(
        lambda: hand_over(None, post, people[1]),
        lambda: hand_over(None, Membership.objects.get(pk=post.pk), people[2]),
    )
    return outcome, list(Membership.objects.filter(role="clerk").values_list("user__full_name", flat=True))


def test_a_post_goes_to_one_successor(kind):
    outcome, holders = two_successors(kind)
    assert isinstance(outcome, Refused)
    assert holders == ["乙"]


def test_a_post_goes_to_two_without_the_lock(kind, monkeypatch):
    monkeypatch.setattr(posts, "lock_people", lambda: None)
    _outcome, holders = two_successors(kind)
    assert sorted(holders) == ["丙", "乙"]


def move_into_a_merger(kind):
    """One moves under another that is being merged away; what it came to, and whether its superior is closed now."""
    top = create_organization(None, None, "市", kind, "city")
    one, two, three = (create_organization(None, top, name, kind, "county") for name in "甲乙丙")
    outcome = while_uncommitted(
        lambda: merge_organizations(None, one, two), lambda: move_organization(None, three, one)
    )
    return outcome, Organization.objects.get(pk=three.pk).parent.closed_on is not None


def test_nothing_moves_under_what_is_being_merged(kind):
    outcome, stranded = move_into_a_merger(kind)
    assert isinstance(outcome, Refused)
    assert not stranded


def test_without_the_lock_it_is_stranded_there(kind, monkeypatch):
    for module in (organizations, merging):
        monkeypatch.setattr(module, "lock_tree", lambda: None)
    _outcome, stranded = move_into_a_merger(kind)
    assert stranded


def move_a_child_of_a_merger(kind):
    """A child of the merged union moves elsewhere meanwhile; whether its path is its parent's path and its own key."""
    top = create_organization(None, None, "市", kind, "city")
    one, two, three = (create_organization(None, top, name, kind, "county") for name in "甲乙丙")
    child = create_organization(None, one, "街道", kind, "township")
    leaf = create_organization(None, child, "厂", kind, "grassroots")
    while_uncommitted(lambda: merge_organizations(None, one, two), lambda: move_organization(None, child, three))
    child, leaf = (Organization.objects.select_related("parent").get(pk=this.pk) for this in (child, leaf))
    return child.parent == three and leaf.path == "".join(str(one.pk).zfill(9) for one in (top, three, child, leaf))


def test_a_child_that_moves_during_a_merger_takes_its_branch_along(kind):
    assert move_a_child_of_a_merger(kind)


def test_a_child_that_moves_during_a_merger_loses_it_without_the_lock(kind, monkeypatch):
    for module in (organizations, merging):
        monkeypatch.setattr(module, "lock_tree", lambda: None)
    assert not move_a_child_of_a_merger(kind)
