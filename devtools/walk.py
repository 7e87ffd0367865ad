"""./dev bench walk: what the work costs in clicks and keys, in a real browser.

The walks are a program of their own, bench/bench_walk.py, on a throwaway database with
the demonstration, in an environment that has no part of Odoo.
"""

import subprocess

from . import cache, programs, server, shell, templates, venv
from .report import DevError

_PROGRAM = ("-m", "bench.bench_walk")
_SEED = cache.CHECKOUT / "bench" / "walk" / "seed.py"


def main(odoo, arguments):
    programs.ensure()
    browser = programs.find("chromium")
    if not browser:
        raise DevError("The walks need Chromium.")
    python = venv.python(venv.for_walks())
    database = templates.clone(odoo, "walk", demo=True)
    with open(_SEED) as seed:
        if shell.run(odoo, database, script=seed):
            raise DevError("What the walks start from could not be made.")
    port = server.free_port()
    log = odoo.folder("logs") / f"{database}.log"
    environment = {
        **odoo.environment,
        "PGDATABASE": database,
        "WALK_ADDRESS": server.address(port),
        "WALK_BROWSER": browser,
    }
    with server.answering(odoo, database, port, log):
        done = subprocess.run(
            [python, *_PROGRAM, *arguments],
            cwd=cache.CHECKOUT,
            env=environment,
            check=False,
        )
    return done.returncode
