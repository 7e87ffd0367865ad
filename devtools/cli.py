"""Reads the command line and starts the host before handing over to a command."""

import importlib
import signal
import sys

from . import help, venv
from . import host as hosts
from .cache import CHECKOUT
from .report import DevError

# The modules need the libraries of Odoo's environment, so they are imported by name.
_COMMANDS = {
    "bench": "bench",
    "house": "house",
    "lint": "lint",
    "release": "release",
    "run": "run",
    "shell": "shell",
    "test": "testing",
}


def main(arguments):
    signal.signal(signal.SIGTERM, _stop)
    name = arguments[0] if arguments else "help"
    if name in ("help", "-h", "--help"):
        print(help.TEXT, end="")
        return 0
    try:
        return _run(name, arguments)
    except DevError as error:
        print(f"dev: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _run(name, arguments):
    if name not in _COMMANDS:
        raise DevError(f"There is no command {name!r}; ./dev help lists them.")
    venv.check_python()
    host = hosts.find()
    environment = venv.for_odoo(host)
    if not venv.is_current(environment):
        venv.reenter(environment, CHECKOUT / "dev", arguments)
    module = importlib.import_module(f".{_COMMANDS[name]}", __package__)
    odoo = importlib.import_module(".odoo", __package__)
    return module.main(odoo.Odoo(host), arguments[1:])


def _stop(signum, _frame):
    """Leave through the exit handlers, which stop what was started."""
    sys.exit(128 + signum)
