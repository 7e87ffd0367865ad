"""Purchases that look like one project, looked for among 16,000 of one ministry.

Tab-separated: how many titles, pairs found, seconds of the job, MB that it held at
most, queries.
"""

import random
import sys
import time
import tracemalloc

sys.path.insert(0, ".")

from bench import houses  # noqa: E402  (found from the repository's root)
from bench.rows import copy_rows  # noqa: E402

NUMBERS = 4_000, 16_000
# A word is the rarer the later it comes, as in any language.
WORDS = [f"mot{n}" for n in range(4_000)]
CODES = [f"{code}00000" for code in range(480, 520)]
VENDORS = 2_000


def make_title(dice):
    ranks = (
        int(len(WORDS) ** dice.random()) - 1 for _word in range(dice.randint(3, 8))
    )
    return " ".join(dict.fromkeys(WORDS[rank] for rank in ranks))


def add_files(file, number, dice):
    """Copies of a draft, each with a title, a code and a vendor of its own."""
    env = file.env
    env.cr.commit()
    vendors = copy_rows(env.cr, "res_partner", file.vendor_id.id, VENDORS)
    ids = copy_rows(env.cr, "purchase_requisition", file.id, number)
    rows = [
        (row_id, make_title(dice), dice.choice(CODES), dice.choice(vendors))
        for row_id in ids
    ]
    env.cr.execute_values(
        "UPDATE purchase_requisition AS file SET reference = said.title,"
        "       cpv_code = said.code, vendor_id = said.vendor, need_id = file.id"
        "  FROM (VALUES %s) AS said (id, title, code, vendor) WHERE file.id = said.id",
        rows,
    )
    env.cr.execute("ANALYZE purchase_requisition")
    env.cr.commit()
    env.invalidate_all()


def measure(pairs, company):
    """Once for the time, once for the memory, as watching it is slow."""
    before, start = pairs.env.cr.sql_log_count, time.process_time()
    pairs._propose(company)
    pairs.env.flush_all()
    seconds = time.process_time() - start
    queries = pairs.env.cr.sql_log_count - before
    pairs.env.invalidate_all()
    tracemalloc.start()
    found = len(pairs._find_alike(company))
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found, seconds, held / 1e6, queries


house = houses.DigitalHouse(env.registry)
file = house.new_agreement(reference="Meetings", purchase_nature="licence").sudo()
company = file.company_id
dice = random.Random(20261130)
print("titles", "pairs", "s", "MB", "queries", sep="\t")
done = 0
for number in NUMBERS:
    add_files(file, number - done, dice)
    done = number
    pairs = house.env["souverainete.project.likeness"]
    figures = measure(pairs, company)
    print(number, figures[0], *(f"{f:.1f}" for f in figures[1:3]), figures[3], sep="\t")
    house.env.cr.commit()
house.close()
