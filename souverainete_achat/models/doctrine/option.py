from odoo import api, fields, models
from odoo.exceptions import UserError


class Option(models.Model):
    """One way of meeting one need: studied from public sources, or a bidder's offer."""

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
        string="Step",
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
        ondelete="restrict",
        help="Who would sign the contract: an order must go to this vendor.",
    )
    cost = fields.Monetary(
        string="Cost (excl. tax)",
        help="Estimated or offered cost over the whole duration of the need, in € HT.",
    )
    cost_known = fields.Boolean(
        string="Cost known",
        help="Unticked, the cost is unknown, which is not zero: a solution can be "
        "free.",
    )
    awarded = fields.Boolean(
        copy=False,
        help="An offer is confidential until the award that follows it.",
    )

    @api.onchange("solution_id")
    def _onchange_solution_id(self):
        if self.solution_id:
            self.name = self.solution_id.name
            self.path = self.solution_id.path

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        """An offer is named after its bidder and takes the step the study retained."""
        if self.kind == "offer" and self.partner_id:
            self.name = self.name or self.partner_id.name
            studied = self.requisition_id.studied_ids
            retained = studied.filtered(lambda o: o.verdict == "retained")
            self.path = self.path or retained[:1].path

    @api.onchange("cost")
    def _onchange_cost(self):
        self.cost_known = self.cost_known or bool(self.cost)

    # === WHAT THE SERVER WRITES AND KEEPS === #

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"awarded"}

    @api.model
    def _get_free_fields(self):
        return super()._get_free_fields() | {"awarded"}

    def write(self, vals):
        self._check_same_identity(vals)
        return super().write(vals)

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
        orders = self.env["purchase.order"].sudo()
        return bool(
            judged or orders.search_count([("option_id", "=", self.id)], limit=1)
        )

    # === WHAT OTHERS READ OF AN OPTION === #

    def _get_study_content(self):
        """What the consultation relies on, frozen when it is launched."""
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "path": self.path,
            "solution_id": self.solution_id.id or 0,
            **self._get_verdict_content(),
        }

    def _meets_need(self):
        """A mutualised solution retained: the need is met without a purchase."""
        return self._is_mutualised() and self.verdict == "retained"

    def _is_mutualised(self):
        """A study of a mutualised solution, whatever step it was filed under."""
        self.ensure_one()
        return self.kind == "studied" and "mutualised" in (
            self.path,
            self.solution_id.path,
        )

    # === WHAT OTHERS DO NOT READ BEFORE THE AWARD === #

    def _conceal(self, message):
        """`message`, or a sentence that says nothing of a bid the user may not read.

        Findings are computed for everyone, and shown to people who never read offers.
        """
        if not self._is_hidden():
            return message
        return self.env._(
            "An offer, confidential until the award, does not meet this yet: its "
            "analysts see why."
        )

    def _is_hidden(self):
        """Whether the current user may not read this option."""
        self.ensure_one()
        if not self._is_confidential():
            return False
        user = self.env.user
        dae = user.has_group("souverainete_achat.group_dae")
        return dae or user not in self.requisition_id.analyst_ids

    def _is_award_settled(self):
        """Whether nothing is left to sign that this offer competes for."""
        return not self.requisition_id._get_draft_agreements()

    def _is_confidential(self):
        """A bid before the award: only the analysts of the file read it."""
        return self.kind == "offer" and not self.awarded
