"""What a site is: one document's tree of unions with their people, and the cycle that one of the unions opens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from assessments.demo.honours import Honours
from orgs.models import Level
from orgs.roles import Role


class DemoStage(IntEnum):
    """How far the demo year has come."""

    SELF = 1
    ASSESS = 2
    REVIEW = 3
    FINAL = 4
    NOTICE = 5


class Stand(IntEnum):
    """How far one assessment has come; each includes those before it, but for SENT_BACK, which is a way round."""

    BLANK = 0
    PARTLY = 1  # a part of the self sheet is filled in
    FILLED = 2  # all of it, not submitted
    SUBMITTED = 3
    SENT_BACK = 4  # submitted, and some items came back
    MARKING = 5  # the assess sheet is marked in part, some departments have signed off
    MARKED = 6  # all of it
    FORWARDED = 7  # to the reviewer; confirmed where the rubric has two stages
    REVIEWING = 8  # the review sheet is marked in part
    FINAL = 9


@dataclass(frozen=True, slots=True)
class Person:
    """`department` is the name of a department assessor's department."""

    username: str
    name: str
    roles: tuple[Role, ...]
    department: str = ""


@dataclass(frozen=True, slots=True)
class Department:
    """`aliases` are other names that documents use for it, divided by spaces."""

    name: str
    aliases: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A union.

    aim      the points that its assessor arrives at; empty: drawn by lot
    claims   items that do not apply to it, with the reason that it gives
    stands   how far its assessment is at a stage, where the site's usual mixture shall not decide
    industrial  name of the industrial union that is its second superior
    """

    name: str
    kind: str
    level: Level
    members: int
    people: tuple[Person, ...]
    departments: tuple[Department, ...] = ()
    below: tuple[Unit, ...] = ()
    aim: str = ""
    claims: Mapping[str, str] = field(default_factory=dict)
    stands: Mapping[DemoStage, Stand] = field(default_factory=dict)
    industrial: str = ""

    def walk(self) -> Iterator[Unit]:
        yield self
        for unit in self.below:
            yield from unit.walk()


@dataclass(frozen=True, slots=True)
class Site:
    """A document at work: `owner` opens the cycle `title` for `branch`. Both are names of units of the tree."""

    document: str
    title: str
    root: Unit
    owner: str
    branch: str
    shown: tuple[str, ...]
    """User names that the command's table lists, in its order."""
    objected: str = ""
    """At the notice stage: somebody objects to this union's result. Empty: nothing is published."""
    honours: Honours | None = None
    """From the final stage on: what is awarded."""


# How far a person's union is at the stage at which the demo shows it: the unions whose accounts the table lists.
SHOWN_UNIT = {DemoStage.SELF: Stand.PARTLY, DemoStage.ASSESS: Stand.SENT_BACK}


def person(username: str, name: str, *roles: Role, department: str = "") -> Person:
    return Person(username, name, roles, department)


def keeper(username: str, name: str) -> tuple[Person, ...]:
    """A small union's one person, who fills in the sheet and submits it."""
    return (Person(username, name, (Role.CLERK, Role.CHAIR)),)
