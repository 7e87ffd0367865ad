"""The journal's arithmetic, free of Odoo so that anybody can redo it elsewhere.

Every digest is the SHA-256, in hexadecimal, of a UTF-8 text.
"""

import hashlib
import json


def canonical(value):
    """The one JSON text of `value`: sorted keys, no spaces, accents kept."""
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str
    )


def digest(value):
    """SHA-256 of the canonical JSON text of `value`."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def digest_payload(salt, payload, identity, account):
    """What stands for the payload in the chain once the payload is erased.

    `salt`: random text, without which a short payload could be guessed from its
    digest; `payload`: its canonical JSON text; `identity`: who acted; `account`: the
    number of their account.
    """
    return digest([salt, payload, identity, account])


def digest_link(owner, file_id, seq, event, date, summary, payload_digest, previous):
    """The hash of an entry of a file of the ministry `owner`; `previous` is the hash
    before it, or an empty text."""
    return digest([owner, file_id, seq, event, date, summary, payload_digest, previous])


def digest_seal(owner, number, date, heads, previous):
    """(root, hash) of a seal; `heads`: {file: [number of its last entry, its hash]}."""
    root = digest(heads)
    return root, digest([owner, number, date, root, previous])
