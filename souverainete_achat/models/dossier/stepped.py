from odoo import fields, models

from ..policy.rule import OWNERS, STEPS


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
        help="The first step that something still keeps open, or that an act ends. "
        "Empty: nothing more is asked of the file.",
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

    def _get_turn_user(self, role):
        """The buyer; an officer where there is only one."""
        if role == "buyer":
            return self._get_told_buyer()
        if role == "officer":
            officers = self.company_id._get_role_users("group_officer")
            return officers if len(officers) == 1 else officers.browse()
        return super()._get_turn_user(role)
