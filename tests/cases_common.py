"""Tables of cases: one row a case, with the sentence of the text it comes from."""

import csv
from pathlib import Path


def read_cases(name):
    path = Path(__file__).parent / "cases" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
