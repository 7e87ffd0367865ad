"""Eight people who confirm orders of one file at once, against stock Odoo.

One line, tab-separated: name; orders a second, of stock then ours; the longest wait of
one person, in seconds; errors that Odoo's own retry did not settle.
"""

import sys

from odoo import sql_db

sys.path.insert(0, ".")

from bench import houses, people  # noqa: E402  (found from the repository's root)

crowds = [
    people.gather(house)
    for house in (houses.House(houses.open_stock()), houses.DigitalHouse(env.registry))
]
# As Odoo does before it forks: no connection is shared between processes.
env.cr.close()
sql_db.close_all()
runs = [people.run(crowd) for crowd in crowds]
for crowd, waits in zip(crowds, runs, strict=True):
    people.check(crowd, waits)
rates = [f"{people.get_rate(waits):.1f}" for waits in runs]
longest = [f"{max(wait.elapsed for wait in waits):.1f}" for waits in runs]
errors = [sum(not wait.done for wait in waits) for waits in runs]
print("eight_people", *rates, *longest, *errors, sep="\t", flush=True)
# The shell's own cursor was closed above: it has nothing left to commit.
sys.exit()
