"""./dev help."""

TEXT = """\
The developer's commands of souverainete_achat, an addon for Odoo 19.
The first one fetches what it needs; later ones work without network.

./dev run [options]          Odoo in French with demo data; Ctrl-C stops it
    --port N                 on another port than 8069
    --reset                  on fresh data (otherwise they are kept)
    --log                    its log on the terminal instead of in a file
    -- OPTIONS               further options for Odoo
./dev test                   every test: tests/ on all cores, then core's own suites,
                             then bridges to other addons
./dev test [pytest args]     only pytest with them, e.g. tests/test_install.py -k name
    --core                   core's own suites too
./dev test --bridges         only the bridges, with the addons they are made for
./dev lint                   Python, XML, JavaScript and translations
    --fix                    first repair what can be, and update the translation files
./dev shell                  Odoo's shell on the data of ./dev run; a script on standard
                             input is run instead, its status is the command's
    --scratch                on a throwaway database: the addon, no demo data
./dev bench [NAME...]        the measurements bench/bench_NAME.py, or all of them
./dev bench walk [WALK...]   clicks and keys of each walk, in a real browser
    --pictures DIR           where the picture of each step goes
./dev bench mutation [NAME] [NUMBER] [SEED]
                             changes of the critical code that no test notices
./dev house [-v]             figures of the rooms; with -v, each use that runs back
./dev release [VERSION]      the wheel of the addon, in dist/; with a version, written
                             in the manifest and the changelog first
./dev help                   this text

ODOO_HOME        a checkout or an install of Odoo 19 to use instead of Debian's package
PGHOST           a PostgreSQL server to use instead of our own (with PGPORT, PGUSER...)
XDG_CACHE_HOME   where everything fetched or built is kept (~/.cache by default)
"""
