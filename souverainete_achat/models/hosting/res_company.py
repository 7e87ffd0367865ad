from odoo import api, fields, models


class ResCompany(models.Model):
    """Whether the body that buys is bound by loi SREN, art. 31."""

    _inherit = "res.company"

    sren_standing = fields.Char(
        string="Loi SREN, art. 31",
        compute="_compute_sren_standing",
        help="Whether this body is bound by the rule on the hosting of sensitive data "
        "today, and on what ground: see the menu “Bodies bound by loi SREN”. A body "
        "of which nothing is known is held as bound.",
    )

    security_officer_ids = fields.Many2many(
        "res.users",
        "souverainete_company_security_officer_rel",
        string="Security officers (RSSI)",
        help="Who countersigns the data questionnaires, where the ministry chose to "
        "ask it (rule “Questionnaire countersigned by the security officer”).",
    )

    @api.depends("public_entity_type", "company_registry", "parent_id")
    @api.depends_context("lang")
    def _compute_sren_standing(self):
        for company in self:
            company.sren_standing = company._origin and company._get_sren_label()

    def _get_sren_label(self):
        body = self._get_sren_body()
        if not body:
            return self.env._("Held as bound: nothing is recorded about this body")
        values = body._fields
        bound = dict(values["bound"]._description_selection(self.env))[body.bound]
        sure = dict(values["certainty"]._description_selection(self.env))
        if body.bound == "unknown":
            bound = self.env._("Held as bound until it is known")
        return f"{bound} – {body.name} ({sure[body.certainty]})"

    def _get_sren_body(self):
        """The record that says today whether this body is bound, or empty."""
        self.ensure_one()
        bodies = self.env["souverainete.bound.body"]
        return bodies._get(self, self._souverainete_today())

    def _is_sren_bound(self):
        """Whether loi SREN, art. 31 binds this body today. Unknown is not a no, and no
        line takes an administration of the State out, whatever it was recorded for."""
        state = self.sudo().public_entity_type == "ministry"
        return state or self._get_sren_body().bound != "no"
