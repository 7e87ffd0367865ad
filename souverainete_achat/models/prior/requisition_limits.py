from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class PurchaseRequisition(models.Model):
    """What was not known of a contract when it was taken over."""

    _inherit = "purchase.requisition"

    prior_amount_missing = fields.Boolean(
        string="Amount to complete",
        copy=False,
        readonly=True,
        help="Taken over without a known maximum (€ HT): it takes orders until its "
        "end, whatever they add up to, until its amount is completed, once.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"prior_amount_missing"}

    def _get_unknown_limits(self, judged):
        """Names of the limits a contract was taken over without knowing."""
        names = ("vendor", "holders", "products", "amount", "end", "options")
        return {name for name in names if self.is_prior and not judged.get(name)}

    def _learn_unknown_limits(self):
        """What was not known is learnt once; from then on it is judged.

        But for options: studying them now says nothing of what was signed then.
        """
        for file in self.filtered("is_prior"):
            judged, now = file.gate_envelope or {}, file._prepare_envelope()
            unknown = file._get_unknown_limits(judged) - {"options"}
            if learnt := {name: now[name] for name in unknown if now[name]}:
                file._learn(judged | learnt)

    def _learn(self, envelope):
        missing = not envelope.get("amount")
        self._write_server({"gate_envelope": envelope, "prior_amount_missing": missing})

    # === THE OFFICER'S === #

    def _record_holders(self, partners):
        """Record holders that the published data name since the contract was taken
        over. Raises when the current user is not an officer."""
        self._check_officer()
        for file in self.sudo():
            links = [fields.Command.link(partner.id) for partner in partners]
            unknown = dict(file.gate_envelope or {}, holders=[])
            file._write_server({"gate_envelope": unknown, "holder_ids": links})
            file._journal("take_over", {"holders": file._get_holders().mapped("name")})

    def action_state_umbrella(self):
        """The officer states that a contract taken over is an umbrella framework."""
        self._check_officer()
        for file in self:
            file._check_umbrella_statable()
            envelope = dict(file.sudo().gate_envelope or {}, umbrella=True)
            file.sudo()._write_server({"is_umbrella": True, "gate_envelope": envelope})
            file._journal(
                "take_over",
                {"umbrella": True},
                self.env._("Stated to be an umbrella framework."),
            )

    def _check_umbrella_statable(self):
        if not self.is_prior or self.is_umbrella:
            raise UserError(
                self.env._(
                    "%(name)s is not a contract taken over, or is already an umbrella "
                    "framework.",
                    name=self.display_name,
                )
            )
        if self.env.user in self._get_scope_requesters() - self.prior_officer_id:
            raise AccessError(
                self.env._(
                    "Four eyes: the buyer of %(name)s cannot state it; another "
                    "officer can.",
                    name=self.display_name,
                )
            )

    def _is_running(self, date):
        """Whether orders may still be placed on `date`: not after the end."""
        return not self.date_end or self.date_end >= date
