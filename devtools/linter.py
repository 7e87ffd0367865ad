"""Runs one linter, for all of ./dev lint."""

import subprocess
import sys

from . import cache


def succeeds(*command):
    """Run a linter from the repository's root, where the configurations are."""
    sys.stdout.flush()
    done = subprocess.run(
        [str(part) for part in command], cwd=cache.CHECKOUT, check=False
    )
    return not done.returncode
