"""The one folder where everything fetched or built is kept, outside the checkout."""

import fcntl
import hashlib
import os
import shutil
import time
from contextlib import contextmanager
from pathlib import Path

from .report import say

CHECKOUT = Path(__file__).resolve().parent.parent
ADDON = "souverainete_achat"
# To other addons; Odoo installs each by itself where those are.
BRIDGES = ("souverainete_achat_tier_validation",)
_COMPLETE = ".complete"
_KEPT_SECONDS = 60 * 24 * 3600
_BRIEFLY = 0.3  # not worth a word


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
    for pause in (0, _BRIEFLY):
        time.sleep(pause)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return handle
        except BlockingIOError:
            if not wait:
                handle.close()
                return None
    say("waiting for another ./dev to finish what this one needs…")
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def is_complete(path):
    return (path / _COMPLETE).exists()


def build_once(path, build):
    """Build the folder `path` with `build(path)` unless it is already complete.

    Built in place, as a virtual environment cannot be moved; the mark comes last, so
    what an interrupted run left behind is thrown away and built again.
    """
    if is_complete(path):
        os.utime(path / _COMPLETE)
        return path
    with lock(f"build-{path.name}"):
        if not is_complete(path):
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir(parents=True)
            build(path)
            (path / _COMPLETE).touch()
    return path


def forget_unused(parent):
    """Remove the builds of earlier versions, once no checkout can still want them."""
    for path in parent.iterdir():
        mark = path / _COMPLETE
        if mark.exists() and time.time() - mark.stat().st_mtime > _KEPT_SECONDS:
            mark.unlink()
            shutil.rmtree(path, ignore_errors=True)
