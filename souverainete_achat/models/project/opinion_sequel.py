from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..base.text import check_words
from ..base.told import tell
from .opinion_state import FAVOURABLE

_BATCH = 200

_FOLLOW_UP = "souverainete_achat.activity_opinion_follow_up"


class OpinionSequel(models.AbstractModel):
    """What an opinion is followed by: its recommendations one by one, the reason to go
    against a simple one, and the follow-ups of the Panorama."""

    _name = "souverainete.opinion.sequel"
    _inherit = ["souverainete.guarded"]
    _description = "What follows a DINUM opinion"

    unanswered_count = fields.Integer(
        string="Recommendations to answer",
        compute="_compute_unanswered_count",
        help="Recommendations of which the project did not say what it does.",
    )
    departure_needed = fields.Boolean(
        compute="_compute_departure_needed",
        help="Whether a simple opinion is gone against without a stated reason.",
    )
    date_follow_up = fields.Date(
        string="Next follow-up",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Day the follow-up for the Panorama is asked of the project's "
        "responsible: a dated time limit after the opinion, then each follow-up (page "
        "of the DINUM's service, October 2022: twice a year).",
        guard="server",
    )

    # === PUBLICATION === #
    # The DINUM publishes its opinions, later where a tender is coming (its page on the
    # opinions, 2022); what was published is recorded here, and asked of nobody.

    publication = fields.Selection(
        [
            ("published", "Published"),
            ("deferred", "Deferred"),
            ("withheld", "Not published: classified"),
        ],
        readonly=True,
        copy=False,
        tracking=True,
        help="The DINUM publishes its opinions, later where a consultation is coming, "
        "and never those that are classified. Empty: not known.",
        guard="server",
    )
    date_publication = fields.Date(
        string="Published on, or deferred until",
        readonly=True,
        copy=False,
        help="Day of the publication; of a deferral, the day it ends.",
        guard="server",
    )
    publication_reason = fields.Char(
        string="Why it is deferred or withheld",
        readonly=True,
        copy=False,
        guard="server",
    )
    publication_url = fields.Char(
        string="Where it is published",
        readonly=True,
        copy=False,
        help="Address of the published opinion.",
        guard="server",
    )

    def _record_publication(self, vals):
        """Keep what became of the opinion's publication.

        `vals`: `publication`, `date_publication`, `publication_reason` and
        `publication_url`. Raises where the actor is no registrar, the opinion was not
        given, or a day or a reason lacks.
        """
        self.check_access("read")
        self._check_publication(vals)
        label = dict(self._fields["publication"]._description_selection(self.env))
        self._take_step(
            vals,
            self.env._(
                "Publication of the opinion: %(state)s",
                state=label[vals["publication"]],
            ),
        )

    def _check_publication(self, vals):
        if not self._is_registrar():
            raise AccessError(
                self.env._("Only a compliance officer or the DINUM can do this.")
            )
        if not self.date_outcome or self.state == "withdrawn":
            raise UserError(self.env._("Only an opinion that was given is published."))
        if vals["publication"] != "published":
            self._check_reason(vals["publication_reason"])
        if vals["publication"] != "withheld" and not self._is_day_of(vals):
            raise UserError(
                self.env._(
                    "Give the day: of the publication, not in the future, or of the "
                    "end of the deferral, not in the past."
                )
            )

    def _is_day_of(self, vals):
        day, today = vals["date_publication"], self.company_id._souverainete_today()
        if not day:
            return False
        return day <= today if vals["publication"] == "published" else day >= today

    def _prepare_publication_entry(self):
        """What the journal keeps of the publication."""
        return {
            "state": self.publication,
            "day": fields.Date.to_string(self.date_publication) or "",
            "reason": self.publication_reason or "",
            "address": self.publication_url or "",
        }

    # === RECOMMENDATIONS === #

    @api.depends("recommendation_ids.answer")
    def _compute_unanswered_count(self):
        for opinion in self:
            opinion.unanswered_count = len(opinion._get_unanswered())

    def _get_unanswered(self):
        return self.recommendation_ids.filtered(lambda record: not record.answer)

    def action_open_recommendations(self):
        """Open the list of this opinion's recommendations, to answer them."""
        self.check_access("read")
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "souverainete_achat.recommendation_action"
        )
        return action | {"domain": [("opinion_id", "=", self.id)], "context": {}}

    # === DEPARTURE === #
    # A simple opinion does not bind: going against it takes a reason.

    @api.depends(
        "kind",
        "state",
        "departure_ids",
        "recommendation_ids.answer",
        "recommendation_ids.departure_id",
    )
    def _compute_departure_needed(self):
        for opinion in self:
            opinion.departure_needed = opinion._is_departed_from()

    def _is_departed_from(self):
        """Whether the project goes against the opinion and nobody said why."""
        refused = self.state == "unfavourable" and not self.departure_ids
        return self.kind == "simple" and bool(refused or self._get_set_aside())

    def _get_set_aside(self):
        """Recommendations that are not followed and that no decision covers."""
        return self.recommendation_ids.filtered(
            lambda r: r.answer == "not_followed" and not r.departure_id
        )

    def _get_departure_message(self):
        """What is gone against, and who states why."""
        head = tell(self.env)._(
            "The DINUM's simple opinion on %(project)s is unfavourable.",
            project=self.project_id.display_name,
        )
        if self.state != "unfavourable" or self.departure_ids:
            numbers = ", ".join(str(r.number) for r in self._get_set_aside())
            head = tell(self.env)._(
                "Recommendations of the DINUM on %(project)s are not followed: "
                "%(numbers)s.",
                project=self.project_id.display_name,
                numbers=numbers,
            )
        return tell(self.env)._(
            "%(head)s It does not bind, but going against it takes a reason: a "
            "compliance officer records it, with who decides, on the opinion.",
            head=head,
        )

    def action_depart(self, reason="", authority=""):
        """Record why who decides goes against the opinion. Never edited afterwards."""
        self.check_access("read")
        check_words(self.env, reason, authority)
        for opinion in self:
            opinion._check_departure(reason, authority)
            opinion._record_departure(reason, authority)

    def _check_departure(self, reason, authority):
        self.check_access("read")
        if not self.env.user.has_group("souverainete_achat.group_officer"):
            raise AccessError(
                self.env._("Only a compliance officer records this decision.")
            )
        self._check_not_requester()
        if not self._is_departed_from():
            raise UserError(
                self.env._(
                    "Nothing to state: only an unfavourable simple opinion, or its "
                    "recommendations that are not followed, take a reason."
                )
            )
        self._check_reason(reason)
        if not (authority or "").strip():
            raise UserError(
                self.env._("Say who decides for the ministry or body: name, function.")
            )

    def _record_departure(self, reason, authority):
        opinion = self.sudo()
        [departure] = opinion.departure_ids._create_server(
            [
                {
                    "opinion_id": self.id,
                    "reason": reason,
                    "authority": authority,
                    "recorded_by_id": self.env.uid,
                    "recorded_on": fields.Datetime.now(),
                }
            ]
        )
        opinion._get_set_aside()._write_server({"departure_id": departure.id})
        summary = self.env._("The simple opinion is gone against, with a reason.")
        files = opinion.project_id._get_judged_files()
        opinion.project_id._touch_evidence()
        files._record_act("departure", departure._prepare_entry(), summary)
        self._message_log(body=summary)

    # === FOLLOW-UP === #
    # A project with a favourable opinion is followed twice a year in the Panorama.

    def _get_next_follow_up(self, start):
        time_limits = self.env["souverainete.time.limit"].sudo()
        today = self.company_id._souverainete_today()
        time_limit_id = time_limits._get_time_limit_id(
            "opinion_follow_up", self.company_id.id, today
        )
        return time_limits.browse(time_limit_id)._get_end(start)

    @api.model
    def _cron_follow_up(self):
        """Ask for the follow-ups of the day; safe to run again after a cut."""
        domain = [
            ("state", "in", FAVOURABLE),
            ("project_id.active", "=", True),
            ("date_follow_up", "<=", self.env.company._souverainete_today()),
        ]
        self.env["ir.cron"]._commit_progress(remaining=self.search_count(domain))
        while due := self.search(domain, order="date_follow_up, id", limit=_BATCH):
            for opinion in due:
                opinion._ask_follow_up()
            if not self.env["ir.cron"]._commit_progress(len(due)):
                break

    def _ask_follow_up(self):
        """One open activity at most: a follow-up not done is not asked twice."""
        self.activity_unlink([_FOLLOW_UP])
        user = self.project_id.user_id or self.requester_id
        self.activity_schedule(
            _FOLLOW_UP,
            summary=self.with_context(lang=user.lang).env._(
                "Follow-up for the Panorama of major projects"
            ),
            user_id=user.id,
        )
        today = self.company_id._souverainete_today()
        self._write_server({"date_follow_up": self._get_next_follow_up(today)})
