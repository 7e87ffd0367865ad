"""./dev shell: Odoo's shell on the run database, or on a scratch one."""

import sys

from . import run as run_command
from . import templates
from .odoo import interruption_is_the_childs


def main(odoo, arguments):
    options = [each for each in arguments if each != "--scratch"]
    if options != arguments:
        database = templates.clone(odoo, "shell")
    else:
        database = run_command.run_database(odoo)
    return run(odoo, database, options, sys.stdin)


def run(odoo, database, options=(), script=None):
    """Feed a script to Odoo's shell; warnings only, as its output is the script's."""
    quiet = ["--no-http", "--log-level=warn", "--max-cron-threads=0"]
    with interruption_is_the_childs():
        done = odoo.run("shell", "-d", database, *quiet, *options, stdin=script)
    return done.returncode
