"""An ordinary purchase of chairs with the addon, against stock Odoo in the same run.

Queries are exact. Times are the ratio of medians over several runs, taken in turn.
"""

import sys
import time
from statistics import median

sys.path.insert(0, ".")

from tests import out_of_scope  # noqa: E402  (found from the repository's root)

RUNS = 5


def timed(function):
    start = time.perf_counter()
    counts = function()
    return time.perf_counter() - start, counts


def measure_addon():
    with env.registry.cursor() as cr:
        counts = out_of_scope.measure(env(cr=cr))
        cr.rollback()
    return counts


runs = [(timed(out_of_scope.measure_stock), timed(measure_addon)) for _ in range(RUNS)]
(_time, stock), (_time2, addon) = runs[-1]
print(f"{'operation':48} stock  addon  more")
for operation, queries in stock.items():
    more = addon[operation] - queries
    print(f"{operation:48} {queries:5}  {addon[operation]:5}  {more:+d}")
ratio = median(a[0] for _s, a in runs) / median(s[0] for s, _a in runs)
print(f"time of the whole scenario, addon / stock: {ratio:.2f}")
