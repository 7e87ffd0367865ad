from odoo import SUPERUSER_ID, api, fields, models

_EDITORS = "souverainete_achat.group_officer,souverainete_achat.group_manager"


class ResPartner(models.Model):
    """A body of the State that runs a cloud, and who recorded it as such."""

    _inherit = "res.partner"

    is_state_operator = fields.Boolean(
        string="Operates a cloud of the State",
        groups=_EDITORS,
        help="Body of the State that runs an internal cloud (for instance Nubo or Pi). "
        "Loi SREN, art. 31 covers private providers only: an internal cloud needs no "
        "SecNumCloud qualification. Recorded by an officer, never by the buyer.",
    )
    state_operator_by_id = fields.Many2one(
        "res.users",
        string="Recorded as such by",
        groups=_EDITORS,
        readonly=True,
        copy=False,
        help="It proves nothing for the purchases of this person. Empty: shipped.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        default = self.env.context.get("default_is_state_operator")
        for vals in vals_list:
            self._sign_state_operator(vals, vals.get("is_state_operator", default))
        return super().create(vals_list)

    def write(self, vals):
        vals = dict(vals)
        self._sign_state_operator(vals, "is_state_operator" in vals)
        return super().write(vals)

    @api.model
    def _sign_state_operator(self, vals, signed):
        """Who records it is not a client's to say."""
        vals.pop("state_operator_by_id", None)
        if signed and self.env.uid != SUPERUSER_ID:
            vals["state_operator_by_id"] = self.env.uid
