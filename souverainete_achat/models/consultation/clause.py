from odoo import fields, models


class Clause(models.Model):
    """A clause of the tender documents, ready to be adapted to the contract."""

    _name = "souverainete.clause"
    _inherit = ["souverainete.policy.coded"]
    _description = "Clause of the tender documents"
    _order = "document, sequence, id"

    code = fields.Char(
        required=True,
        help="Stable name of the clause: its versions share it, and a file that has "
        "one version has the clause.",
    )
    name = fields.Char(required=True, translate=True)
    document = fields.Selection(
        [("ccap", "CCAP"), ("cctp", "CCTP")],
        required=True,
        default="ccap",
        help="Document that carries the clause: administrative (CCAP) or technical "
        "(CCTP) special conditions. The tender documents sort the clauses by it.",
    )
    text = fields.Text(
        string="What it says",
        translate=True,
        required=True,
        help="The text to be written in the contract, with what is between brackets "
        "to be filled in.",
    )

    def _get_version_key(self):
        """What tells a clause from another, whatever the version."""
        return self.company_id, self.code
