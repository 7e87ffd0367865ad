from odoo import api, fields, models

from ..policy.rule import OWNERS, STEPS

FILE_STAGES = [
    ("need", "Need"),
    ("launched", "Consultation launched"),
    ("awarded", "Awarded"),
    ("notified", "Notified"),
    ("closed", "Closed"),
    ("met", "Need met"),
    ("no_follow_up", "No further action"),
    ("unsuccessful", "Unsuccessful"),
]


class Stepped(models.AbstractModel):
    """Where a file stands on its way, as lists, filters and first screens read it."""

    _name = "souverainete.stepped"
    _inherit = ["souverainete.gated", "souverainete.guarded"]
    _description = "Purchase file that goes through steps"

    next_step = fields.Selection(
        STEPS,
        string="Next step",
        index="btree_not_null",
        copy=False,
        help="The first step that is still open. Empty: nothing more is asked.",
        guard="server",
    )
    turn_role = fields.Selection(
        OWNERS,
        string="Waiting for",
        copy=False,
        help="Who acts next.",
        guard="server",
    )
    turn_user_id = fields.Many2one(
        "res.users",
        string="Whose turn",
        index="btree_not_null",
        copy=False,
        help="Who acts next, where it is one person.",
        guard="server",
    )
    turn_since = fields.Datetime(
        string="Waiting since",
        copy=False,
        help="When it came to the one who acts next.",
        guard="server",
    )

    reservation_count = fields.Integer(
        string="Reservations",
        copy=False,
        help="What is missing and blocks nothing, or what a waiver lifts.",
        guard="server",
    )
    file_stage = fields.Selection(
        FILE_STAGES,
        string="Stage",
        compute="_compute_file_stage",
        store=True,
        index="btree_not_null",
        help="Where a digital purchase is, in the words of public purchasing.",
        guard="server",
    )

    @api.depends(
        "scope_status",
        "state",
        "date_launch",
        "need_id.date_launch",
        "vendor_id",
        "requisition_type",
    )
    def _compute_file_stage(self):
        for file in self:
            digital = file.scope_status != "out"
            file.file_stage = digital and file._get_file_stage()

    def _get_file_stage(self):
        """Where this digital file is; rooms say how its need ended otherwise."""
        agreement = self.requisition_type == "blanket_order"
        if self.state in ("done", "cancel"):
            return "closed" if self.state == "done" else "no_follow_up"
        if agreement and self.state == "confirmed":
            return "notified"
        if not (self.date_launch or self.need_id.date_launch):
            return "need"
        return "awarded" if agreement and self.vendor_id else "launched"

    def _get_turn_user(self, role):
        """The buyer; an officer where there is only one."""
        if role == "buyer":
            return self._get_told_buyer()
        if role == "officer":
            officers = self.company_id._get_role_users("group_officer")
            return officers if len(officers) == 1 else officers.browse()
        return super()._get_turn_user(role)
