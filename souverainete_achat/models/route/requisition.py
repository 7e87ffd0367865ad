from odoo import api, fields, models


class PurchaseRequisition(models.Model):
    """What some natures of purchase have to say before the consultation leaves."""

    _inherit = "purchase.requisition"

    # === HARDWARE AND TELECOMMUNICATIONS === #

    shared_support = fields.Selection(
        [
            ("used", "Examined, one is used"),
            ("none_fits", "Examined, none fits"),
            ("not_examined", "Not examined yet"),
        ],
        string="Shared contract examined",
        copy=False,
        help="Hardware and telecommunications: whether the interministerial contracts "
        "and those of a central purchasing body (UGAP) were examined before buying "
        "alone. Policy of the ministry: mutualise first.",
    )
    shared_support_reason = fields.Text(
        string="Contracts examined",
        copy=False,
        help="Which shared contracts were examined and, when none is used, why none "
        "fits.",
    )

    # === MAINTENANCE === #

    alternatives_reviewed_on = fields.Date(
        string="Alternatives last reviewed on",
        copy=False,
        help="Maintenance: day the alternatives to what is maintained were last "
        "examined. How many months it holds is a dated delay. Policy of the ministry.",
    )
    alternatives_conclusion = fields.Text(
        string="Conclusion of the review",
        copy=False,
        help="What the last review of the alternatives found, and why what exists is "
        "maintained.",
    )
    exit_plan = fields.Text(
        copy=False,
        help="Maintenance: how the ministry would leave this solution: data and "
        "formats, skills, time, cost (€ HT) and who would take over. Doctrine « cloud "
        "au centre », rule R4, asks that reversibility be provided for and funded.",
    )

    # === CONTRACT WITH THE GATE === #

    @api.model
    def _get_route_fields(self):
        """Names of the fields that only some natures or routes are asked."""
        return (
            "shared_support",
            "shared_support_reason",
            "alternatives_reviewed_on",
            "alternatives_conclusion",
            "exit_plan",
        )

    @api.model
    def _get_declared_fields(self):
        return super()._get_declared_fields() | set(self._get_route_fields())

    def _get_launch_content(self):
        """Only what is filled in: most purchases are asked none of it."""
        content = super()._get_launch_content()
        need = self.need_id
        stated = {
            name: str(need[name]) for name in self._get_route_fields() if need[name]
        }
        if stated:
            content["route"] = stated
        return content
