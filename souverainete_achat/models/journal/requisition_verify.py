from odoo import models
from odoo.tools import format_date

from .check import JournalCheck


class PurchaseRequisition(models.Model):
    """Verification of the journal, from what the database holds now."""

    _inherit = "purchase.requisition"

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

    # === CHECKS: each gives the (number, reason) of what does not hold === #

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
