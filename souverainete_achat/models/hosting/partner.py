from odoo import fields, models

_EDITORS = "souverainete_achat.group_officer,souverainete_achat.group_manager"


class ResPartner(models.Model):
    _inherit = "res.partner"

    is_state_operator = fields.Boolean(
        string="Operates a cloud of the State",
        groups=_EDITORS,
        help="Body of the State that runs an internal cloud (for instance Nubo or Pi). "
        "Loi SREN, art. 31 covers private providers only: an internal cloud needs no "
        "SecNumCloud qualification. Recorded by an officer, never by the buyer.",
    )
