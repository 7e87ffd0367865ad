"""What the tests of every room share: people, products and a digital file."""

import base64
from contextlib import contextmanager
from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import TransactionCase

from odoo.addons.souverainete_achat.models.base.finding import Refused

ADDON = "souverainete_achat"
# What refuses the agreement of an empty file: digital, of the standard circuit, far
# below what a project is asked from.
EMPTY = (
    "award_option",
    "data_questions",
    "launched",
    "mutualisation_search",
    "sovereignty_statement",
)

# Each is an attribute of the tests: `self.buyer`.
_ROLES = {
    "buyer": "purchase.group_purchase_user",
    "purchase_manager": "purchase.group_purchase_manager",
    "officer": f"{ADDON}.group_officer",
    "officer2": f"{ADDON}.group_officer",
    "ambassador": f"{ADDON}.group_ambassador",
    "dinum": f"{ADDON}.group_dinum",
    "dae": f"{ADDON}.group_dae",
    "referent": f"{ADDON}.group_manager",
    "referent2": f"{ADDON}.group_manager",
}


def _make_pdf():
    """A PDF of one empty page, as a signature is scanned into."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>",
    ]
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj %s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return content + (
        b"xref\n0 4\n0000000000 65535 f \n%strailer << /Size 4 /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (table, len(content))
    )


PDF = _make_pdf()
# Day of the contracts of before that say no other.
SIGNED = date(2024, 1, 1)
PDF_64 = base64.b64encode(PDF).decode()


class SouveraineteCase(TransactionCase):
    """One user a role, a digital product, chairs, and two vendors."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.public_entity_type = "ministry"
        for login, user in zip(_ROLES, cls._new_users(_ROLES), strict=True):
            setattr(cls, login, user)
        cls.software, cls.chair = cls.env["product.product"].create(
            [
                {"name": "Video meetings, subscription", "cpv_code": "48515000"},
                {"name": "Chair", "cpv_code": "39112000"},
            ]
        )
        cls.vendor, cls.other_vendor = cls.env["res.partner"].create(
            [{"name": "Éditions du Logiciel"}, {"name": "Autre Éditeur"}]
        )

    def _propose_version(self, record):
        """The new version of `record`, as saved from the form that proposes it."""
        context = record.action_propose_version()["context"]
        prefix = "default_"
        return record.create(
            {name.removeprefix(prefix): value for name, value in context.items()}
        )

    @classmethod
    def _new_user(cls, login, groups, **vals):
        return cls._new_users({login: groups}, **vals)

    @classmethod
    def _new_users(cls, groups_by_login, **vals):
        """As `new_test_user`, several at once and none invited by mail: that was most
        of the cost of a class."""
        users = cls.env["res.users"].with_context(no_reset_password=True)
        users = users.create(
            [
                {**cls._prepare_user(f"sa_{login}", groups), **vals}
                for login, groups in groups_by_login.items()
            ]
        )
        return users.with_env(cls.env)

    @classmethod
    def _prepare_user(cls, login, groups):
        names = ("base.group_user", *groups.split(","))
        return {
            "login": login,
            "password": login.ljust(8, "x"),
            "name": f"{login} ({','.join(names)})",
            "email": "s.s@example.com",
            "tz": "Europe/Paris",
            "group_ids": [Command.set([cls.env.ref(name).id for name in names])],
        }

    @classmethod
    def _new_file(cls, product=None, price=100000.0, user=None, **vals):
        """A draft agreement of the buyer, for one product."""
        product = product or cls.software
        line = {"product_id": product.id, "product_qty": 1, "price_unit": price}
        user = user or cls.buyer
        file = (
            cls.env["purchase.requisition"]
            .with_user(user)
            .create(
                {
                    "requisition_type": "blanket_order",
                    "vendor_id": cls.vendor.id,
                    "line_ids": [Command.create(line)],
                    "purchase_nature": "licence",
                    "purchase_route": "own",
                    **vals,
                }
            )
        )
        return file.with_user(user)

    @classmethod
    def _new_order(cls, product=None, price=100000.0, user=None, **vals):
        """A draft order of the buyer, for one product."""
        product = product or cls.software
        line = {"product_id": product.id, "product_qty": 1, "price_unit": price}
        user = user or cls.buyer
        order = (
            cls.env["purchase.order"]
            .with_user(user)
            .create(
                {
                    "partner_id": cls.vendor.id,
                    "order_line": [Command.create(line)],
                    **vals,
                }
            )
        )
        return order.with_user(user)

    # === REFUSALS === #

    @contextmanager
    def _refused(self, *codes, msg=None):
        """The gate refuses by these rules and no other; the attempt is undone."""
        with self.assertRaises(Refused, msg=msg) as caught:
            yield caught
        self.assertEqual(caught.exception.codes, set(codes), msg)

    @contextmanager
    def assertRaisesRegex(self, error, words, *, msg=None):
        """As `assertRaises`, which Odoo makes undo what was attempted."""
        with self.assertRaises(error, msg=msg) as caught:
            yield caught
        self.assertRegex(str(caught.exception), words, msg)

    def _refused_as(self, expected):
        """The refusal a helper or a table expects: codes of rules, or words."""
        if isinstance(expected, str):
            return self.assertRaisesRegex(UserError, expected)
        return self._refused(*expected)

    def _codes(self, record, stage=None):
        """Codes of what blocks a file (at one stage) or an order."""
        findings = record._findings(stage) if stage else record._findings()
        return {finding.rule.code for finding in findings if finding.blocking}
