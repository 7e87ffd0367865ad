from odoo import api, fields, models

# Of the order's own rules, those that ask what the urgency has no time for.
_LIFTED = frozenset({"order_file", "order_light"})


class PurchaseOrder(models.Model):
    """An order under a confirmed urgency leaves before its file is there."""

    _inherit = "purchase.order"

    emergency_ids = fields.Many2many(
        "souverainete.emergency",
        "souverainete_emergency_order_rel",
        string="Urgencies",
        readonly=True,
        copy=False,
        help="Imperative urgencies that list this order.",
    )
    emergency_id = fields.Many2one(
        "souverainete.emergency",
        string="Left in urgency",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The urgency without which this order would have been refused.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"emergency_id", "emergency_ids"}

    # === WHAT IS LIFTED === #

    def _is_lifted(self, finding):
        hurried = self._is_hurried(finding) and self.sudo()._get_urgency()
        return bool(hurried) or super()._is_lifted(finding)

    def _is_hurried(self, finding):
        """Whether an urgency has no time for this: the file's findings, and being
        without a file. What the order itself is stays judged."""
        if finding.rule.stage != "order":
            return True
        return finding.rule.code in _LIFTED and not self._get_file()

    def _get_urgency(self):
        """The confirmed urgency that covers this order as it is now, or empty."""
        running = self.emergency_ids.filtered(lambda urgency: urgency._is_running())
        return running.filtered(lambda urgency: self._is_as_asked(urgency))[:1]

    def _is_as_asked(self, urgency):
        """Whether vendor, file and currency are those asked for, and nothing more is
        bought. Less is free."""
        asked = (urgency.envelopes or {}).get(str(self.id))
        if not asked:
            return False
        now = self._prepare_urgent_envelope()
        same = all(now[name] == asked[name] for name in ("links", "currency"))
        fewer = set(now["products"]) <= set(asked["products"])
        return same and fewer and not self._is_raised(asked["amount"], now["amount"])

    def _prepare_urgent_envelope(self):
        names = ("partner_id", "company_id", "requisition_id", "need_id")
        return {
            "links": [self[name].id for name in names],
            "currency": self.currency_id.id,
            "products": self.order_line.product_id.ids,
            "amount": self._get_judged_amount(),
        }

    def _may_be_urgent(self):
        """Digital, waiting, and without a file or under contracts already in order:
        the urgency does not launch a need in the place of its people."""
        waiting = self.state in ("draft", "sent", "to approve")
        files = self._get_judged_files()
        settled = all(file.is_prior or file._is_once_met() for file in files)
        return waiting and self.scope_status != "out" and settled

    def _get_regression_findings(self, now):
        """What left in urgency alone is raised by another urgency alone."""
        if self.emergency_id:
            return self._findings()
        return super()._get_regression_findings(now)

    # === RECORD === #

    def _pass_gate(self):
        order = self.sudo()
        urgency = order._get_needed_urgency()
        if order.emergency_id != urgency:
            order._write_server({"emergency_id": urgency.id})
        result = super()._pass_gate()
        if urgency:
            message = self.env._("%(order)s was confirmed.", order=self.name)
            urgency._message_log(body=message)
        return result

    def _get_needed_urgency(self):
        """The urgency without which the order would be refused now, or empty."""
        urgency = self._get_urgency()
        hurried = filter(self._is_hurried, self._all_findings() if urgency else [])
        needed = any(finding.blocking for finding in hurried)
        return urgency if needed else urgency.browse()

    def _prepare_order_payload(self):
        payload = super()._prepare_order_payload()
        urgency = self.emergency_id
        return payload | {"emergency": urgency.id} if urgency else payload

    def _is_small(self, lines):
        """What left in urgency weighs on no other purchase."""
        return not self.emergency_id and super()._is_small(lines)

    # === WAY OUT === #

    def action_ask_emergency(self):
        """Open the urgency of this order, or write a new one."""
        self.ensure_one()
        open_states = ("draft", "requested", "confirmed")
        known = self.emergency_ids.filtered(lambda e: e.state in open_states)[:1]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Imperative urgency"),
            "res_model": "souverainete.emergency",
            "res_id": known.id,
            "view_mode": "form",
            "context": {
                "default_order_ids": self.ids,
                "default_company_id": self.company_id.id,
            },
        }

    def _format_refusal(self, findings):
        """Say why an urgency that was confirmed does not cover the order."""
        refusal = super()._format_refusal(findings)
        urgencies = self.sudo().emergency_ids
        confirmed = urgencies.filtered(lambda urgency: urgency.state == "confirmed")
        if not confirmed or self.sudo()._get_urgency():
            return refusal
        return "\n".join([refusal, self._get_not_covered_message(confirmed[0])])

    def _get_not_covered_message(self, urgency):
        return self.env._(
            "%(urgency)s does not cover this order: it is over, or the vendor, the "
            "file, a product or the amount is not what was asked for. Ask for another "
            "urgency, for an order of its own.",
            urgency=urgency.display_name,
        )
