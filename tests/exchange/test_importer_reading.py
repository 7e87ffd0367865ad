"""Files as they come: broken, hostile, in other alphabets and other shapes."""

import json
import random

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_data import read_sample
from .common_import import OWN_SIRET, ImportCase, contract, decp, planned

XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<marches>
    <marche>
        <id>X1</id>
        <acheteur><id>{OWN_SIRET}</id></acheteur>
        <objet>Hébergement d'un site</objet>
        <codeCPV>72000000-5</codeCPV>
        <titulaires>
            <titulaire>
                <id>10000000100018</id>
                <typeIdentifiant>SIRET</typeIdentifiant>
            </titulaire>
            <titulaire>
                <id>10000000100026</id>
                <typeIdentifiant>SIRET</typeIdentifiant>
            </titulaire>
        </titulaires>
        <dureeMois>12</dureeMois>
        <dateNotification>2025-05-15</dateNotification>
        <montant>575000.50</montant>
    </marche>
    <marche>
        <id>X2</id>
        <objet>Sans date</objet>
        <codeCPV>72000000</codeCPV>
        <montant>10</montant>
    </marche>
</marches>
"""
BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<marches><marche><id>&c;</id></marche></marches>"""
EXTERNAL = """<?xml version="1.0"?>
<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<marches><marche><id>&x;</id></marche></marches>"""
REMOTE = """<!DOCTYPE marches SYSTEM "http://localhost:9/x.dtd">
<marches><marche><id>1</id></marche></marches>"""


@tagged("post_install", "-at_install")
class TestImportReading(ImportCase):
    def _assert_refused(self, words, content, **vals):
        before = self.Requisition.search_count([])
        wizard = self._wizard(content, **{"adapter": "decp", **vals})
        with self.assertRaisesRegex(UserError, words):
            wizard.action_import()
        self.assertEqual(self.Requisition.search_count([]), before)
        self.assertEqual(wizard.state, "upload")

    # === BROKEN === #

    def test_broken_files_name_the_place(self):
        neither, xml = "neither JSON nor XML .line ", "not valid XML .line "
        cases = (
            (b" \n ", "is empty: nothing at line 1, column 1"),
            (b'{"marches":\n [{"id": 1,]}', neither + r"2, column 1\d"),
            (decp(contract())[:-30], neither + "1, column"),
            (b"id;objet\n1;x", neither + "1, column 1"),
            (XML[: XML.index("<montant>")], xml + r"2\d, column"),
            (XML.replace("</marche>", "", 1), xml),
            (b"\xff\xfe{\x00", neither + "1, column 2"),
            (
                '{\n"a": "é"}'.encode("latin-1"),
                "not written in UTF-8 .line 2, column 7",
            ),
            (b'{"a": ' + b"9" * 5000 + b"}", "nests too many .* line 1, column 1"),
            (b"[" * 200000, "nests too many .* line 1, column 1"),
            (b"<a>" * 5000, xml + "1, column"),
        )
        for content, words in cases:
            with self.subTest(content=content[:40]):
                self._assert_refused(words, content)

    def test_wrong_shapes_are_told_apart(self):
        for content in (
            "[]",
            "{}",
            "3",
            "null",
            '"marches"',
            '{"marches": 3}',
            '{"marches": {}}',
            '{"marches": {"marche": []}}',
            "<marches/>",
            "<autre><marche/></autre>",
            self._approch(),
        ):
            with self.subTest(content=content[:40]):
                self._assert_refused("no DECP", content)
        for content in ("[]", "{}", XML, decp(contract())):
            with self.subTest(content=content[:40]):
                words = "no export of APProch"
                self._assert_refused(words, content, adapter="approch")

    def test_document_types_are_refused(self):
        for content in (BOMB, EXTERNAL, REMOTE):
            with self.subTest(content=content[:60]):
                self._assert_refused("DOCTYPE", content)

    def test_a_document_type_hidden_by_its_encoding_is_refused(self):
        hidden = EXTERNAL.split("\n", 1)[1].replace("<", "+ADw-")
        content = '<?xml version="1.0" encoding="UTF-7"?>' + hidden
        self._assert_refused("DOCTYPE", content)

    # === READ === #

    def test_xml(self):
        wizard = self._import(XML)
        self.assertEqual(self._statuses(wizard), ["created", "refused"])
        file = self._files(wizard)
        self.assertEqual(file.reference, "Hébergement d'un site")
        self.assertEqual(file.amount_max, 575000.5)
        self.assertEqual(len(file.holder_ids), 2)
        self.assertEqual(wizard.line_ids[0].line, "Line 3, X1")
        self.assertIn("dateNotification", wizard.line_ids[1].message)

    def test_xml_in_latin_1_when_it_says_so(self):
        content = XML.replace("UTF-8", "ISO-8859-1").encode("latin-1")
        file = self._files(self._import(content))
        self.assertEqual(file.reference, "Hébergement d'un site")

    def test_byte_order_mark(self):
        for content in (decp(contract()), XML):
            with self.subTest(content=content[:20]):
                wizard = self._preview(b"\xef\xbb\xbf" + content.encode())
                self.assertEqual(wizard.line_ids[0].status, "created")

    def test_json_of_every_published_shape(self):
        row = contract()
        flat = {k: v for k, v in row.items() if k not in ("acheteur", "titulaires")}
        shapes = (
            {"marches": {"marche": [row]}},
            {"marches": {"marche": row}},
            {"marches": [row]},
            {"marches": [{**row, "_type": "Marché"}]},
            {"acheteur": row["acheteur"], "marches": [flat]},
            {"marches": [{**row, "titulaires": [row["titulaires"][0]["titulaire"]]}]},
            {"marches": [{**row, "titulaires": row["titulaires"][0]}]},
        )
        for shape in shapes:
            with self.subTest(shape=str(shape)[:60]):
                wizard = self._preview(json.dumps(shape))
                self.assertEqual(self._statuses(wizard), ["created"])

    def test_numbers_as_people_write_them(self):
        for written, amount in (
            ("575000", 575000),
            ("575 000,50", 575000.5),
            ("1\u202f234\u00a0567.8", 1234567.8),
            ("2e6", 2000000),
            (1.5, 1.5),
            ("12 000 €", 12000),
        ):
            with self.subTest(written=written):
                row = contract(id=str(written), objet=str(written), montant=written)
                self.assertEqual(
                    self._files(self._import(decp(row))).amount_max, amount
                )

    def test_absurd_values_are_refused_and_named(self):
        cases = (
            ("montant", -1),
            ("montant", 1e17),
            ("montant", 10**400),
            ("montant", float("nan")),
            ("montant", float("inf")),
            ("montant", "beaucoup"),
            ("montant", "1.234.567"),
            ("montant", True),
            ("montant", [1]),
            ("dureeMois", -3),
            ("dureeMois", 100000),
            ("dureeMois", 1.5),
            ("dureeMois", "douze"),
            ("dateNotification", None),
            ("dateNotification", "31/01/2025"),
            ("dateNotification", "0001-01-01"),
            ("dateNotification", 20250131),
            ("codeCPV", None),
            ("codeCPV", "720"),
            ("codeCPV", "72000000-"),
            ("codeCPV", "4800000"),
            ("codeCPV", "72.00.00.00"),
            ("id", None),
            ("id", "x" * 500),
            ("objet", ""),
            ("objet", {"a": 1}),
        )
        rows = [contract(**{"id": f"I{i}", n: v}) for i, (n, v) in enumerate(cases)]
        wizard = self._import(decp(*rows, contract(id="good")))
        self.assertEqual(self._statuses(wizard), ["refused"] * len(cases) + ["created"])
        for line, (name, value) in zip(wizard.line_ids, cases, strict=False):
            with self.subTest(name=name, value=str(value)[:20]):
                self.assertIn(name, line.message)

    def questionnaire_text_a_database_cannot_store_is_cleaned(self):
        row = contract(objet="Ser\x00veurs \ud800 et\nsauvegarde")
        file = self._files(self._import(json.dumps({"marches": [row]})))
        self.assertEqual(file.reference, "Ser veurs et sauvegarde")

    def test_markup_in_a_title_stays_text(self):
        row = contract(objet="<script>alert(1)</script> & co")
        file = self._files(self._import(decp(row)))
        self.assertNotIn("<script>", file.description)
        self.assertEqual(file.reference, "<script>alert(1)</script> & co")

    def test_official_examples(self):
        for name, statuses in (
            ("concessions.json", {"skipped"}),
            ("concessions_avec_modifications.json", {"skipped"}),
            ("marches_concessions.json", {"skipped", "refused"}),
            ("marches_avec_modifications.json", {"skipped", "refused"}),
            ("Marche.xml", {"skipped", "refused"}),
            ("decp_test_2022.json", {"skipped", "refused"}),
        ):
            with self.subTest(name=name):
                data = read_sample(self, f"decp/{name}")
                wizard = self._preview(data, filename=name)
                self.assertEqual(wizard.adapter, "decp")
                self.assertLessEqual(set(self._statuses(wizard)), statuses)

    # === PROPERTY === #

    def test_any_bytes_give_lines_or_a_refusal(self):
        """Whatever the bytes, people read a sentence; never an internal error."""
        chance = random.Random(6519)
        seeds = [
            decp(contract(), contract(id="2", modifications=[{"modification": {}}])),
            XML,
            json.dumps([planned(), planned(url="u/2")]),
        ]
        refused = read = 0
        for _turn in range(300):
            content = _mutate(chance, chance.choice(seeds).encode())
            wizard = self._wizard(content, adapter=chance.choice(("decp", "approch")))
            try:
                wizard.action_preview()
            except UserError:
                refused += 1
            else:
                self.assertTrue(wizard.line_ids)
                read += 1
        self.assertGreater(min(refused, read), 20)

    def test_any_values_are_imported_or_refused(self):
        chance = random.Random(2026)
        odd = [None, "", [], {}, -1, 1e308, True, "NC", "\x00", "é" * 5000, [[{}]]]
        names = sorted(contract())
        rows = [
            contract(**{"id": f"P{i}", chance.choice(names): chance.choice(odd)})
            for i in range(150)
        ]
        wizard = self._import(decp(*rows))
        self.assertLessEqual(
            set(self._statuses(wizard)), {"created", "refused", "skipped"}
        )
        self.assertFalse(
            wizard.line_ids.filtered(lambda ln: "unexpected" in (ln.message or ""))
        )


def _mutate(chance, content):
    """The bytes with a few of them lost, doubled, changed or cut."""
    content = bytearray(content)
    for _times in range(chance.randint(1, 4)):
        place = chance.randrange(len(content) or 1)
        kind = chance.randrange(5)
        if kind == 0:
            del content[place : place + chance.randint(1, 40)]
        elif kind == 1:
            content[place:place] = content[place : place + chance.randint(1, 40)]
        elif kind == 2:
            content[place : place + 1] = bytes([chance.randrange(256)])
        elif kind == 3:
            content[place:place] = chance.choice(
                (b"null", b"NaN", b"{", b"[", b'"', b"<", b"&x;", b"-1e999", b"\\ud800")
            )
        elif chance.random() < 0.3:
            del content[place:]
    return bytes(content)
