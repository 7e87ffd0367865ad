"""What judging files costs: queries and time for 1, 10 and 100 of them, as drafts with
their offers and as signed contracts.

No two files are alike in what is read one by one when a judgement is badly written:
each has vendors, offers, grades, components, a qualification and a project of its own.
"""

import sys
import time

sys.path.insert(0, ".")

from bench import houses  # noqa: E402  (found from the repository's root)

NUMBERS = 1, 10, 100


class VariedHouse(houses.DigitalHouse):
    """Where no two files are answered by the same vendors."""

    def _turn_page(self):
        self.vendor, self.other_vendor = self._create(
            "res.partner",
            {"name": f"Publisher {self.number}"},
            {"name": f"Other {self.number}", "is_company": True},
        )
        self.qualification = self.qualification.copy(
            {
                "partner_id": self.vendor.id,
                "decision": f"VARIED-{self.number}",
                "state": "granted",
                "certainty": "primary",
            }
        )

    def new_offered(self):
        self._turn_page()
        file = self.new_file()
        file.action_launch()
        self.retain(self.receive_offers(file))
        return file


def judge(files):
    files.env.flush_all()
    files.env.invalidate_all()
    before, start = files.env.cr.sql_log_count, time.perf_counter()
    findings = files._findings_by_file()
    elapsed = time.perf_counter() - start
    assert len(findings) == len(files)
    return files.env.cr.sql_log_count - before, elapsed


def print_costs(name, files):
    judge(files[:1])
    _queries, reference = judge(files[:1])
    for number in NUMBERS:
        queries, elapsed = judge(files[:number])
        print(name, number, queries, f"{elapsed / number / reference:.2f}", sep="\t")


house = VariedHouse(env.registry)
files = house.as_buyer("purchase.requisition").union(
    *(house.new_offered() for _number in range(max(NUMBERS)))
)
print("files", "number", "queries", "time of one, against one alone", sep="\t")
print_costs("offered", files)
for file in files:
    file.action_confirm()
print_costs("signed", files)
house.close()
