import json

from odoo import api, fields, models

EVENTS = [
    ("scope", "Scope stated"),
    ("search", "Catalogue searched"),
    ("verdict", "Verdict on an option"),
    ("statement", "Sovereignty statement"),
    ("sensitivity", "Data sensitivity stated"),
    ("derogation", "Derogation"),
    ("qualification", "Hosting qualification"),
    ("project", "Digital project"),
    ("opinion", "DINUM opinion"),
    ("launch", "Consultation launched"),
    ("correction", "Correction"),
    ("gate", "Checks passed"),
    ("order", "Order confirmed"),
    ("emergency", "Imperative urgency"),
    ("take_over", "Contract taken over"),
    ("link", "Linked to a file"),
    ("outcome", "Outcome of the need"),
    ("elimination", "Elimination of content"),
]


class Journal(models.Model):
    """What was done on a purchase file: one chain of hashes per file.

    Each entry hashes the one before it, so that altering, removing or inserting one
    breaks every hash after it. The chain holds a salted digest of the payload, not
    the payload: payload and identity can be erased when their retention ends, and
    the chain still verifies.
    """

    _name = "souverainete.journal"
    _inherit = ["souverainete.evidence"]
    _description = "Journal entry"
    # Entries of a file are inserted in the order of their numbers, under its lock.
    _order = "id desc"

    requisition_id = fields.Many2one(
        "purchase.requisition",
        string="Purchase file",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="requisition_id.company_id",
        string="Ministry",
        store=True,
        index=True,
        precompute=True,
    )
    seq = fields.Integer(
        string="No.",
        required=True,
        aggregator=None,
        help="Rank in the journal of the file, from 1 and without a gap.",
    )
    event = fields.Selection(EVENTS, required=True)
    summary = fields.Char(
        help="What happened, in one sentence without personal data nor content of "
        "offers: it stays when the content is eliminated."
    )
    date = fields.Datetime(
        required=True, help="When it was done, by the server's clock (kept in UTC)."
    )
    user_id = fields.Many2one("res.users", help="Account that acted, while it exists.")
    identity = fields.Char(
        string="Done by",
        help="Name and login at the time. Erased when the content is eliminated.",
    )
    # Nobody reads the payload as it is: it may quote offers, which are confidential
    # to the file's analysts until award. That depends on the file and on the day, so
    # no group nor record rule can say it: `content` does, entry by entry.
    payload = fields.Text(groups=fields.NO_ACCESS, help="Canonical JSON text.")
    salt = fields.Char(
        groups=fields.NO_ACCESS,
        help="Keeps an erased payload from being guessed by its digest.",
    )
    content = fields.Text(
        compute="_compute_content",
        help="What was recorded; what may quote offers is shown to the file's "
        "analysts, and to its readers once the contract is awarded.",
    )
    payload_digest = fields.Char(
        required=True, help="SHA-256 of the salt, the content and the identity."
    )
    previous_hash = fields.Char(help="Hash of the entry before; empty for the first.")
    hash = fields.Char(
        required=True,
        help="SHA-256 of the file, number, event, date, summary, digest of the "
        "content and previous hash.",
    )

    _seq_uniq = models.Constraint(
        "UNIQUE (requisition_id, seq)",
        "The journal of a file holds one entry per number.",
    )

    # === HOOKS === #

    @api.model
    def _get_open_events(self):
        """Events whose content never quotes an offer: every reader may see it."""
        return frozenset(
            {
                "elimination",
                "launch",
                "link",
                "opinion",
                "project",
                "scope",
                "search",
                "sensitivity",
                "take_over",
            }
        )

    @api.model
    def _get_erasable_fields(self):
        """What an elimination erases; the chain does not hash any of it directly."""
        return ("payload", "salt", "identity", "user_id")

    def _is_disclosed(self):
        """Whether the current user may read the content of this entry."""
        return (
            self.event in self._get_open_events()
            or self.sudo().requisition_id._is_offer_disclosed(self.env.user)
        )

    @api.model
    def _check_event(self, event):
        """Refuse an unknown event when it happens, not when the entry is written."""
        if event not in self._fields["event"].get_values(self.env):
            raise ValueError(f"Unknown journal event: {event!r}")

    # === COMPUTE METHODS === #

    @api.depends("requisition_id", "seq")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = self.env._(
                "%(file)s, entry %(seq)s",
                file=entry.requisition_id.display_name,
                seq=entry.seq,
            )

    @api.depends("payload", "event", "requisition_id")
    @api.depends_context("uid")
    def _compute_content(self):
        for entry in self:
            entry.content = entry._get_content()

    def _get_content(self):
        if self._is_erased():
            return self.env._(
                "Eliminated at the end of its retention period. Its digest stays in "
                "the chain."
            )
        if not self._is_disclosed():
            return self.env._(
                "Reserved to the file's offer analysts until the contract is awarded."
            )
        payload = json.loads(self.sudo().payload or "null")
        return json.dumps(payload, ensure_ascii=False, indent=2)

    def _is_erased(self):
        return not self.sudo().salt
