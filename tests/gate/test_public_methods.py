"""What anybody with an account may call: every public method of the addon's models
begins by asking whether who calls may read the records."""

import inspect

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

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


@tagged("post_install", "-at_install")
class TestPublicMethods(FlowCase):
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

    def _get_public(self):
        """(model, name, method) that the addon declares and that RPC reaches."""
        for model in self.env.registry.values():
            for name, method in inspect.getmembers(model, inspect.isfunction):
                own = f".{ADDON}." in f"{method.__module__}."
                private = name.startswith("_") or getattr(method, "_api_private", False)
                host = {name, (model._name, name)} & HOST
                if own and not private and not host:
                    yield model._name, name, method

    def _get_arguments(self, method):
        parameters = list(inspect.signature(method).parameters.values())[1:]
        needed = [p for p in parameters if p.default is p.empty]
        return ["x" for p in needed if p.kind is p.POSITIONAL_OR_KEYWORD]

    def _call(self, user, model, name, method):
        """What it answers; nothing where it refuses."""
        found = self.env[model].sudo().with_context(active_test=False)
        found = found.search([], limit=1)
        with self.env.cr.savepoint() as savepoint:
            try:
                getattr(found.with_user(user), name)(*self._get_arguments(method))
                return "answered"
            except AccessError:
                return ""
            except Exception as error:  # pylint: disable=broad-except
                return repr(error)
            finally:
                self.env.invalidate_all()
                savepoint.rollback()

    def test_there_are_some(self):
        self.assertGreater(len(list(self._get_public())), 100)

    def test_as_each_role(self):
        """Who has no right on the records is refused before anything else."""
        answered = [
            f"{user.login}: {model}.{name} {answer}"
            for user in (self.employee, self.portal)
            for model, name, method in self._get_public()
            if self._is_closed(user, model)
            and (answer := self._call(user, model, name, method))
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
