"""Evidence deleted, rewritten or emptied, by every road to a record."""

import base64

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import PDF_64, SIGNED
from ..flow import FlowCase
from ..project.referral_common import complete_referral

# The uninstaller's key: a client can send it like any other.
FORGED = {"_force_unlink": True, "install_mode": True, "module": "souverainete_achat"}

# By the addon, or by core to those who do not even read the document.
KEPT = "A decision was recorded|not allowed to access this document"


class EvidenceCase(FlowCase):
    def _doors(self, record):
        for user in (self.buyer, self.purchase_manager, self.officer, self.referent):
            yield record.with_user(user)
            yield record.with_user(user).with_context(**FORGED)

    def _assert_kept(self, records, **errors):
        for record in records:
            for door in self._doors(record):
                with self.subTest(model=record._name, user=door.env.user.login):
                    # Refused by the ORM or by the database: either keeps it.
                    with mute_logger("odoo.sql_db"), self.assertRaises(Exception):  # noqa: B017
                        with self.env.cr.savepoint():
                            door.unlink()
                            self.env.flush_all()
            self.env.invalidate_all()
            self.assertTrue(record.exists())


@tagged("post_install", "-at_install")
class TestDeleted(EvidenceCase):
    def setUp(self):
        super().setUp()
        self.file = self._confirmed_file()

    def test_file_and_its_study(self):
        file = self.file
        self._assert_kept([file, *file.option_ids, file.search_ids])

    def test_chain_and_answers_of_what_was_judged(self):
        offer = self.file._get_judged_options()
        self._assert_kept([offer.component_ids, *offer.answer_ids[:2]])

    def test_journal_and_seals(self):
        self.file._journal_flush()
        seals = self.env["souverainete.journal.seal"]
        for company, heads in seals._get_due_heads().items():
            seals |= seals._seal(company, heads)
        self._assert_kept([*self.file.journal_ids[:2], seals, *seals.line_ids[:1]])

    def test_project_and_opinion(self):
        project = self.file.project_id
        opinion = self.env["souverainete.opinion"].create({"project_id": project.id})
        complete_referral(opinion.with_user(self.buyer)).action_submit()
        self._assert_kept([project, opinion])

    def test_qualification(self):
        self._assert_kept([self.qualification])

    def test_version_in_force(self):
        self._assert_kept(
            [
                self.env.ref("souverainete_achat.threshold_light_2026"),
                self.env.ref("souverainete_achat.rule_scope"),
                self.env.ref("souverainete_achat.rule_scope").applicability_ids[:1],
                self.env.ref("souverainete_achat.cpv_prefix_48"),
            ]
        )

    def test_grid_a_consultation_was_launched_with(self):
        grid = self.file.grid_id
        objective = grid.objective_ids[:1]
        criterion = objective.criterion_ids[:1]
        self._assert_kept([grid, objective, criterion, criterion.level_ids[:1]])

    def test_what_evidence_points_to(self):
        """Deleting the vendor, a product or the ministry would empty the file."""
        superuser = self.env["res.partner"].browse
        for record in (
            superuser(self.vendor.id),
            self.other_vendor,
            self.software,
            self.file.company_id,
            self.file.company_id.partner_id,
        ):
            with self.subTest(record=record):
                # Refused by the ORM or by the database: either keeps it.
                with mute_logger("odoo.sql_db"), self.assertRaises(Exception):  # noqa: B017
                    with self.env.cr.savepoint():
                        record.unlink()
                        self.env.flush_all()

    def test_study_of_a_draft_is_deleted_freely(self):
        file = self._new_file()
        option = self.env["souverainete.option"].with_user(self.buyer)
        option = option.create(
            {"requisition_id": file.id, "name": "Visio", "path": "mutualised"}
        )
        option.unlink()
        file.unlink()
        self.assertFalse(option.exists())
        self.assertFalse(file.exists())


@tagged("post_install", "-at_install")
class TestDocuments(EvidenceCase):
    """Documents stand behind records: they are not a side door."""

    def _attachment_of(self, record, field):
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", record._name),
                    ("res_id", "=", record.id),
                    ("res_field", "=", field),
                ]
            )
        )

    def _assert_untouchable(self, attachment):
        self.assertTrue(attachment)
        content = attachment.raw
        attempts = (
            lambda a: a.unlink(),
            lambda a: a.write({"raw": b"forged"}),
            lambda a: a.write({"datas": base64.b64encode(b"forged")}),
            lambda a: a.write({"res_id": 0}),
            lambda a: a.write({"res_field": False}),
            lambda a: a.write({"res_model": "res.partner", "res_id": 1}),
        )
        for attempt in attempts:
            for door in self._doors(attachment):
                with mute_logger("odoo.sql_db"), self._refused_as(KEPT):
                    attempt(door)
        self.env.invalidate_all()
        self.assertEqual(attachment.raw, content)

    def _granted_derogation(self):
        file = self._new_file()
        derogation = (
            self.env["souverainete.derogation"]
            .with_user(self.buyer)
            .create(
                {
                    "rule_id": self.env.ref(
                        "souverainete_achat.rule_hosting_qualified"
                    ).id,
                    "requisition_id": file.id,
                    "motive": "None fits yet",
                    "measures": "Encryption",
                }
            )
        )
        derogation.action_request()
        recorded = derogation.with_user(self.officer)
        recorded.write(
            {
                "authority": "Minister",
                "document": base64.b64encode(b"decision"),
                "document_name": "d.pdf",
                "date_start": "2026-01-01",
                "date_end": "2027-12-31",
            }
        )
        recorded.action_grant()
        return derogation

    def test_document_of_a_derogation(self):
        derogation = self._granted_derogation()
        self._assert_untouchable(self._attachment_of(derogation, "document"))

    def test_document_of_a_contract_taken_over(self):
        file = self._new_file()
        wizard = self.env["souverainete.take.over"].with_user(self.officer)
        wizard.create(
            {
                "requisition_ids": [Command.set(file.ids)],
                "document": PDF_64,
                "filename": "c.pdf",
                "reason": "Signed in 2020",
                "date_signed": SIGNED,
            }
        ).action_take_over()
        self._assert_untouchable(file.prior_document_id)

    def test_document_of_an_answer_once_awarded(self):
        file = self._launched_file()
        offer = self._retain_offer(file)
        answer = offer.answer_ids[:1]
        answer.with_user(self.buyer).write(
            {"evidence_file": base64.b64encode(b"brochure")}
        )
        file.action_confirm()
        self._assert_untouchable(self._attachment_of(answer, "evidence_file"))

    def test_letter_of_the_dinum(self):
        file = self._new_file()
        self._declare_project(file, amount=12e6)
        opinion = self.env["souverainete.opinion"].with_user(self.buyer)
        opinion = opinion.create({"project_id": file.project_id.id})
        complete_referral(opinion).action_submit()
        letter = self.env["ir.attachment"].with_user(self.officer)
        letter = letter.create({"name": "letter.pdf", "raw": b"favourable"})
        today = self.company._souverainete_today()
        self.env["souverainete.opinion.step"].with_user(self.officer).create(
            {
                "opinion_id": opinion.id,
                "step": "favourable",
                "date": today,
                "reference": "DINUM-1",
                "document_ids": [Command.set(letter.ids)],
            }
        ).action_apply()
        self._assert_untouchable(opinion.sudo().document_ids)

    def test_ordinary_documents_stay_free(self):
        file = self._launched_file()
        attachment = self.env["ir.attachment"].with_user(self.buyer)
        attachment = attachment.create(
            {
                "name": "note.txt",
                "raw": b"x",
                "res_model": file._name,
                "res_id": file.id,
            }
        )
        attachment.write({"raw": b"y"})
        self.assertEqual(attachment.raw, b"y")
        attachment.unlink()
        self.assertFalse(attachment.exists())


@tagged("post_install", "-at_install")
class TestRewritten(EvidenceCase):
    def test_journal_entry(self):
        file = self._launched_file()
        file._journal_flush()
        entry = file.journal_ids[:1]
        for vals in ({"summary": "x"}, {"payload": "{}"}, {"hash": "x"}, {"seq": 9}):
            for door in self._doors(entry):
                with self.assertRaises(AccessError):
                    door.write(vals)
                with self.assertRaises(AccessError):
                    door.sudo().write(vals)

    def test_author_of_a_record(self):
        """Four eyes compare with who created it: that is not a client's to say."""
        file = self._new_file(user=self.officer)
        file.write({"create_uid": self.buyer.id, "user_id": self.buyer.id})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(file.create_uid, self.officer)
        created = self._new_file(user=self.officer, create_uid=self.buyer.id)
        self.assertEqual(created.create_uid, self.officer)
