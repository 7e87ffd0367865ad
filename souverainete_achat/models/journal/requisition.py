import secrets

from odoo import api, fields, models

from .digest import canonical, digest_payload

_BUFFER = "souverainete.journal"


class PurchaseRequisition(models.Model):
    """The journal of the file: everybody writes to it through `_journal`."""

    _inherit = "purchase.requisition"

    journal_ids = fields.One2many(
        "souverainete.journal", "requisition_id", readonly=True
    )
    journal_seq = fields.Integer(
        string="Journal entries",
        copy=False,
        aggregator=None,
        help="Number of the last entry of this file's journal.",
    )
    journal_head = fields.Char(
        copy=False,
        help="Hash of the last entry: it stands for the whole journal of the file.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"journal_seq", "journal_head"}

    # === WRITING === #

    def _journal(self, event, payload, summary=""):
        """Record on each file that the current user did `event`.

        `payload`: JSON-able data, as it is now; `summary`: one sentence that quotes
        neither offers nor people, since it stays when the payload is eliminated.

        Entries wait for the commit and are then inserted at once. A savepoint that
        flushes (the default of `cr.savepoint()`) writes those before it and drops
        those made inside when it is rolled back, as it does with the ORM's own
        pending writes. One opened with `flush=False` does neither, and leaves the
        ORM's pending writes as wrong as these entries: it is for plain SQL.
        """
        self.env["souverainete.journal"]._check_event(event)
        buffer = self._get_journal_buffer()
        buffer += [file._prepare_journal(event, payload, summary) for file in self]

    def _get_journal_buffer(self):
        precommit = self.env.cr.precommit
        if _BUFFER not in precommit.data:
            precommit.data[_BUFFER] = []
            precommit.add(self.env(su=True, context={})[self._name]._journal_flush)
        return precommit.data[_BUFFER]

    def _prepare_journal(self, event, payload, summary):
        user = self.env.user.sudo()
        vals = {
            "requisition_id": self.id,
            "event": event,
            "summary": summary or "",
            "date": fields.Datetime.now(),
            "user_id": user.id,
            "identity": f"{user.name} <{user.login}>",
            "payload": canonical(payload),
            "salt": secrets.token_hex(16),
        }
        return vals | {
            "payload_digest": digest_payload(
                vals["salt"], vals["payload"], vals["identity"]
            )
        }

    @api.model
    def _journal_flush(self):
        """Write the entries that wait, so that reads in this transaction see them."""
        if waiting := self.env.cr.precommit.data.pop(_BUFFER, None):
            journal = self.env(su=True, context={})["souverainete.journal"]
            journal._append(waiting)

    # === READING === #

    def _has_evidence(self):
        self._journal_flush()
        return super()._has_evidence() or bool(self.journal_seq)

    def _is_offer_disclosed(self, user):
        """Whether `user` may read what quotes offers. Runs sudo.

        Everybody, until there are offers and once the contract is awarded; in between
        the file's analysts, but never the DAE, even written among them.
        """
        need = self.need_id
        offers = need.judged_option_ids.filtered(lambda option: option.kind == "offer")
        if need.is_awarded or not offers:
            return True
        dae = user.has_group("souverainete_achat.group_dae")
        return user in need.analyst_ids and not dae

    def _get_journal_stamp(self):
        """The journal's state, to be printed on what leaves the database.

        Returns `journal_seq`, `journal_head`, `journal_head_short`, and `seal_number`,
        `seal_date`, `seal_hash`, `seal_hash_short` of the last seal of the file (empty
        before the first).
        """
        self.ensure_one()
        self._journal_flush()
        file = self.sudo()
        seal = file._get_last_seal()
        return {
            "journal_seq": file.journal_seq,
            "journal_head": file.journal_head or "",
            "journal_head_short": (file.journal_head or "")[:16],
            "seal_number": seal.number,
            "seal_date": seal.date,
            "seal_hash": seal.hash or "",
            "seal_hash_short": (seal.hash or "")[:16],
        }

    def _get_last_seal(self):
        """The last daily seal that holds a head of this file, or empty."""
        lines = self.env["souverainete.journal.seal.line"].sudo()
        return lines.search(
            [("requisition_id", "=", self.id)], order="id desc", limit=1
        ).seal_id
