from odoo import api, models

from .text import get_printable


class QwebPrinted(models.AbstractModel):
    """Formatted text in our PDFs: `t-options="{'widget': 'souverainete_printed'}"`."""

    _name = "ir.qweb.field.souverainete_printed"
    _inherit = "ir.qweb.field.html"
    _description = "Formatted text that loads nothing when it is printed"

    @api.model
    def value_to_html(self, value, options):
        return get_printable(value)

    @api.model
    def record_to_html(self, record, field_name, options):
        return self.value_to_html(record[field_name], options)
