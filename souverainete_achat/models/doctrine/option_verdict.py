from odoo import api, fields, models


class Option(models.Model):
    """What was decided about an option, by whom, when and why."""

    _inherit = "souverainete.option"

    assessment = fields.Selection(
        [
            ("adequate", "Adequate"),
            ("adequate_with_development", "Adequate with development"),
            ("inadequate", "Inadequate"),
            ("unavailable", "Not available"),
        ],
        help="Does it meet the need? Additional developments are to be considered for "
        "mutualised solutions (circular 6519/SG).",
    )
    verdict = fields.Selection(
        [
            ("pending", "To examine"),
            ("retained", "Retained"),
            ("rejected", "Set aside"),
        ],
        required=True,
        default="pending",
        copy=False,
    )
    reason = fields.Text(
        copy=False,
        string="Reason of the verdict",
        help="Why it is retained or set aside, in a few sentences a third party "
        "understands.",
    )
    custom_ground = fields.Selection(
        [
            ("no_solution", "No existing solution meets the need"),
            ("resilience", "Resilience demands very strong internal mastery"),
        ],
        string="Ground for developing",
        help="The two grounds on which the State develops: nothing existing answers, "
        "or resilience requires it (circular 6519/SG, third step).",
    )
    verdict_date = fields.Datetime(string="Verdict given on")
    verdict_user_id = fields.Many2one("res.users", string="Verdict given by")

    # === WHAT THE SERVER WRITES === #

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"verdict_date", "verdict_user_id"}

    @api.model
    def _get_free_fields(self):
        return super()._get_free_fields() | {"verdict_date", "verdict_user_id"}

    @api.model_create_multi
    def create(self, vals_list):
        options = super().create(vals_list)
        options.filtered(lambda option: option.verdict != "pending")._record_verdicts()
        return options

    def write(self, vals):
        before = {option: option._get_verdict_content() for option in self}
        result = super().write(vals)
        changed = self.filtered(lambda o: o._get_verdict_content() != before[o])
        changed._record_verdicts()
        return result

    def _get_verdict_content(self):
        """What a verdict says; any change of it is journalled."""
        self.ensure_one()
        if self.verdict == "pending":
            return {"verdict": "pending"}
        return {
            "verdict": self.verdict,
            "assessment": self.assessment or "",
            "reason": self.reason or "",
            "custom_ground": self.custom_ground or "",
        }

    def _record_verdicts(self):
        """Date, sign and journal the verdicts just given, changed or withdrawn."""
        for option in self:
            given = option.verdict != "pending"
            option._write_server(
                {
                    "verdict_date": given and fields.Datetime.now(),
                    "verdict_user_id": given and self.env.uid,
                }
            )
            option.requisition_id._journal(
                "verdict",
                {
                    "option_id": option.id,
                    "kind": option.kind,
                    "name": option.name,
                    "path": option.path,
                    **option._get_verdict_content(),
                },
                summary=option._get_verdict_summary(),
            )

    def _get_verdict_summary(self):
        """The sentence everybody reads: it says nothing of a bid."""
        if self.kind == "offer":
            return self.env._("Verdict on an offer.")
        return self.env._(
            "%(option)s: %(verdict)s.",
            option=self.name,
            verdict=dict(self._fields["verdict"]._description_selection(self.env))[
                self.verdict
            ],
        )
