import logging

from psycopg2 import Error

from odoo import api, fields, models
from odoo.tools import SQL

from . import words

_logger = logging.getLogger(__name__)


class SolutionWord(models.Model):
    """The words the catalogue knows: a word typed wrong is compared with them.

    Kept by the server. Words are never removed: one that no solution uses any more
    only corrects towards nothing.
    """

    _name = "souverainete.solution.word"
    _description = "Word of the catalogue"
    _order = "name"
    _name_uniq = models.Constraint("UNIQUE (name)", "This word is already known.")

    name = fields.Char(required=True, help="Without capitals nor accents.")
    label = fields.Char(required=True, help="As it was written first.")

    def init(self):
        """Index the words by their groups of three letters, where the host allows it.

        The host's own `index="trigram"` may index an expression searches do not use.
        """
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    "CREATE EXTENSION IF NOT EXISTS pg_trgm", log_exceptions=False
                )
                self.env.cr.execute(
                    "CREATE INDEX IF NOT EXISTS souverainete_solution_word_trigram "
                    "ON souverainete_solution_word USING gin (name gin_trgm_ops)",
                    log_exceptions=False,
                )
        except Error as error:
            _logger.info("Typing errors will not be corrected (pg_trgm): %s", error)

    @api.model
    def _learn(self, texts):
        """Know the words of these texts from now on."""
        known = {}
        for text in texts:
            for folded, word in words.split(text):
                if words.is_long(folded):
                    known.setdefault(folded, word[: words.LONGEST_WORD])
        if known:
            # Two at once may learn the same word, which must not refuse either.
            self.env.cr.execute(
                SQL(
                    "INSERT INTO souverainete_solution_word (name, label) "
                    "SELECT name, label "
                    "FROM unnest(%s::text[], %s::text[]) AS new (name, label) "
                    "WHERE NOT EXISTS (SELECT 1 FROM souverainete_solution_word known "
                    "WHERE known.name = new.name) ON CONFLICT DO NOTHING",
                    list(known),
                    [word.lower() for word in known.values()],
                )
            )

    @api.model
    def _can_correct(self):
        """Whether the database compares words by their letters (pg_trgm)."""
        self.env.cr.execute("SELECT to_regoperator('%(text,text)') IS NOT NULL")
        return self.env.cr.fetchone()[0]

    @api.model
    def _correct(self, asked):
        """{word asked: (known word, as written)} for those that look typed wrong."""
        if not asked or not self._can_correct():
            return {}
        self.env.cr.execute(
            SQL(
                "SELECT asked, known.name, known.label "
                "FROM unnest(%s::text[]) AS asked "
                "JOIN souverainete_solution_word AS known ON known.name %% asked "
                "ORDER BY similarity(known.name, asked), known.name DESC",
                asked,
            )
        )
        # Best last: it stays.
        return {
            word: (known, label)
            for word, known, label in self.env.cr.fetchall()
            if words.is_typo(word, known)
        }
