from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class Opinion(models.Model):
    """A simple opinion does not bind: going against it takes a reason."""

    _inherit = "souverainete.opinion"

    departure_ids = fields.One2many(
        "souverainete.opinion.departure",
        "opinion_id",
        string="Departures",
        readonly=True,
        copy=False,
        help="Why who decides went against the opinion.",
    )
    departure_needed = fields.Boolean(
        compute="_compute_departure_needed",
        help="Whether a simple opinion is gone against without a stated reason.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"departure_ids"}

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
        head = self.env._(
            "The DINUM's simple opinion on %(project)s is unfavourable.",
            project=self.project_id.display_name,
        )
        if self.state != "unfavourable" or self.departure_ids:
            numbers = ", ".join(str(r.number) for r in self._get_set_aside())
            head = self.env._(
                "Recommendations of the DINUM on %(project)s are not followed: "
                "%(numbers)s.",
                project=self.project_id.display_name,
                numbers=numbers,
            )
        return self.env._(
            "%(head)s It does not bind, but going against it takes a reason: a "
            "compliance officer records it, with who decides, on the opinion.",
            head=head,
        )

    # === DECISION === #

    def action_depart(self, reason="", authority=""):
        """Record why who decides goes against the opinion. Never edited afterwards."""
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
        files._touch_evidence()
        files._journal("departure", departure._prepare_entry(), summary=summary)
        files._refresh_compliance()
        self._message_log(body=summary)
