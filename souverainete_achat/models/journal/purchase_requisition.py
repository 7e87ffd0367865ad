import secrets
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..base.opening import open_dialog
from ..base.text import check_words
from .check import JournalCheck
from .digest import canonical, digest_payload

_BUFFER = "souverainete.journal"
_HEAD = ("journal_seq", "journal_head")


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
            "company_id": self.company_id.id,
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
                vals["salt"], vals["payload"], vals["identity"], vals["user_id"]
            )
        }

    @api.model
    def _journal_flush(self):
        """Write the entries that wait, so that reads in this transaction see them."""
        if waiting := self.env.cr.precommit.data.pop(_BUFFER, None):
            journal = self.env(su=True, context={})["souverainete.journal"]
            journal._append(waiting)

    @contextmanager
    def _writing(self, vals):
        """A journal stays in the ministry that wrote it."""
        if "company_id" in vals:
            self._journal_flush()
            self._check_not_moved(vals["company_id"])
        with super()._writing(vals):
            yield

    def _check_not_moved(self, company_id):
        moved = self.sudo().filtered(
            lambda f: f.journal_seq and f.company_id.id != company_id
        )
        if moved:
            raise UserError(
                self.env._(
                    "%(files)s cannot change ministry: the journal of what was done "
                    "there stays there. Copy the file into the other ministry.",
                    files=", ".join(moved.mapped("display_name")),
                )
            )

    def _write_heads(self, heads):
        """Write `{file id: (number, hash)}` of the last entries, with what else waits
        to be written on these rows, before the entries themselves.

        A writer whose snapshot is older than what another one committed is refused by
        PostgreSQL, and Odoo replays it: two entries never follow the same one. In the
        cache, as the head is no change of the file that anything has to react to.
        """
        for file in self:
            for name, value in zip(_HEAD, heads[file.id], strict=True):
                self._fields[name].write(file, value)
        self.flush_recordset(_HEAD)

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

    def _prepare_journal_export(self):
        """The chain of this file, as anybody can verify it: no content, no author."""
        return {
            "file": self.id,
            "name": self.name,
            "owner": self.company_id.id,
            "entries": [
                {"content": entry._get_link_content(), "hash": entry.hash}
                for entry in self._read_journal()
            ],
        }

    # === ELIMINATION === #
    # What of the journal may be eliminated once nobody needs it by law.

    def action_eliminate(self, reason, visa=""):
        """Ask that the old content of the journals be erased. Another officer confirms.

        Returns the souverainete.journal.elimination records. Raises when nothing is
        past its retention period.
        """
        self.check_access("read")
        check_words(self.env, reason, visa)
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
        self.check_access("read")
        self.ensure_one()
        self._get_eliminable_entries()
        return open_dialog(
            self.env["souverainete.journal.elimination"],
            self.env._("Elimination of journal content"),
            default_requisition_id=self.id,
        )

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

    def action_open_journal(self):
        return self._open_page("action_journal_page")

    # === VERIFY === #
    # Verification of the journal, from what the database holds now.

    def action_verify_journal(self):
        """Verify the journal of this file and say the result in plain words."""
        self.check_access("read")
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
        found = [
            *self._check_chain(entries, self._get_erased_seqs(entries)),
            *self._check_eliminations(entries),
            *self._check_wiped(entries),
        ]
        proofs, known, unsealed = self._check_seals(entries)
        broken = min([*found, *unsealed], default=(0, ""))
        # What comes after a broken link is proven by nothing.
        kept = [proof for proof in proofs if not broken[0] or proof[0] < broken[0]]
        sealed_seq, seal = kept[-1] if kept else (0, self._get_last_seal()[:0])
        check = JournalCheck(
            ok=not broken[0],
            count=len(entries),
            eliminated=sum(entry._is_erased() for entry in entries),
            broken_seq=broken[0],
            reason=broken[1],
            seal=seal,
            sealed_seq=sealed_seq,
            known_seq=known,
            message="",
        )
        return check._replace(message=self._get_journal_message(check))

    def _read_journal(self):
        """The entries in the order of the chain, as the database holds them."""
        self._journal_flush()
        journal = self.env["souverainete.journal"].sudo()
        journal.invalidate_model()
        self.invalidate_recordset()
        return journal.search([("requisition_id", "=", self.id)], order="seq")

    def _get_erased_seqs(self, entries):
        """Numbers of the entries that a recorded elimination erased."""
        seqs = set()
        for entry in entries.filtered(lambda e: e.event == "elimination"):
            said = entry._get_elimination().get("entries", ())
            seqs |= {seq for seq in said if seq < entry.seq}
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
        if entry.company_id != self.company_id or not entry._is_link_proven(previous):
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
            return [(count or 1, "head")]
        return []

    def _check_eliminations(self, entries):
        """Each elimination of the chain has its record, and each record its entry."""
        records = self.env["souverainete.journal.elimination"].sudo()
        records.invalidate_model()
        done = records.search(
            [("requisition_id", "=", self.id), ("state", "=", "done")]
        )
        found = []
        for entry in entries.filtered(lambda e: e.event == "elimination"):
            said = entry._get_elimination()
            record = done.filtered(lambda r, said=said: r.id == said.get("elimination"))
            if not record or not record._is_proven(said, entry):
                found.append((entry.seq, "elimination"))
            done -= record
        return [*found, *[(len(entries) + 1, "elimination") for _record in done]]

    def _check_wiped(self, entries):
        """What the file says was done has its entry."""
        held = set(entries.mapped("event"))
        gone = self._get_witnessed_events() - held
        return [(len(entries) + 1, "wiped")] if gone else []

    def _get_witnessed_events(self):
        """Events that the file itself bears the mark of."""
        file = self.sudo()
        marks = {"launch": file.date_launch, "gate": file.gate_passed_on}
        return {event for event, mark in marks.items() if mark}

    def _check_seals(self, entries):
        """([(number of an entry, seal that proves it)], the last entry that the seals
        know, what no longer agrees)."""
        hashes = {entry.seq: entry.hash for entry in entries}
        self.env["souverainete.journal.seal.line"].invalidate_model()
        seals = self.env["souverainete.journal.seal"].sudo()._find_naming(self)
        known = max([seal._get_head(self)[0] for seal in seals], default=0)
        held = []
        for seal, follower in seals._get_followers().items():
            seq, _hash = seal._get_head(self)
            reason = self._get_seal_reason(seal, follower, hashes)
            if reason not in ("", "line"):
                return held, known, [(held[-1][0] + 1 if held else 1, reason)]
            held.append((seq, seal))
            if reason:
                return held, known, [(seq, reason)]
        return held, known, self._check_last_seal(held, len(entries))

    def _get_seal_reason(self, seal, follower, hashes):
        """Why this seal does not prove the journal, or nothing."""
        if seal._get_sealed() is None or not seal._is_followed(follower):
            return "seal"
        seq, head = seal._get_head(self)
        if not seq or hashes.get(seq) != head:
            return "sealed"
        copies = (seal.heads or {}, seal._get_line_heads())
        same = all(heads.get(str(self.id)) == [seq, head] for heads in copies)
        return "" if same and seal.company_id == self.company_id else "line"

    def _check_last_seal(self, held, count):
        """The last seal of a ministry is the one that it made last: else what that one
        alone, or none, covers is not proven."""
        model = self.env["souverainete.journal.seal"].sudo()
        if model._is_last_known(self.company_id):
            return []
        last = model._get_last(self.company_id)
        proven = max([seq for seq, seal in held if seal != last], default=0)
        return [(proven + 1, "seals")] if proven < count else []

    # === WORDS === #
    def _get_journal_message(self, check):
        if not check.count and check.ok:
            return self.env._("This journal has no entry yet.")
        parts = [
            self._get_chain_message(check),
            self._get_seal_message(check),
            self._get_tail_message(check),
        ]
        if check.eliminated:
            parts.insert(1, self._get_elimination_message(check))
        return " ".join(part for part in parts if part)

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
            "wiped": self.env._(
                "the file was launched or passed its checks, and its journal no longer "
                "says so."
            ),
            "elimination": self.env._(
                "contents were eliminated without its record, its visa, or the end of "
                "their retention."
            ),
            "sealed": self.env._("a daily seal holds something else."),
            "line": self.env._("its line in a daily seal was altered or removed."),
            "seal": self.env._("a daily seal was altered."),
            "seals": self.env._(
                "the last seal of the ministry is not the one that it made last."
            ),
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

    def _get_tail_message(self, check):
        """What nothing proves yet, or what the seals know and the journal lost."""
        if check.known_seq > check.count:
            return self.env._(
                "The seals know of %(known)s entries, the journal holds %(count)s.",
                known=check.known_seq,
                count=check.count,
            )
        if check.ok and check.count > check.sealed_seq > 0:
            return self.env._(
                "Entries %(first)s to %(last)s came after it: were they cut, only the "
                "next seal would show it.",
                first=check.sealed_seq + 1,
                last=check.count,
            )
        return ""
