from odoo import api, fields, models, tools


class ChorusGroup(models.Model):
    """Says which Chorus « groupes de marchandises » are digital purchases: State buyers
    know these, and not CPV codes."""

    _name = "souverainete.chorus.group"
    _inherit = ["souverainete.policy"]
    _description = "Chorus group of goods"
    _rec_name = "code"
    _rec_names_search = ("code", "name")
    _order = "code"

    code = fields.Char(
        string="Group",
        required=True,
        help="Code of the groupe de marchandises, as Chorus writes it.",
    )
    name = fields.Char(string="Label", required=True, translate=True)
    scope = fields.Selection(
        [("in", "Digital"), ("ask", "To be asked"), ("out", "Not digital")],
        required=True,
        default="ask",
        help="Digital: the doctrine applies. To be asked: the buyer says for each "
        "purchase. Not digital: the doctrine does not apply.",
    )

    @api.model
    def _get_key_fields(self):
        return (*super()._get_key_fields(), "code")

    @api.model
    def _get_scope(self, code, company, date):
        """`in`, `ask` or `out` for one group on `date`; empty where no table says."""
        return self._get_scopes(company.id, date).get(code, "")

    @api.model
    @tools.ormcache("company_id", "date")
    def _get_scopes(self, company_id, date):
        """{group: scope} in force; a ministry's own line replaces the common one."""
        groups = self._search_in_force(company_id, date)
        return {group.code: group.scope for group in reversed(groups)}

    def _approve(self):
        """Drafts follow; what was confirmed is listed for the officer."""
        result = super()._approve()
        products = self.env["product.template"].sudo().with_context(active_test=False)
        products._search_of_class("chorus_group", [self.code])._reclassify_drafts()
        return result
