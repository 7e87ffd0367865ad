"""Tables of cases: one row a case, with the sentence of the text it comes from."""

import csv
from pathlib import Path


def get_path(name):
    return Path(__file__).parent / "cases" / f"{name}.csv"


def read_cases(name):
    with get_path(name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
