"""Worlds that many tests begin with, built once in a process: later tests get the rows back, which takes milliseconds.

A world is what a function of the factories writes into an empty database, or into one that holds just such a world.
Each test still has rows and objects of its own, and rolls them back as ever.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, is_dataclass
from functools import cache, wraps
from io import StringIO
from typing import Any, ClassVar, ParamSpec, TypeVar

import time_machine
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone, translation

from assessments import grid, results
from rubrics import convert
from rubrics import rows as rubric_rows

P = ParamSpec("P")
T = TypeVar("T")
Rows = dict[str, list[Any]]

OURS = {"orgs", "rubrics", "assessments", "reports"}

FROZEN = (rubric_rows._frozen, rubric_rows._frozen_headings, results._frozen_scale, convert._frozen, grid._kept)
"""What a process keeps of frozen rubrics, by their key and the moment they were frozen; a world has both again."""


@dataclass(frozen=True)
class Kept:
    """What a call wrote: rows by table, and the keys of those that it took away or replaced; and what it returned."""

    added: Rows
    gone: Rows
    result: Any


_worlds: dict[Hashable, Kept] = {}


class _Now:
    """The world that the database holds, as long as nothing is written beside it; follows what the connection is told.

    Savepoints come and go with tests inside a module's world: going back to one goes back to the world of its time.
    """

    world: Hashable = ()
    then: ClassVar[dict[str, Hashable]] = {}
    rubrics_changed = True  # since what is kept of them was forgotten: perhaps behind the back of their guard

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SAVEPOINT "):
            self.then[sql.rsplit(maxsplit=1)[-1]] = self.world
        elif sql.startswith("ROLLBACK TO SAVEPOINT "):
            self.world = self.then.get(sql.rsplit(maxsplit=1)[-1], ())
        elif sql.startswith("RELEASE SAVEPOINT "):
            self.then.pop(sql.rsplit(maxsplit=1)[-1], None)
        elif not sql.startswith("SELECT"):
            self.world = ()
            self.rubrics_changed = self.rubrics_changed or "rubrics_" in sql
        return execute(sql, params, many, context)


_now = _Now()


def remembered(build: Callable[P, T]) -> Callable[P, T]:
    """What this builds in an empty database, or in a remembered world, is built once in a process.

    It may take plain values, stored rows and remembered results; it must change nothing but the database.
    """

    @wraps(build)
    def built(*args: P.args, **said: P.kwargs) -> T:
        world = _world(build, args, said)
        if world is None:
            return build(*args, **said)
        if world in _worlds:
            kept = _worlds[world]
            _put(kept)
        else:
            before = _dump()
            result = build(*args, **said)
            after = _dump()
            kept = _worlds[world] = Kept(*_difference(before, after), copy.deepcopy(result))
        _now.world = world
        return copy.deepcopy(kept.result)

    return built


def _world(build: Callable[..., Any], args: tuple[Any, ...], said: dict[str, Any]) -> Hashable | None:
    """What this call makes, by name; None where that can't be told."""
    if time_machine.escape_hatch.is_travelling():
        return None
    if _now not in connection.execute_wrappers:
        connection.execute_wrappers.append(_now)
        _now.world = ()
    empty = _is_empty()
    # what a test commits, threads and processes may change unseen
    if not empty and not (_now.world and connection.in_atomic_block):
        return None
    try:
        told = (tuple(map(_name, args)), tuple((key, _name(value)) for key, value in sorted(said.items())))
        hash(told)
    except TypeError:
        return None
    circumstances = (timezone.localdate(), translation.get_language(), connection.in_atomic_block)
    return () if empty else _now.world, build.__module__, build.__qualname__, told, circumstances


def _name(value: Any) -> Hashable:
    if isinstance(value, Model):
        return value._meta.label, value.pk
    if isinstance(value, list | tuple):
        return tuple(map(_name, value))
    if isinstance(value, dict):
        return tuple((key, _name(one)) for key, one in value.items())
    if is_dataclass(value) and not isinstance(value, Hashable):
        return type(value).__name__, tuple(_name(one) for one in vars(value).values())
    return value


# --- Rows, as the database itself writes them -------------------------------------------------------------------------


@cache
def _tables() -> dict[str, tuple[str, ...]]:
    """Columns by table of our own apps, the key first."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in OURS and model._meta.managed and not model._meta.proxy:
            key = model._meta.pk.column
            rest = [field.column for field in model._meta.local_concrete_fields if field.column != key]
            found[model._meta.db_table] = (key, *rest)
    return found


def _is_empty() -> bool:
    connection.ensure_connection()
    with _cursor() as cursor:
        cursor.execute("SELECT " + " OR ".join(f"EXISTS (SELECT 1 FROM {table})" for table in _tables()))  # noqa: S608
        return not cursor.fetchone()[0]


@contextmanager
def _cursor() -> Iterator[Any]:
    """The driver's own, so that nothing is converted, logged or counted."""
    connection.ensure_connection()  # outside of a transaction, loaddata closes it
    cursor = connection.connection.cursor()
    try:
        yield cursor
    finally:
        cursor.close()


def _dump() -> Rows:
    with _cursor() as cursor:
        return {table: _READ[connection.vendor](cursor, table, listed) for table, listed in _listed().items()}


@cache
def _listed() -> dict[str, str]:
    return {table: ", ".join(f'"{column}"' for column in columns) for table, columns in _tables().items()}


def _difference(before: Rows, after: Rows) -> tuple[Rows, Rows]:
    """The rows that are new or other than before, and the keys of those that are gone or other."""
    added, gone = {}, {}
    for table, rows in after.items():
        was, now = set(before[table]), set(rows)
        if was != now:
            added[table] = [row for row in rows if row not in was]
            gone[table] = [_KEY[connection.vendor](row) for row in before[table] if row not in now]
    return added, gone


def _put(kept: Kept) -> None:
    if _now.rubrics_changed or not connection.in_atomic_block:  # what a test commits, others may have changed unseen
        for cached in FROZEN:
            cached.cache_clear()
        _now.rubrics_changed = False
    with transaction.atomic(), _cursor() as cursor:
        for table, keys in kept.gone.items():
            if keys:
                key = _tables()[table][0]
                cursor.execute(f"""DELETE FROM {table} WHERE "{key}" IN ({", ".join(map(repr, keys))})""")  # noqa: S608
        for table, rows in kept.added.items():
            if rows:
                _WRITE[connection.vendor](cursor, table, _listed()[table], rows)
        if connection.vendor == "postgresql":
            _count_on(cursor, kept.added)


def _read_sqlite(cursor: Any, table: str, listed: str) -> list[Any]:
    # the plus keeps the driver from reading a declared type
    return cursor.execute(f"SELECT +{listed.replace(', ', ', +')} FROM {table}").fetchall()  # noqa: S608


def _write_sqlite(cursor: Any, table: str, listed: str, rows: list[Any]) -> None:
    places = ", ".join("?" * len(rows[0]))
    cursor.executemany(f"INSERT INTO {table} ({listed}) VALUES ({places})", rows)  # noqa: S608


def _read_postgresql(cursor: Any, table: str, listed: str) -> list[Any]:
    lines = StringIO()
    cursor.copy_expert(f"COPY {table} ({listed}) TO STDOUT", lines)
    return lines.getvalue().splitlines(keepends=True)


def _write_postgresql(cursor: Any, table: str, listed: str, rows: list[Any]) -> None:
    cursor.copy_expert(f"COPY {table} ({listed}) FROM STDIN", StringIO("".join(rows)))


def _count_on(cursor: Any, tables: Rows) -> None:
    """New rows get numbers above these."""
    counters = (
        f"""setval('{counter}', (SELECT coalesce(max("{_tables()[table][0]}"), 1) FROM {table}))"""  # noqa: S608
        for table in tables
        if (counter := _counters().get(table))
    )
    if told := ", ".join(counters):
        cursor.execute(f"SELECT {told}")


@cache
def _counters() -> dict[str, str]:
    with connection.cursor() as cursor:
        found = {table: connection.introspection.get_sequences(cursor, table) for table in _tables()}
    return {table: one["name"] for table, listed in found.items() for one in listed}


_READ = {"sqlite": _read_sqlite, "postgresql": _read_postgresql}
_WRITE = {"sqlite": _write_sqlite, "postgresql": _write_postgresql}
_KEY = {"sqlite": lambda row: row[0], "postgresql": lambda line: line.split("\t", 1)[0].rstrip("\n")}
