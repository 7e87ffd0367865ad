from odoo import fields, models

KINDS = [
    ("nature", "Nature"),
    ("procedure", "Procedure"),
    ("ccag", "General conditions (CCAG)"),
    ("techniques", "Purchasing techniques"),
    ("modalitesExecution", "Forms of performance"),
    ("formePrix", "Form of the price"),
    ("typesPrix", "Types of price"),
    ("typeGroupementOperateurs", "Kind of grouping"),
    ("considerationsSociales", "Social considerations"),
    ("considerationsEnvironnementales", "Environmental considerations"),
    ("place", "Kind of place code"),
    ("typeIdentifiant", "Kind of holder's identifier"),
    ("variationPrix", "Variation of a subcontract's price"),
]


class EssentialWord(models.Model):
    """A word that the essential data (DECP) allow for a fact, written exactly so
    (arrêté of 22 December 2022, annexes; schemas 2.0.2 to 2.0.4)."""

    _name = "souverainete.essential.word"
    _inherit = ["souverainete.shipping"]
    _description = "Word of the essential data"
    _order = "kind, sequence, id"
    _name_uniq = models.Constraint(
        "UNIQUE (kind, name)", "The essential data list a word once."
    )

    kind = fields.Selection(KINDS, required=True, help="Fact that it may describe.")
    name = fields.Char(required=True, help="As the regulatory format writes it.")
    sequence = fields.Integer(default=10)

    def _get_words(self):
        """{kind: [words]}: the closed lists of the format."""
        words = {kind: [] for kind, _label in KINDS}
        for word in self.sudo().search_fetch([], ["kind", "name"]):
            words[word.kind].append(word.name)
        return words
