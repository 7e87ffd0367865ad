import base64
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from odoo import api, fields, models
from odoo.tools import SQL, file_open, format_date

from ..base.opening import download
from .digest import canonical, digest_seal


class JournalSeal(models.Model):
    """What the journals of a ministry were on one day, in one hash.

    Each seal holds the journals that grew since the one before, whose hash it
    includes: the last seal proves all of them. It is worth what leaves the database
    with it: each printed fiche and the DAE's mail carry it.
    """

    _name = "souverainete.journal.seal"
    _inherit = ["souverainete.evidence"]
    _description = "Daily seal of the journals"
    _log_access = False
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
    heads = fields.Json(
        required=True,
        help="The same as the lines, {file: [number of the last entry, its hash]}: of "
        "two copies, the hash tells which one was altered, and of which file.",
    )
    count = fields.Integer(
        string="Journals", help="Journals that grew since the seal before."
    )
    root = fields.Char(
        required=True,
        help="SHA-256 of {file: [number of the last entry, its hash]}.",
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
    proof = fields.Binary(
        compute="_compute_proof",
        groups="souverainete_achat.group_officer,souverainete_achat.group_dae,"
        "souverainete_achat.group_manager",
        help="Seals up to this one, and the chains of the journals it holds, without "
        "their content; with what verifies them, which needs neither Odoo nor us.",
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
        company.sudo().journal_seal = seal.hash
        return seal

    @api.model
    def _prepare_seal(self, company, heads):
        last = self._get_last(company)
        vals = {
            "company_id": company.id,
            "number": last.number + 1,
            "date": company._souverainete_today(),
            "heads": {str(file): [seq, head] for file, seq, head in heads},
            "previous_hash": last.hash or "",
        }
        root, own = self._get_hashes(vals)
        return vals | {"count": len(heads), "root": root, "hash": own}

    @api.model
    def _get_hashes(self, vals):
        """(root, hash) of a seal of these values."""
        return digest_seal(
            vals["company_id"],
            vals["number"],
            fields.Date.to_string(vals["date"]),
            vals["heads"],
            vals["previous_hash"],
        )

    # === PROOF === #
    @api.model
    def _find_naming(self, file):
        """Seals that name this file, in one of their two copies, oldest first."""
        self.invalidate_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM souverainete_journal_seal
                 WHERE jsonb_exists(heads, %s)
                    OR id IN (SELECT seal_id FROM souverainete_journal_seal_line
                               WHERE requisition_id = %s)
              ORDER BY company_id, number
                """,
                str(file.id),
                file.id,
            )
        )
        return self.browse(seal_id for (seal_id,) in rows)

    def _get_sealed(self):
        """{file: [number, hash]}, out of the copy that the hash proves; None when it
        proves none."""
        copies = (self.heads, self._get_line_heads())
        return next((heads for heads in copies if self._is_proven(heads)), None)

    def _get_head(self, file):
        """[number, hash] of the last entry of this file that it proves; 0 for none."""
        return (self._get_sealed() or {}).get(str(file.id), [0, ""])

    def _get_line_heads(self):
        return {
            str(line.requisition_id.id): [line.seq, line.head] for line in self.line_ids
        }

    def _is_proven(self, heads):
        vals = {
            "company_id": self.company_id.id,
            "number": self.number,
            "date": self.date,
            "heads": heads,
            "previous_hash": self.previous_hash or "",
        }
        return (self.root, self.hash) == self._get_hashes(vals)

    def _get_followers(self):
        """{seal: the next one of its ministry, or empty}, in one query."""
        after = self.search(
            [
                ("company_id", "in", self.company_id.ids),
                ("number", "in", [seal.number + 1 for seal in self]),
            ]
        )
        by_place = {(seal.company_id, seal.number): seal for seal in after}
        return {
            seal: by_place.get((seal.company_id, seal.number + 1), self.browse())
            for seal in self
        }

    def _is_followed(self, follower):
        """Whether the next seal, when it is whole itself, was made after this one."""
        if not follower:
            return True
        whole = follower._get_sealed() is not None
        return not whole or follower.previous_hash == self.hash

    @api.model
    def _is_last_known(self, company):
        """Whether the ministry's last seal is the one it made last."""
        last = self._get_last(company)
        return (last.hash or "") == (company.sudo().journal_seal or "")

    def action_verify(self):
        """Verify the seals and journals of the ministry: say what was altered."""
        self.check_access("read")
        self.ensure_one()
        found = self._verify_company(self.company_id)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Seals of %(name)s", name=self.company_id.name),
                "message": " ".join(found)
                or self.env._("The seals and the journals are whole."),
                "type": "danger" if found else "success",
                "sticky": True,
            },
        }

    @api.model
    def _verify_company(self, company):
        """Sentences that say which seals and which journals do not hold."""
        self.invalidate_model()
        seals = self.search([("company_id", "=", company.id)], order="number")
        found = [text for seal in seals if (text := seal._get_fault())]
        if [seal.number for seal in seals] != list(range(1, len(seals) + 1)):
            found.append(self.env._("A seal is missing: their numbers have a gap."))
        if not self._is_last_known(company):
            found.append(self.env._("The last seal is not the one that was made last."))
        files = self.env["purchase.requisition"].with_context(active_test=False)
        for file in files.search([("company_id", "=", company.id)], order="id"):
            check = file.sudo()._verify()
            if not check.ok:
                found.append(f"{file.display_name}: {check.message}")
        return found

    def _get_fault(self):
        """What is wrong with this seal in a sentence, or nothing."""
        follower = self._get_followers()[self]
        sealed = self._get_sealed()
        whole = sealed is not None and len(sealed) == self.count
        if whole and self._is_followed(follower) and self.heads == sealed:
            return ""
        return self.env._("Seal no. %(number)s was altered.", number=self.number)

    # === EXPORT === #
    # Whoever verifies has neither this database nor its code.

    def action_download_proof(self):
        """Download the seals and the chains they prove, with what verifies them."""
        self.check_access("read")
        self.ensure_one()
        return download(self, "proof", f"seal_{self.number}.zip")

    def _compute_proof(self):
        with file_open("souverainete_achat/static/templates/verify_seal.py") as file:
            script = file.read()
        for seal in self:
            content = BytesIO()
            with ZipFile(content, "w", ZIP_DEFLATED) as archive:
                archive.writestr("seal.json", canonical(seal.sudo()._get_export()))
                archive.writestr("verify_seal.py", script)
            seal.proof = base64.b64encode(content.getvalue())

    def _get_export(self):
        domain = [("company_id", "=", self.company_id.id)]
        seals = self.search([*domain, ("number", "<=", self.number)], order="number")
        files = self.env["purchase.requisition"].browse(map(int, self.heads))
        return {
            "seals": [seal._prepare_export() for seal in seals],
            "journals": [file._prepare_journal_export() for file in files.exists()],
        }

    def _prepare_export(self):
        return {
            "owner": self.company_id.id,
            "ministry": self.company_id.name,
            "number": self.number,
            "date": fields.Date.to_string(self.date),
            "heads": self.heads,
            "previous_hash": self.previous_hash or "",
            "hash": self.hash,
        }

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
