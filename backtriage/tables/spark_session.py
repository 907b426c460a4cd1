"""A Spark that is there while something is done, and what it says where it cannot do it.

Nothing is asked of it in the main thread: its calls wait in sockets, where no signal is heard, and
it would take Ctrl-C over.
"""

import logging
import os
import re
import shutil
import socket
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from threading import Thread
from typing import Any, BinaryIO, TypeVar
from zipfile import ZipFile

from py4j.protocol import Py4JError
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkException
from pyspark.java_gateway import launch_gateway

import backtriage
from backtriage.errors import BacktriageError, FileError, Issue, MissingExtra
from backtriage.extras import describe_installation
from backtriage.files import describe_failure
from backtriage.interrupts import check_interrupts

_Made = TypeVar("_Made")

_LOOK, _END, _LAUNCH, _ANSWER = 0.1, 1.0, 5.0, 10.0
"""Seconds: how often is looked whether to end, and how long is waited for Spark to end, to come up
when it is to end, and for a master to answer.
"""

_ANOTHER_PYTHON = "or name another Python in PYSPARK_PYTHON"
_KNOWN: tuple[tuple[str, str, str], ...] = (
    (
        r"No module named '([\w.]+)'",
        "the Python of a worker of Spark has no {}",
        f"{describe_installation('spark')} there, {_ANOTHER_PYTHON}",
    ),
    (
        r"(?s)PYTHON_VERSION_MISMATCH.*?version[: ]+([\d.]+)",
        f"the Python of a worker of Spark is {{}}, and this one is {sys.version_info[0]}."
        f"{sys.version_info[1]}",
        f"use the same for both, {_ANOTHER_PYTHON}",
    ),
    (
        r'Cannot run program "(.*?)"',
        "a worker of Spark cannot run the Python {}",
        f"put one there, {_ANOTHER_PYTHON}",
    ),
)
"""What is missing where a worker is, by a piece of what Spark says, and the way out."""

_OF_JAVA = re.compile(r"^.*\b(?:\w+\.)+\w+(?:Exception|Error): ")
"""The names of errors of Java before what they say."""


@contextmanager
def open_spark(master: str | None) -> Iterator[SparkContext]:
    """A Spark on this machine, or on the cluster `master`; the package is sent there.

    Raises MissingExtra and FileError, also for what Spark says while this lasts.
    """
    if master is None or master.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # what is installed here
    # it would tell of connections that are lost because we have cut them, in two ways
    logging.getLogger("py4j").addHandler(logging.NullHandler())
    logging.getLogger().addFilter(_is_of_others)
    conf = SparkConf().setAppName("backtriage").setMaster(master or "local[*]")
    conf.set("spark.ui.enabled", "false").set("spark.ui.showConsoleProgress", "false")
    with (
        TemporaryDirectory() as folder,
        TemporaryFile() as said,
        warnings.catch_warnings(action="ignore"),
    ):
        wait_for(partial(_check_reachable, master or ""))
        with _launched(conf, said) as gateway:
            with tell_spark():
                context = wait_for(partial(_start, conf, gateway, _pack(Path(folder))))
            yield context


def _is_of_others(record: logging.LogRecord) -> bool:
    """Whether a record is not one that py4j has logged by no name of its own."""
    return "py4j" not in Path(record.pathname).parts


def wait_for(work: Callable[[], _Made]) -> _Made:
    """What the work makes in a thread of its own, which is left alone where we are to end."""
    return _wait(_begin(work))


def _wait(made: "Future[_Made]") -> _Made:
    while not wait([made], _LOOK).done:
        check_interrupts()
    check_interrupts()  # it may well be what made the work fail
    return made.result()


def _begin(work: Callable[[], _Made]) -> "Future[_Made]":
    made: Future[_Made] = Future()

    def do() -> None:
        try:
            made.set_result(work())
        except BaseException as error:
            made.set_exception(error)

    Thread(target=do, daemon=True).start()  # who ends does not wait for it
    return made


# Start and end -----------------------------------------------------------------------------------


@contextmanager
def _launched(conf: SparkConf, said: BinaryIO) -> Iterator[Any]:
    """The Java of Spark while it runs; what it says goes to a file. Raises MissingExtra, FileError.

    It cannot be broken off while it is launched, and would stay if it were.
    """
    # warnings of its own that nobody can do anything about would stand before the summary
    streams = {"stdout": said, "stderr": said}
    launch = _begin(partial(launch_gateway, conf, streams))
    try:
        try:
            gateway = _wait(launch)
        except (PySparkException, OSError) as error:
            said.seek(0)
            raise _explain_launch(f"{error}\n{said.read().decode(errors='replace')}") from None
        yield gateway
    finally:
        with suppress(Exception):  # it is there too late, or has not come to be
            _end(launch.result(_LAUNCH))


def _start(conf: SparkConf, gateway: Any, package: Path) -> SparkContext:
    context = SparkContext(conf=conf, gateway=gateway)
    context.setLogLevel("OFF")
    # it would show a traceback when its connection is cut, as it is when Java ends
    updates: Any = context._accumulatorServer
    updates.handle_error = lambda *_: None
    context.addPyFile(str(package))
    return context


def _end(gateway: Any) -> None:
    """Have the Java of Spark end, and stop all that it began: it does when its input ends.

    Where that takes longer, nobody waits for it.
    """
    # or else a next one would be sent there
    SparkContext._gateway = SparkContext._jvm = SparkContext._active_spark_context = None
    if gateway.proc is not None:  # or else it is not of our making
        gateway.proc.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            gateway.proc.wait(_END)


def _pack(folder: Path) -> Path:
    """The package as a file that Spark can send."""
    root = Path(backtriage.__file__).parent
    with ZipFile(folder / "backtriage.zip", "w") as packed:
        for pattern in ("*.py", "fhir/*.json"):
            for file in root.rglob(pattern):
                packed.write(file, file.relative_to(root.parent))
    return folder / "backtriage.zip"


# What goes wrong ---------------------------------------------------------------------------------


@contextmanager
def tell_spark() -> Iterator[None]:
    """Raise MissingExtra or FileError for what Spark says while this lasts."""
    try:
        yield
    except (PySparkException, Py4JError, OSError, EOFError) as error:
        raise _explain(error) from None


def _check_reachable(master: str) -> None:
    """Raise FileError where no master of a cluster answers; Spark would take a minute for it."""
    if not master.startswith("spark://"):
        return
    issues = []
    for address in master.removeprefix("spark://").split(","):
        host, _, port = address.rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), timeout=_ANSWER).close()
        except OSError as error:
            message = f"no master of Spark answers there ({describe_failure(error)})"
            way_out = "see whether it runs, and which address it shows"
            place = f"spark://{address}"
            issues.append(
                Issue(code="cannot-reach", message=message, suggestion=way_out, file=place)
            )
        else:
            return
    raise FileError(issues)


def _explain_launch(said: str) -> BacktriageError:
    """Why there is no Java of Spark, by what was said while it was started."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=f"{home}/bin" if home else None)
    if found is not None and "UnsupportedClassVersionError" not in said:
        return _build_failed(said)
    where = f"where JAVA_HOME says ({home})" if home else "on the PATH"
    lacks = f"the one {where} is too old" if found else f"there is none {where}"
    message = f"Spark needs Java 17 or later, and {lacks}"
    way_out = "install it, or set JAVA_HOME to where it is"
    return MissingExtra([Issue(code="missing-java", message=message, suggestion=way_out)])


def _explain(error: Exception) -> BacktriageError:
    """What Spark said in place of a result."""
    try:
        said = str(error)
    except (Py4JError, OSError):  # who would say more has ended
        said = type(error).__name__
    for pattern, message, way_out in _KNOWN:
        if found := re.search(pattern, said):
            told = message.format(found[1])
            return MissingExtra([Issue(code="missing-extra", message=told, suggestion=way_out)])
    return _build_failed(said)


def _build_failed(said: str) -> FileError:
    """What Spark said last, ahead of where in its code that was."""
    before, *_ = re.split(r"^\s+at ", said, maxsplit=1, flags=re.MULTILINE)
    lines = [line for line in before.splitlines() if line and not line[0].isspace()]
    reason = _OF_JAVA.sub("", lines[-1]) if lines else "it gave no reason"
    return FileError([Issue(code="spark-failed", message=f"Spark could not do it: {reason}")])
