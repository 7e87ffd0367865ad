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
        payload = self._prepare_elimination_payload(entries)
        entries._erase()
        file._journal(
            "elimination",
            payload,
            self.env._(
                "Entries whose content was eliminated: %(count)s.", count=len(entries)
            ),
        )
        self.sudo()._write_server(self._prepare_done_vals(entries))

    def _prepare_elimination_payload(self, entries):
        return {
            "entries": sorted(entries.mapped("seq")),
            "reason": self.reason,
            "visa": self.visa,
            "requested_by": ", ".join(self._get_askers().mapped("login")),
            "confirmed_by": self.env.user.login,
        }

    def _prepare_done_vals(self, entries):
        return {
            "state": "done",
            "confirmer_id": self.env.uid,
            "confirmed_on": fields.Datetime.now(),
            "entry_count": len(entries),
        }
