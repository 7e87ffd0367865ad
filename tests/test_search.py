"""Searching the catalogue as buyers write: words, synonyms, products, typing errors."""

import json
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import ADDON
from .test_doctrine import DoctrineCase

NEEDS = json.loads(Path(__file__).with_name("needs.json").read_text())


class SearchCase(DoctrineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Solution = cls.env["souverainete.solution"].with_user(cls.buyer)
        cls.Synonym = cls.env["souverainete.synonym"]

    def _found(self, text, **kwargs):
        return self.Solution._search_need(text, **kwargs).mapped("name")

    def _why(self, text, name):
        explained = self.Solution._explain_need(text)
        return next(
            [(w["kind"], w["asked"], w["found"]) for w in why]
            for found, why in explained
            if self.Solution.browse(found).name == name
        )

    def _new_solution(self, **vals):
        return self.env["souverainete.solution"].create(
            {"need": "Autre chose", "source": "Test", **vals}
        )


@tagged("post_install", "-at_install")
class TestNeeds(SearchCase):
    def test_the_right_service_is_in_the_first_three(self):
        self.assertEqual(len(NEEDS), 25)
        missed = {
            need["need"]: found
            for need in NEEDS
            if not set(need["answers"]) & set(found := self._found(need["need"])[:3])
        }
        self.assertFalse(missed)
