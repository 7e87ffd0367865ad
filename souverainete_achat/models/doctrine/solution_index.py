from odoo import api, fields, models

from . import words

# PostgreSQL refuses a search document of more than a megabyte.
LONGEST_TEXT = 20_000


class Solution(models.Model):
    """The search document of a solution: kept by the server, indexed by PostgreSQL.

    Words are folded here, not by the database's `unaccent`: accents never depend on an
    extension, and installing it would change how the host compares everything else.
    """

    _inherit = "souverainete.solution"

    search_strong = fields.Text(
        compute="_compute_search_document",
        store=True,
        help="Name and keywords, as they are compared.",
    )
    search_text = fields.Text(
        compute="_compute_search_document",
        store=True,
        help="The need it answers, as it is compared.",
    )
    search_similar = fields.Text(
        compute="_compute_search_document",
        store=True,
        help="Products it stands for, each as one word.",
    )

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

    @api.model
    def _get_server_fields(self):
        """A client that wrote them would be found for what it does not say."""
        return super()._get_server_fields() | {
            "search_strong",
            "search_text",
            "search_similar",
        }

    @api.depends("name", "keywords", "need", "similar_to")
    def _compute_search_document(self):
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


_DOCUMENT = """
    ALTER TABLE souverainete_solution
    ADD COLUMN IF NOT EXISTS search_vector tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('french', COALESCE(search_strong, '')), 'A')
     || setweight(to_tsvector('french', COALESCE(search_text, '')), 'C')
     || setweight(to_tsvector('simple', COALESCE(search_similar, '')), 'D')
    ) STORED
"""
