import re
from itertools import chain, zip_longest
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from . import need_query, words

# Words shown to explain one result.
EXPLAINED = 5

# When no word asked is rare, ranking more of the many that answer says nothing more.
ENOUGH = 200

# A need is a few lines: what is pasted beyond this is not used to search.
LONGEST_NEED = 10_000

MOST_WORDS = 300

# A word found in more solutions than this only ranks those other words found.
COMMON = 1000

# Mutualise first: at equal answers, and a little beyond (circular 6519/SG).
MUTUALISED = 1.3

# What answers less than this share of the best answer is noise.
RELEVANT = 0.2

# And so is what answers less than this share of what is asked, by several words or by
# one: “écran” alone does not make a meeting service answer the purchase of screens.
COVERED = 0.25

COVERED_BY_ONE = 0.4

# A need is said in as many ways at most: its object, its products, its effect.
MOST_WAYS = 3

# What nothing answers is shown with the nearest there is.
NEAREST = 3


class Answer(NamedTuple):
    """What answers a need, best first, and what was asked of the catalogue."""

    # [(id, why)]: `why` lists {kind, asked, found}, what counted most first.
    found: list
    # The same, of what has some of its words and does not answer it.
    nearest: list
    # What was asked that means something, as it was written.
    asked: list


class Searched(models.AbstractModel):
    """What is searched by need: French words, synonyms, products, typing errors.

    Each step asks PostgreSQL one indexed question; what ranks and explains is Python,
    over the few records that answer. The model that inherits it keeps a `search_vector`
    and says what may be proposed (`_get_proposed_domain`, in SQL `_get_living_sql`).
    """

    _name = "souverainete.searched"
    _description = "Searched by need"
    # Beyond it, how many records say a word makes no difference.
    _most_counted = COMMON

    @api.model
    def _get_living_sql(self):
        """What is counted of the table `s`: what only dead records say neither makes a
        word known nor hides another."""
        return SQL("TRUE")

    @api.model
    def _get_searched_fields(self):
        """Fields that the search reads in the database."""
        return []

    @api.model
    def _search_need(self, text, limit=10):
        """Solutions that answer `text`, best first, abandoned ones excluded.

        :return: recordset of at most `limit` solutions; empty for an empty text
        """
        return self.browse([found for found, _why in self._explain_need(text, limit)])

    @api.model
    def _explain_need(self, text, limit=10):
        """[(id, why)] of the solutions found, best first; see `Answer`."""
        return self._answer_needs([text])[text].found[:limit]

    @api.model
    def _answer_needs(self, texts):
        """{need: its `Answer`}. Blank lines part the ways in which a need is said: what
        answers one of them answers it."""
        self.flush_model(self._get_searched_fields())
        ways = {text: _split_ways(text) for text in texts}
        answers = self._answer_ways(list(dict.fromkeys(chain(*ways.values()))))
        return {
            text: _join_answers([answers[way] for way in own])
            for text, own in ways.items()
        }

    def _answer_ways(self, ways):
        """{way: `Answer`}: PostgreSQL is asked once about the words of all of them."""
        concepts = self._get_concepts(self._get_tokens(ways))
        total = self._count_catalogue()
        return {way: self._answer_concepts(concepts[way], total) for way in ways}

    def _answer_concepts(self, concepts, total):
        known = [concept for concept in concepts if concept.frequency]
        candidates = self._get_candidates(known)
        asked = need_query.get_asked(concepts, total)
        found = self._rank(candidates, known, total, asked)
        nearest = [] if found else self._rank(candidates, known, total, 0.0)
        return Answer(found, nearest, [concept.asked for concept in concepts])

    # === WHAT IS ASKED === #

    def _get_tokens(self, ways):
        """{way: its words}, those typed wrong taken for the nearest known."""
        pairs = {way: words.split(way[:LONGEST_NEED])[:MOST_WORDS] for way in ways}
        folded = {pair[0] for pair in chain(*pairs.values())}
        stems = self.env["souverainete.synonym"]._stem(folded)
        tokens = {
            way: [need_query.Token(f, w, stems[f]) for f, w in own]
            for way, own in pairs.items()
        }
        self._correct(list(chain(*tokens.values())))
        return tokens

    def _correct(self, tokens):
        """Read the words nobody knows as the known words they look like."""
        asked = {t.folded: t.stem for t in tokens if t.stem and words.is_long(t.folded)}
        known = (
            self.env["souverainete.solution.word"]
            .sudo()
            ._correct(self._get_unknown(asked))
        )
        stems = self.env["souverainete.synonym"]._stem({f for f, _l in known.values()})
        for token in tokens:
            if token.folded in known:
                token.folded, token.corrected = known[token.folded]
                token.stem = stems[token.folded]

    def _get_unknown(self, stems):
        """Those of these words that no solution living and no synonym has."""
        return [
            word
            for (word,) in self.env.execute_query(
                SQL(
                    "WITH new AS MATERIALIZED (SELECT word, q FROM"
                    " unnest(%s::text[], %s::text[]) AS asked (word, q)"
                    " WHERE NOT EXISTS (SELECT 1"
                    " FROM souverainete_solution_word WHERE name = word))"
                    " SELECT word FROM new WHERE NOT EXISTS (SELECT 1 FROM %s s"
                    " WHERE s.search_vector @@ q::tsquery AND %s)",
                    list(stems),
                    [f"'{stem}'" for stem in stems.values()],
                    SQL.identifier(self._table),
                    self._get_living_sql(),
                )
            )
        ]

    def _get_concepts(self, tokens):
        """{way: what it asks for}, with how many solutions answer each thing."""
        vocabulary = self.env["souverainete.synonym"]._get_vocabulary()
        products = {way: self._get_products(own) for way, own in tokens.items()}
        named = self._count(f"'{key}'" for key in chain(*products.values()))
        concepts = {
            way: self._find_concepts(own, products[way], named, vocabulary)
            for way, own in tokens.items()
        }
        self._measure(list(chain(*concepts.values())))
        return concepts

    def _get_products(self, tokens):
        """What may be a product's name among these words; see `get_products`."""
        return need_query.get_products(tokens)

    def _find_concepts(self, tokens, products, named, vocabulary):
        """What the words of one way ask for. `named`: how many solutions each of its
        `products` names."""
        groups, ignored, phrases = vocabulary
        concepts, covered = [], set()
        for key, (start, length, name) in products.items():
            if named[f"'{key}'"]:
                term = need_query.Term((key,), "similar", name)
                concepts.append(need_query.Concept(name, [term]))
                # The words of a longer name mean nothing apart.
                covered.update(range(start, start + length) if length > 1 else ())
        tokens = [token for i, token in enumerate(tokens) if i not in covered]
        concepts += need_query.get_synonym_concepts(tokens, groups)
        tokens = need_query.drop_phrases(tokens, phrases)
        return concepts + need_query.get_word_concepts(tokens, ignored)

    def _measure(self, concepts):
        counts = self._count(t.get_tsquery() for c in concepts for t in c.terms)
        for concept in concepts:
            concept.frequency = max(counts[t.get_tsquery()] for t in concept.terms)

    def _count(self, queries):
        """{query: number of living records that answer it, at most `_most_counted`}."""
        queries = list(dict.fromkeys(queries))
        common = self._get_common(queries)
        told = {query: min(n, self._most_counted) for query, n in common.items()}
        return told | self._count_rare([q for q in queries if q not in common])

    def _count_rare(self, queries):
        """The same for words that statistics do not tell."""
        counts = self.env.execute_query(
            SQL(
                "SELECT q, (SELECT count(*) FROM (SELECT 1 FROM %s s"
                " WHERE s.search_vector @@ q::tsquery AND %s LIMIT %s) AS few)"
                " FROM unnest(%s::text[]) AS q",
                SQL.identifier(self._table),
                self._get_living_sql(),
                COMMON,
                queries,
            )
        )
        return dict(counts)

    def _get_common(self, queries):
        """{word: how many say it}: those that PostgreSQL's statistics say common.

        Counting a common word reads most of the index: statistics, where the server has
        gathered them, spare it.
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT quote_literal(word), (share * reltuples)::bigint"
                " FROM pg_stats stats"
                " JOIN pg_class ON oid = %s::regclass, unnest("
                " most_common_elems::text::text[], most_common_elem_freqs)"
                " AS common (word, share)"
                " WHERE schemaname = current_schema() AND tablename = %s"
                " AND attname = 'search_vector' AND share * reltuples >= %s"
                " AND quote_literal(word) = ANY(%s::text[])",
                self._table,
                self._table,
                COMMON,
                queries,
            )
        )
        return dict(rows)

    def _count_catalogue(self):
        [(total,)] = self.env.execute_query(
            SQL(
                "SELECT count(*) FROM (SELECT 1 FROM %s s WHERE %s LIMIT %s) AS few",
                SQL.identifier(self._table),
                self._get_living_sql(),
                COMMON,
            )
        )
        return total

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


def _split_ways(text):
    """The ways in which a need is said, each a few lines."""
    ways = [way for way in re.split(r"\n\s*\n", text or "") if way.strip()]
    return ways[:MOST_WAYS]


def _join_answers(answers):
    found = _alternate(answer.found for answer in answers)
    nearest = _alternate(answer.nearest for answer in answers)[:NEAREST]
    asked = list(dict.fromkeys(chain(*(answer.asked for answer in answers))))
    return Answer(found, [] if found else nearest, asked)


def _alternate(ranked):
    """The best of each list, then the second ones: each (id, why) once."""
    rows = chain.from_iterable(zip_longest(*ranked))
    best = {}
    for found in filter(None, rows):
        best.setdefault(found[0], found)
    return list(best.values())
