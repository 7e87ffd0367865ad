from odoo import fields, models


class Option(models.Model):
    """What the catalogue says today of the solution examined: who uses it, how to get
    it. Read there, never copied; what it said on the day is in the trace of the search.
    """

    _inherit = "souverainete.option"

    solution_used_by = fields.Text(
        related="solution_id.used_by",
        string="Used by (catalogue)",
        help="Administrations known to use the catalogued solution.",
    )
    solution_status = fields.Selection(
        related="solution_id.development_status",
        string="Phase (catalogue)",
        help="Development status of the catalogued solution, as its source says.",
    )
    solution_confirmed_on = fields.Date(
        related="solution_id.confirmed_on",
        string="Confirmed (catalogue)",
        help="Last day on which the source of the catalogue still gave the solution, "
        "or someone confirmed that it can be obtained.",
    )
    solution_contact = fields.Char(
        related="solution_id.contact",
        string="Whom to ask (catalogue)",
        help="Address, form or team that gives access to the catalogued solution.",
    )
    solution_contract_vehicle = fields.Char(
        related="solution_id.contract_vehicle",
        string="Contract vehicle (catalogue)",
        help="Contract or convention through which an administration obtains it.",
    )
    solution_url = fields.Char(
        related="solution_id.url",
        string="Web address (catalogue)",
        help="Page of the catalogued solution.",
    )
