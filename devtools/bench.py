"""./dev bench: measurements, each a script fed to a shell on a scratch database."""

from . import cache, shell, templates
from .report import DevError, say
from .testing import STOCK_DATABASE

_FOLDER = cache.CHECKOUT / "bench"


def main(odoo, arguments):
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
    odoo.environment[STOCK_DATABASE] = templates.clone_stock(odoo, "stock")
    with open(script) as source:
        return shell.run(odoo, templates.clone(odoo, "bench"), script=source)
