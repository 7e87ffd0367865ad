from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..catalogue import words

# What the contracts nearest to a need are worth, by how many digits of their CPV code
# are the need's: the code, its class, its group, its division.
NEARNESS = ((8, 2.0), (5, 1.6), (3, 1.3), (2, 1.0))
FAR = 0.7
# A long need is compared by its words that say most.
MOST_ASKED = 12
# As many as a buyer reads.
SHOWN = 40
# What answers less than this share of what is asked is noise.
COVERED = 0.15
LONGEST_TITLE = 1000
# Columns of the table that a publication gives, in their order.
COLUMNS = (
    *("key", "published_ref", "reference", "revision", "title", "cpv_code"),
    *("buyer_siret", "buyer_siren", "buyer_name", "holders", "holder_siren"),
    *("holder_name", "amount", "date_start", "duration_months", "date_end"),
    *("framework_number", "date_published", "date_amended", "source"),
)


class PublishedContract(models.Model):
    """A contract that a public buyer published (DECP): who bought what, from whom, for
    how much (€ HT) and until when.

    Public facts of the whole State, read from files of essential data and written by
    the import alone, in SQL: a million rows and more. The latest publication counts.
    """

    _name = "souverainete.published.contract"
    _inherit = ["souverainete.guarded", "souverainete.searched"]
    _description = "Published contract"
    _log_access = False
    _order = "date_start desc, id desc"
    _rec_name = "title"
    _guard = "server"
    _most_counted = 10**9
    _key_uniq = models.Constraint(
        "UNIQUE (key)", "A published contract is read once, its latest publication."
    )

    key = fields.Char(required=True, help="Buyer and number of the contract.")
    published_ref = fields.Char(
        string="Identifier",
        required=True,
        index=True,
        help="As the source identifies it: one identifier may stand on two contracts.",
    )
    reference = fields.Char(string="Contract number")
    revision = fields.Integer()
    title = fields.Char(string="Object", required=True)
    cpv_code = fields.Char(string="CPV code", required=True)
    buyer_siret = fields.Char(string="Buyer's SIRET")
    buyer_siren = fields.Char(string="Buyer's SIREN", index=True)
    buyer_name = fields.Char(string="Buyer")
    holders = fields.Json(
        string="Holders as published", help="Type, identifier and name of each holder."
    )
    holder_siren = fields.Char(
        string="Holder's SIREN", index=True, help="Of the first one."
    )
    holder_name = fields.Char(string="Holders")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    amount = fields.Monetary(
        string="Amount (excl. tax)", help="In € HT, as amended. Empty: unknown."
    )
    date_start = fields.Date(string="Notified on", required=True)
    duration_months = fields.Integer(string="Duration (months)")
    date_end = fields.Date(
        string="Until", help="Notification plus duration, as amended. Empty: unknown."
    )
    framework_number = fields.Char(string="Framework agreement")
    date_published = fields.Date(string="Published on", index=True)
    date_amended = fields.Date(string="Last amended on")
    source = fields.Char(help="The file that it was read in.")
    said = fields.Char(
        string="Words of the object",
        store=False,
        search="_search_said",
        help="French words, whatever their ending, in any order.",
    )

    def init(self):
        """The words of the object are folded by us; a CPV is asked by its prefix."""
        for query in _DOCUMENT:
            self.env.cr.execute(query)

    def _compute_currency_id(self):
        """The format has no other currency."""
        self.currency_id = self.env.ref("base.EUR")

    def _search_said(self, operator, value):
        if operator not in ("ilike", "like", "=", "in"):
            return NotImplemented
        said = [value] if isinstance(value, str) else list(value or ())
        text = " ".join(words.fold_text(str(each), LONGEST_TITLE) for each in said)
        return Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "%s @@ plainto_tsquery('french', %s)",
                SQL.identifier(alias, "search_vector"),
                text,
            )
        )

    # === WHO BOUGHT THE SAME === #

    @api.model
    def _find_same(self, text, cpv=""):
        """The contracts nearest to a need, best first, why, and how many answer it.

        The words of the need choose, what is rare says more; the CPV code ranks, and
        spares reading the contracts of other divisions for words that are common. In a
        constant number of queries.

        :return: ([(id, [words it says])], count)
        """
        total = self._count_all()
        concepts = self._get_asked(text, total)
        if not concepts:
            return self._find_class(cpv)
        rows = self.env.execute_query(self._get_same_sql(concepts, cpv, total))
        best = max((row[1] for row in rows), default=0)
        found = [
            (
                row[0],
                [c.asked for c, says in zip(concepts, row[3], strict=True) if says],
            )
            for row in rows
            if row[1] >= COVERED * best
        ]
        return found, (rows[0][2] if rows else 0)

    @api.model
    def _get_asked(self, text, total):
        """What the words of a need ask for that contracts say: what says most."""
        asked = self._get_concepts(self._get_tokens([text]))[text]
        said = [concept for concept in asked if concept.frequency]
        return sorted(said, key=lambda c: -c.get_value(total) * c.share)[:MOST_ASKED]

    @api.model
    def _get_same_sql(self, concepts, cpv, total):
        """Rows (id, score, how many answer, whether it says each concept)."""
        said = [
            SQL("s.search_vector @@ %s::tsquery", self._get_any([concept]))
            for concept in concepts
        ]
        worth = SQL(" + ").join(
            SQL("CASE WHEN %s THEN %s ELSE 0 END", test, c.get_value(total) * c.share)
            for test, c in zip(said, concepts, strict=True)
        )
        return SQL(
            "SELECT s.id, score, found, ARRAY[%(said)s] FROM ("
            "SELECT s.id, (%(worth)s) * %(near)s AS score, count(*) OVER () AS found,"
            " s.date_start, s.search_vector FROM %(table)s s WHERE %(chosen)s"
            " ORDER BY score DESC, s.date_start DESC, s.id DESC LIMIT %(shown)s) s"
            " ORDER BY score DESC, s.date_start DESC, s.id DESC",
            worth=worth,
            near=self._get_nearness_sql(cpv),
            said=SQL(", ").join(said),
            table=SQL.identifier(self._table),
            chosen=self._get_chosen_sql(concepts, cpv),
            shown=SHOWN,
        )

    @api.model
    def _count_all(self):
        """About how many contracts there are: counted where they are few."""
        [(count,)] = self.env.execute_query(
            SQL(
                "SELECT CASE WHEN reltuples > 10000 THEN reltuples::bigint"
                " ELSE (SELECT count(*) FROM %s) END"
                " FROM pg_class WHERE oid = %s::regclass",
                SQL.identifier(self._table),
                self._table,
            )
        )
        return count

    def _count_rare(self, queries):
        """Each asked by itself: PostgreSQL then knows how rare the word is."""
        counted = [
            SQL(
                "SELECT %s::text, count(*) FROM %s WHERE search_vector @@ %s::tsquery",
                query,
                SQL.identifier(self._table),
                query,
            )
            for query in queries
        ]
        return dict(self.env.execute_query(SQL(" UNION ALL ").join(counted or [_NONE])))

    def _correct(self, tokens):
        """Thousands of buyers wrote these objects: a word typed wrong is a word."""

    def _get_products(self, tokens):
        """The objects name products in words."""
        return {}

    @api.model
    def _get_chosen_sql(self, concepts, cpv):
        """Which contracts are compared: of the same division with one of the words; of
        any, with the rarest words, or with all of them where all are common."""
        rare = self._get_choosing(concepts)
        everything = " & ".join(f"({self._get_any([c])})" for c in concepts)
        far = SQL(
            "s.search_vector @@ %s::tsquery",
            self._get_any(rare) if rare else everything,
        )
        if not cpv:
            return far
        return SQL(
            "(s.cpv_code LIKE %s AND s.search_vector @@ %s::tsquery) OR %s",
            f"{cpv[:2]}%",
            self._get_any(concepts),
            far,
        )

    @api.model
    def _get_nearness_sql(self, cpv):
        if not cpv:
            return SQL("1")
        cases = SQL(" ").join(
            SQL("WHEN s.cpv_code LIKE %s THEN %s", f"{cpv[:digits]}%", worth)
            for digits, worth in NEARNESS
        )
        return SQL("CASE %s ELSE %s END", cases, FAR)

    @api.model
    def _find_class(self, cpv):
        """The latest contracts of the same class, where no word says anything."""
        if not cpv:
            return [], 0
        rows = self.env.execute_query(
            SQL(
                "SELECT s.id, count(*) OVER () FROM %s s WHERE s.cpv_code LIKE %s"
                " ORDER BY s.date_start DESC, s.id DESC LIMIT %s",
                SQL.identifier(self._table),
                f"{cpv[:5]}%",
                SHOWN,
            )
        )
        return [(row[0], []) for row in rows], (rows[0][1] if rows else 0)


_NONE = SQL("SELECT NULL WHERE FALSE")
# Columns and indexes of the table that no field declares.
_DOCUMENT = (
    "ALTER TABLE souverainete_published_contract"
    " ADD COLUMN IF NOT EXISTS search_vector tsvector",
    "CREATE INDEX IF NOT EXISTS souverainete_published_contract_words"
    " ON souverainete_published_contract USING gin (search_vector)",
    "CREATE INDEX IF NOT EXISTS souverainete_published_contract_cpv"
    " ON souverainete_published_contract (cpv_code text_pattern_ops)",
)
