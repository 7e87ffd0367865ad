from typing import Any, NamedTuple

from odoo.exceptions import ValidationError

from .told import Told

# Acts that a file is judged before, in their order.
STAGES = ("launch", "award")
# States of an agreement that was signed, whether or not it still runs.
SIGNED_STATES = ("confirmed", "done")


class Finding(NamedTuple):
    """One thing that is missing on a file or an order.

    `rule`: the souverainete.rule record; `message`: a full sentence saying what is
    missing and where to click; `owner`: the role that can act (see the rule's field);
    `blocking`: whether the act is refused; `key`: what the finding is about, stable
    while the wording or the figures change; `record`: the file or order it is on;
    `lifted_by`: the waiver without which it would block.
    """

    rule: Any
    message: str
    owner: str
    blocking: bool
    key: str = ""
    record: Any = None
    lifted_by: Any = None

    @property
    def identity(self):
        return self.rule.code, self.key

    def lift(self, waivers):
        """The same, as `waivers` leave it: what one lifts stays, and blocks no more."""
        lifting = (waiver for waiver in waivers if waiver._lifts(self))
        waiver = next(lifting, None) if self.blocking else None
        return self._replace(blocking=False, lifted_by=waiver) if waiver else self

    def to_json(self, reserved):
        """What is kept of it for reading: see `read_points`. `reserved`: whether what
        is told to some only is still kept from others."""
        lifting = self.lifted_by and self.lifted_by._get_lifting_label()
        return {
            "rule": self.rule.id,
            "key": self.key,
            "blocking": self.blocking,
            "told": _keep(self.message, reserved),
            "lifted_by": _keep(lifting, reserved) if lifting else None,
        }


class Refused(ValidationError):
    """An act refused by rules: `codes` are theirs, the message lists all that lacks."""

    def __init__(self, message, findings):
        super().__init__(message)
        self.codes = frozenset(finding.rule.code for finding in findings)


# Clients know Odoo's own errors by their name, and show no other as a refusal.
Refused.__module__ = ValidationError.__module__
Refused.__name__ = ValidationError.__name__


def refuse(findings_by_record, act):
    """Raise one error that lists all that blocks these files or orders, if anything
    does. `act`: what was attempted, in words."""
    blocked = {
        record: [finding for finding in findings if finding.blocking]
        for record, findings in findings_by_record.items()
    }
    refusals = [
        record._format_refusal(findings, act)
        for record, findings in blocked.items()
        if findings
    ]
    if refusals:
        raise Refused("\n\n".join(refusals), sum(blocked.values(), []))


def _keep(message, reserved):
    """A sentence in no language; what a record of the rule says is read from it."""
    return message.to_json(reserved) if isinstance(message, Told) else None
