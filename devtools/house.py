"""./dev house: the figures of the addon's rooms, and what runs back among them."""

import subprocess
import sys

from . import cache


def main(_odoo, arguments):
    command = [sys.executable, "-m", "tests.house", *arguments]
    return subprocess.run(command, cwd=cache.CHECKOUT, check=False).returncode
