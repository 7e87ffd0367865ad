from collections import Counter, defaultdict
from math import ceil
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..catalogue.words import split

SIDES = (("project_id", "file_id"), ("other_project_id", "other_file_id"))

# Titles look alike when they share two words, and two thirds of the shorter one.
_WORDS = 2

_SHARE = 2 / 3

# A word carried by more of a ministry's titles says nothing (“marché”, “prestations”).
_COMMON_SHARE = 0.1

_COMMON_LEAST = 6

# Shorter words (“de”, “la”) name nothing.
_SHORTEST = 3


class Title(NamedTuple):
    """One title and what it is about: of a project, or of a purchase of it."""

    subject: Any
    words: frozenset
    categories: frozenset
    marks: frozenset  # (sign, key, text) that make two titles alike by themselves
    vendor: Any


class Likeness(models.Model):
    """Two projects, or purchases without one, that look like the same project.

    Proposed by a job, answered once by a compliance officer, and kept. No text says
    when several purchases are one project: it only warns (ministry policy).
    """

    _name = "souverainete.project.likeness"
    _inherit = ["souverainete.evidence", "souverainete.authored"]
    _description = "Purchases that look like one project"
    _order = "ended_on desc, state, id desc"
    _sides_are_complete = models.Constraint(
        "CHECK (num_nonnulls(project_id, file_id) = 1 AND "
        "num_nonnulls(other_project_id, other_file_id) = 1)",
        "A comparison has two sides: each is a project, or a purchase without one.",
    )
    _pair_unique = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT "
        "(project_id, file_id, other_project_id, other_file_id)",
        "These two are already compared.",
    )

    company_id = fields.Many2one(
        "res.company",
        string="Ministry",
        required=True,
        index=True,
        help="The ministry whose projects are compared, its branches included.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    project_id = fields.Many2one(
        "souverainete.project", index="btree_not_null", ondelete="cascade"
    )
    file_id = fields.Many2one(
        "purchase.requisition",
        string="Purchase without project",
        index="btree_not_null",
        ondelete="cascade",
    )
    other_project_id = fields.Many2one(
        "souverainete.project",
        string="Other project",
        index="btree_not_null",
        ondelete="cascade",
    )
    other_file_id = fields.Many2one(
        "purchase.requisition",
        string="Other purchase without project",
        index="btree_not_null",
        ondelete="cascade",
    )
    signs = fields.Json(help="What they share, as the job found it.")
    why = fields.Char(
        string="What they share",
        compute="_compute_why",
        help="Words of their titles, vendor, solution or reference in common.",
    )
    state = fields.Selection(
        [
            ("proposed", "To answer"),
            ("same", "One project"),
            ("different", "Different projects"),
        ],
        string="Answer",
        required=True,
        default="proposed",
        help="Answered once by a compliance officer who asks for none of the "
        "purchases.",
    )
    reason = fields.Char(
        help="Why they are one project, or different ones. Typed by the officer before "
        "answering, then kept.",
        guard="free",
    )
    answered_by_id = fields.Many2one("res.users", string="Answered by")
    answered_on = fields.Datetime(string="Answered on")
    ended_on = fields.Date(
        string="No longer alike since",
        help="Day the job found that nothing is shared any more, or that they now are "
        "one project.",
    )

    amount_projects = fields.Monetary(
        string="Costs of the projects (incl. tax)",
        compute="_compute_amounts",
        help="€ TTC: known costs of the projects among the two.",
    )
    amount_files = fields.Monetary(
        string="Purchases without project (excl. tax)",
        compute="_compute_amounts",
        help="€ HT: value of the purchases among the two that have no project.",
    )
    amount_total = fields.Monetary(
        string="Together (incl. tax)",
        compute="_compute_amounts",
        help="€ TTC: costs of the projects, and the purchases without project plus VAT "
        "at the rate of the threshold. At least this, where something is unknown.",
    )

    @api.depends("project_id.name", "file_id.name", "other_project_id.name")
    def _compute_display_name(self):
        for pair in self:
            names = [subject.display_name for subject in pair.sudo()._get_subjects()]
            pair.display_name = " / ".join(names)

    @api.depends("signs")
    @api.depends_context("lang")
    def _compute_why(self):
        labels = {
            "words": self.env._("title: %s"),
            "vendor": self.env._("vendor: %s"),
            "solution": self.env._("solution: %s"),
            "reference": self.env._("reference: %s"),
        }
        for pair in self:
            signs = pair.signs or {}
            pair.why = ", ".join(labels[sign] % text for sign, text in signs.items())

    def _is_moot(self):
        """Whether a purchase of the two now belongs to a project: it is compared."""
        return bool((self.file_id | self.other_file_id).project_id)

    def _get_subjects(self):
        """The two sides, each a project or a file."""
        return [self[project] or self[file] for project, file in SIDES]

    # === ANSWER === #
    # The officer's answer: once, with its reason, by who asks for none of them.

    def write(self, vals):
        """The reason is the officer's, until they answer with it."""
        if "reason" in vals and not self._is_granted("write", vals):
            self._check_answerable()
        return super().write(vals)

    def action_same(self):
        """They are one project: the buyer gathers them under it."""
        self.check_access("read")
        self._answer("same")

    def action_different(self):
        """They are different projects: nothing is said of them any more."""
        self.check_access("read")
        self._answer("different")

    def _answer(self, state):
        for pair in self:
            pair._check_answerable()
            if not (pair.reason or "").strip():
                raise UserError(
                    self.env._(
                        "Give the reason first, in the column “Reason”: it is kept."
                    )
                )
            pair.sudo()._write_server(
                {
                    "state": state,
                    "answered_by_id": self.env.uid,
                    "answered_on": fields.Datetime.now(),
                }
            )
            pair.sudo()._record_answer()

    def _check_answerable(self):
        self.check_access("write")
        for pair in self.sudo():
            if pair.state != "proposed":
                raise UserError(
                    self.env._(
                        "%(pair)s was already answered: an answer is given once and "
                        "kept.",
                        pair=pair.display_name,
                    )
                )
            pair._check_four_eyes(
                self.env._(
                    "Four eyes: another officer has to answer, you ask for one of "
                    "these purchases."
                )
            )

    @api.model
    def _get_content_fields(self):
        """The job writes it, and the reason is of who answers."""
        return frozenset()

    def _get_askers(self):
        """Who asks for the purchases of both sides, or carries their projects."""
        projects = self.project_id | self.other_project_id
        return projects._get_askers() | self._get_files()._get_askers()

    def _get_files(self):
        """The needs of both sides."""
        projects = self.project_id | self.other_project_id
        return self.file_id | self.other_file_id | projects.file_ids

    def _record_answer(self):
        """Told to the files of both sides, which are judged again."""
        files = self._get_files()
        (self.project_id | self.other_project_id)._touch_evidence()
        self._refresh_split()
        files._record_act("project", self._prepare_answer(), self._get_answer_summary())

    def _prepare_answer(self):
        return {
            "like": self.display_name,
            "signs": self.signs or {},
            "answer": self.state,
            "reason": self.reason,
            "officer": self.answered_by_id.login,
        }

    def _get_answer_summary(self):
        if self.state == "same":
            return self.env._("One project, an officer answered: %s", self.display_name)
        return self.env._(
            "Different projects, an officer answered: %s", self.display_name
        )

    # === SEARCH === #
    # Look for what looks like one project: every night, in a constant number of
    # queries a ministry.

    @api.model
    def _cron_propose(self):
        for company in self.env["res.company"].search([("parent_id", "=", False)]):
            self._propose(company)
            self.env["ir.cron"]._commit_progress(1)

    def action_search(self):
        """Look again now: for officers, and for the ministries they work for. Called
        from the list, whatever is selected."""
        self.check_access("read")
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
        """Pairs of titles of different subjects that may look alike; each is met from
        its shorter title, so that no list of all pairs is ever held."""
        alike, rarity = self._index_titles(titles)
        for rank, one in enumerate(titles):
            keys = self._get_sought_keys(one, rarity)
            for other_rank in {r for key in keys for r in alike[key]} - {rank}:
                other = titles[other_rank]
                if one.subject != other.subject and self._is_met_from(
                    one, other, rank < other_rank
                ):
                    yield one, other

    @api.model
    def _index_titles(self, titles):
        """({key: [rank of the title]}, how often each word is met)."""
        alike = defaultdict(list)
        for rank, title in enumerate(titles):
            for key in (*title.words, *self._get_exact_keys(title)):
                alike[key].append(rank)
        return alike, Counter(word for title in titles for word in title.words)

    @api.model
    def _get_exact_keys(self, title):
        """What two titles may have in common beside the share of their words."""
        marks = {mark[:2] for mark in title.marks}
        sold = {(title.vendor, word) for word in title.words if title.vendor}
        return marks | sold | {title.words} if title.words else marks

    @api.model
    def _get_sought_keys(self, title, rarity):
        """Who looks like `title` and has as many words shares one of its rarest: so
        many of them that the others alone would not be enough."""
        rarest = sorted(title.words, key=lambda word: (rarity[word], word))
        sought = len(rarest) - self._get_least_shared(title.words) + 1
        return {*rarest[: max(sought, 0)], *self._get_exact_keys(title)}

    @api.model
    def _is_met_from(self, one, other, first):
        """From the shorter; of two as long, from the first."""
        lengths = len(one.words), len(other.words)
        return lengths[0] < lengths[1] or (lengths[0] == lengths[1] and first)

    @api.model
    def _get_least_shared(self, shorter):
        """How many words of the shorter title the longer one has to carry."""
        return max(_WORDS, ceil(len(shorter) * _SHARE))

    @api.model
    def _get_signs(self, one, other):
        """{sign: what they share}; empty when they do not look alike."""
        keys = {mark[:2] for mark in other.marks}
        signs = {sign: text for sign, key, text in one.marks if (sign, key) in keys}
        shared = one.words & other.words
        related = self._is_related(one, other)
        if related and shared and one.vendor and one.vendor == other.vendor:
            signs["vendor"] = one.vendor.name
        shorter = min(one.words, other.words, key=len)
        close = len(shared) >= self._get_least_shared(shorter)
        if related and shared and (close or one.words == other.words):
            signs["words"] = " ".join(sorted(shared))
        return signs

    @api.model
    def _is_related(self, one, other):
        """In one CPV category (five digits), or where one has none."""
        if not one.categories or not other.categories:
            return True
        return bool(one.categories & other.categories)

    # === SUM === #
    # What those that look like one project are worth together. Costs of projects are
    # with tax, values of purchases without: they are stated apart, and the sum adds VAT
    # to the latter.

    @api.depends(
        "project_id.dinum_cost_low",
        "other_project_id.dinum_cost_low",
        "file_id.amount_estimated",
        "other_file_id.amount_estimated",
    )
    def _compute_amounts(self):
        for pair in self.sudo():
            sums = self._get_sums(pair._get_subjects(), pair.company_id)
            pair.amount_projects, pair.amount_files, pair.amount_total = sums

    @api.model
    def _get_sums(self, subjects, company):
        """(€ TTC of projects, € HT of files, € TTC together), at least: what is in a
        currency that no rate ties to the ministry's adds nothing."""
        today = company._souverainete_today()
        threshold = self._get_threshold(company)
        parts = {"souverainete.project": 0.0, "purchase.requisition": 0.0}
        for subject in subjects:
            if not subject.currency_id._is_comparable(company.currency_id, company):
                continue
            amount = (
                subject.dinum_cost_low
                if subject._name == "souverainete.project"
                else subject._get_value().value
            )
            parts[subject._name] += subject.currency_id._convert(
                amount, company.currency_id, company, today
            )
        ttc, ht = parts.values()
        total = ttc + ht * (100 + threshold.vat_rate) / 100
        return ttc, ht, company.currency_id.round(total)

    @api.model
    def _get_threshold(self, company):
        today = company._souverainete_today()
        return self.env["souverainete.threshold"]._get("dinum_opinion", company, today)

    # === WHAT THE FILES ARE TOLD === #
    def _refresh_split(self):
        """Write on each side what it is told; constant queries, only what changed."""
        pairs = self.search(
            [
                ("company_id", "in", self.company_id.ids),
                ("ended_on", "=", False),
                ("state", "!=", "different"),
            ]
        )
        neighbours = {}
        for pair in pairs.filtered(lambda pair: not pair._is_moot()):
            one, other = pair._get_subjects()
            neighbours.setdefault(one, []).append((other, pair))
            neighbours.setdefault(other, []).append((one, pair))
        for side in {s for pair in self for s in pair._get_subjects()} | set(
            neighbours
        ):
            company = side.company_id.root_id
            alert = self._prepare_alert(side, neighbours.get(side, []), company)
            if (side.split_alert or {}) != alert:
                side._write_server({"split_alert": alert or False})

    @api.model
    def _prepare_alert(self, side, neighbours, company):
        """What to warn of, as JSON-able data; empty when nothing is.

        Below the threshold together, or above it alone, nothing is split: unless an
        officer said that they are one project and they still are not.
        """
        threshold = self._get_threshold(company)
        same = [other for other, pair in neighbours if pair.state == "same"]
        others = [other for other, _pair in neighbours]
        ttc, ht, total = self._get_sums([side, *others], company)
        alone = self._get_sums([side], company)[2]
        reaches = self._is_reached(threshold, total, company)
        split = reaches and not self._is_reached(threshold, alone, company)
        if not others or not (same or split):
            return {}
        return {
            "others": sorted(other.display_name for other in others),
            "same": sorted(other.display_name for other in same),
            "ttc": ttc,
            "ht": ht,
            "total": total,
        }

    @api.model
    def _is_reached(self, threshold, amount, company):
        today = company._souverainete_today()
        return bool(threshold) and threshold._is_reached_by(
            amount, company.currency_id, company, today
        )

    # === TITLES === #
    # What is compared: the titles of a ministry's recent projects and purchases.

    @api.model
    def _get_titles(self, company):
        """Titles of the ministry's recent projects and purchases, with their marks."""
        files = self._get_recent_files(company)
        projects = self._get_recent_projects(company) | files.project_id
        return [
            *(self._prepare_title(project, project.name) for project in projects),
            *(
                self._prepare_title(file.project_id or file, text, file)
                for file in files
                if (text := file._get_likeness_text())
            ),
        ]

    @api.model
    def _get_recent_files(self, company):
        # The few fields that are compared, and not all that was ever kept of them.
        files = self.env["purchase.requisition"].with_context(prefetch_fields=False)
        files = files.search(
            [
                ("company_id", "child_of", company.id),
                ("is_digital", "=", True),
                ("state", "!=", "cancel"),
                ("project_scope_officer_id", "=", False),
                ("create_date", ">=", self._get_start(company)),
            ]
        )
        return files.filtered(lambda file: file._is_expense())

    @api.model
    def _get_recent_projects(self, company):
        return self.env["souverainete.project"].search(
            [
                ("company_id", "child_of", company.id),
                ("create_date", ">=", self._get_start(company)),
            ]
        )

    @api.model
    def _get_start(self, company):
        """First day that counts; none without a period in force."""
        today = company._souverainete_today()
        time_limits = self.env["souverainete.time.limit"].sudo()
        time_limit = time_limits.browse(
            time_limits._get_time_limit_id("project_split", company.id, today)
        )
        return today - time_limit._get_period() if time_limit else today

    @api.model
    def _prepare_title(self, subject, text, file=None):
        words = frozenset(
            folded
            for folded, _word in split(text)
            if len(folded) >= _SHORTEST and not folded.isdigit()
        )
        if not file:
            return Title(subject, words, frozenset(), frozenset(), None)
        return Title(
            subject,
            words,
            file._get_likeness_categories(),
            frozenset(file._get_likeness_marks()),
            file._get_likeness_vendor(),
        )
