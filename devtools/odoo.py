"""Odoo as a program: its configuration, its environment, its log."""

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager

from . import cache, postgres

_LOG_LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (?P<level>[A-Z]+) ")
_BAD_LEVELS = ("WARNING", "ERROR", "CRITICAL")
_CONFIGURATION = """\
[options]
addons_path = {addons_path}
data_dir = {data_dir}
http_interface = 127.0.0.1
list_db = False
"""


class Odoo:
    """The host with this checkout's addon, ready to run on our PostgreSQL."""

    def __init__(self, host):
        self.host = host
        server = postgres.environment()
        self.data = cache.folder("data", cache.key(*_address(server)))
        self.config = cache.folder("config") / f"{self.checkout_key}.conf"
        self.environment = {**os.environ, **server, "ODOO_RC": str(self.config)}
        # Connections made by this process go to the same server as Odoo's.
        os.environ.update(server)
        self._configure()

    @property
    def checkout_key(self):
        """Tells this checkout's run from those of other worktrees."""
        return cache.key(cache.CHECKOUT, self.host.home)

    @property
    def addons_paths(self):
        return [*self.host.addons_paths, cache.CHECKOUT]

    def _configure(self):
        text = _CONFIGURATION.format(
            addons_path=",".join(map(str, self.addons_paths)), data_dir=self.data
        )
        if not self.config.exists() or self.config.read_text() != text:
            draft = self.config.with_suffix(f".{os.getpid()}")
            draft.write_text(text)
            draft.replace(self.config)

    def command(self, *arguments):
        return [sys.executable, "-m", "odoo", *map(str, arguments)]

    def run(self, *arguments, **options):
        """Run Odoo to its end and return the completed process."""
        return subprocess.run(
            self.command(*arguments), env=self.environment, check=False, **options
        )

    def folder(self, name):
        """A folder about the databases of this server, which the cache may outlive."""
        path = self.data / name
        path.mkdir(exist_ok=True)
        return path

    def filestore(self, database):
        return self.data / "filestore" / database

    def copy_filestore(self, source, target):
        """Attachments are never changed in place, so hard links are true copies."""
        if self.filestore(source).exists():
            self.remove_filestore(target)
            shutil.copytree(
                self.filestore(source), self.filestore(target), copy_function=os.link
            )

    def remove_filestore(self, database):
        shutil.rmtree(self.filestore(database), ignore_errors=True)


@contextmanager
def interruption_is_the_childs():
    """Let a child end in its own way: the terminal sends Ctrl-C to it as well.

    Yields a list that is not empty once Ctrl-C was pressed.
    """
    presses = []
    previous = signal.signal(signal.SIGINT, lambda *_: presses.append(True))
    try:
        yield presses
    finally:
        signal.signal(signal.SIGINT, previous)


def bad_entries(log):
    """The entries of an Odoo log at WARNING or above, with what follows their line."""
    entries, current = [], None
    for line in log.splitlines():
        match = _LOG_LINE.match(line)
        if match:
            current = [] if match["level"] in _BAD_LEVELS else None
            if current is not None:
                entries.append(current)
        if current is not None:
            current.append(line)
    return ["\n".join(entry) for entry in entries]


def _address(server):
    names = ("PGHOST", "PGPORT")
    return [server.get(name) or os.environ.get(name, "") for name in names]
