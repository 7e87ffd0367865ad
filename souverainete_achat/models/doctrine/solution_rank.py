from odoo import api, models
from odoo.tools import SQL

from .solution_search import (
    COMMON,
    COVERED,
    COVERED_BY_ONE,
    MUTUALISED,
    RELEVANT,
)

# Words shown to explain one result.
EXPLAINED = 5
# When no word asked is rare, ranking more of the many that answer says nothing more.
ENOUGH = 200


class Solution(models.Model):
    """Which solutions answer what is asked, in which order, and why."""

    _inherit = "souverainete.solution"

    # === WHICH ANSWER === #

    def _get_candidates(self, concepts):
        """[(id, path, status, name, {lexeme: best label})] of what may answer.

        The rarest concepts choose; the common ones only rank, unless all are common.
        """
        if not concepts:
            return []
        rare = self._get_choosing(concepts)
        if rare:
            return self._find(self._get_any(rare), concepts)
        return self._get_common_candidates(concepts)

    def _get_common_candidates(self, concepts):
        """Those with all of it in their name or keywords; then less, until enough."""
        everything = " & ".join(f"({self._get_any([c])})" for c in concepts)
        found = {}
        for tsquery in (everything, self._get_any(concepts)):
            for strong in (True, False):
                if len(found) < ENOUGH:
                    rows = self._find(tsquery, concepts, ENOUGH, strong)
                    found.update({row[0]: row for row in rows})
        return list(found.values())

    def _get_choosing(self, concepts):
        """The rarest concepts, as long as few solutions answer them together."""
        chosen, total = [], 0
        for concept in sorted(concepts, key=lambda c: c.frequency):
            total += concept.frequency
            if concept.frequency >= COMMON or (chosen and total > COMMON):
                break
            chosen.append(concept)
        return chosen

    def _get_any(self, concepts):
        terms = [term for concept in concepts for term in concept.terms]
        return " | ".join(f"({term.get_tsquery()})" for term in terms)

    def _find(self, tsquery, concepts, most=2 * COMMON, strong=False):
        """What the solutions of a query hold of all that is asked."""
        lexemes = {x for c in concepts for t in c.terms for x in t.lexemes}
        found = {}
        for row in self.env.execute_query(
            SQL(
                "SELECT c.id, c.path, c.development_status, c.name, w.lexeme, w.weights"
                " FROM (%s) AS c, unnest(c.search_vector) AS w"
                " WHERE w.lexeme = ANY(%s)",
                self._get_candidates_sql(tsquery, most, strong),
                list(lexemes),
            )
        ):
            *solution, lexeme, labels = row
            found.setdefault(tuple(solution), {})[lexeme] = min(labels)
        return [(*solution, held) for solution, held in found.items()]

    def _get_candidates_sql(self, tsquery, most, strong):
        query = self._search(self._get_proposed_domain())
        document = SQL.identifier(query.table, "search_vector")
        if strong:
            text = SQL.identifier(query.table, "search_strong")
            document = SQL("to_tsvector('french', COALESCE(%s, ''))", text)
        query.add_where(SQL("%s @@ %s::tsquery", document, tsquery))
        query.order = None
        query.limit = most
        names = ("id", "path", "development_status", "name", "search_vector")
        return query.select(*(SQL.identifier(query.table, name) for name in names))

    # === IN WHICH ORDER, AND WHY === #

    @api.model
    def _rank(self, candidates, concepts, total, asked):
        """[(id, why)]: what exists first, then what answers most."""
        scored = []
        for solution_id, path, status, name, held in candidates:
            answers = self._get_answers(concepts, held, total)
            score = sum(value for value, _concept, _term in answers)
            if not self._is_covered(answers, asked):
                continue
            score *= MUTUALISED if path == "mutualised" else 1
            key = (status == "concept", -score, name, solution_id)
            scored.append((key, solution_id, answers))
        best = max((-key[1] for key, _id, _answers in scored), default=0)
        return [
            (solution_id, self._get_why(answers))
            for key, solution_id, answers in sorted(scored, key=lambda s: s[0])
            if -key[1] >= RELEVANT * best
        ]

    def _is_covered(self, answers, asked):
        """Whether enough of the need is answered, or a product it names.

        “box” or “signal”, written as words are, are words too.
        """
        covered = sum(value * concept.share for value, concept, _term in answers)
        if covered >= (COVERED if len(answers) > 1 else COVERED_BY_ONE) * asked:
            return True
        names = [term.label for _v, _concept, term in answers if term.kind == "similar"]
        return any(" " in name or name != name.lower() for name in names)

    def _get_answers(self, concepts, held, total):
        """[(value, concept, term)] of what one solution answers, best first."""
        answers = []
        for concept in concepts:
            weight, term = concept.get_best(held)
            if weight:
                answers.append((weight * concept.get_value(total), concept, term))
        return sorted(answers, key=lambda answer: -answer[0])

    def _get_why(self, answers):
        why = [
            {"kind": term.kind, "asked": concept.asked, "found": term.label}
            for _value, concept, term in answers
        ]
        return [reason for i, reason in enumerate(why) if reason not in why[:i]][
            :EXPLAINED
        ]
