from odoo import api, fields, models
from odoo.tools import SQL, format_date

from .digest import digest


class JournalSeal(models.Model):
    """What the journals of a ministry were on one day, in one hash.

    Each seal holds the journals that grew since the one before, whose hash it
    includes: the last seal proves all of them. It is worth what leaves the database
    with it: each printed fiche and the DAE's mail carry it.
    """

    _name = "souverainete.journal.seal"
    _inherit = ["souverainete.evidence"]
    _description = "Daily seal of the journals"
    _order = "date desc, company_id, id desc"
    _rec_name = "number"
    _number_uniq = models.Constraint(
        "UNIQUE (company_id, number)", "The seals of a ministry are numbered once."
    )
    _day_uniq = models.Constraint(
        "UNIQUE (company_id, date)", "A ministry's journals are sealed once a day."
    )

    company_id = fields.Many2one(
        "res.company", string="Ministry", required=True, index=True, ondelete="restrict"
    )
    number = fields.Integer(
        string="Seal no.",
        required=True,
        aggregator=None,
        help="Rank among the seals of the ministry, from 1 and without a gap.",
    )
    date = fields.Date(
        required=True, help="Day of the seal, in Paris by the server's clock."
    )
    line_ids = fields.One2many(
        "souverainete.journal.seal.line", "seal_id", string="Journals sealed"
    )
    count = fields.Integer(
        string="Journals", help="Journals that grew since the seal before."
    )
    root = fields.Char(
        required=True,
        help="SHA-256 of the list of (file, number of the last entry, its hash).",
    )
    previous_hash = fields.Char(help="Hash of the seal before; empty for the first.")
    hash = fields.Char(
        required=True,
        help="SHA-256 of the ministry, number, date, root and previous hash: this is "
        "what is printed and mailed.",
    )
    sent_on = fields.Datetime(
        string="Mailed on", help="When the mail to the DAE was handed over."
    )

    @api.depends("company_id", "number")
    def _compute_display_name(self):
        for seal in self:
            seal.display_name = self.env._(
                "%(ministry)s, seal no. %(number)s",
                ministry=seal.company_id.name,
                number=seal.number,
            )

    # === SEALING === #
    @api.model
    def _cron_seal(self):
        """Seal what grew, ministry by ministry, then tell the DAE.

        Each ministry is committed on its own: an interrupted run goes on where it
        stopped, and a second run on the same day seals nothing twice.
        """
        due = self._get_due_heads()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due))
        for company, heads in due.items():
            self._seal(company, heads)
            if not cron._commit_progress(1):
                break
        self._send_pending()

    @api.model
    def _get_due_heads(self):
        """{company: [(file id, number, hash)]} of the ministries to seal today."""
        heads = {}
        for company_id, *head in self._get_moved_heads():
            heads.setdefault(company_id, []).append(tuple(head))
        companies = self.env["res.company"].browse(heads)
        return {
            company: heads[company.id]
            for company in companies
            if self._get_last(company).date != company._souverainete_today()
        }

    @api.model
    def _get_moved_heads(self):
        """Heads that no seal holds yet: one query, whatever the number of files."""
        return self.env.execute_query(
            SQL(
                """
                SELECT file.company_id, file.id, file.journal_seq, file.journal_head
                  FROM purchase_requisition AS file
                 WHERE file.journal_seq > 0
                   AND NOT EXISTS (
                       SELECT FROM souverainete_journal_seal_line AS line
                        WHERE line.requisition_id = file.id
                          AND line.seq = file.journal_seq
                          AND line.head = file.journal_head)
              ORDER BY file.company_id, file.id
                """
            )
        )

    @api.model
    def _get_last(self, company):
        return self.search(
            [("company_id", "=", company.id)], order="number desc", limit=1
        )

    @api.model
    def _seal(self, company, heads):
        seal = self._create_server([self._prepare_seal(company, heads)])
        self.env["souverainete.journal.seal.line"]._create_server(
            [
                {"seal_id": seal.id, "requisition_id": file, "seq": seq, "head": head}
                for file, seq, head in heads
            ]
        )
        return seal

    @api.model
    def _prepare_seal(self, company, heads):
        last = self._get_last(company)
        vals = {
            "company_id": company.id,
            "number": last.number + 1,
            "date": company._souverainete_today(),
            "root": digest(heads),
            "previous_hash": last.hash or "",
        }
        return vals | {"count": len(heads), "hash": self._get_hash(vals)}

    @api.model
    def _get_hash(self, vals):
        return digest(
            [
                vals["company_id"],
                vals["number"],
                fields.Date.to_string(vals["date"]),
                vals["root"],
                vals["previous_hash"],
            ]
        )

    # === PROOF === #
    def _get_broken(self):
        """Seals among self that are no longer what they were. Constant queries."""
        self.invalidate_model()
        before = self.search(
            [
                ("company_id", "in", self.company_id.ids),
                ("number", "in", [seal.number - 1 for seal in self]),
            ]
        )
        hashes = {(seal.company_id, seal.number): seal.hash for seal in before}
        return self.filtered(
            lambda seal: (
                not seal._is_proven(hashes.get((seal.company_id, seal.number - 1), ""))
            )
        )

    def _is_proven(self, previous):
        """Whether its lines, its own hash and that of the seal before still agree."""
        lines = self.line_ids.sorted(lambda line: line.requisition_id.id)
        heads = [(line.requisition_id.id, line.seq, line.head) for line in lines]
        vals = {
            "company_id": self.company_id.id,
            "number": self.number,
            "date": self.date,
            "root": digest(heads),
            "previous_hash": previous,
        }
        return (self.root, self.hash) == (vals["root"], self._get_hash(vals))

    # === MAIL === #
    # How the seals leave the database.

    @api.model
    def _send_pending(self):
        """Mail the seals not mailed yet to the DAE's readers, one mail a language.

        The mail waits in the outgoing queue: a broken mail server loses nothing.
        """
        seals = self.search([("sent_on", "=", False)], order="company_id, number")
        readers = self._get_mail_readers()
        if not seals or not readers:
            return
        self.env["mail.mail"].sudo().create(
            [
                seals.with_context(lang=lang)._prepare_mail(users)
                for lang, users in readers.grouped("lang").items()
            ]
        )
        seals._write_server({"sent_on": fields.Datetime.now()})

    @api.model
    def _get_mail_readers(self):
        """Users who keep the seals outside of this database."""
        group = self.env.ref("souverainete_achat.group_dae").sudo()
        return group.all_user_ids.filtered("email")

    def _prepare_mail(self, users):
        today = self.env.company._souverainete_today()
        return {
            "subject": self.env._(
                "Seals of the digital purchasing journals, %(date)s",
                date=format_date(self.env, today),
            ),
            "body_html": self.env["ir.qweb"]._render(
                "souverainete_achat.journal_seal_mail", {"seals": self}
            ),
            "email_from": self.env.company.email_formatted or users[0].email_formatted,
            "recipient_ids": [fields.Command.set(users.partner_id.ids)],
        }
