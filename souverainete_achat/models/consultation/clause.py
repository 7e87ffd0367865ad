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

    alternative_code = fields.Char(
        string="Instead of",
        help="Code of the clause that this one replaces where the buyer prefers it: a "
        "file that carries either lacks neither.",
    )
    derogates_from = fields.Char(
        translate=True,
        help="Article of the general conditions (CCAG-TIC) that this clause departs "
        "from. The documents list it in the last article of the CCAP, as CCAG-TIC "
        "art. 1.2 asks: a departure that is not listed there does not count.",
    )

    asked_any = fields.Boolean(
        string="Every purchase", help="Asked of every digital purchase."
    )
    asked_formalised = fields.Boolean(
        string="Formalised procedures",
        help="Asked of needs whose value reaches the European threshold of formalised "
        "procedures, or is unknown.",
    )
    asked_umbrella = fields.Boolean(
        string="Umbrella frameworks",
        default=True,
        help="Asked of frameworks whose needs are known at each order only: their "
        "launch is refused without it. Nothing else is asked of them.",
    )
    asked_sensitive = fields.Boolean(
        string="Data of particular sensitivity",
        help="Asked where the data is sensitive in the sense of loi SREN, art. 31.",
    )
    asked_cloud = fields.Boolean(
        string="Cloud services",
        help="Asked where the nature is cloud, or where a cloud service is declared.",
    )
    asked_licence = fields.Boolean(
        string="Licences", help="Asked of purchases whose nature is licence."
    )
    asked_maintenance = fields.Boolean(
        string="Maintenance",
        help="Asked of purchases whose nature is maintenance, of applications too.",
    )
    asked_development = fields.Boolean(
        string="Development", help="Asked of purchases whose nature is development."
    )
    asked_intellectual = fields.Boolean(
        string="Intellectual services",
        help="Asked of purchases whose nature is intellectual services.",
    )
    asked_hardware = fields.Boolean(
        string="Hardware", help="Asked of purchases whose nature is hardware."
    )
    asked_telecom = fields.Boolean(
        string="Telecommunications",
        help="Asked of purchases whose nature is telecommunications.",
    )

    def _get_version_key(self):
        """What tells a clause from another, whatever the version."""
        return self.company_id, self.code

    def _prepare_tender(self):
        """What leaves of the clause with the consultation, as plain data."""
        names = ("code", "name", "document", "text", "derogates_from")
        return {name: self[name] for name in names if self[name]}

    def _get_kept_codes(self):
        """Codes of what is carried with these: themselves, and what they replace."""
        return set(self.mapped("code")) | set(self.mapped("alternative_code"))

    def _is_asked_of(self, subjects):
        """Whether one of `subjects`, those of a file, is ticked: one is enough."""
        names = {f"asked_{subject}" for subject in subjects} & set(self._fields)
        return any(self[name] for name in names)
