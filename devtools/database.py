"""Databases on the server: cloned, renamed, dropped, and never left behind."""

import atexit
import os
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, quote_ident

from . import cache

_PREFIX = "sa"


def name(*parts):
    """A database of ours: the prefix keeps clear of the user's own."""
    return "_".join((_PREFIX, *parts))


@contextmanager
def _server():
    connection = psycopg2.connect(dbname="postgres")
    try:
        connection.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def _execute(statement, *names):
    with _server() as cursor:
        cursor.execute(statement.format(*(quote_ident(each, cursor) for each in names)))


def existing(prefix):
    with _server() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix]
        )
        return [row[0] for row in cursor.fetchall()]


def exists(database):
    return database in existing(database)


def query(database, statement, parameters=()):
    """The rows a statement returns on one database."""
    connection = psycopg2.connect(dbname=database)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall()
    finally:
        connection.close()


def update(database, statement, parameters=()):
    """Run one statement on one database, and keep what it changes."""
    connection = psycopg2.connect(dbname=database)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement, parameters)
    finally:
        connection.close()


def clone(odoo, source, target):
    _execute("CREATE DATABASE {} TEMPLATE {}", target, source)
    odoo.copy_filestore(source, target)


def drop(odoo, database):
    _execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)
    odoo.remove_filestore(database)


@contextmanager
def draft(odoo, target):
    """Build `target` under another name, which it loses only when it is whole.

    The name is this process's own: a killed one may still be creating its draft.
    """
    prefix = f"{target}_draft"
    for leftover in [*existing(prefix), target]:
        drop(odoo, leftover)
    building = f"{prefix}_{os.getpid()}"
    yield building
    odoo.copy_filestore(building, target)
    _execute("ALTER DATABASE {} RENAME TO {}", building, target)
    odoo.remove_filestore(building)


def scratch_clone(odoo, source, purpose):
    """A clone dropped when this process ends, or by the next ./dev if it is killed."""
    _drop_abandoned(odoo)
    database = name("tmp", purpose, str(os.getpid()), cache.key(os.urandom(8))[:4])
    holder = cache.hold(odoo.folder("scratch") / database)
    atexit.register(_release, odoo, database, holder)
    clone(odoo, source, database)
    return database


def _release(odoo, database, holder):
    # Test workers add clones of the clone, named after it.
    for each in existing(database):
        drop(odoo, each)
    Path(holder.name).unlink(missing_ok=True)
    holder.close()


def _drop_abandoned(odoo):
    """Whoever made a scratch database holds its lock for as long as it lives."""
    for path in odoo.folder("scratch").iterdir():
        holder = cache.hold(path, wait=False)
        if holder:
            _release(odoo, path.name, holder)
