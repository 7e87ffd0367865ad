"""What anybody with an account may call: every public method of the addon's models
begins by asking whether who calls may read the records, and ends in words."""

import inspect
from contextlib import suppress

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import ADDON
from ..flow import FlowCase

# Of the host: it asks by itself, and what it calls asks again.
HOST = frozenset(
    {
        "action_compare_alternative_lines",
        "action_merge",
        "button_approve",
        "button_confirm",
        "copy",
        "copy_data",
        "create",
        "default_get",
        "fields_get",
        "init",
        "onchange",
        "unlink",
        "web_read",
        "write",
        ("purchase.requisition", "action_confirm"),
    }
)


class PublicCase(FlowCase):
    def _get_public(self):
        """(model, name, method) that the addon declares and that RPC reaches."""
        for model in self.env.registry.values():
            for name, method in inspect.getmembers(model, inspect.isfunction):
                own = f".{ADDON}." in f"{method.__module__}."
                private = name.startswith("_") or getattr(method, "_api_private", False)
                host = {name, (model._name, name)} & HOST
                if own and not private and not host:
                    yield model._name, name, method

    def _get_arguments(self, method, value="x"):
        parameters = list(inspect.signature(method).parameters.values())[1:]
        needed = [p for p in parameters if p.default is p.empty]
        return [value for p in needed if p.kind is p.POSITIONAL_OR_KEYWORD]

    def _find(self, model):
        """A record of this model, whoever may read it; none where there is none."""
        found = self.env[model].sudo().with_context(active_test=False)
        return found if found._abstract else found.search([], limit=1)

    def _call(self, user, model, name, arguments):
        """What it answers; nothing where it refuses access."""
        found = self._find(model)
        with self.env.cr.savepoint() as savepoint:
            try:
                getattr(found.with_user(user), name)(*arguments)
                self.env.flush_all()
                return "answered"
            except AccessError:
                return ""
            except Exception as error:  # pylint: disable=broad-except
                return error
            finally:
                savepoint.rollback()


@tagged("post_install", "-at_install")
class TestPublicMethods(PublicCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = cls._new_user("employee", "base.group_user")
        cls.portal = cls.env["res.users"].create(
            {
                "name": "Vendor",
                "login": "sa_portal",
                "partner_id": cls.vendor.id,
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
            }
        )

    def test_there_are_some(self):
        self.assertGreater(len(list(self._get_public())), 100)

    def test_as_each_role(self):
        """Who has no right on the records is refused before anything else."""
        answered = [
            f"{user.login}: {model}.{name} {answer!r}"
            for user in (self.employee, self.portal)
            for model, name, method in self._get_public()
            if self._is_closed(user, model)
            and (answer := self._call(user, model, name, self._get_arguments(method)))
        ]
        self.assertFalse(answered, "\n".join(answered))

    def _is_closed(self, user, model):
        """Whether `user` may read no record of `model` at all."""
        records = self.env[model].with_user(user)
        return not records._abstract and not records.browse().has_access("read")

    def test_a_vendor_on_the_portal(self):
        """She reads her order, none of what the buyer said of it, and does nothing."""
        order = self._new_order(
            light_mutualised="yes", light_cloud="no", light_sensitive="no"
        )
        order.sudo().message_subscribe(self.vendor.ids)
        order.sudo().state = "sent"
        hers = order.with_user(self.portal)
        self.assertTrue(hers.read(["name", "partner_id", "state"]))
        own = [
            name
            for name, field in hers._fields.items()
            if field._modules[:1] == (ADDON,)
        ]
        self.assertGreater(len(own), 20)
        self.assertFalse(set(own) & set(hers.fields_get()))
        for name in own:
            with self.subTest(name), self.assertRaises(AccessError):
                hers.read([name])
        with self.assertRaises(AccessError):
            hers.search([("light_cloud", "=", "no")])
        for name in (
            "action_create_file",
            "action_link_file",
            "action_ask_extreme_urgency",
            "action_scope_in",
            "action_agree_out_of_scope",
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                getattr(hers, name)()


@tagged("post_install", "-at_install")
class TestPublicMethodsOfRoles(PublicCase):
    """Each public method, as each role: on what another ministry has, and on one's own,
    with nothing where something is asked for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls.env["purchase.requisition"]
        other = cls.env["res.company"].create(
            {"name": "Another ministry", "public_entity_type": "ministry"}
        )
        own = {user.login: user for user in cls._get_people()}
        cls.strangers = cls.env["res.users"].union(
            *(
                user.copy(
                    {
                        "login": f"{login}_stranger",
                        "company_id": other.id,
                        "company_ids": [Command.set(other.ids)],
                    }
                )
                for login, user in own.items()
            )
        )

    @classmethod
    def _get_people(cls):
        roles = ("buyer", "purchase_manager", "officer", "ambassador", "dinum", "dae")
        people = cls.env["res.users"].union(*(getattr(cls, role) for role in roles))
        people |= cls.referent | cls._new_user("employee_only", "base.group_user")
        if cls.env.ref(f"{ADDON}.group_rma", raise_if_not_found=False):
            people |= cls._new_user("rma_only", f"{ADDON}.group_rma")
        return people

    def setUp(self):
        super().setUp()
        self.people = self.strangers.browse().union(
            *(
                self.env["res.users"].search(
                    [("login", "=", stranger.login.removesuffix("_stranger"))]
                )
                for stranger in self.strangers
            )
        )
        self.file = self._launched_file()
        self._receive_offers(self.file)
        self.file.action_confirm()
        self._new_order(requisition_id=self.file.id, price=100.0)
        self._new_order(
            price=100.0, light_mutualised="yes", light_cloud="no", light_sensitive="no"
        ).button_confirm()
        self.env["souverainete.opinion"].create({"project_id": self.file.project_id.id})
        self.env.flush_all()
        self.env.cr.precommit.run()
        seals = self.env["souverainete.journal.seal"]
        for company, heads in seals._get_due_heads().items():
            seals._seal(company, heads)
        self._fill_in()

    def _fill_in(self):
        """A wizard of each kind, where nothing is needed to open it."""
        for model in {model for model, _name, _method in self._get_public()}:
            if self.env[model]._transient:
                with suppress(psycopg2.Error), mute_logger("odoo.sql_db"):
                    with self.env.cr.savepoint():
                        self.env[model].create({})

    def _count_changes(self):
        """Rows written in this transaction, what was undone included."""
        self.env.cr.execute(
            "SELECT SUM(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_all_tables"
            " WHERE relname NOT LIKE 'pg_%'"
        )
        return self.env.cr.fetchone()[0]

    def test_nothing_of_another_ministry_changes(self):
        """Refused, or answered with what changes nothing."""
        wrong = []
        for user in self.strangers:
            for model, name, method in self._get_public():
                if not self._is_of_here(model):
                    continue
                before = self._count_changes()
                answer = self._call(user, model, name, self._get_arguments(method))
                changed = self._count_changes() - before
                told = not answer or answer == "answered" or _is_told(answer)
                if changed or not told:
                    wrong.append(
                        f"{user.login}: {model}.{name} {answer!r}, {changed} rows"
                    )
        self.assertFalse(wrong, "\n".join(wrong))

    def _is_of_here(self, model):
        """Whether what was found belongs to the ministry of this test; a wizard is of
        none."""
        found = self._find(model)
        if found._transient:
            return False
        owner = found._fields.get("company_id") or found._fields.get("requisition_id")
        company = found[owner.name] if owner else found.browse()
        if company._name == "purchase.requisition":
            company = company.company_id
        return bool(found) and company == self.company

    def test_no_traceback(self):
        """Whatever is sent where something is asked for, the answer is in words."""
        wrong = []
        for user in self.people:
            for model, name, method in self._get_public():
                # Of nothing, the host's own error says what was expected.
                if not self._find(model):
                    continue
                values = ("x", None, True, []) if self._get_arguments(method) else ("",)
                for value in values:
                    answer = self._call(
                        user, model, name, self._get_arguments(method, value)
                    )
                    if answer and answer != "answered" and not _is_told(answer):
                        wrong.append(
                            f"{user.login}: {model}.{name}({value!r}) {answer!r}"
                        )
        self.assertFalse(wrong, "\n".join(wrong))


def _is_told(answer):
    return isinstance(answer, UserError)
