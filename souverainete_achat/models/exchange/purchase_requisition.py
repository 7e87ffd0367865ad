from odoo import fields, models


class PurchaseRequisition(models.Model):
    """What a public register says of a purchase, typed once by someone else."""

    _inherit = "purchase.requisition"

    origin_ids = fields.One2many(
        "souverainete.import.origin",
        "requisition_id",
        string="Origins",
        help="Records of public registers this file was imported from.",
    )
    scope_suggestion_reason = fields.Char(
        string="Words behind the suggestion",
        copy=False,
        help="Words of the planned purchase that suggest whether it is digital.",
    )
    date_publication = fields.Date(
        string="Planned publication",
        help="Day the consultation is meant to be published, as announced.",
    )

    def action_essential_data(self):
        """Open the essential data (DECP) of a signed contract, or export those of
        several. Raises on what is not signed."""
        self.check_access("read")
        sheets = self.env["souverainete.essential.data"]
        for file in self:
            sheets |= sheets._open(file)
        return sheets._get_action() if len(sheets) == 1 else sheets.action_export()
