from odoo import api, fields, models
from odoo.exceptions import UserError


class Solution(models.Model):
    """A solution of a catalogue: what it is for, who runs it, where that was read.

    A referential shared by all companies. Administrations declare here the solutions
    others may reuse, as circular 6519/SG asks them to.
    """

    _name = "souverainete.solution"
    _inherit = "souverainete.guarded"
    _description = "Catalogued solution"
    _order = "name, id"
    _rec_names_search = ["name", "keywords"]

    name = fields.Char(required=True, index="trigram")
    active = fields.Boolean(
        default=True, help="An archived solution is no longer proposed to buyers."
    )
    path = fields.Selection(
        [("mutualised", "Mutualised solution"), ("off_the_shelf", "Off the shelf")],
        string="Step",
        required=True,
        default="mutualised",
        index=True,
        help="Mutualised: developed or run by the administration and open to others. "
        "Off the shelf: can be bought as it is.",
    )
    circle = fields.Selection(
        [
            ("core", "Core"),
            ("complementary", "Complementary"),
            ("innovation", "Innovation"),
        ],
        string="Circle of La Suite",
        help="Core run by the State, complementary service, or innovation built with "
        "companies. Empty for what La Suite does not cover, and when no source says.",
    )
    operator_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        help="The administration or company that runs or publishes the solution.",
    )
    need = fields.Text(
        string="Need it answers",
        required=True,
        help="What a buyer would want to obtain, in a buyer's words. Searched.",
    )
    keywords = fields.Char(
        help="Other words a buyer may use for it, separated by commas. Searched."
    )
    similar_to = fields.Char(
        string="Similar to",
        help="Well-known products it can stand for, separated by commas: whoever looks "
        "for one of them finds this solution. Similar is no promise of equivalence.",
    )
    similar_source = fields.Char(
        string="Similar according to",
        help="Who says that it can stand for these products: the catalogue it comes "
        "from, or the administration that wrote them.",
    )
    url = fields.Char(string="Web address")
    licence = fields.Char(help="Licence of the software, as the source gives it.")
    development_status = fields.Selection(
        [
            ("concept", "Concept"),
            ("development", "In development"),
            ("beta", "Beta"),
            ("stable", "Stable"),
            ("obsolete", "Abandoned"),
        ],
        string="Development status",
        index=True,
        help="In the words of publiccode.yml. Empty when the source does not say. "
        "An abandoned solution is never proposed.",
    )
    used_by = fields.Text(
        string="Used by", help="Administrations known to use it, as the source says."
    )
    contact = fields.Char(
        string="Whom to ask",
        help="Address, form or team that gives access to the solution.",
    )
    contract_vehicle = fields.Char(
        help="Contract or convention through which an administration obtains it, such "
        "as a support contract. Empty when no source says.",
    )
    source = fields.Char(
        required=True, help="Catalogue, page or administration this comes from."
    )
    external_ref = fields.Char(
        string="Reference at the source", help="Identifies the solution in its source."
    )
    snapshot_date = fields.Date(
        string="Read on",
        required=True,
        default=lambda self: self.env.company._souverainete_today(),
        help="Day on which the source said so.",
    )
    confirmed_on = fields.Date(
        string="Last confirmed",
        copy=False,
        help="Last day on which its source still gave it, or someone confirmed that it "
        "can still be obtained as written here.",
    )
    imported = fields.Json(
        copy=False, help="What its source said at the last import, to compare."
    )
    declared_by_company_id = fields.Many2one(
        "res.company",
        string="Declared by",
        default=lambda self: self._default_declared_by_company_id(),
        help="The administration that declared the solution as reusable. Empty for "
        "what comes from a catalogue.",
    )

    _source_ref_uniq = models.Constraint(
        "UNIQUE(source, external_ref)",
        "This source already gives a solution under this reference.",
    )

    @api.model
    def _default_declared_by_company_id(self):
        """Buyers and ambassadors declare; managers and imports fill the catalogue."""
        curated = self.env.su or self.env.user.has_group(
            "souverainete_achat.group_manager"
        )
        return self.env["res.company"] if curated else self.env.company

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"confirmed_on", "imported"}

    def action_confirm_available(self):
        """Say that what is written of these solutions still holds today."""
        self.check_access("write")
        self._write_server({"confirmed_on": self.env.company._souverainete_today()})

    def _check_living(self):
        """A screen opened before may still show a solution abandoned since."""
        if dead := self - self._get_living():
            raise UserError(
                self.env._(
                    "No longer proposed: %(solutions)s. Abandoned or archived in the "
                    "catalogue. Search again, or choose another solution.",
                    solutions=", ".join(dead.mapped("name")),
                )
            )

    def action_add_as_option(self):
        """Add the solution to the options of the file named in the context."""
        self._check_living()
        need = self.env["purchase.requisition"].browse(
            self.env.context.get("requisition_id", [])
        )
        need.ensure_one()._add_options(self)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(solutions)s: in the options of %(file)s, to examine.",
                    solutions=", ".join(self.mapped("name")),
                    file=need.name,
                ),
            },
        }
