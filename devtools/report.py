"""How ./dev speaks: progress on standard error, failure as one plain sentence."""

import subprocess
import sys


class DevError(Exception):
    """Something the user can act on; shown as a sentence, without a traceback."""


def say(message):
    """Progress goes to standard error: standard output belongs to the commands."""
    print(f"dev: {message}", file=sys.stderr, flush=True)


def run_quietly(command, failure, **options):
    """Run a command whose output only matters when it fails."""
    done = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **options,
    )
    if done.returncode:
        tail = "\n".join(done.stdout.strip().splitlines()[-15:])
        raise DevError(f"{failure}\n{tail}")
    return done.stdout
