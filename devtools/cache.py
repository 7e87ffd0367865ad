"""The one folder where everything fetched or built is kept, outside the checkout."""

import fcntl
import hashlib
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
ADDON = "souverainete_achat"
_COMPLETE = ".complete"


def folder(*parts):
    """A folder of the cache, created when missing."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    path = Path(base).joinpath(ADDON, *parts)
    path.mkdir(parents=True, exist_ok=True)
    return path


def key(*parts):
    """Short name of what something was built from."""
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:12]


@contextmanager
def lock(name):
    """Hold the lock `name` against every other ./dev that uses this cache."""
    with hold(folder("locks") / name):
        yield


def hold(path, wait=True):
    """The open file `path`, locked until it is closed; None if it is held elsewhere.

    The kernel drops the lock with the process, so a killed run never leaves one behind.
    """
    handle = open(path, "a")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        handle.close()
        return None
    return handle


def is_complete(path):
    return (path / _COMPLETE).exists()


def build_once(path, build):
    """Build the folder `path` with `build(path)` unless it is already complete.

    Built in place, as a virtual environment cannot be moved; the mark comes last, so
    what an interrupted run left behind is thrown away and built again.
    """
    if is_complete(path):
        return path
    with lock(f"build-{path.name}"):
        if not is_complete(path):
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir(parents=True)
            build(path)
            (path / _COMPLETE).touch()
    return path
