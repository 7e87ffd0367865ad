"""Who reads and writes what, across ministries."""

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import ADDON
from ..flow import FlowCase


@tagged("post_install", "-at_install")
class TestRightsOfEveryModel(FlowCase):
    def _models(self):
        return self.env["ir.model"].search([("model", "=like", "souverainete.%")])

    def test_every_model_has_its_acl(self):
        for model in self._models():
            if not self.env[model.model]._abstract:
                self.assertTrue(model.access_ids, model.model)

    def test_every_model_of_a_ministry_has_its_rule(self):
        for model in self._models():
            records = self.env[model.model]
            field = records._fields.get("company_id")
            stored = field and field.store
            if stored and not records._abstract and not records._transient:
                rules = model.rule_ids.filtered(lambda rule: not rule.groups)
                self.assertTrue(rules, f"{model.model} has no global rule")

    def test_what_is_computed_and_kept_is_written_by_nobody(self):
        """The host lets a client write a stored field that is only computed."""
        guarded = self.env.registry["souverainete.guarded"]
        for name, model in self.env.registry.items():
            if not issubclass(model, guarded) or model._abstract:
                continue
            safe = self.env[name]._get_guarded_fields("server", "judged")
            for field in model._fields.values():
                ours = field._modules[:1] == ("souverainete_achat",)
                kept = field.store and field.compute and field.readonly
                if ours and kept and not field.related:
                    self.assertIn(field.name, safe, name)


@tagged("post_install", "-at_install")
class TestMinistries(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create(
            {"name": "Another ministry", "public_entity_type": "ministry"}
        )
        cls.stranger = cls._new_user(
            "stranger",
            "purchase.group_purchase_manager,souverainete_achat.group_officer",
            company_id=cls.other.id,
            company_ids=[Command.set(cls.other.ids)],
        )
        cls.dae_of_all = cls._new_user(
            "dae_of_all",
            f"{ADDON}.group_dae",
            company_id=cls.other.id,
            company_ids=[Command.set((cls.other | cls.company).ids)],
        )

    def setUp(self):
        super().setUp()
        self.file = self._launched_file()
        self.file.flush_recordset()
        self.env.cr.precommit.run()

    def _records_of_the_file(self):
        file = self.file.sudo()
        return [
            file,
            file.option_ids,
            file.search_ids,
            file.project_id,
            file.project_id.cost_line_ids,
            file.journal_ids,
            file.option_ids.answer_ids,
        ]

    def test_another_ministry_sees_nothing(self):
        for records in self._records_of_the_file():
            self.assertTrue(records, records._name)
            seen = self.env[records._name].with_user(self.stranger)
            self.assertFalse(seen.search([("id", "in", records.ids)]), records._name)
            with self.assertRaises(AccessError):
                records.with_user(self.stranger).mapped("display_name")

    def test_dae_reads_every_ministry_and_writes_nothing(self):
        for records in self._records_of_the_file():
            seen = self.env[records._name].with_user(self.dae_of_all)
            seen = seen.with_context(
                allowed_company_ids=(self.other | self.company).ids
            )
            found = seen.search([("id", "in", records.ids)])
            self.assertEqual(found, records, records._name)
            for right in ("write", "create", "unlink"):
                self.assertFalse(found.has_access(right), f"{records._name} {right}")

    def test_dae_reads_no_offer_before_award(self):
        offers = self._receive_offers(self.file)
        dae = self.env["souverainete.option"].with_user(self.dae)
        self.assertFalse(dae.search([("kind", "=", "offer")]))
        self.assertFalse(
            dae.search_count([("name", "=", offers.name), ("kind", "=", "offer")])
        )
        with self.assertRaises(AccessError):
            offers.with_user(self.dae).read(["name"])
        components = self.env["souverainete.component"].with_user(self.dae)
        self.assertFalse(components.search([("option_id", "in", offers.ids)]))

    def test_reviewer_is_never_a_buyer(self):
        group = self.env.ref("purchase.group_purchase_user")
        with self.assertRaisesRegex(ValidationError, "remove one of the two roles"):
            self.dinum.group_ids += group
        with self.assertRaisesRegex(ValidationError, "remove one of the two roles"):
            group.user_ids += self.dinum
        with self.assertRaisesRegex(ValidationError, "remove one of the two roles"):
            self.env.ref(f"{ADDON}.group_ambassador").implied_ids += group
            self.env.ref(f"{ADDON}.group_ambassador").user_ids += self.dinum

    def test_dinum_sees_only_what_was_submitted(self):
        dinum = self.env["purchase.requisition"].with_user(self.dinum)
        self.assertFalse(dinum.search([("id", "=", self.file.id)]))

    # === TO-DOS === #

    def _give_to_do(self, user=None):
        """What somebody asks of an officer, on the file."""
        file = self.file.with_user(user or self.officer2)
        return file.activity_schedule(
            "mail.mail_activity_data_todo", summary="Check", user_id=self.officer.id
        )

    def test_the_to_do_of_an_officer_is_theirs(self):
        to_do = self._give_to_do().with_user(self.buyer)
        with self.assertRaisesRegex(AccessError, "they mark it as done"):
            to_do.unlink()
        for vals in ({"user_id": self.buyer.id}, {"active": False}):
            with self.assertRaisesRegex(AccessError, "they mark it as done"):
                to_do.write(vals)
        to_do.with_user(self.officer).unlink()
        self.assertFalse(to_do.exists())

    def test_who_gave_a_to_do_takes_it_back(self):
        to_do = self._give_to_do(self.buyer)
        to_do.with_user(self.buyer).unlink()
        self.assertFalse(to_do.exists())

    def test_the_to_do_of_a_buyer_is_anybodys(self):
        to_do = self._give_to_do()
        to_do.user_id = self.buyer
        to_do.with_user(self.purchase_manager).unlink()
        self.assertFalse(to_do.exists())
