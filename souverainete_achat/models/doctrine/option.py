from odoo import api, fields, models
from odoo.exceptions import UserError


class Option(models.Model):
    """One way of meeting one need, studied from public sources or offered by a bidder."""

    _name = "souverainete.option"
    _inherit = ["souverainete.guarded", "souverainete.declaration"]
    _description = "Option studied for a need"
    _order = "sequence, id"
    _file_path = "requisition_id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    requisition_id = fields.Many2one(
        "purchase.requisition",
        string="Need",
        required=True,
        index=True,
        ondelete="cascade",
        help="The purchase file that carries the need this option would meet.",
    )
    company_id = fields.Many2one(
        related="requisition_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="requisition_id.currency_id")
    kind = fields.Selection(
        [("studied", "Studied"), ("offer", "Offer")],
        required=True,
        default="studied",
        help="Studied: before launch, from public sources. Offer: a bid, confidential "
        "to the file's analysts until award.",
    )
    path = fields.Selection(
        [
            ("mutualised", "Mutualised solution"),
            ("off_the_shelf", "Off the shelf"),
            ("custom", "Custom development"),
        ],
        required=True,
        help="Step of circular 6519/SG: mutualise first, buy off the shelf second, "
        "develop last.",
    )
    solution_id = fields.Many2one(
        "souverainete.solution",
        string="Catalogued solution",
        index="btree_not_null",
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Contract holder",
        help="Who would sign the contract: an order must go to this vendor.",
    )
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
    )
    reason = fields.Text(
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
    cost = fields.Monetary(
        string="Cost (excl. tax)",
        help="Estimated or offered cost over the whole duration of the need, in € HT.",
    )
    cost_known = fields.Boolean(
        string="Cost known",
        help="Unticked, the cost is unknown, which is not zero: a solution may be free.",
    )
    verdict_date = fields.Datetime(string="Verdict given on")
    verdict_user_id = fields.Many2one("res.users", string="Verdict given by")
    awarded = fields.Boolean(
        compute="_compute_awarded",
        store=True,
        help="The need has been awarded: offers are no longer confidential.",
    )

    @api.depends("kind", "requisition_id.is_awarded")
    def _compute_awarded(self):
        for option in self:
            option.awarded = option.requisition_id.is_awarded

    @api.onchange("solution_id")
    def _onchange_solution_id(self):
        if self.solution_id:
            self.name = self.solution_id.name
            self.path = self.solution_id.path

    @api.onchange("cost")
    def _onchange_cost(self):
        self.cost_known = self.cost_known or bool(self.cost)

    # === WHAT THE SERVER WRITES AND KEEPS === #

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {
            "awarded",
            "verdict_date",
            "verdict_user_id",
        }

    @api.model
    def _get_free_fields(self):
        return super()._get_free_fields() | {"verdict_date", "verdict_user_id"}

    @api.model_create_multi
    def create(self, vals_list):
        options = super().create(vals_list)
        options.filtered(lambda option: option.verdict != "pending")._record_verdicts()
        return options

    def write(self, vals):
        self._check_same_identity(vals)
        before = {option: option._get_verdict_content() for option in self}
        result = super().write(vals)
        changed = self.filtered(lambda o: o._get_verdict_content() != before[o])
        changed._record_verdicts()
        return result

    def _check_same_identity(self, vals):
        """A bid cannot become a study, nor move to a need where it would be read."""
        for name in {"kind", "requisition_id"} & set(vals):
            field = self._fields[name]
            if any(field.convert_to_write(o[name], o) != vals[name] for o in self):
                raise UserError(
                    self.env._(
                        "An option keeps its kind and its need once created. Create "
                        "another option instead."
                    )
                )

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

    def _get_study_content(self):
        """What the consultation relies on, frozen when it is launched."""
        return {
            "id": self.id,
            "name": self.name,
            "path": self.path,
            "solution_id": self.solution_id.id or 0,
            **self._get_verdict_content(),
        }

    def _is_mutualised(self):
        """A study of a mutualised solution, whatever step it was filed under."""
        self.ensure_one()
        return self.kind == "studied" and "mutualised" in (
            self.path,
            self.solution_id.path,
        )

    def _record_verdicts(self):
        """Date, sign and journal the verdicts just given or changed."""
        for option in self:
            given = option.verdict != "pending"
            option._write_server(
                {
                    "verdict_date": given and fields.Datetime.now(),
                    "verdict_user_id": given and self.env.uid,
                }
            )
            payload, summary = option._prepare_verdict_entry()
            option.requisition_id._journal("verdict", payload, summary=summary)

    def _prepare_verdict_entry(self):
        """The journal is read by more people than offers are: bids stay unnamed."""
        self.ensure_one()
        payload = {"option_id": self.id, "kind": self.kind}
        if self.kind == "offer" and not self.awarded:
            return payload, self.env._("Verdict on an offer, confidential until award.")
        payload |= {"name": self.name, "path": self.path}
        return payload | self._get_verdict_content(), self.env._(
            "%(option)s: %(verdict)s",
            option=self.name,
            verdict=self._get_label("verdict"),
        )

    def _get_label(self, name):
        """The words of a selection field, in the reader's language."""
        selection = self._fields[name]._description_selection(self.env)
        return dict(selection).get(self[name], "")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        if kept := self.filtered(lambda option: option._is_evidence()):
            raise UserError(
                self.env._(
                    "These options cannot be deleted, because they are part of what "
                    "was decided: %(options)s. Set them aside with a reason instead.",
                    options=", ".join(kept.mapped("name")),
                )
            )

    def _is_evidence(self):
        """Judged on a launched file, or used by an order."""
        self.ensure_one()
        judged = self.verdict != "pending" and self.requisition_id.date_launch
        return bool(
            judged
            or self.env["purchase.order"]
            .sudo()
            .search_count([("option_id", "=", self.id)], limit=1)
        )
