from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

_OFFICER = "souverainete_achat.group_officer"


class JournalElimination(models.Model):
    """Request to erase the old content of a journal. Four eyes, and a visa.

    One officer asks, another one confirms. Hashes, numbers, dates, events and
    summaries stay; contents and identities past their retention period go, and the
    chain records it.
    """

    _name = "souverainete.journal.elimination"
    _inherit = ["souverainete.authored"]
    _description = "Elimination of journal content"
    _order = "id desc"
    _rec_name = "requisition_id"

    requisition_id = fields.Many2one(
        "purchase.requisition",
        string="Purchase file",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="requisition_id.company_id", string="Ministry", store=True, index=True
    )
    reason = fields.Text(required=True, help="Why the content is eliminated.")
    visa = fields.Char(
        string="Archives visa",
        help="Reference of the visa by which the archives service allows the "
        "elimination of public records.",
    )
    state = fields.Selection(
        [("requested", "Requested"), ("done", "Eliminated")],
        required=True,
        default="requested",
        copy=False,
        guard="server",
    )
    confirmer_id = fields.Many2one(
        "res.users", string="Confirmed by", copy=False, guard="server"
    )
    confirmed_on = fields.Datetime(copy=False, guard="server")
    entry_count = fields.Integer(
        string="Entries erased",
        copy=False,
        help="Entries whose content was erased.",
        guard="server",
    )

    # === CRUD === #
    def write(self, vals):
        if not self._is_granted("write", vals):
            self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_requests(self):
        self._check_open()

    def _check_open(self):
        if self.filtered(lambda request: request.state != "requested"):
            raise UserError(
                self.env._(
                    "This elimination was carried out: its record cannot be changed "
                    "nor deleted."
                )
            )

    # === ELIMINATION === #
    def action_confirm(self):
        """Erase the content past its retention period, and chain what was erased."""
        self.check_access("read")
        for request in self:
            request._check_confirmation()
            request._eliminate()

    def _check_confirmation(self):
        self._check_open()
        if not self.env.user.has_group(_OFFICER):
            raise AccessError(
                self.env._("Only a compliance officer can confirm an elimination.")
            )
        self._check_four_eyes(
            self.env._(
                "Four eyes: you asked for this elimination, so another compliance "
                "officer has to confirm it."
            )
        )
        if not self.visa:
            raise UserError(
                self.env._(
                    "Write the reference of the archives service's visa first: public "
                    "records are not eliminated without it."
                )
            )

    def _eliminate(self):
        file = self.requisition_id
        entries = file._get_eliminable_entries()
        seqs = sorted(entries.mapped("seq"))
        before = file._get_elimination_limit()
        entries._erase()
        self.sudo()._write_server(self._prepare_done_vals(entries))
        file._journal(
            "elimination",
            self._prepare_payload(seqs, before),
            self.env._(
                "Entries whose content was eliminated: %(count)s.", count=len(entries)
            ),
        )

    def _prepare_done_vals(self, entries):
        return {
            "state": "done",
            "confirmer_id": self.env.uid,
            "confirmed_on": fields.Datetime.now(),
            "entry_count": len(entries),
        }

    def _prepare_payload(self, seqs, before):
        """What the chain keeps of it; `before`: what is older may go."""
        return {
            **self._get_stated(),
            "entries": seqs,
            "day": str(self.company_id._souverainete_today()),
            "before": str(before),
            "requested_by": ", ".join(self._get_askers().mapped("login")),
            "confirmed_by": self.env.user.login,
        }

    def _get_stated(self):
        """What this record says of itself, and the chain too."""
        return {
            "elimination": self.id,
            "reason": self.reason,
            "visa": self.visa,
            "askers": sorted(self._get_askers().ids),
            "authors": self.authors,
            "decided": self.decided,
            "confirmer": self.confirmer_id.id,
            "confirmed_on": str(self.confirmed_on),
            "count": self.entry_count,
        }

    # === PROOF === #
    def _is_proven(self, said, entry):
        """Whether this record is what the chain says in `entry`: carried out, with a
        visa, by another person, on content whose retention was over."""
        try:
            return (
                self.state == "done"
                and bool(self.visa)
                and self._is_said(said)
                and self.confirmer_id.id not in said["askers"]
                and self._is_over(said, entry)
            )
        except (KeyError, TypeError, ValueError):
            # No elimination of ours writes that.
            return False

    def _is_said(self, said):
        stated = self._get_stated()
        return said == said | stated and len(said["entries"]) == self.entry_count

    def _is_over(self, said, entry):
        """Whether the period then in force had ended for each entry erased."""
        day, before = (fields.Date.to_date(said[name]) for name in ("day", "before"))
        held = self.env["souverainete.retention"]._get(entry.company_id, day)
        erased = entry.requisition_id.journal_ids.filtered(
            lambda e: e.seq in said["entries"]
        )
        return (
            abs((entry.date.date() - day).days) <= 1
            and bool(held)
            and before <= held._get_limit(day)
            and all(e.date.date() < before for e in erased)
        )
