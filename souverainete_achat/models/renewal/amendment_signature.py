from odoo import fields, models
from odoo.exceptions import UserError


class Amendment(models.Model):
    """Signing: the agreement is judged as it would stand, and what goes further than
    the rules allow is refused. Lowering and shortening never are."""

    _inherit = "souverainete.amendment"

    def action_sign(self):
        """Sign, and let the agreement go exactly as far as the amendment says."""
        for amendment in self:
            amendment.check_access("write")
            amendment._check_signable()
            amendment._sign()
        return True

    def _check_signable(self):
        file = self.requisition_id
        if self.state != "draft":
            raise UserError(
                self.env._("%(name)s is already signed.", name=self.display_name)
            )
        if file.gate_state != "confirmed":
            raise UserError(
                self.env._("%(file)s does not run any more.", file=file.display_name)
            )
        if missing := self._get_missing():
            raise UserError(
                self.env._("Give before signing: %(what)s.", what=", ".join(missing))
            )
        self._check_cost_included()
        today = file.company_id._souverainete_today()
        if self._is_extending() and not file._is_running(today):
            raise UserError(
                self.env._(
                    "%(file)s has ended: an agreement that ended is renewed (button "
                    "“Renew”), not extended.",
                    file=file.display_name,
                )
            )

    def _check_cost_included(self):
        """What is said to be among the costs of the project already fits in them."""
        project = self.requisition_id.sudo().need_id.project_id
        if not project or not self.cost_included or self.amount <= 0:
            return
        today = self.requisition_id.company_id._souverainete_today()
        added = self.currency_id._convert(
            self.amount, project.currency_id, project.company_id, today
        )
        if not project._is_stated(project._get_purchased_value() + added):
            raise UserError(
                self.env._(
                    "The cost lines of %(project)s are worth less than its purchases "
                    "with this amendment: add it to them first, or untick “Already in "
                    "the project's cost”.",
                    project=project.display_name,
                )
            )

    def _get_missing(self):
        names = [name for name in ("ground", "date") if not self[name]]
        if not self.amount_known:
            names.append("amount")
        described = self.fields_get(names, ["string"])
        return [described[name]["string"] for name in names]

    def _is_extending(self):
        """Whether the agreement would go further than it does."""
        return bool(
            self._is_putting_off(self.requisition_id.date_end)
            or self.currency_id.compare_amounts(self.amount, 0) > 0
            or self.line_ids
            or self.vendor_id
        )

    def _is_putting_off(self, end):
        """Whether the end comes later. An end that was not known is only learnt."""
        return bool(self.date_end_new and end and self.date_end_new > end)

    def _has_put_off(self):
        """Whether this amendment, signed, made the agreement last longer."""
        return self.state == "signed" and self._is_putting_off(self.date_end_before)

    def _sign(self):
        """The agreement, its need and the files of its project are judged together on
        what stands once it is applied."""
        file = self.requisition_id.sudo()
        extending = self._is_extending()
        with self._get_judged_files()._declared():
            self.sudo()._write_server(self._prepare_signature())
            file._apply_amendment(self.sudo())
            if extending:
                file._raise_if_blocked(
                    {file: self._explain(file._get_extension_findings())},
                    self.env._("signing amendment %(number)s", number=self.number),
                )
        file._touch_evidence()
        file._journal(
            "amendment",
            self._prepare_entry(),
            self.env._("Amendment %(number)s was signed.", number=self.number),
        )

    def _explain(self, findings):
        """Say the way on where the amendment takes the project to the threshold."""
        if self.cost_included or self.amount <= 0:
            return findings
        way = self.env._(
            "The amount of this amendment has to be among the costs of the project "
            "first: a compliance officer adds it there, the buyer requests the "
            "opinion; once it is favourable, tick “Already in the project's cost” on "
            "the amendment and sign it."
        )
        return [
            found._replace(message=f"{found.message} {way}")
            if found.rule.code == "dinum_opinion"
            else found
            for found in findings
        ]

    def _get_judged_files(self):
        need = self.requisition_id.sudo().need_id
        others = need.project_id._get_judged_files() if need.project_id else need
        return self.requisition_id.sudo() | need | others

    def _prepare_signature(self):
        amount, known = self.requisition_id.sudo()._get_ceiling()
        share = self._get_share(amount, known)
        return {
            "state": "signed",
            "signed_on": fields.Datetime.now(),
            "signed_by_id": self.env.uid,
            "amount_before": amount,
            "amount_before_known": known,
            "date_end_before": self.requisition_id.date_end,
            "share": share or 0.0,
            "share_known": share is not None,
        }

    def _get_share(self, amount, known):
        """Cumulated share of the initial amount; None when it is not known."""
        signed = self.requisition_id.amendment_ids.filtered(
            lambda amendment: amendment.state == "signed"
        ).sorted("signed_on")
        if signed:
            first = signed[0]
            amount, known = first.amount_before, first.amount_before_known
        added = sum(signed.mapped("amount")) + self.amount
        return added / amount if known and amount else None

    def _prepare_entry(self):
        """What the journal keeps: what changed, and from what."""
        names = ("number", "name", "ground", "amount", "share", "amount_before")
        return {
            **{name: self[name] or "" for name in names},
            "reasons": self.ground_reason or "",
            "date": fields.Date.to_string(self.date),
            "end": fields.Date.to_string(self.date_end_new) or "",
            "end_before": fields.Date.to_string(self.date_end_before) or "",
            "holder": self.vendor_id.name or "",
            "products": self.line_ids.product_id.mapped("display_name"),
            "cost_included": self.cost_included,
        }

    def _record_project_cost(self):
        """What is added to a purchase is added to its project, unless already there."""
        project = self.requisition_id.need_id.project_id
        if not project or self.cost_included or self.amount <= 0:
            return
        lines = self.env["souverainete.cost.line"].with_company(project.company_id)
        lines.sudo().create(
            {
                "project_id": project.id,
                "name": self.display_name,
                "amount": self.amount,
                "amount_currency_id": self.currency_id.id,
                "tax_basis": "ht",
            }
        )
