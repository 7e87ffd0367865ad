"""Each list that people see leaves as a file and comes back: what was exported and is
imported again changes nothing; what only the server writes is refused, in words."""

from lxml import etree

from odoo.modules import Manifest
from odoo.tests import tagged
from odoo.tools import convert_file

from ..common import ADDON, SouveraineteCase

HOST = ("purchase.order", "purchase.requisition")
ROLES = ("referent", "officer", "buyer", "ambassador", "dinum")
# What the host itself writes when it reads.
OWN_OF_HOST = {"write_date", "write_uid", "access_token"}
# Lists that may be written and are empty here: made by an act that others test.
NOT_TRIED = {
    "amendment": "of a signed agreement alone",
    "data.questionnaire": "asked by the file; its list shows nothing that is typed",
    "derogation": "asked and granted by two people, with a document",
    "extreme.urgency": "opened by an act, closed by another person",
    "journal.elimination": "asked by an officer, confirmed by another",
    "project.likeness": "found by a job, answered by a button",
    "published.file": "a file is given, its list shows its name alone",
    "review": "opened by a job before a deadline",
    "trajectory": "of a contract that no longer conforms",
}
# What a file makes in a database that has none: (by whom, values of one).
CREATED = {
    "chorus.group": ("referent", {"code": "36.01.09", "name": "Progiciels"}),
    "cpv": ("referent", {"code": "99999999", "name": "Zorgue"}),
    "solution": ("referent", {"name": "Zorgue", "need": "A", "source": "B"}),
    "staff.cost": ("referent", {"name": "Chef de projet", "amount": 812.5}),
    "synonym": ("referent", {"terms": "zorgue, zorgage"}),
}
OF_A_FILE = {
    "grouping.member": {"name": "Ministère voisin"},
    "lot": {"number": "1", "name": "Postes, « mobiles »"},
    "option": {"name": "Zorgue", "kind": "studied", "path": "mutualised"},
}


@tagged("post_install", "-at_install")
class TestListsAgain(SouveraineteCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        if not cls.env.ref(f"{ADDON}.demo_user_buyer", raise_if_not_found=False):
            for path in Manifest.for_addon(ADDON)["demo"]:
                convert_file(cls.env, ADDON, path, {}, mode="init", noupdate=True)
        people = [getattr(cls, role) for role in ROLES]
        for user in people:
            user.company_ids |= cls.env["res.company"].search([])
            user.group_ids |= cls.env.ref("base.group_allow_export")
        file = cls._new_file(reference="Zorgue")
        cls.made = {
            name: cls.env[f"souverainete.{name}"]
            .with_user(cls.buyer)
            .create({**vals, "requisition_id": file.id})
            for name, vals in OF_A_FILE.items()
        }
        cls.made |= {
            name: cls.env[f"souverainete.{name}"]
            .with_user(getattr(cls, role))
            .create(vals)
            for name, (role, vals) in CREATED.items()
        }
        cls.env = cls.env(context={"lang": "fr_FR", "tz": "Europe/Paris"})
        cls.people = [cls.env["res.users"].browse(user.id) for user in people]

    def _get_lists(self):
        """{model: its first list}."""
        views = self.env["ir.ui.view"].search(
            [("type", "=", "list"), ("mode", "=", "primary")], order="priority, id"
        )
        return {
            view.model: view
            for view in views[::-1]
            if view.model in HOST
            or (
                view.model.startswith("souverainete.")
                and not self.env[view.model]._transient
            )
        }

    def _get_columns(self, model, view, editable):
        """Columns of the list as the host exports them."""
        arch = etree.fromstring(model.get_view(view.id, "list")["arch"])
        fields = model.fields_get(attributes=["type", "readonly", "exportable"])
        names = [
            each.get("name") for each in arch.xpath("//field[not(ancestor::field)]")
        ]
        return [
            f"{name}/id" if "2" in fields[name]["type"] else name
            for name in dict.fromkeys(names)
            if name in fields
            and fields[name].get("exportable", True)
            and (model._fields[name].store if not editable else True)
            and not (editable and fields[name]["readonly"])
        ]

    def _export(self, records, columns):
        rows = records.with_context(import_compat=True).export_data(columns)["datas"]
        return [
            ["" if c is False or c is None else str(c) for c in row] for row in rows
        ]

    def _read(self, records):
        names = [
            name
            for name, field in records._fields.items()
            if field.store and name not in OWN_OF_HOST
        ]
        self.env.flush_all()
        self.env.invalidate_all()
        return records.sudo().read(names, load="")

    def _load(self, model, columns, rows):
        result = model.load(columns, rows)
        return [message["message"] for message in result["messages"]]

    def _walk(self, right):
        """(model as one user, its list) of each list that the user may do this to."""
        for name, view in self._get_lists().items():
            for user in self.people:
                model = self.env[name].with_user(user).with_context(active_test=False)
                if model.has_access("read") and model.has_access(right):
                    yield model, view

    def test_what_was_exported_comes_back(self):
        """For whoever may write the list, whatever is frozen, signed or in force."""
        done, wrong = set(), []
        for model, view in self._walk("write"):
            records = model.search([], limit=200)
            columns = ["id", *self._get_columns(model, view, editable=True)]
            rows = self._export(records, columns)
            before = self._read(records)
            said = self._load(model, columns, rows)
            if said or before != self._read(records):
                wrong.append((model._name, model.env.user.login, said[:2]))
            if records and len(columns) > 1:
                done.add(model._name)
        self.assertFalse(wrong, "\n".join(map(str, wrong)))
        writable = {model._name for model, _view in self._walk("write")}
        left = {name.removeprefix("souverainete.") for name in writable - done}
        self.assertEqual(left, set(NOT_TRIED))

    def test_a_changed_file_is_refused_where_only_the_server_writes(self):
        """Whoever reads the list, the server's own code asking included: nothing of it
        changes, and the refusal says why."""
        written = {model._name for model, _view in self._walk("write")}
        for model, view in self._walk("read"):
            if model._name in written:
                continue
            records = model.search([], limit=5)
            columns = self._get_texts(model, view)
            if not (records and columns):
                continue
            rows = [
                [row[0], *("Autre chose" for _c in columns)]
                for row in self._export(records, ["id"])
            ]
            before = self._read(records)
            for asker in (model, model.sudo()):
                with self.subTest(
                    model._name, user=model.env.user.login, su=asker.env.su
                ):
                    said = self._load(asker, ["id", *columns], rows)
                    self.assertTrue(said)
                    self.assertGreater(len(said[0]), 30)
                    self.assertEqual(before, self._read(records))

    def _get_texts(self, model, view):
        """Columns of free text of a list."""
        return [
            name
            for name in self._get_columns(model, view, editable=False)
            if "/" not in name and model._fields[name].type in ("char", "text")
        ]

    def test_what_was_exported_makes_the_same_elsewhere(self):
        """In a database that has it no longer: made again, it says the same."""
        lists = self._get_lists()
        for name, made in self.made.items():
            with self.subTest(name):
                record = made.with_env(self.env(user=made.env.user))
                view = lists[record._name]
                columns = ["id", *self._get_columns(record, view, editable=True)]
                rows = self._export(record, columns)
                record.sudo().unlink()
                result = record.load(columns, rows)
                self.assertFalse(result["messages"])
                again = record.browse(result["ids"])
                self.assertEqual(self._export(again, columns), rows)
