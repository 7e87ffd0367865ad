from odoo import fields, models

# Routes that buy under a framework somebody else may carry.
_FRAMEWORK_ROUTES = ("call_off", "subsequent", "interministerial", "central_body")


class PurchaseRequisition(models.Model):
    """Calling off on another body's framework: a file of one's own, which names it."""

    _inherit = "purchase.requisition"

    framework_ref = fields.Char(
        string="Framework number",
        index="btree_not_null",
        help="Number of the framework ordered under, as its owner writes it. Its study "
        "can be reused where the owner shared it.",
    )
    framework_body_id = fields.Many2one(
        "res.partner",
        string="Carried by",
        index="btree_not_null",
        ondelete="restrict",
        help="Body that signed the framework: another ministry, the DAE, UGAP…",
    )

    def _is_framework_asked(self):
        return self.purchase_route in _FRAMEWORK_ROUTES

    def _finding_framework(self, options):
        """What is ordered under a framework says which one."""
        need = self.need_id
        if not need._is_framework_asked() or (self | need).framework_id:
            return {}
        missing = {}
        if not (need.framework_ref or "").strip():
            missing["ref"] = self.env._(
                "Give the number of the framework this purchase is made under, in the "
                "tab “Framework”. Its study can then be reused."
            )
        if not need.framework_body_id:
            missing["body"] = self.env._(
                "Say which body carries the framework, in the tab “Framework”."
            )
        return missing
