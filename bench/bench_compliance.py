"""The nightly job over 1,000 files, half of them launched or signed: a first night, on
which each is judged for the first time, and a second on which nothing changed.

Tab-separated: which night, files, ms of CPU a file, queries a file.
"""

import sys
import time

sys.path.insert(0, ".")

from bench import houses  # noqa: E402  (found from the repository's root)
from bench.rows import copy_file  # noqa: E402

NUMBER = 500
NIGHTS = ("first", "second")


def run(files):
    env = files.env
    env.cr.commit()
    env.invalidate_all()
    before, start = env.cr.sql_log_count, time.process_time()
    files._cron_refresh_compliance()
    env.flush_all()
    return time.process_time() - start, env.cr.sql_log_count - before


house = houses.DigitalHouse(env.registry)
for file in (house.new_file(), house.new_signed()):
    copy_file(file, NUMBER)
house.env.invalidate_all()
files = house.env["purchase.requisition"].search([])
print("night", "files", "ms a file", "queries a file", sep="\t")
for name in NIGHTS:
    seconds, queries = run(files)
    each = f"{1000 * seconds / len(files):.1f}", f"{queries / len(files):.2f}"
    print(name, len(files), *each, sep="\t")
house.close()
