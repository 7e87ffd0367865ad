import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .check import JournalCheck
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
        guard="server",
    )
    journal_head = fields.Char(
        copy=False,
        help="Hash of the last entry: it stands for the whole journal of the file.",
        guard="server",
    )

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
        """Whether `user` may read what quotes offers. Runs sudo. Everybody, as long as
        no room knows of offers."""
        return True

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

    # === ELIMINATION === #
    # What of the journal may be eliminated once nobody needs it by law.

    def action_eliminate(self, reason, visa=""):
        """Ask that the old content of the journals be erased. Another officer confirms.

        Returns the souverainete.journal.elimination records. Raises when nothing is
        past its retention period.
        """
        for file in self:
            file._get_eliminable_entries()
        return self.env["souverainete.journal.elimination"].create(
            [
                {"requisition_id": file.id, "reason": reason, "visa": visa}
                for file in self
            ]
        )

    def action_request_elimination(self):
        """Open a new request of elimination for this file."""
        self.ensure_one()
        self._get_eliminable_entries()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Elimination of journal content"),
            "res_model": "souverainete.journal.elimination",
            "view_mode": "form",
            "target": "new",
            "context": {"default_requisition_id": self.id},
        }

    def _get_eliminable_entries(self):
        """Entries whose content is past its retention period; raises when none is."""
        self.ensure_one()
        self._journal_flush()
        limit = self._get_elimination_limit()
        entries = self.sudo().journal_ids.filtered(
            lambda entry: (
                not entry._is_erased()
                and entry.event not in self._get_kept_events()
                and entry.date.date() < limit
            )
        )
        if not entries or not self._is_retention_over(limit):
            raise UserError(self._get_retained_message(limit))
        return entries

    def _get_kept_events(self):
        """Events whose content stays for ever: the record of eliminations itself."""
        return frozenset({"elimination"})

    def _get_elimination_limit(self):
        company = self.company_id
        today = company._souverainete_today()
        retention = self.env["souverainete.retention"]._get(company, today)
        if not retention:
            raise UserError(
                self.env._(
                    "No retention period is in force: a referentials manager sets one "
                    "in the configuration of the digital doctrine."
                )
            )
        return retention._get_limit(today)

    def _is_retention_over(self, limit):
        """A file that runs, or ended too recently, keeps everything."""
        closed = self.state in ("done", "cancel")
        return closed and (not self.date_end or self.date_end < limit)

    def _get_retained_message(self, limit):
        return self.env._(
            "Nothing can be eliminated on %(file)s: only the content recorded before "
            "%(date)s can, on a file that is closed and whose agreement ended before "
            "that day.",
            file=self.display_name,
            date=format_date(self.env, limit),
        )

    # === VERIFY === #
    # Verification of the journal, from what the database holds now.

    def action_verify_journal(self):
        """Verify the journal of this file and say the result in plain words."""
        check = self._verify()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Journal of %(file)s", file=self.display_name),
                "message": check.message,
                "type": "success" if check.ok else "danger",
                "sticky": True,
            },
        }

    def _verify(self):
        """Recompute the whole chain of one file. Returns a `JournalCheck`."""
        self.ensure_one()
        entries = self._read_journal()
        erased = self._get_erased_seqs(entries)
        seal_line, unsealed = self._check_seals(entries)
        broken = min([*self._check_chain(entries, erased), *unsealed], default=(0, ""))
        check = JournalCheck(
            ok=not broken[0],
            count=len(entries),
            eliminated=sum(entry._is_erased() for entry in entries),
            broken_seq=broken[0],
            reason=broken[1],
            seal=seal_line.seal_id,
            sealed_seq=seal_line.seq,
            message="",
        )
        return check._replace(message=self._get_journal_message(check))

    def _read_journal(self):
        """The entries in the order of the chain, as the database holds them."""
        self._journal_flush()
        journal = self.env["souverainete.journal"].sudo()
        journal.invalidate_model()
        self.invalidate_recordset(["journal_seq", "journal_head"])
        return journal.search([("requisition_id", "=", self.id)], order="seq")

    def _get_erased_seqs(self, entries):
        """Numbers of the entries that a recorded elimination erased."""
        seqs = set()
        for entry in entries.filtered(lambda e: e.event == "elimination"):
            seqs |= {seq for seq in entry._get_eliminated_seqs() if seq < entry.seq}
        return seqs

    # === CHECKS === #
    # Each gives the (number, reason) of what does not hold.

    def _check_chain(self, entries, erased):
        previous = ""
        for expected, entry in enumerate(entries, start=1):
            if reason := self._get_broken_reason(entry, expected, previous, erased):
                return [(expected, reason)]
            previous = entry.hash
        return self._check_head(len(entries), previous)

    def _get_broken_reason(self, entry, expected, previous, erased):
        if entry.seq != expected:
            return "missing"
        if not entry._is_link_proven(previous):
            return "link"
        proven = (
            entry.seq in erased if entry._is_erased() else entry._is_payload_proven()
        )
        return "" if proven else "payload"

    def _check_head(self, count, last_hash):
        file = self.sudo()
        if count < file.journal_seq:
            return [(count + 1, "truncated")]
        if (count, last_hash) != (file.journal_seq, file.journal_head or ""):
            return [(count, "head")]
        return []

    def _check_seals(self, entries):
        """(last seal line that holds, what no longer agrees with a seal)."""
        hashes = {entry.seq: entry.hash for entry in entries}
        lines = self.env["souverainete.journal.seal.line"].sudo()
        lines.invalidate_model()
        held = lines.browse()
        sealed = lines.search([("requisition_id", "=", self.id)], order="id")
        broken_seals = sealed.seal_id._get_broken()
        for line in sealed:
            if line.seal_id in broken_seals:
                return held, [(held.seq + 1, "seal")]
            if hashes.get(line.seq) != line.head:
                return held, [(held.seq + 1, "sealed")]
            held = line
        return held, []

    # === WORDS === #
    def _get_journal_message(self, check):
        if not check.count and check.ok:
            return self.env._("This journal has no entry yet.")
        parts = [self._get_chain_message(check), self._get_seal_message(check)]
        if check.eliminated:
            parts.insert(1, self._get_elimination_message(check))
        return " ".join(parts)

    def _get_chain_message(self, check):
        if check.ok:
            return self.env._(
                "The journal is whole: its entries follow one another, from 1 to "
                "%(count)s.",
                count=check.count,
            )
        return self.env._(
            "The journal does not hold from entry %(seq)s on: %(why)s Tell the "
            "compliance officer, who compares it with the printed records and the "
            "seals received by the DAE.",
            seq=check.broken_seq,
            why=self._get_broken_messages()[check.reason],
        )

    def _get_broken_messages(self):
        return {
            "missing": self.env._("this entry is missing."),
            "link": self.env._("this entry was altered."),
            "payload": self.env._("the content or the author was altered or erased."),
            "truncated": self.env._("the last entries are missing."),
            "head": self.env._("the file does not know the last entries."),
            "sealed": self.env._("a daily seal holds something else."),
            "seal": self.env._("a daily seal was altered."),
        }

    def _get_elimination_message(self, check):
        dates = self.sudo().journal_ids.filtered(lambda e: e.event == "elimination")
        last = max(dates.mapped("date"), default=False)
        return self.env._(
            "Entries whose content was eliminated: %(count)s, last on %(date)s.",
            count=check.eliminated,
            date=format_date(self.env, last),
        )

    def _get_seal_message(self, check):
        if not check.seal:
            return self.env._("No daily seal covers it yet.")
        return self.env._(
            "Entries 1 to %(seq)s are proven by seal no. %(number)s of %(date)s, which "
            "starts with %(hash)s: compare it with the one printed or received.",
            seq=check.sealed_seq,
            number=check.seal.number,
            date=format_date(self.env, check.seal.date),
            hash=check.seal.hash[:16],
        )
