from odoo import api, fields, models
from odoo.exceptions import UserError


class QualificationSuspension(models.Model):
    """A time during which a qualification is suspended: it proves nothing."""

    _name = "souverainete.qualification.suspension"
    _inherit = ["souverainete.written", "souverainete.guarded"]
    _description = "Suspension of a qualification"
    _order = "date_start, id"
    _root_path = "qualification_id"
    _dates_ordered = models.Constraint(
        "CHECK (date_end >= date_start)", "A suspension cannot end before it starts."
    )

    qualification_id = fields.Many2one(
        "souverainete.qualification", required=True, index=True, ondelete="restrict"
    )
    date_start = fields.Date(
        string="Suspended from", required=True, help="First day without it (inclusive)."
    )
    date_end = fields.Date(
        string="Suspended until",
        help="Last day without it (inclusive). Empty: still suspended.",
    )
    source = fields.Char(
        required=True, help="Where the suspension, and its end, were read, and when."
    )
    recorded_by_id = fields.Many2one(
        "res.users", string="Recorded by", readonly=True, guard="server"
    )

    @api.model_create_multi
    def create(self, vals_list):
        default = self.default_get(["qualification_id"]).get("qualification_id")
        ids = {vals.get("qualification_id", default) for vals in vals_list}
        concerned = self.env["souverainete.qualification"].browse(ids - {None, False})
        with concerned._judged():
            records = super().create(vals_list)
            records._write_server({"recorded_by_id": self.env.uid})
            concerned._sign_record()
        concerned._trace()
        return records

    def write(self, vals):
        if self._is_granted("write", vals):
            return super().write(vals)
        if "qualification_id" in vals:
            raise UserError(
                self.env._("A suspension stays with its qualification: record another.")
            )
        with self.qualification_id._judged():
            result = super().write(vals)
            self._write_server({"recorded_by_id": self.env.uid})
            self.qualification_id._sign_record()
        self.qualification_id._trace()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "A suspension is a fact of the register and is never deleted: correct "
                "its dates, and say why in its source."
            )
        )

    def _covers(self, day):
        return self.date_start <= day and (not self.date_end or day <= self.date_end)

    def _export_periods(self):
        """[first day, last day] of each, as text: what the register keeps of them."""
        return [
            [fields.Date.to_string(s.date_start), fields.Date.to_string(s.date_end)]
            for s in self.sorted("date_start")
        ]
