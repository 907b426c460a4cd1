"""Real databases, each on its own for a test: one statement in, rows out.

What is not installed raises Missing.
"""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

Run = Callable[[str], list[tuple[Any, ...]]]
"""Runs one statement, and gives its rows, if it has some."""


class Missing(Exception):
    """A program or package is not installed; says which."""


@contextmanager
def postgres(folder: Path) -> Iterator[Run]:
    """PostgreSQL, reached by a socket in the folder."""
    psycopg = _package("psycopg")
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin")) or [
        Path(_program("initdb")).parent
    ]
    user = _as("postgres", folder)
    data = folder / "data"
    subprocess.run(
        [programs[-1] / "initdb", "-D", data, "-A", "trust", "-U", "test"],
        check=True,
        **_QUIET,
        **user,
    )
    server = [programs[-1] / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses="]
    with (
        _running(server, user),
        _retried(lambda: psycopg.connect(f"host={folder} user=test dbname=postgres")) as connection,
    ):
        yield lambda sql: _rows(connection.execute(sql))


@contextmanager
def mysql(folder: Path) -> Iterator[Run]:
    """MariaDB, which speaks the dialect of MySQL, reached by a socket in the folder."""
    pymysql = _package("pymysql")
    install, server = _program("mariadb-install-db"), _program("mariadbd")
    user = _as("mysql", folder)
    places = [
        f"--datadir={folder / 'data'}",
        f"--socket={folder / 'socket'}",
        f"--pid-file={folder / 'pid'}",
    ]
    test = ["--no-defaults", *places[:1], "--auth-root-authentication-method=normal"]
    subprocess.run([install, *test], check=True, **_QUIET, **user)
    command = [server, "--no-defaults", *places, "--skip-networking", "--skip-grant-tables"]

    def connect() -> Any:
        (folder / "socket").stat()  # until it is there, a try would leave a socket behind
        return pymysql.connect(unix_socket=str(folder / "socket"), user="root")

    with _running(command, user), _retried(connect) as connection:
        cursor = connection.cursor()
        cursor.execute("CREATE DATABASE triage")
        cursor.execute("USE triage")
        yield (
            lambda sql: list(cursor.fetchall()) if cursor.execute(sql) or cursor.description else []
        )


@contextmanager
def clickhouse(folder: Path) -> Iterator[Run]:
    """ClickHouse within this process."""
    session = _package("chdb.session").Session(str(folder / "data"))
    session.query("CREATE DATABASE triage ENGINE = Atomic")
    session.query("USE triage")

    def run(sql: str) -> list[tuple[Any, ...]]:
        return [
            tuple(json.loads(line))
            for line in str(session.query(sql, "JSONCompactEachRow")).splitlines()
        ]

    try:
        yield run
    finally:
        session.close()


@contextmanager
def spark(folder: Path) -> Iterator[Run]:
    """Spark on one core, strict about what is no value of a type (ANSI)."""
    _program("java")
    builder = _package("pyspark.sql").SparkSession.builder.master("local[1]")
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.sql.ansi.enabled": "true",
        "spark.sql.warehouse.dir": str(folder / "tables"),
    }.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    try:
        yield lambda sql: [tuple(row) for row in session.sql(sql).collect()]
    finally:
        session.stop()


DATABASES = {"postgres": postgres, "mysql": mysql, "clickhouse": clickhouse, "spark": spark}
"""By dialect."""

_QUIET: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def _package(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise Missing(f"the Python package {name.partition('.')[0]} is not installed") from None


def _program(name: str) -> str:
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/bin")
    if not path:
        raise Missing(f"the program {name} is not installed")
    return path


def _as(name: str, folder: Path) -> dict[str, Any]:
    """Such servers do not run as root: whose they are then, and the folder with them."""
    if os.getuid():
        return {}
    shutil.chown(folder, name, name)
    return {"user": name, "group": name, "cwd": folder}


@contextmanager
def _running(command: Sequence[object], user: dict[str, Any]) -> Iterator[None]:
    with subprocess.Popen(list(map(str, command)), **_QUIET, **user) as server:
        try:
            yield
        finally:
            server.terminate()


def _retried(connect: Callable[[], Any]) -> Any:
    """The connection, once the server is there."""
    for _ in range(100):
        try:
            return connect()
        except Exception:  # each package has errors of its own
            time.sleep(0.2)
    return connect()


def _rows(cursor: Any) -> list[tuple[Any, ...]]:
    return list(cursor.fetchall()) if cursor.description else []
