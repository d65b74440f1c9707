"""First passwords: seven days, hashed fast, printed on slips, never stored in the clear."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from orgs.models import Change, User
from orgs.roles import Role
from orgs.services import (
    NewPost,
    Refused,
    change_own_password,
    create_person,
    grant,
    is_first_password,
    passwords,
    renew_first_passwords,
    reset_password,
)

HASHERS = ["config.hashers.ArgonHasher", "config.hashers.FirstPasswordHasher"]
OWN = "kaoping-mine-27"


@pytest.fixture
def newcomer(tree):
    return create_person(None, "张伟", [NewPost(tree.street, Role.CLERK)], phone="13900000001")


def stored(person):
    return User.objects.get(pk=person.pk)


def expire(person):
    User.objects.filter(pk=person.pk).update(password_expires_at=timezone.now() - timedelta(seconds=1))


def log_in(client, slip):
    return client.post(reverse("login"), {"username": slip.person.username, "password": slip.password})


def test_a_first_password_is_good_for_seven_days(newcomer, cast):
    for slip in (newcomer, reset_password(cast.own_admin, newcomer.person)):
        left = stored(slip.person).password_expires_at - timezone.now()
        assert timedelta(days=7) - timedelta(minutes=1) < left <= timedelta(days=7)


def test_ones_own_password_never_expires(newcomer):
    change_own_password(newcomer.person, OWN)
    person = stored(newcomer.person)
    assert (person.must_change_password, person.password_expires_at, person.first_password_expired) == (
        False,
        None,
        False,
    )


def test_a_password_that_a_command_gives_does_not_expire(cast):
    assert stored(cast.clerk).password_expires_at is None


def test_an_expired_first_password_is_refused_with_whom_to_ask(client, newcomer):
    expire(newcomer.person)
    answer = log_in(client, newcomer)
    assert answer.status_code == 200
    assert answer.context["form"].errors.as_data()["__all__"][0].code == "expired"
    assert "_auth_user_id" not in client.session


def test_a_wrong_password_does_not_tell_that_the_first_one_expired(client, newcomer):
    expire(newcomer.person)
    answer = log_in(client, newcomer._replace(password="wrong"))
    assert answer.context["form"].errors.as_data()["__all__"][0].code == "invalid_login"


def test_a_session_of_an_expired_first_password_ends(client, newcomer):
    log_in(client, newcomer)
    assert client.get(reverse("password_change")).status_code == 200
    expire(newcomer.person)
    assert client.get(reverse("password_change")).url == reverse("login")
    assert "_auth_user_id" not in client.session


@override_settings(PASSWORD_HASHERS=HASHERS)
def test_the_fast_hash_is_replaced_at_the_first_login(client, tree):
    slip = create_person(None, "张伟", [NewPost(tree.street, Role.CLERK)])
    assert stored(slip.person).password.startswith("first_pbkdf2_sha256$1000$")
    assert log_in(client, slip).status_code == 302
    assert stored(slip.person).password.startswith("argon2$")


@override_settings(PASSWORD_HASHERS=HASHERS)
def test_only_first_passwords_are_hashed_fast(tree):
    person = create_person(None, "张伟", [NewPost(tree.street, Role.CLERK)], password=OWN).person
    assert stored(person).password.startswith("argon2$")
    change_own_password(create_person(None, "李", [NewPost(tree.street, Role.CLERK)]).person, OWN)
    assert make_password(OWN).startswith("argon2$")
    assert not User.objects.filter(password__startswith="first").exists()


# --- Slips ------------------------------------------------------------------------------------------------------------


def test_renewing_voids_what_was_handed_out_before(tree, cast, newcomer):
    (slip,) = renew_first_passwords(cast.branch_admin, [newcomer.person.pk])
    person = stored(newcomer.person)
    assert is_first_password(person, slip.password)
    assert not is_first_password(person, newcomer.password)
    line = Change.objects.filter(field="password", subject_id=person.pk).get()
    assert (line.by, line.path) == (cast.branch_admin, tree.street.path)
    assert slip.password not in "".join(Change.objects.values_list("new", flat=True))


def test_nobody_who_has_a_password_of_their_own_gets_a_new_one(cast, newcomer):
    before = dict(User.objects.values_list("pk", "password"))
    for keys in ([newcomer.person.pk, cast.clerk.pk], []):
        with pytest.raises(Refused):
            renew_first_passwords(cast.branch_admin, keys)
    assert dict(User.objects.values_list("pk", "password")) == before


def test_one_person_out_of_reach_and_nobody_gets_one(tree, cast, newcomer):
    away = create_person(None, "别人", [NewPost(tree.other, Role.CLERK)]).person
    for by in (cast.branch_admin, cast.own_admin, cast.auditor):
        with pytest.raises(Refused):
            renew_first_passwords(by, [newcomer.person.pk, away.pk])
    grant(None, newcomer.person, tree.other, Role.CLERK)
    with pytest.raises(Refused):
        renew_first_passwords(cast.branch_admin, [newcomer.person.pk])
    with pytest.raises(PermissionDenied):
        reset_password(cast.branch_admin, newcomer.person)


def test_too_many_slips_are_refused(cast, newcomer, monkeypatch):
    monkeypatch.setattr(passwords, "MOST_SLIPS", 0)
    with pytest.raises(Refused):
        renew_first_passwords(cast.branch_admin, [newcomer.person.pk])


def test_renewing_runs_the_same_queries_for_more_people(
    tree, cast, newcomer, django_assert_num_queries, django_assert_max_num_queries
):
    renew_first_passwords(cast.branch_admin, [newcomer.person.pk])  # reads whose administrator they are
    with django_assert_max_num_queries(8) as seen:
        renew_first_passwords(cast.branch_admin, [newcomer.person.pk])
    more = [create_person(None, f"职工{n}", [NewPost(tree.street, Role.CLERK)]).person.pk for n in range(4)]
    with django_assert_num_queries(len(seen)):
        renew_first_passwords(cast.branch_admin, [newcomer.person.pk, *more])
