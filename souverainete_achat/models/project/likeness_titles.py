from typing import Any, NamedTuple

from odoo import api, models

from ..doctrine.words import split

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
    """What is compared: the titles of a ministry's recent projects and purchases."""

    _inherit = "souverainete.project.likeness"

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
        files = self.env["purchase.requisition"].search(
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
        delays = self.env["souverainete.delay"].sudo()
        delay = delays.browse(delays._get_delay_id("project_split", company.id, today))
        return today - delay._get_period() if delay else today

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
