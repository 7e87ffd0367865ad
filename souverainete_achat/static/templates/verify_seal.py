"""Verify an exported seal without Odoo: Python's standard library alone.

    python3 verify_seal.py seal.json [HASH]

HASH: the seal as it was printed on a fiche, or received by mail. Without it, all that
is shown is that the export agrees with itself: whoever holds the database could have
written all of it again.
"""

import hashlib
import json
import sys


def digest(value):
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def check_seals(seals):
    """Yield what is wrong with the chain of seals."""
    previous = ""
    for number, seal in enumerate(seals, start=1):
        made = [seal["owner"], seal["number"], seal["date"], digest(seal["heads"])]
        if (seal["number"], seal["previous_hash"]) != (number, previous):
            yield f"seal {number}: missing, or not the one that followed"
        elif seal["hash"] != digest([*made, previous]):
            yield f"seal {number}: altered"
        previous = seal["hash"]


def check_journal(journal):
    """({number: hash} of the entries that follow one another, what is wrong)."""
    proven, previous = {}, ""
    for seq, entry in enumerate(journal["entries"], start=1):
        made = [journal["owner"], journal["file"], *entry["content"], previous]
        if entry["content"][0] != seq or entry["hash"] != digest(made):
            return proven, [f"{journal['name']}: altered from entry {seq} on"]
        proven[seq] = previous = entry["hash"]
    return proven, []


def check_sealed(journal, proven, seals):
    """Yield where the journal is not what the seals hold; say what they prove."""
    last = 0
    for seal in seals:
        seq, head = seal["heads"].get(str(journal["file"]), (0, None))
        if seq and proven.get(seq) != head:
            yield f"{journal['name']}: not what seal {seal['number']} holds"
        last = max(last, seq)
    print(f"{journal['name']}: {len(proven)} entries, sealed up to {last}")


def check(export, expected=None):
    faults = list(check_seals(export["seals"]))
    last = export["seals"][-1]["hash"] if export["seals"] else ""
    if expected and not last.startswith(expected):
        faults.append(f"the last seal is {last}, not {expected}")
    for journal in export["journals"]:
        proven, broken = check_journal(journal)
        faults += broken
        faults += check_sealed(journal, proven, export["seals"])
    return faults


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        found = check(json.load(file), *sys.argv[2:3])
    print("\n".join(found) or "Whole.")
    sys.exit(bool(found))
