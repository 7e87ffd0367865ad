from collections import Counter, defaultdict
from itertools import combinations

from odoo import api, models

# Titles look alike when they share two words, and two thirds of the shorter one.
_WORDS = 2
_SHARE = 2 / 3
# A word carried by more of a ministry's titles says nothing (“marché”, “prestations”).
_COMMON_SHARE = 0.1
_COMMON_LEAST = 6


class Likeness(models.Model):
    """Look for what looks like one project: every night, in a constant number of
    queries a ministry."""

    _inherit = "souverainete.project.likeness"

    @api.model
    def _cron_propose(self):
        for company in self.env["res.company"].search([("parent_id", "=", False)]):
            self._propose(company)
            self.env["ir.cron"]._commit_progress(1)

    def action_search(self):
        """Look again now: for officers, and for the ministries they work for. Called
        from the list, whatever is selected."""
        self.browse().check_access("write")
        for company in self.env.companies.root_id:
            self.sudo()._propose(company)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    @api.model
    def _propose(self, company):
        """Propose what is new, end what is alike no more; answers are kept."""
        found = self._find_alike(company)
        known = {
            tuple(pair._get_subjects()): pair
            for pair in self.search([("company_id", "=", company.id)])
        }
        for sides, pair in known.items():
            pair._follow(found.get(sides))
        new = [
            self._prepare_pair(company, sides, signs)
            for sides, signs in found.items()
            if sides not in known
        ]
        pairs = self.union(*known.values()) | self._create_server(new)
        pairs._refresh_split()

    def _follow(self, signs):
        """An answer is never lost: it counts again when they are alike again."""
        today = self.company_id._souverainete_today()
        ended_on = False if signs else self.ended_on or today
        vals = {"signs": signs or self.signs, "ended_on": ended_on}
        if any(self[name] != value for name, value in vals.items()):
            self._write_server(vals)

    @api.model
    def _prepare_pair(self, company, sides, signs):
        vals = {"company_id": company.id, "signs": signs}
        for prefix, subject in zip(("", "other_"), sides, strict=True):
            project = subject._name == "souverainete.project"
            vals[f"{prefix}{'project' if project else 'file'}_id"] = subject.id
        return vals

    # === WHAT IS ALIKE === #

    @api.model
    def _find_alike(self, company):
        """{(subject, other): {sign: text}}, each pair in one order."""
        titles = self._get_titles(company)
        common = self._get_common_words(titles)
        titles = [title._replace(words=title.words - common) for title in titles]
        found = defaultdict(dict)
        for one, other in self._get_candidates(titles):
            if signs := self._get_signs(one, other):
                sides = sorted(
                    (one.subject, other.subject), key=lambda s: (s._name, s.id)
                )
                found[tuple(reversed(sides))] |= signs
        return found

    @api.model
    def _get_common_words(self, titles):
        most = max(_COMMON_LEAST, len(titles) * _COMMON_SHARE)
        counted = Counter(word for title in titles for word in title.words)
        return {word for word, number in counted.items() if number > most}

    @api.model
    def _get_candidates(self, titles):
        """Pairs of titles that share a word or a mark, of different subjects."""
        index = defaultdict(list)
        for rank, title in enumerate(titles):
            for key in title.words | {mark[:2] for mark in title.marks}:
                index[key].append(rank)
        pairs = {pair for ranks in index.values() for pair in combinations(ranks, 2)}
        return [
            (titles[one], titles[other])
            for one, other in sorted(pairs)
            if titles[one].subject != titles[other].subject
        ]

    @api.model
    def _get_signs(self, one, other):
        """{sign: what they share}; empty when they do not look alike."""
        keys = {mark[:2] for mark in other.marks}
        signs = {sign: text for sign, key, text in one.marks if (sign, key) in keys}
        shared = one.words & other.words
        related = self._is_related(one, other)
        if related and shared and one.vendor and one.vendor == other.vendor:
            signs["vendor"] = one.vendor.name
        shorter = min(len(one.words), len(other.words))
        close = len(shared) >= max(_WORDS, shorter * _SHARE)
        if related and shared and (close or one.words == other.words):
            signs["words"] = " ".join(sorted(shared))
        return signs

    @api.model
    def _is_related(self, one, other):
        """In one CPV category (five digits), or where one has none."""
        if not one.categories or not other.categories:
            return True
        return bool(one.categories & other.categories)
