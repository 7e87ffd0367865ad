"""What a release brings follows the next one; what the site changed is kept, shown, and
settled by two people."""

from collections import Counter

from psycopg2 import Error

from odoo.exceptions import AccessError, UserError
from odoo.modules.module import Manifest
from odoo.tests import tagged
from odoo.tools import SQL, convert_file, mute_logger

from ..common import ADDON, SouveraineteCase

# Fewer would mean that a file of facts no longer goes through the books.
_SHIPPED = {
    "souverainete.applicability": 180,
    "souverainete.bound.body": 4,
    "souverainete.card": 40,
    "souverainete.clause": 11,
    "souverainete.cost.phase": 8,
    "souverainete.cpv": 130,
    "souverainete.cpv.prefix": 12,
    "souverainete.criterion": 72,
    "souverainete.essential.word": 60,
    "souverainete.grid": 3,
    "souverainete.level": 355,
    "souverainete.objective": 25,
    "souverainete.qualification": 18,
    "souverainete.questionnaire.text": 17,
    "souverainete.ratio": 8,
    "souverainete.referral.piece": 15,
    "souverainete.retention": 1,
    "souverainete.rule": 70,
    "souverainete.rule.point": 16,
    "souverainete.scope.word": 280,
    "souverainete.service.type": 4,
    "souverainete.solution": 27,
    "souverainete.synonym": 71,
    "souverainete.threshold": 14,
    "souverainete.time.limit": 20,
}
# How an older release would have said it, by type of column; a key, a link and a list
# of choices are what a record is, and its checks would refuse another one.
_OLDER = {
    "char": "%s || ' (before)'",
    "text": "%s || ' (before)'",
    "integer": "%s + 1",
    "float": "%s + 1",
    "monetary": "%s + 1",
    "boolean": "NOT %s",
    "date": "%s - 1",
}
_TRANSLATED = """
    (SELECT jsonb_object_agg(key, value || ' (before)') FROM jsonb_each_text(%s))
"""


class ShippedCase(SouveraineteCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Shipped = cls.env["souverainete.shipped"]
        cls.data = [
            path
            for path in Manifest.for_addon(ADDON)["data"]
            if path.startswith("data/")
        ]

    def _release(self, paths=None, without=()):
        """What `-u` does: data files, translations, end."""
        for path in self.data if paths is None else paths:
            convert_file(self.env, ADDON, path, {}, mode="update")
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        self.env["ir.module.module"]._load_module_terms([ADDON], languages)
        loaded = {*self.Shipped.search([]).mapped("name")} - {*without}
        self.Shipped._close(loaded)
        self.env.flush_all()
        self.env.invalidate_all()

    def _note(self, name):
        return self.Shipped.search([("name", "=", f"{ADDON}.{name}")])

    def _ship_before(self, record, **vals):
        """As if the last release had said this of a record, that nobody touched."""
        name = record.get_external_id()[record.id]
        columns = self._make_older(record, vals)
        note = self.Shipped._get_notes([{"xml_id": name}])[name]
        self.Shipped._note(name, record, {**note.released, **columns})
        self.Shipped._record_held()
        return note

    def _make_older(self, record, vals):
        for name, value in vals.items():
            record.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE id = %s",
                    SQL.identifier(record._table),
                    SQL.identifier(name),
                    value,
                    record.id,
                )
            )
        self.env.invalidate_all()
        return vals

    def _settle(self, note, choice):
        getattr(note.with_user(self.referent), f"action_{choice}")()
        note.with_user(self.referent2).action_confirm()


@tagged("post_install", "-at_install")
class TestNothingTouched(ShippedCase):
    """Each record that is shipped, as an older release said it, is after an update what
    a fresh database has."""

    def _read_all(self):
        self.env.flush_all()
        found = {}
        for model, notes in self.Shipped.search([]).grouped("res_model").items():
            records = self.env[model].browse(notes.mapped("res_id"))
            names = {name for note in notes for name in note.released}
            found[model] = records._read_columns(names)
        return found

    def _age(self, notes, model):
        """Write other values in each column that may take them; their number."""
        aged = Counter()
        names = {name for note in notes for name in note.released}
        for name in sorted(names & model._fields.keys()):
            field = model._fields[name]
            older = _TRANSLATED if field.translate else _OLDER.get(field.type)
            if older:
                aged[name] += self._write_older(notes, model, name, older)
        return aged.total()

    def _write_older(self, notes, model, name, older):
        column = SQL.identifier(name)
        ids = tuple(note.res_id for note in notes if name in note.released)
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET %s = %s WHERE %s IS NOT NULL AND id IN %s",
                        SQL.identifier(model._table),
                        column,
                        SQL(older, column),
                        column,
                        ids,
                    )
                )
                return self.env.cr.rowcount
        except Error:
            return 0  # Such a value is refused, of an older release too.

    def test_each_record_follows(self):
        notes = self.Shipped.search([])
        count = Counter(notes.mapped("res_model"))
        self.assertFalse({n: c for n, c in _SHIPPED.items() if count[n] < c}, count)
        fresh = self._read_all()
        aged = Counter()
        for name, own in notes.grouped("res_model").items():
            aged[name] = self._age(own, self.env[name])
            for note in own:
                older = note._get_record()._read_columns(note.released.keys())
                before = {
                    key: value.get("en_US") if isinstance(value, dict) else value
                    for key, value in older[note.res_id].items()
                }
                self.Shipped._note(note.name, note._get_record(), before)
        self.env.invalidate_all()
        self.Shipped._record_held()
        self.assertNotEqual(self._read_all(), fresh)
        self.assertGreater(aged.total(), 4000, aged)
        self._release()
        after = self._read_all()
        for name, records in fresh.items():
            for id_, values in records.items():
                self.assertEqual(after[name][id_], values, name)
        self.assertFalse(self.Shipped.search([("state", "!=", "followed")]))

    def test_nothing_new_writes_nothing(self):
        fresh, dates = self._read_all(), self._get_dates()
        self._release()
        self.assertEqual(self._read_all(), fresh)
        self.assertEqual(self._get_dates(), dates)

    def _get_dates(self):
        return {
            note.name: note._get_record().write_date for note in self.Shipped.search([])
        }


@tagged("post_install", "-at_install")
class TestChangedHere(ShippedCase):
    def test_a_synonym_changed_here_is_kept_and_shown(self):
        synonym = self.env.ref(f"{ADDON}.synonym_same_05")
        synonym.terms = "agenda, carnet"
        self._release(["data/catalogue/synonyms.xml"])
        self.assertEqual(synonym.terms, "agenda, carnet")
        note = self._note("synonym_same_05")
        self.assertEqual(note.state, "differs")
        self.assertIn("carnet", note.changes)
        self.assertIn("planning", note.changes)
        others = self.Shipped.search([("res_model", "=", synonym._name)]) - note
        self.assertEqual({*others.mapped("state")}, {"followed"})

    def test_four_eyes_follow_the_release(self):
        synonym = self.env.ref(f"{ADDON}.synonym_same_05")
        fresh = synonym.terms
        synonym.terms = "agenda, carnet"
        self._release(["data/catalogue/synonyms.xml"])
        note = self._note("synonym_same_05").with_user(self.referent)
        with self.assertRaises(UserError):
            note.action_confirm()
        note.action_follow()
        with self.assertRaises(AccessError):
            note.action_confirm()
        self.assertEqual(synonym.terms, "agenda, carnet")
        with self.assertRaises(AccessError):
            note.with_user(self.officer).action_confirm()
        note.with_user(self.referent2).action_confirm()
        self.assertEqual((synonym.terms, note.state), (fresh, "followed"))
        self._release(["data/catalogue/synonyms.xml"])
        self.assertEqual(note.state, "followed")

    def test_ours_is_kept_until_the_release_says_something_else(self):
        synonym = self.env.ref(f"{ADDON}.synonym_same_05")
        synonym.terms = "agenda, carnet"
        self._release(["data/catalogue/synonyms.xml"])
        note = self._note("synonym_same_05")
        self._settle(note, "keep")
        self._release(["data/catalogue/synonyms.xml"])
        self.assertEqual((synonym.terms, note.state), ("agenda, carnet", "kept"))
        note._write_server({"kept": {"terms": "agenda"}})
        self._release(["data/catalogue/synonyms.xml"])
        self.assertEqual(note.state, "differs")

    def test_nobody_writes_the_books(self):
        note = self._note("synonym_same_05").with_user(self.referent)
        with self.assertRaises(AccessError):
            note.write({"state": "kept"})

    def test_what_was_deleted_here_stays_so(self):
        self.env.ref(f"{ADDON}.synonym_same_05").unlink()
        self._release(["data/catalogue/synonyms.xml"])
        self.assertFalse(self.env.ref(f"{ADDON}.synonym_same_05", False))
        note = self._note("synonym_same_05")
        self.assertEqual(note.state, "deleted")
        self._settle(note, "follow")
        self.assertIn("agenda", self.env.ref(f"{ADDON}.synonym_same_05").terms)

    def test_what_the_release_no_longer_brings_is_shown(self):
        synonym = self.env.ref(f"{ADDON}.synonym_same_05")
        self._release([], without=[f"{ADDON}.synonym_same_05"])
        note = self._note("synonym_same_05")
        self.assertEqual((note.state, synonym.active), ("withdrawn", True))
        self._settle(note, "follow")
        self.assertFalse(synonym.active)
        self._release([], without=[f"{ADDON}.synonym_same_05"])
        self.assertEqual(note.state, "kept")

    def test_a_version_of_ours_stays_in_force(self):
        """A referential with versions: what the release corrects of the one we replaced
        is shown, and comes back in force once two people want it."""
        shipped = self.env.ref(f"{ADDON}.threshold_light_2026")
        fresh = shipped.amount
        own = self._propose_version(shipped.with_user(self.referent))
        own.amount = 12345
        own.with_user(self.referent2).action_approve()
        note = self._ship_before(shipped, amount=1)
        note._write_server({"held": {**note.held, "date_end": False}})
        self._release(["data/policy/thresholds.xml"])
        self.assertEqual((note.state, own.standing), ("differs", "current"))
        self._settle(note, "follow")
        self.assertEqual((shipped.amount, shipped.standing), (fresh, "current"))
        self.assertNotEqual(own.standing, "current")

    def test_a_grid_that_left_stays_as_it_was(self):
        level = (
            self.env["souverainete.grid"].search([], limit=1).criterion_ids.level_ids[0]
        )
        note = self._ship_before(level, points=level.points + 1)
        level.criterion_id.grid_id._write_server({"frozen_on": "2026-03-01"})
        before = level.points
        path = f"data/study/grid_{level.criterion_id.grid_id.code}.xml"
        self._release([path])
        self.assertEqual(level.points, before)
        self.assertEqual(note.state, "differs")
        self.assertTrue(note.reason)

    def test_words_of_the_catalogue_are_derived_again(self):
        solution = self.env["souverainete.solution"].search([], limit=1)
        fresh = solution.search_strong
        self._make_older(solution, {"search_strong": "nothing"})
        self._release([])
        self.assertEqual(solution.search_strong, fresh)


@tagged("post_install", "-at_install")
class TestPartners(ShippedCase):
    """A provider that is shipped is the company that is there already."""

    def _ship(self, **numbers):
        vals = {"name": "As released", "is_company": True, **numbers}
        data = [{"xml_id": f"{ADDON}.partner_of_a_test", "values": vals}]
        return self.env["res.partner"]._load_records(data)

    def test_by_siren_siret_and_vat(self):
        for number in (
            {"company_registry": "552100554"},
            {"company_registry": "55210055400013"},
            {"vat": "FR16552100554"},
        ):
            with self.subTest(number), self.env.cr.savepoint() as savepoint:
                own = self.env["res.partner"].create({"name": "Ours", **number})
                self.assertEqual(own.siren, "552100554")
                self.assertEqual(self._ship(company_registry="552100554"), own)
                self.assertEqual(own.name, "Ours")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_what_it_lacks_is_filled_in(self):
        own = self.env["res.partner"].create({"name": "Ours", "vat": "FR16552100554"})
        self._ship(company_registry="552100554")
        self.assertEqual(own.company_registry, "552100554")
        self._ship(company_registry="552100554")
        self.Shipped._close({*self.Shipped.search([]).mapped("name")})
        self.assertEqual(own.name, "Ours")
        self.assertEqual(self._note("partner_of_a_test").state, "followed")

    def test_without_a_number_it_is_a_company_of_its_own(self):
        count = self.env["res.partner"].search_count([])
        self._ship()
        self.assertEqual(self.env["res.partner"].search_count([]), count + 1)
