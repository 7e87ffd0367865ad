from odoo import api, fields, models

_COUNTED = ("amount_counted", "amount_counted_known", "amount_framework")


class PurchaseRequisition(models.Model):
    """Amounts that can be summed over files: each need once, frameworks apart.

    Written by the server when the file is judged again, and never computed: purchases
    out of scope pay nothing for them, and no gate reads them.
    """

    _inherit = "purchase.requisition"

    amount_counted = fields.Monetary(
        string="Value counted once (excl. tax)",
        copy=False,
        help="Value of the need, in € HT, on the file that carries it; 0 on the "
        "agreements that share it and on umbrella frameworks. It can be summed.",
    )
    amount_counted_known = fields.Boolean(
        string="Value counted known",
        copy=False,
        help="Unticked on a file that carries a need, its value is unknown: the sum is "
        "then a minimum.",
    )
    amount_framework = fields.Monetary(
        string="Ceiling of the framework (excl. tax)",
        copy=False,
        help="Maximum of an umbrella framework, in € HT, counted once. It is no "
        "expense: what is spent under it is counted with the need of each order.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | set(_COUNTED)

    def _refresh_compliance(self):
        res = super()._refresh_compliance()
        self._refresh_counted()
        return res

    def _judge_declaration(self, before):
        """What is no longer digital counts for nothing any more."""
        res = super()._judge_declaration(before)
        out = self.filtered(lambda f: f.scope_status == "out")
        out.filtered(
            lambda f: f.amount_counted or f.amount_framework
        )._refresh_counted()
        return res

    def _refresh_counted(self):
        """Write what each file counts for now; only what changed."""
        for file in self.sudo():
            vals = file._prepare_counted()
            if any(file[name] != value for name, value in vals.items()):
                file._write_server(vals)

    def _prepare_counted(self):
        amount, known = self._get_value()
        digital = self.scope_status != "out"
        spent = digital and self._is_expense()
        return {
            "amount_counted": self.currency_id.round(amount) if spent else 0.0,
            "amount_counted_known": bool(spent and known),
            "amount_framework": self._get_framework_ceiling() if digital else 0.0,
        }

    def _get_framework_ceiling(self):
        """€ HT: the ceiling of an umbrella framework, on the file that carries it."""
        carried = self.is_umbrella and self.need_id == self and not self.is_prior
        if not carried or self.state == "cancel":
            return 0.0
        amount = self.amount_max if self.amount_max_known else self._get_value()[0]
        return self.currency_id.round(amount)
