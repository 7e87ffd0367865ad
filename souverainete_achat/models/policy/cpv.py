from odoo import api, fields, models


class Cpv(models.Model):
    """Names of CPV codes, to choose one by words or by digits.

    The digital groups and classes are shipped; the whole official nomenclature is
    imported from a file by the host's own import.
    """

    _name = "souverainete.cpv"
    _inherit = ["souverainete.shipping"]
    _description = "Code of the common procurement vocabulary"
    _rec_names_search = ("code", "name")
    _order = "code"
    _code_uniq = models.Constraint("UNIQUE (code)", "A CPV code is listed once.")

    code = fields.Char(required=True, help="8 digits, without the check digit.")
    name = fields.Char(string="Label", required=True, translate=True)

    @api.model
    def _find_own(self, values):
        """A site may have imported the whole nomenclature."""
        return self.search([("code", "=", values.get("code"))])

    @api.depends("code", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for cpv in self:
            cpv.display_name = f"{cpv.code} {cpv.name}"

    @api.constrains("code")
    def _check_cpv_code(self):
        for cpv in self:
            self.env["souverainete.cpv.prefix"]._check_code(cpv.code)


class CpvCoded(models.AbstractModel):
    """A record that has a CPV code, chosen by its name."""

    _name = "souverainete.cpv.coded"
    _description = "Record with a CPV code"

    cpv_id = fields.Many2one(
        "souverainete.cpv",
        string="Search a CPV code",
        compute="_compute_cpv_id",
        inverse="_inverse_cpv_id",
        compute_sudo=True,
        help="The code by its words or its digits: choosing one fills it in.",
    )

    @api.depends("cpv_code")
    def _compute_cpv_id(self):
        codes = {(record.cpv_code or "")[:8] for record in self}
        known = self.env["souverainete.cpv"].search([("code", "in", [*codes])])
        by_code = known.grouped("code")
        for record in self:
            record.cpv_id = by_code.get((record.cpv_code or "")[:8], known.browse())

    def _inverse_cpv_id(self):
        for record in self.filtered("cpv_id"):
            record.cpv_code = record.cpv_id.code

    @api.onchange("cpv_id")
    def _onchange_cpv_id(self):
        if self.cpv_id:
            self.cpv_code = self.cpv_id.code
