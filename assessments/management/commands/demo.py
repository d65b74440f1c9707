from __future__ import annotations

import unicodedata
from argparse import ArgumentParser
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from assessments.demo.build import PASSWORD, Account, build
from assessments.demo.sites import DemoStage
from orgs.models import Organization

HEADINGS = ("姓名", "用户名", "角色", "单位")


class Command(BaseCommand):
    help = "Fills an empty database with invented unions and people for the five documents, and work at a stage."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--stage", choices=[stage.name.lower() for stage in DemoStage], default="assess")
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there are organisations already")

    def handle(self, *_args: Any, stage: str, if_empty: bool, **_options: Any) -> None:
        if Organization.objects.exists():
            if if_empty:
                return
            raise CommandError("There are organisations already: the demo fills only an empty database.")
        with transaction.atomic():
            accounts = build(DemoStage[stage.upper()])
        self.stdout.write("\n".join(table(accounts)))
        self.stdout.write(f"\n所有演示账号的密码：{PASSWORD}")


def table(accounts: Sequence[Account]) -> list[str]:
    """The accounts by document, in columns that stand straight on a terminal."""
    rows = [(one.name, one.username, one.posts, one.organization) for one in accounts]
    widths = [max(map(cells, column)) for column in zip(HEADINGS, *rows, strict=True)]
    lines = [line(HEADINGS, widths)]
    for group, members in groupby(accounts, lambda one: one.group):
        lines += ["", group]
        lines += [line((one.name, one.username, one.posts, one.organization), widths) for one in members]
    return lines


def line(texts: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(text + " " * (width - cells(text)) for text, width in zip(texts, widths, strict=True)).rstrip()


def cells(text: str) -> int:
    """How wide a terminal shows it: a Chinese character takes two cells."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
