"""Odoo answering on a port of this machine, for as long as somebody needs it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

from . import database as databases
from .report import DevError, say

# Where PDF documents fetch their styles: Odoo learns it only when admin logs in.
_BASE_URL = "UPDATE ir_config_parameter SET value = %s WHERE key = 'web.base.url'"
_START_TIMEOUT = 300
_STOP_TIMEOUT = 60


def address(port):
    return f"http://127.0.0.1:{port}"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def answering(odoo, database, port, log, options=(), output=None):
    """Yields the process once it answers; stopped on exit, however that comes.

    It writes to the file `log`, or where `output` says: the terminal, as a rule.
    """
    databases.update(database, _BASE_URL, [address(port)])
    say("starting Odoo…")
    command = odoo.command("server", "-d", database, f"--http-port={port}", *options)
    with open(log, "w") as file:
        output = output or file
        server = subprocess.Popen(
            command, env=odoo.environment, stdout=output, stderr=output
        )
    try:
        _wait_for_answer(server, port, log)
        yield server
    except KeyboardInterrupt:
        _stop(server, told=_terminal_tells_all())
        raise
    finally:
        _stop(server)


def _wait_for_answer(server, port, log):
    """The login page needs the database, the registry and the assets: a real answer."""
    deadline = time.monotonic() + _START_TIMEOUT
    while time.monotonic() < deadline:
        if server.poll() is not None:
            end = "\n".join(log.read_text().splitlines()[-30:])
            raise DevError(f"Odoo stopped while starting.\n{end}")
        try:
            with urllib.request.urlopen(address(port) + "/web/login", timeout=60):
                return
        except OSError:
            time.sleep(0.5)
    raise DevError(f"Odoo does not answer on {address(port)}; its log is {log}")


def _stop(server, told=False):
    """One signal only: Odoo takes a second one as an order to drop everything."""
    if server.poll() is None and not told:
        server.terminate()
    try:
        server.wait(_STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _terminal_tells_all():
    """Whether Ctrl-C came from our terminal, which interrupts Odoo as well."""
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except OSError:
        return False
