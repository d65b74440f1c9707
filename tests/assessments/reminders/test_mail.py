"""E-mail: only on a site with a mail server, only to who wants it, and never in the way of anything."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Message
from assessments.services.mail import send
from assessments.services.messages import tell
from orgs.models import User
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def people():
    return [make.person(email=f"{name}@example.cn") for name in "ab"] + [make.person()]


@pytest.fixture
def mailing(settings):
    settings.EMAIL_FROM = "kaoping@example.cn"


class Refusing(EmailBackend):
    """A server that takes nothing for one address."""

    def send_messages(self, letters):
        if letters[0].to == ["a@example.cn"]:
            raise SMTPRecipientsRefused({"a@example.cn": (550, b"unknown")})
        return super().send_messages(letters)


class Silent(EmailBackend):
    def send_messages(self, letters):
        mail.outbox.append(letters[0])
        raise TimeoutError


def test_without_a_mail_server_nothing_is_sent(people):
    tell([one.pk for one in people], "a", "请尽快上报")
    send()
    assert mail.outbox == []
    assert Message.objects.filter(mailed_at=None).count() == 3
    client = Client()
    client.force_login(people[0])
    assert client.get(reverse("inbox:list")).context["form"] is None
    assert client.post(reverse("inbox:address"), {"email": "x@example.cn"}).status_code == 404


@pytest.mark.usefixtures("mailing")
def test_each_person_gets_one_letter_with_what_is_new_and_nothing_twice(people, settings):
    settings.EMAIL_FROM = ""
    tell([one.pk for one in people], "a", "请尽快上报")
    tell([people[0].pk], "b", "已退回")
    tell([people[0].pk], "read", "读过的")
    Message.objects.filter(occasion="read").update(read_at=timezone.now())
    tell([people[1].pk], "old", "很久以前")
    Message.objects.filter(occasion="old").update(at=timezone.now() - timedelta(days=4))
    settings.EMAIL_FROM = "kaoping@example.cn"
    for _run in range(3):
        send()
    assert [(letter.to, letter.from_email) for letter in mail.outbox] == [
        (["a@example.cn"], "kaoping@example.cn"),
        (["b@example.cn"], "kaoping@example.cn"),
    ]
    assert "· 请尽快上报\n· 已退回\n" in mail.outbox[0].body
    assert "很久以前" not in mail.outbox[1].body
    assert Message.objects.exclude(mailed_at=None).count() == 3


@pytest.mark.usefixtures("mailing")
def test_telling_sends_at_once(people):
    tell([one.pk for one in people], "a", "请尽快上报")
    assert [letter.to for letter in mail.outbox] == [["a@example.cn"], ["b@example.cn"]]


@pytest.mark.usefixtures("mailing")
def test_a_refused_letter_breaks_nothing_and_is_tried_again(people, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    tell([one.pk for one in people], "a", "请尽快上报")
    assert [letter.to for letter in mail.outbox] == [["b@example.cn"]]
    assert list(Message.objects.filter(mailed_at=None, to__in=people[:2]).values_list("to", flat=True)) == [
        people[0].pk
    ]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send()
    assert [letter.to for letter in mail.outbox] == [["b@example.cn"], ["a@example.cn"]]


@pytest.mark.usefixtures("mailing")
def test_a_server_that_does_not_answer_is_asked_once(people, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Silent"
    tell([one.pk for one in people], "a", "请尽快上报")
    assert len(mail.outbox) == 1
    assert Message.objects.filter(mailed_at=None).count() == 3


@pytest.mark.usefixtures("mailing")
def test_people_say_themselves_where(people):
    client = Client()
    client.force_login(people[2])
    for typed, kept in (("new@example.cn", "new@example.cn"), ("no address", "new@example.cn"), ("", "")):
        client.post(reverse("inbox:address"), {"email": typed})
        assert User.objects.get(pk=people[2].pk).email == kept
