from odoo import fields, models


class Option(models.Model):
    """Who makes, runs and hosts what the option consists of."""

    _inherit = "souverainete.option"

    component_ids = fields.One2many(
        "souverainete.component",
        "option_id",
        string="Components",
        help="Every link of the chain: publisher, operator, host, subcontractor with "
        "access. The strictest rule applies over the chain.",
    )

    def _get_component_gaps(self):
        """{key: message}: what these options do not say about their chain."""
        gaps = {}
        for option in self:
            gaps |= option._get_chain_gap()
            for component in option.component_ids:
                if gap := component._get_declaration_gap():
                    gaps[component._get_finding_key()] = gap
        return gaps

    def _get_chain_gap(self):
        """{key: message} when nothing says where the data of this option is."""
        self.ensure_one()
        stated = self.component_ids.mapped("hosting")
        if stated and set(stated) != {"none"}:
            return {}
        return {
            f"option-{self.id}": self.env._(
                "Declare at least one component of “%(option)s” that hosts the data: "
                "who makes, runs and hosts the service (option, tab “Hosting”).",
                option=self.display_name,
            )
        }
