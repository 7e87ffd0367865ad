from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    """Whether and how this ministry or body applies the doctrine, in one place."""

    _inherit = "res.config.settings"

    public_entity_type = fields.Selection(
        related="company_id.public_entity_type", readonly=False
    )
    opinion_channel = fields.Selection(
        related="company_id.opinion_channel", readonly=False
    )
    deputy_ids = fields.Many2many(related="company_id.deputy_ids", readonly=False)
    security_officer_ids = fields.Many2many(
        related="company_id.security_officer_ids", readonly=False
    )
    officer_ids = fields.Many2many(
        "res.users",
        string="Compliance officers",
        compute="_compute_doctrine",
        help="Who holds the role here: it is given on the form of a user.",
    )
    light_ceiling = fields.Monetary(
        string="Light circuit, below",
        currency_field="company_currency_id",
        compute="_compute_doctrine",
        help="€ HT (menu “Thresholds”).",
    )
    reinforced_floor = fields.Monetary(
        string="Reinforced circuit, from",
        currency_field="company_currency_id",
        compute="_compute_doctrine",
        help="€ HT (menu “Thresholds”).",
    )

    @api.depends("company_id", "public_entity_type")
    def _compute_doctrine(self):
        for settings in self:
            company = settings.company_id
            settings.officer_ids = company._get_role_users("group_officer")
            settings.light_ceiling = settings._get_circuit_amount("light")
            settings.reinforced_floor = settings._get_circuit_amount("reinforced")

    def _get_circuit_amount(self, kind):
        """€ HT of the threshold of `kind` in force, as the entity chosen has it."""
        company = self.company_id
        threshold = self.env["souverainete.threshold"]._get_for_body(
            kind, company, self.public_entity_type, company._souverainete_today()
        )
        return threshold.amount
