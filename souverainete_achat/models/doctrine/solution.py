import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# A need is a few lines. PostgreSQL refuses queries of more than a megabyte, so what
# is pasted beyond this length is not used to search.
LONGEST_NEED = 10_000

ACCENTED, UNACCENTED = "àâäçéèêëîïôöùûüÿ", "aaaceeeeiioouuuy"


class Solution(models.Model):
    """A solution of a catalogue: what it is for, who runs it, where that was read.

    A referential shared by all companies. Administrations declare here the solutions
    others may reuse, as circular 6519/SG asks them to.
    """

    _name = "souverainete.solution"
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

    def action_add_as_option(self):
        """Add the solution to the options of the file named in the context."""
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

    # === SEARCH BY NEED === #

    @api.model
    def _search_need(self, text, limit=10):
        """Solutions that answer words of `text`, best first, abandoned ones excluded.

        :return: recordset of at most `limit` solutions; empty for an empty text
        """
        # One letter alone (“à”, “d'”) says nothing, and without its accent
        # PostgreSQL no longer knows “à” as a word to ignore.
        text = " ".join(re.findall(r"\w{2,}", text or ""))[:LONGEST_NEED]
        if not text:
            return self.browse()
        query = self._search(self._get_proposed_domain())
        document = self._get_document_sql(query)
        query.add_where(SQL("%s @@ %s", document, self._get_any_word_sql(text)))
        query.order = self._get_need_order_sql(query, document, text)
        query.limit = limit
        return self.browse(query.get_result_ids())

    @api.model
    def _get_proposed_domain(self):
        """Solutions that may be proposed: a buyer must never be sent to a dead one."""
        return Domain("active", "=", True) & Domain(
            "development_status", "!=", "obsolete"
        )

    def _get_need_order_sql(self, query, document, text):
        """What exists first; then the most words answered; then where they stand."""
        words = SQL(
            "tsvector_to_array(to_tsvector('french', %s))", self._unaccent(text)
        )
        answered = SQL(
            "cardinality(ARRAY(SELECT unnest(tsvector_to_array(%s))"
            " INTERSECT SELECT unnest(%s)))",
            document,
            words,
        )
        return SQL(
            "(%s = 'concept') IS TRUE, %s DESC, ts_rank(%s, %s) DESC, %s, %s",
            self._field_to_sql(query.table, "development_status", query),
            answered,
            document,
            self._get_any_word_sql(text),
            self._field_to_sql(query.table, "name", query),
            self._field_to_sql(query.table, "id", query),
        )

    def _get_document_sql(self, query):
        """The words of a solution, those chosen for searching weighing most."""
        weights = {"keywords": "A", "name": "B", "need": "C"}
        vectors = [
            SQL(
                "setweight(to_tsvector('french', %s), %s)",
                self._unaccent(SQL("COALESCE(%s, '')", text)),
                weight,
            )
            for text, weight in (
                (self._field_to_sql(query.table, name, query), weight)
                for name, weight in weights.items()
            )
        ]
        return SQL("(%s)", SQL(" || ").join(vectors))

    def _get_any_word_sql(self, text):
        """A need is written in sentences: one word in common is enough to compare."""
        return SQL(
            "replace(plainto_tsquery('french', %s)::text, ' & ', ' | ')::tsquery",
            self._unaccent(text),
        )

    def _unaccent(self, text):
        """Without accents: by the database where it can, French letters elsewhere."""
        text = SQL("%s", text)
        if self.env.registry.has_unaccent:
            return self.env.registry.unaccent(text)
        return SQL("translate(lower(%s), %s, %s)", text, ACCENTED, UNACCENTED)
