"""The states of an opinion, and what each of them means."""

STATES = [
    ("draft", "Draft"),
    ("submitted", "Submitted"),
    ("suspended", "Suspended"),
    ("favourable", "Favourable"),
    ("tacit", "Deemed favourable"),
    ("unfavourable", "Unfavourable"),
    ("stale", "Stale"),
    ("withdrawn", "Withdrawn"),
]

# Asked, and not answered yet.
RUNNING = ("submitted", "suspended")

FAVOURABLE = ("favourable", "tacit")

ENDED = (*FAVOURABLE, "unfavourable", "stale", "withdrawn")
