import json

from odoo import api, fields, models

from .digest import digest_link, digest_payload

# (value, label, whether its content is open: it never quotes an offer, so every reader
# of the file may see it).
EVENTS = [
    ("scope", "Scope stated", True),
    ("search", "Catalogue searched", True),
    ("published", "Published contracts searched", True),
    ("verdict", "Verdict on an option", False),
    ("connection", "Connection to a solution", True),
    ("study", "Study shared or reused", False),
    ("grid", "Grid replaced by a new version", True),
    ("statement", "Sovereignty statement", False),
    ("sensitivity", "Data sensitivity stated", True),
    ("data_questionnaire", "Data questionnaire", True),
    ("derogation", "Derogation", False),
    ("qualification", "Hosting qualification", False),
    ("project", "Digital project", True),
    ("opinion", "DINUM opinion", True),
    ("recommendation", "Recommendation of the DINUM answered", True),
    ("departure", "Simple opinion gone against", True),
    ("grouping", "Grouping of buyers", False),
    ("launch", "Consultation launched", True),
    ("tender", "Tender documents", True),
    ("bid_answers", "Answers of a bidder", False),
    ("bid_price", "Price of an offer", False),
    ("correction", "Correction", False),
    ("gate", "Checks passed", False),
    ("order", "Order confirmed", False),
    ("extreme_urgency", "Extreme urgency", False),
    ("take_over", "Contract taken over", True),
    ("trajectory", "Trajectory", True),
    ("renewal", "Renewal prepared", True),
    ("review", "Examination before an extension", True),
    ("amendment", "Amendment signed", True),
    ("link", "Linked to a file", True),
    ("outcome", "Outcome of the need", True),
    ("reconciliation", "Answer to the reconciliation", True),
    ("elimination", "Elimination of content", True),
]

_OPEN = frozenset(value for value, _label, is_open in EVENTS if is_open)


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
    # Who wrote a row and when is what the entry itself says, hashed.
    _log_access = False
    # Entries of a file are inserted in the order of their numbers, under its lock.
    _order = "id desc"
    _seq_uniq = models.Constraint(
        "UNIQUE (requisition_id, seq)",
        "The journal of a file holds one entry per number.",
    )

    requisition_id = fields.Many2one(
        "purchase.requisition",
        string="Purchase file",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", string="Ministry", required=True, index=True, ondelete="restrict"
    )
    seq = fields.Integer(
        string="No.",
        required=True,
        aggregator=None,
        help="Rank in the journal of the file, from 1 and without a gap.",
    )
    event = fields.Selection(
        [(value, label) for value, label, _open in EVENTS], required=True
    )
    summary = fields.Char(
        help="What happened, in one sentence without personal data nor content of "
        "offers: it stays when the content is eliminated."
    )
    date = fields.Datetime(
        required=True, help="When it was done, by the server's clock (kept in UTC)."
    )
    user_id = fields.Many2one(
        "res.users",
        ondelete="restrict",
        help="Account that acted. Erased when the content is eliminated.",
    )
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
        required=True,
        help="SHA-256 of the salt, the content, the identity and the account.",
    )
    previous_hash = fields.Char(help="Hash of the entry before; empty for the first.")
    hash = fields.Char(
        required=True,
        help="SHA-256 of the ministry, file, number, event, date, summary, digest of "
        "the content and previous hash.",
    )

    @api.depends("requisition_id", "seq")
    def _compute_display_name(self):
        self.check_access("read")
        for entry in self:
            entry.display_name = self.env._(
                "%(file)s, entry %(seq)s",
                # Who keeps the referentials reads journals, and no file.
                file=entry.sudo().requisition_id.display_name,
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

    def _is_disclosed(self):
        """Whether the current user may read the content of this entry."""
        return self.event in _OPEN or self.sudo().requisition_id._is_offer_disclosed(
            self.env.user
        )

    def _is_erased(self):
        """Whether nothing is left of it: erased in part, it is altered."""
        entry = self.sudo()
        return not any(entry[name] for name in self._get_erasable_fields())

    # === CHAIN === #
    # How entries are chained, and how each one proves itself.

    @api.model
    def _check_event(self, event):
        """Refuse an unknown event when it happens, not when the entry is written."""
        if event not in self._fields["event"].get_values(self.env):
            raise ValueError(f"Unknown journal event: {event!r}")

    @api.model
    def _append(self, vals_list):
        """Chain entries after the heads of their files: one UPDATE, one INSERT."""
        files = self.env["purchase.requisition"].browse(
            sorted({vals["requisition_id"] for vals in vals_list})
        )
        heads = {file.id: (file.journal_seq, file.journal_head or "") for file in files}
        for vals in vals_list:
            seq, previous = heads[vals["requisition_id"]]
            vals |= {"seq": seq + 1, "previous_hash": previous}
            vals["hash"] = self._get_link_hash(vals)
            heads[vals["requisition_id"]] = vals["seq"], vals["hash"]
        files._write_heads(heads)
        self._create_server(vals_list)

    @api.model
    def _get_link_hash(self, vals):
        return digest_link(
            vals["company_id"],
            vals["requisition_id"],
            vals["seq"],
            vals["event"],
            # To the microsecond, which only a tampering writes.
            str(vals["date"]),
            vals["summary"],
            vals["payload_digest"],
            vals["previous_hash"],
        )

    # === PROOF === #
    def _is_link_proven(self, previous):
        """Whether this entry is what was chained after the hash `previous`."""
        vals = {
            "company_id": self.company_id.id,
            "requisition_id": self.requisition_id.id,
            "seq": self.seq,
            "event": self.event,
            "date": self.date,
            "summary": self.summary or "",
            "payload_digest": self.payload_digest,
            "previous_hash": previous,
        }
        return self.previous_hash == previous and self.hash == self._get_link_hash(vals)

    def _get_link_content(self):
        """What the hash of this entry is made of, but the hash before it."""
        date, summary = str(self.date), self.summary or ""
        return [self.seq, self.event, date, summary, self.payload_digest]

    def _is_payload_proven(self):
        """Whether payload and author are those that were recorded. Runs sudo."""
        return self.payload_digest == digest_payload(
            self.salt, self.payload, self.identity, self.user_id.id
        )

    def _get_elimination(self):
        """What an elimination entry says was erased, and on what grounds. Runs sudo."""
        try:
            said = json.loads(self.payload or "{}")
        except ValueError:
            said = {}
        return said if isinstance(said, dict) else {}

    @api.model
    def _get_erasable_fields(self):
        """What an elimination erases; the chain does not hash any of it directly."""
        return ("payload", "salt", "identity", "user_id")

    def _erase(self):
        """Erase payloads and identities. Only an elimination calls this."""
        self._write_server(dict.fromkeys(self._get_erasable_fields(), False))
