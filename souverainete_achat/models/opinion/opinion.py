from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..project.threshold import OPINION_KINDS

STATES = [
    ("draft", "Draft"),
    ("submitted", "Submitted"),
    ("suspended", "Suspended"),
    ("favourable", "Favourable"),
    ("tacit", "Deemed favourable"),
    ("unfavourable", "Unfavourable"),
    ("stale", "Stale"),
    ("withdrawn", "Withdrawn"),
]
OUTCOMES = [("favourable", "Favourable"), ("unfavourable", "Unfavourable")]
RUNNING = ("submitted", "suspended")
FAVOURABLE = ("favourable", "tacit")
ENDED = (*FAVOURABLE, "unfavourable", "stale", "withdrawn")


class Opinion(models.Model):
    """The DINUM's opinion on a project: what was asked, the clock, what came back.

    A record of an act of an outside body, never a click in Odoo: what decides is
    written by methods that check who acts, and never by a client.
    """

    _name = "souverainete.opinion"
    _inherit = ["souverainete.guarded", "mail.thread", "mail.activity.mixin"]
    _description = "DINUM opinion on a project"
    _order = "date_submitted desc, id desc"
    # The DINUM discusses what it reads without being able to write it.
    _mail_post_access = "read"

    project_id = fields.Many2one(
        "souverainete.project",
        required=True,
        index=True,
        ondelete="restrict",
        help="The opinion is about the project, not about one contract.",
    )
    company_id = fields.Many2one(
        related="project_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="project_id.currency_id")
    kind = fields.Selection(
        OPINION_KINDS,
        readonly=True,
        copy=False,
        help="Binding for a ministry, simple for a supervised body (décret 2019-1088, "
        "art. 3). Follows from the ministry or body when the request is submitted.",
    )
    channel = fields.Selection(
        [
            ("registered", "Letter received outside, transcribed here"),
            ("here", "Given here by a DINUM reviewer"),
        ],
        required=True,
        default="registered",
        help="Registered: an officer who did not ask transcribes the letter, another "
        "person confirms it. Here: a DINUM reviewer with an account answers.",
    )
    note = fields.Html(
        string="Summary note",
        help="What the request says of the project: its object, options and calendar.",
    )
    state = fields.Selection(
        STATES, default="draft", readonly=True, copy=False, tracking=True, index=True
    )

    # === OUTCOME === #

    reference = fields.Char(
        readonly=True,
        copy=False,
        tracking=True,
        help="Reference of the DINUM's letter.",
    )
    date_outcome = fields.Date(
        string="Opinion dated",
        readonly=True,
        copy=False,
        help="Date of the letter; for a deemed favourable opinion, the day after the "
        "delay ended.",
    )
    recommendations = fields.Text(readonly=True, copy=False)

    may_answer = fields.Boolean(
        compute="_compute_may_answer",
        help="Whether the current user may record or give the answer.",
    )

    # === HOOKS === #

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {
            "kind",
            "state",
            "reference",
            "date_outcome",
            "recommendations",
        }

    def _get_requesters(self):
        """Who asked: they have no part in the answer."""
        return self.requester_id | self.sudo().create_uid

    def _is_registrar(self):
        """Whether the current user's role may record what the DINUM wrote."""
        return self.env.user.has_group(
            "souverainete_achat.group_officer"
        ) or self.env.user.has_group("souverainete_achat.group_dinum")

    def _is_reviewer(self):
        """Whether the current user may give the opinion here: DINUM, never a buyer."""
        user = self.env.user
        return user.has_group("souverainete_achat.group_dinum") and not user.has_group(
            "purchase.group_purchase_user"
        )

    # === COMPUTE METHODS === #

    @api.depends("project_id.name", "project_id.code", "date_submitted")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for opinion in self:
            project = opinion.project_id
            opinion.display_name = self.env._(
                "DINUM opinion on %(project)s", project=project.code or project.name
            )

    @api.depends("channel", "requester_id")
    @api.depends_context("uid")
    def _compute_may_answer(self):
        for opinion in self:
            role = opinion._is_reviewer() if opinion.channel == "here" else True
            opinion.may_answer = (
                role
                and opinion._is_registrar()
                and self.env.user not in opinion._get_requesters()
            )

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    # === INTEGRITY === #

    @api.constrains("project_id", "channel", "note")
    def _check_request_is_frozen(self):
        if self.filtered(lambda o: o.state != "draft"):
            raise UserError(
                self.env._(
                    "A submitted request keeps its project, channel and note: withdraw "
                    "it and make a new one."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        if self.filtered(lambda o: o.state != "draft"):
            raise UserError(
                self.env._(
                    "A submitted opinion is evidence and is never deleted: withdraw it."
                )
            )

    def _check_not_requester(self):
        if self.env.user in self._get_requesters():
            raise AccessError(
                self.env._(
                    "Four eyes: you asked for this opinion, so another person records "
                    "or gives the answer."
                )
            )
