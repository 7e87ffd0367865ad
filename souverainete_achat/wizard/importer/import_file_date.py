from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .adapters import ADAPTERS


class Import(models.TransientModel):
    """A catalogue copied last year confirms its entries as of last year."""

    _inherit = "souverainete.import"

    is_catalogue = fields.Boolean(compute="_compute_is_catalogue")
    file_date = fields.Date(
        string="File published on",
        default=lambda self: self.env.company._souverainete_today(),
        help="Day on which the source published this file, or you copied it. Its "
        "entries are confirmed as of that day; what was confirmed later stays. "
        "Empty: today.",
    )

    @api.depends("adapter")
    def _compute_is_catalogue(self):
        for wizard in self:
            adapter = ADAPTERS.get(wizard.adapter)
            wizard.is_catalogue = bool(adapter) and adapter.target == "solution"

    @api.constrains("file_date")
    def _check_file_date(self):
        for wizard in self.filtered("file_date"):
            if wizard.file_date > wizard.company_id._souverainete_today():
                raise ValidationError(
                    self.env._(
                        "A file is not published in the future: correct its day."
                    )
                )

    def _get_file_date(self):
        """Day the file speaks of."""
        self.ensure_one()
        return self.file_date or self.company_id._souverainete_today()
