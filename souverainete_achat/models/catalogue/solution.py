from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from . import words

# PostgreSQL refuses a search document of more than a megabyte.
LONGEST_TEXT = 20_000

_DOCUMENT = """
    ALTER TABLE souverainete_solution
    ADD COLUMN IF NOT EXISTS search_vector tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('french', COALESCE(search_strong, '')), 'A')
     || setweight(to_tsvector('french', COALESCE(search_text, '')), 'C')
     || setweight(to_tsvector('simple', COALESCE(search_similar, '')), 'D')
    ) STORED
"""

_DERIVED = ("search_strong", "search_text", "search_similar", "name_key", "url_key")

# What a kept solution takes from the merged one: all of it (items of lists, whole
# texts), or only where it is empty.
_LISTS = ("keywords", "similar_to")

_TEXTS = {"need": "\n", "similar_source": "; "}

_FILLED = (
    "circle",
    "contact",
    "contract_vehicle",
    "development_status",
    "licence",
    "operator_id",
    "url",
    "used_by",
    "wikidata",
)


class Solution(models.Model):
    """A solution of a catalogue: what it is for, who runs it, where that was read.

    A referential shared by all companies. Administrations declare here the solutions
    others may reuse, as circular 6519/SG asks them to.
    """

    _name = "souverainete.solution"
    _inherit = [
        "souverainete.guarded",
        "souverainete.searched",
        "souverainete.shipping",
    ]
    _description = "Catalogued solution"
    _order = "name, id"
    _rec_names_search = ["name", "keywords"]
    _source_ref_uniq = models.Constraint(
        "UNIQUE(source, external_ref)",
        "This source already gives a solution under this reference.",
    )

    name = fields.Char(required=True, index="trigram")
    active = fields.Boolean(
        default=True, help="An archived solution is no longer proposed to buyers."
    )
    path = fields.Selection(
        [("mutualised", "Mutualised solution"), ("off_the_shelf", "Off the shelf")],
        string="Way",
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
        string="Reference at the source",
        copy=False,
        help="Identifies the solution in its source.",
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
        guard="server",
    )
    imported = fields.Json(
        copy=False,
        help="What its source said at the last import, to compare.",
        guard="server",
    )
    declared_by_company_id = fields.Many2one(
        "res.company",
        string="Declared by",
        default=lambda self: self._default_declared_by_company_id(),
        help="The administration that declared the solution as reusable. Empty for "
        "what comes from a catalogue.",
    )

    found_because = fields.Text(
        string="Why it was found",
        compute="_compute_found_because",
        help="Words of the need it answers, as they were read.",
    )

    search_strong = fields.Text(
        compute="_compute_search_document",
        store=True,
        help="Name and keywords, as they are compared.",
        guard="server",
    )
    search_text = fields.Text(
        compute="_compute_search_document",
        store=True,
        help="The need it answers, as it is compared.",
        guard="server",
    )
    search_similar = fields.Text(
        compute="_compute_search_document",
        store=True,
        help="Products it stands for, each as one word.",
        guard="server",
    )

    wikidata = fields.Char(
        string="Wikidata identifier",
        copy=False,
        index="btree_not_null",
        help="Q followed by digits: the same software in every catalogue.",
    )
    name_key = fields.Char(
        compute="_compute_keys",
        store=True,
        index="btree_not_null",
        help="To compare.",
        guard="server",
    )
    url_key = fields.Char(
        compute="_compute_keys",
        store=True,
        index="btree_not_null",
        help="To compare.",
        guard="server",
    )
    merged_into_id = fields.Many2one(
        "souverainete.solution",
        string="Merged into",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The entry that stands for it. Searches and options that point here keep "
        "pointing here: they are evidence.",
        guard="server",
    )
    merged_ids = fields.One2many(
        "souverainete.solution",
        "merged_into_id",
        string="Also known as",
        context={"active_test": False},
        help="Entries of other catalogues merged into this one.",
    )

    # === WHAT IT SAYS === #

    @api.model
    def _get_proposed_domain(self):
        """Solutions that may be proposed: a buyer must never be sent to a dead one."""
        return Domain("active", "=", True) & Domain(
            "development_status", "!=", "obsolete"
        )

    @api.model
    def _get_living_sql(self):
        return SQL("s.active AND s.development_status IS DISTINCT FROM 'obsolete'")

    @api.model
    def _get_searched_fields(self):
        document = ["search_similar", "search_strong", "search_text"]
        return ["active", "development_status", *document]

    def _get_living(self):
        """Those of these solutions that may be proposed, in their order."""
        return self.filtered_domain(self._get_proposed_domain())

    @api.model
    def _default_declared_by_company_id(self):
        """Buyers and ambassadors declare; managers and imports fill the catalogue."""
        curated = self.env.su or self.env.user.has_group(
            "souverainete_achat.group_manager"
        )
        return self.env["res.company"] if curated else self.env.company

    # === COMPUTE METHODS === #

    @api.depends_context("catalogue_search_id")
    def _compute_found_because(self):
        """Said by the search being shown; a solution alone was not searched for."""
        searched = self.env.context.get("catalogue_search_id")
        searched = searched if isinstance(searched, int) else []
        search = self.env["souverainete.catalogue.search"].browse(searched)
        search = search.exists() if search.has_access("read") else search.browse()
        for solution in self:
            solution.found_because = search._get_why(solution) if search else False

    @api.depends("name", "keywords", "need", "similar_to")
    def _compute_search_document(self):
        """Words are folded here, not by the database's `unaccent`: accents never depend
        on an extension, and installing it would change what the host compares."""
        for solution in self:
            strong = f"{solution.name or ''} {solution.keywords or ''}"
            products = words.split_list((solution.similar_to or "")[:LONGEST_TEXT])
            solution.search_strong = words.fold_text(strong, LONGEST_TEXT)
            solution.search_text = words.fold_text(solution.need, LONGEST_TEXT)
            solution.search_similar = " ".join(map(words.get_product_key, products))
        self.env["souverainete.solution.word"].sudo()._learn(
            (solution[name] or "")[:LONGEST_TEXT]
            for solution in self
            for name in ("name", "keywords", "need", "similar_to")
        )

    @api.depends("name", "url")
    def _compute_keys(self):
        for solution in self:
            solution.name_key = words.get_name_key(solution.name)
            solution.url_key = words.get_url_key(solution.url)

    @api.model
    def _on_release(self):
        """A release may compare words otherwise: what is derived from them is derived
        again, of solutions that were imported too."""
        every = self.with_context(active_test=False)
        solutions = every.search([("name", "!=", False)])
        for name in _DERIVED:
            self.env.add_to_compute(self._fields[name], solutions)

    @api.model
    def _find_own(self, values):
        known = [(n, "=", values.get(n)) for n in ("source", "external_ref")]
        return self.search(known, limit=1) if values.get("external_ref") else self

    # === CONSTRAINTS === #

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

    def _check_not_merged(self):
        if merged := self.filtered("merged_into_id"):
            raise UserError(
                self.env._(
                    "Merged into another entry: %(solutions)s. Use “Separate again” on "
                    "its form first.",
                    solutions=", ".join(merged.mapped("name")),
                )
            )

    # === CRUD === #

    def init(self):
        """The document is a column PostgreSQL generates: no write can forget it."""
        self.env.cr.execute(_DOCUMENT)
        self.env.cr.execute(
            "CREATE INDEX IF NOT EXISTS souverainete_solution_search_vector "
            "ON souverainete_solution USING gin (search_vector)"
        )
        # Where all the words asked are common, what has them in its name comes first.
        self.env.cr.execute(
            "CREATE INDEX IF NOT EXISTS souverainete_solution_search_strong "
            "ON souverainete_solution "
            "USING gin (to_tsvector('french', COALESCE(search_strong, '')))"
        )

    def write(self, vals):
        if vals.get("active") and not self._is_granted("write", vals):
            self._check_not_merged()
        return super().write(vals)

    # === MERGING === #
    # One solution given by several catalogues: merged, and nothing of it lost.

    def _merge_into(self, kept):
        """Leave the catalogue to `kept`, which takes what it did not say itself."""
        self.ensure_one()
        (self | kept).check_access("write")
        kept._check_not_merged()
        self._check_not_merged()
        kept.write(self._prepare_kept_vals(kept))
        (self | self.with_context(active_test=False).merged_ids).sudo()._write_server(
            {"merged_into_id": kept.id, "active": False}
        )

    def _prepare_kept_vals(self, kept):
        vals = {name: self[name] for name in _FILLED if self[name] and not kept[name]}
        if "operator_id" in vals:
            vals["operator_id"] = vals["operator_id"].id
        for name in _LISTS:
            items = words.split_list(f"{kept[name] or ''},{self[name] or ''}")
            if items:
                vals[name] = ", ".join(items)
        for name, separator in _TEXTS.items():
            if joined := self._join_texts(kept[name], self[name], separator):
                vals[name] = joined
        # What one catalogue knows as mutualised is: another may not know it.
        if self.path == "mutualised":
            vals["path"] = "mutualised"
        return vals

    def _join_texts(self, kept, merged, separator):
        """Both texts, but one that the other already says."""
        kept, merged = kept or "", merged or ""
        if merged in kept:
            return kept
        return f"{kept}{separator}{merged}" if kept else merged

    def action_separate(self):
        """Make a merged entry a solution of its own again."""
        self.check_access("write")
        self._write_server({"merged_into_id": False, "active": True})

    # === ACTIONS === #

    def action_confirm_available(self):
        """Say that what is written of these solutions still holds today."""
        self.check_access("write")
        self._write_server({"confirmed_on": self.env.company._souverainete_today()})

    def action_add_as_option(self):
        """Add the solution to the options of the file named in the context."""
        self.check_access("read")
        self._check_living()
        need = self.env["purchase.requisition"].browse(
            self.env.context.get("requisition_id", [])
        )
        if len(need) != 1:
            raise UserError(self.env._("Add it from the tab Solutions of one file."))
        need._add_options(self)
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
