from odoo import fields, models
from odoo.exceptions import UserError

from .sensitivity import QUESTIONS


class PurchaseRequisition(models.Model):
    """The guided test of the file: asked of the data owner, signed by an officer."""

    _inherit = "purchase.requisition"

    data_test_ids = fields.One2many(
        "souverainete.data.test",
        "requisition_id",
        groups=fields.NO_ACCESS,
        copy=False,
        help="The guided test of the data; at most one.",
    )
    data_test_state = fields.Selection(
        [
            ("none", "Not asked of the data owner"),
            ("draft", "Waiting for the data owner"),
            ("answered", "Answered by the data owner, to be signed"),
            ("signed", "Answered by the data owner and signed"),
        ],
        string="Guided test",
        compute="_compute_data_test",
        help="The answers on the file are proposals until the data owner gives them in "
        "the guided test. An officer then signs the result.",
    )
    data_test_note = fields.Char(
        string="Who answered and signed",
        compute="_compute_data_test",
        help="Written by the server.",
    )

    def _compute_data_test(self):
        for file in self:
            test = file._get_data_test()
            file.data_test_state = test._get_standing() if test else "none"
            file.data_test_note = test._get_note() if test else False

    def _get_data_test(self):
        """The guided test of the need, whoever reads the file."""
        return self.sudo().need_id.data_test_ids[:1]

    # === ASKING === #

    def action_ask_data_owner(self):
        """Ask the data owner to answer the guided test, or open it."""
        self.ensure_one()
        need = self.need_id
        need.check_access("write")
        test = need._get_data_test() or need._create_data_test()
        if self.env.user == test.owner_id:
            return need.action_open_data_test()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(owner)s is asked to answer the guided test.",
                    owner=test.owner_id.name,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _create_data_test(self):
        if not self.data_owner_id:
            raise UserError(
                self.env._("Name the data owner first (tab “Data and hosting”).")
            )
        if self._is_held():
            raise UserError(
                self.env._(
                    "%(name)s was launched: the answers on its data left with the "
                    "consultation and are frozen.",
                    name=self.display_name,
                )
            )
        tests = self.env["souverainete.data.test"].sudo()
        test = tests._create_server([self._prepare_data_test()])
        test._ask_owner()
        return test

    def _prepare_data_test(self):
        """What the buyer proposes is where the data owner starts from."""
        return {
            "requisition_id": self.id,
            "owner_id": self.data_owner_id.id,
            "asked_by_id": self.env.uid,
            "asked_on": fields.Datetime.now(),
            **{name: self[name] for name in QUESTIONS},
        }

    def action_open_data_test(self):
        """Open the guided test of this file."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "souverainete.data.test",
            "res_id": self._get_data_test().id,
            "view_mode": "form",
        }

    # === CONTRACT WITH THE GATE === #

    def _prefetch_findings(self):
        self.mapped("need_id.data_test_ids.owner_id")
        return super()._prefetch_findings()

    def _get_launch_content(self):
        """Added only where the data owner answered: see the lots."""
        content = super()._get_launch_content()
        test = self.sudo().data_test_ids
        if test and test._is_answered():
            content["data_test"] = {
                "owner": test.owner_id.id,
                "reasons": test._get_reasons(),
            }
        return content

    def _finding_data_signed(self, options):
        """With a cloud service, the data owner answered and an officer signed."""
        need = self.need_id
        if need.has_cloud != "yes":
            return {}
        test = need.data_test_ids
        if test and test._is_signed():
            return {}
        return {"": self._get_signature_message(test)}

    def _get_signature_message(self, test):
        if not test:
            return self.env._(
                "Have the data owner answer the guided test (tab “Data and hosting”, "
                "button “Ask the data owner”); a compliance officer then signs it."
            )
        if not test._is_answered():
            return self.env._(
                "%(owner)s, data owner, has not answered the guided test yet, or the "
                "answers of the file are others; a compliance officer then signs it.",
                owner=test.owner_id.name,
            )
        return self.env._(
            "A compliance officer who neither asks for the purchase nor answers for "
            "the data has to sign the guided test (tab “Data and hosting”, button "
            "“Open the guided test”)."
        )
