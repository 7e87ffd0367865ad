from odoo import api, fields, models

SIGNED_STATES = ("confirmed", "done")


class PurchaseRequisition(models.Model):
    """The gate: nothing is signed before every room is satisfied."""

    _inherit = "purchase.requisition"

    date_launch = fields.Datetime(
        string="Launched on",
        copy=False,
        tracking=True,
        help="When the consultation left (server time). Need, study, data answers, "
        "weights and opinion are frozen from then on.",
    )
    gate_passed_on = fields.Datetime(
        string="Checks passed on",
        copy=False,
        help="When every check was passed and the agreement confirmed (server time).",
    )
    gate_state = fields.Char(
        default="draft",
        copy=False,
        help="Last state the gate accepted; compared with the state to know what is "
        "being attempted, whoever wrote it.",
    )
    gate_envelope = fields.Json(
        copy=False, help="What was judged: vendor, company, currency, products, € HT."
    )
    launch_digest = fields.Char(
        copy=False, help="SHA-256 of what was frozen when the consultation left."
    )
    evidence_rev = fields.Integer(
        default=0,
        copy=False,
        help="Raised by each change of the file's evidence, so that the database "
        "refuses one of two people who act at once.",
    )

    # === HOOKS === #

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {
            "date_launch",
            "gate_passed_on",
            "gate_state",
            "gate_envelope",
            "launch_digest",
            "evidence_rev",
        }

    # === SIGNATURE === #

    @api.constrains("state")
    def _check_state_gate(self):
        """Whoever writes the state, by whatever road, passes here."""
        changed = self.filtered(lambda f: f.state != f.gate_state)
        entering = changed.filtered(lambda f: f._is_entering())
        entering._pass_gate()
        (changed - entering)._leave_gate()

    def _is_entering(self):
        """Entering `confirmed` from any state, and `done` from anything else."""
        return self.state == "confirmed" or (
            self.state == "done" and self.gate_state != "confirmed"
        )

    def _pass_gate(self):
        judged = self.filtered(lambda f: f._get_judged_scope() != "out")
        for file in judged:
            file._launch_on_confirm()
        stages = {file: file._get_confirm_stage() for file in judged}
        findings = {file: file._findings(stage) for file, stage in stages.items()}
        self._raise_if_blocked(findings, self.env._("confirming the agreement"))
        for file in judged:
            file._record_gate()
        (self - judged)._settle_out_of_scope()
        judged._refresh_compliance()

    def _get_confirm_stage(self):
        """Confirming a template is launching its need; nothing is signed by it."""
        return "launch" if self.requisition_type == "purchase_template" else None

    def _launch_on_confirm(self):
        """One click where nothing is published, or where confirming is launching."""
        need = self.need_id
        template = self.requisition_type == "purchase_template"
        direct = need == self if template else not need._is_published()
        if direct and not need.date_launch and not self._findings_block("launch"):
            need._record_launch()

    def _findings_block(self, stage):
        return any(finding.blocking for finding in self._findings(stage))

    def _record_gate(self):
        self.sudo()._write_server(
            {
                "gate_passed_on": fields.Datetime.now(),
                "gate_state": self.state,
                "gate_envelope": self._prepare_envelope(),
            }
        )
        self._touch_evidence()
        self._journal(
            "gate", self.gate_envelope, self.env._("Every check passed: confirmed.")
        )

    def _settle_out_of_scope(self):
        """What was confirmed as not digital stays so: remember its products."""
        for file in self:
            file._write_server(
                {"gate_state": file.state, "gate_envelope": file._prepare_settled()}
            )

    def _prepare_settled(self):
        """Products settle by their class; what was stated is judged as it changes."""
        by_class = self.scope_override == "auto"
        products = self.line_ids.product_id.ids if by_class else []
        return {"out_of_scope": True, "products": products}

    def _get_settled_products(self):
        """Products that were judged not digital when the agreement was confirmed."""
        envelope = self.gate_envelope or {}
        settled = self.gate_state in SIGNED_STATES and envelope.get("out_of_scope")
        return self.env["product.product"].browse(
            envelope["products"] if settled else []
        )

    def _leave_gate(self):
        """Closing and cancelling are free; going back to draft starts afresh."""
        for file in self:
            vals = {"gate_state": file.state, **file._prepare_end_of_take_over()}
            if file.state == "draft" and (file.date_launch or file.gate_passed_on):
                vals |= dict.fromkeys(
                    ("date_launch", "launch_digest", "gate_passed_on", "gate_envelope"),
                    False,
                )
                file._journal(
                    "correction",
                    {"back_to": "draft"},
                    self.env._("Back to draft: launch and checks start afresh."),
                )
            file.sudo()._write_server(vals)
        self.filtered("is_digital")._refresh_compliance()
