"""SIREN, SIRET and VAT numbers: their keys, and the exceptions."""

import unittest

from odoo.addons.souverainete_achat.models.base.identity import (
    get_vat,
    is_siren,
    is_siret,
    is_vat,
)


class TestIdentity(unittest.TestCase):
    def test_establishments(self):
        for number in ("11000201100044", "35600000000048", "35600000009075"):
            self.assertTrue(is_siret(number), number)
        # The key of an establishment does not make up for that of its company.
        for number in ("11000001600011", "1100020110004", "٣" * 14, "", "abc"):
            self.assertFalse(is_siret(number), number)

    def test_companies(self):
        self.assertTrue(is_siren("424761419"))
        for number in ("424761418", "42476141", "", "42476141X"):
            self.assertFalse(is_siren(number), number)

    def test_vat_numbers(self):
        self.assertEqual(get_vat("424761419"), "FR22424761419")
        self.assertTrue(is_vat("FR22424761419"))
        self.assertFalse(is_vat("FR23424761419"))
        self.assertFalse(is_vat("DE000000000"))
        self.assertTrue(is_vat("US-42"), "nobody here can tell")
        self.assertFalse(is_vat(""))
