from typing import Any, NamedTuple


class JournalCheck(NamedTuple):
    """What the verification of a file's journal found.

    `ok`: the chain holds and agrees with its head and its seals; `count`: entries
    found; `eliminated`: how many had their content lawfully erased; `broken_seq`:
    number of the first entry that is not proven (0 when `ok`); `reason`: why, one of
    `missing`, `link`, `payload`, `truncated`, `head`, `wiped`, `elimination`, `sealed`,
    `seal` (empty when `ok`); `seal`: the last souverainete.journal.seal that proves the
    entries up to `sealed_seq`, or empty; `known_seq`: how many entries the seals know
    of; `message`: the whole in plain sentences.
    """

    ok: bool
    count: int
    eliminated: int
    broken_seq: int
    reason: str
    seal: Any
    sealed_seq: int
    known_seq: int
    message: str
