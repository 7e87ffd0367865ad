"""./dev run: Odoo in French with demo data, kept from one run to the next."""

import argparse
import socket
import sys

from . import cache, database, programs, server, templates
from .report import DevError, say

_LOGINS = """
SELECT u.login, p.name, p.function FROM ir_model_data d
  JOIN res_users u ON d.model = 'res.users' AND u.id = d.res_id
  JOIN res_partner p ON p.id = u.partner_id
 WHERE d.module = %s AND d.name LIKE 'demo\\_user\\_%%' AND u.active ORDER BY d.id
"""


def main(odoo, arguments):
    options = _parse(arguments)
    programs.ensure()
    holder = cache.hold(odoo.folder("run") / f"{_name(odoo)}.lock", wait=False)
    if not holder:
        raise DevError("./dev run is already running for this checkout.")
    with holder:
        _check_port(options.port)
        if options.reset:
            database.drop(odoo, _name(odoo))
        _prepare(odoo)
        return _serve(odoo, options)


def run_database(odoo):
    """The database of this checkout, for the shell."""
    _prepare(odoo)
    return _name(odoo)


def _parse(arguments):
    end = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(prog="./dev run")
    parser.add_argument("--port", type=int, default=8069)
    parser.add_argument("--reset", action="store_true")
    parser.add_argument("--log", action="store_true")
    options = parser.parse_args(arguments[:end])
    options.odoo = arguments[end + 1 :]
    return options


def _name(odoo):
    return database.name("run", odoo.checkout_key)


def _check_port(port):
    """Bind as Odoo will, which also tells a port this user may not have."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            raise DevError(
                f"Port {port} is taken or not allowed: choose another with"
                f" ./dev run --port {port + 1 if port < 65535 else 8070}."
            ) from None


def _prepare(odoo):
    """Create the database unless it is there."""
    with cache.lock(_name(odoo)):
        if not database.exists(_name(odoo)):
            template = templates.addon_template(odoo, demo=True)
            with database.draft(odoo, _name(odoo)) as draft:
                database.clone(odoo, template, draft)
            _content_mark(odoo).write_text(templates.content())


def _content_mark(odoo):
    """Tells which state of the addon the database was last updated to."""
    return odoo.folder("run") / f"{_name(odoo)}.content"


def _is_outdated(odoo):
    mark = _content_mark(odoo)
    return not mark.exists() or mark.read_text() != templates.content()


def _serve(odoo, options):
    log = odoo.folder("logs") / f"{_name(odoo)}.log"
    more = list(options.odoo)
    if _is_outdated(odoo):
        say("the addon has changed: updating the database…")
        more += ["-u", cache.ADDON]
    content = templates.content()
    output = sys.stdout if options.log else None
    try:
        with server.answering(
            odoo, _name(odoo), options.port, log, more, output
        ) as process:
            _content_mark(odoo).write_text(content)
            _announce(odoo, options, log)
            return process.wait()
    except KeyboardInterrupt:
        return 0


def _announce(odoo, options, log):
    users = database.query(_name(odoo), _LOGINS, [cache.ADDON])
    print(f"\nOdoo answers on {server.address(options.port)}")
    print("Demo logins (the password is the login):")
    for login, name, role in [*users, ("admin", "Administrateur", None)]:
        print(f"  {login:<20} {name}" + (f", {role}" if role else ""))
    if not options.log:
        print(f"Its log: {log}")
    print("Ctrl-C stops it; the data is kept.", flush=True)
