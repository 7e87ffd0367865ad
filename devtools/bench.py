"""./dev bench: measurements, each a script fed to a shell on a scratch database.

Walks and mutants are no scripts of the shell: `_PROGRAMS` runs them, with what is said
after their name.
"""

from bench import mutation

from . import cache, shell, templates, walk
from .report import DevError, say
from .testing import STOCK_DATABASE

_FOLDER = cache.CHECKOUT / "bench"
_WALK = "walk"
_PROGRAMS = {_WALK: walk.main, "mutation": mutation.main}


def main(odoo, arguments):
    if arguments and arguments[0] in _PROGRAMS:
        return _PROGRAMS[arguments[0]](odoo, arguments[1:])
    scripts = sorted(_FOLDER.glob("bench_*.py"))
    if arguments:
        scripts = [_FOLDER / f"bench_{name}.py" for name in arguments]
    missing = [script.name for script in scripts if not script.exists()]
    if missing or not scripts:
        raise DevError(f"No such measurement in bench/: {', '.join(missing) or 'none'}")
    # Each on databases of its own: what one leaves behind would slow the next.
    return max([_run(odoo, script) for script in scripts])


def _run(odoo, script):
    say(script.name)
    if script.stem == f"bench_{_WALK}":
        return walk.main(odoo, [])
    odoo.environment[STOCK_DATABASE] = templates.clone_stock(odoo, "stock")
    with open(script) as source:
        return shell.run(odoo, templates.clone(odoo, "bench"), script=source)
