"""Reads the command line and starts the host before handing over to a command."""

import signal
import sys

from . import host as hosts
from . import venv
from .cache import CHECKOUT
from .report import DevError


def main(arguments):
    signal.signal(signal.SIGTERM, _stop)
    try:
        host = hosts.find()
        environment = venv.for_odoo(host)
        if not venv.is_current(environment):
            venv.reenter(environment, CHECKOUT / "dev", arguments)
        return _run(host, arguments)
    except DevError as error:
        print(f"dev: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _run(host, arguments):
    """Imported late: the commands need the libraries of Odoo's environment."""
    from . import shell, testing
    from .odoo import Odoo

    commands = {"shell": shell.main, "test": testing.main}
    return commands[arguments[0]](Odoo(host), arguments[1:])


def _stop(signum, _frame):
    """Leave through the exit handlers, which stop what was started."""
    sys.exit(128 + signum)
