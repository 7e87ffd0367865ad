from odoo import api, fields, models
from odoo.exceptions import UserError

from .sensitivity import QUESTIONS

# What the data owner writes; everything else on the test is the server's.
CONTENT = frozenset(QUESTIONS) | {f"{name}_reason" for name in QUESTIONS}
_SERVER_FIELDS = frozenset(
    {
        "requisition_id",
        "company_id",
        "owner_id",
        "asked_by_id",
        "asked_on",
        "state",
        "signed_by_id",
        "signed_on",
    }
)


class DataTest(models.Model):
    """The guided test of the data of one need: the data owner answers, alone; then a
    compliance officer, who neither buys nor owns the data, signs the result."""

    _name = "souverainete.data.test"
    _inherit = [
        "souverainete.guarded",
        "souverainete.data.questions",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Guided test of the data of a need"
    _order = "id desc"
    # Who buys and who signs may ask the owner a question, or answer one.
    _mail_post_access = "read"

    requisition_id = fields.Many2one(
        "purchase.requisition",
        string="Purchase file",
        required=True,
        index=True,
        ondelete="cascade",
        help="The file that carries the need.",
    )
    company_id = fields.Many2one(
        related="requisition_id.company_id", string="Ministry", store=True, index=True
    )
    # What the data owner has to know of a file they may not open.
    reference = fields.Char(related="requisition_id.reference")
    need_effect = fields.Text(related="requisition_id.need_effect")
    proposed_reason = fields.Text(
        related="requisition_id.data_justification",
        string="What the buyer proposes",
    )
    owner_id = fields.Many2one(
        "res.users",
        string="Data owner",
        required=True,
        index=True,
        ondelete="restrict",
        help="Business authority that answers for the data. Nobody answers for them.",
    )
    asked_by_id = fields.Many2one(
        "res.users",
        string="Asked by",
        help="Who asked the data owner to answer.",
    )
    asked_on = fields.Datetime(help="When the data owner was asked (server time).")
    state = fields.Selection(
        [("draft", "Answer awaited"), ("answered", "Answered"), ("signed", "Signed")],
        required=True,
        default="draft",
        tracking=True,
        help="Answered: by the data owner. Signed: by a compliance officer. Changing "
        "an answer, its reason or the data owner voids the signature.",
    )

    data_protected_secret_reason = fields.Text(
        string="Reason of A1",
        help="What the data is, and which secret protects it or why none does. "
        "Describe the kind of data, never the data.",
    )
    data_essential_mission_reason = fields.Text(
        string="Reason of A2",
        help="Which mission of the State needs the data, or why none does. Describe "
        "the kind of data, never the data.",
    )
    data_breach_harm_reason = fields.Text(
        string="Reason of B",
        help="What a breach would cause, or why it would not: confidentiality, "
        "integrity, availability, traceability. Describe the kind of data, never the "
        "data.",
    )
    data_protected_secret_by_id = fields.Many2one(
        "res.users", string="A1 answered by", help="Written by the server."
    )
    data_essential_mission_by_id = fields.Many2one(
        "res.users", string="A2 answered by", help="Written by the server."
    )
    data_breach_harm_by_id = fields.Many2one(
        "res.users", string="B answered by", help="Written by the server."
    )
    data_protected_secret_on = fields.Datetime(
        string="A1 answered on", help="Server time."
    )
    data_essential_mission_on = fields.Datetime(
        string="A2 answered on", help="Server time."
    )
    data_breach_harm_on = fields.Datetime(string="B answered on", help="Server time.")
    signed_by_id = fields.Many2one(
        "res.users",
        string="Signed by",
        help="Compliance officer who signed the result: neither the data owner nor who "
        "asks for the purchase.",
    )
    signed_on = fields.Datetime(help="When the result was signed (server time).")

    _requisition_uniq = models.Constraint(
        "UNIQUE (requisition_id)", "The data of a need is tested once."
    )

    @api.model
    def _get_server_fields(self):
        stamps = {f"{name}_{of}" for name in QUESTIONS for of in ("by_id", "on")}
        return super()._get_server_fields() | stamps | _SERVER_FIELDS

    @api.depends("requisition_id.name", "requisition_id.reference")
    def _compute_display_name(self):
        for test in self:
            file = test.sudo().requisition_id
            test.display_name = file.reference or file.display_name

    @api.ondelete(at_uninstall=False)
    def _unlink_except_answered(self):
        if kept := self.filtered(lambda test: test.state != "draft"):
            raise UserError(
                self.env._(
                    "%(tests)s: what the data owner answered is kept.",
                    tests=", ".join(kept.mapped("display_name")),
                )
            )
