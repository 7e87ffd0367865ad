from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError


class Qualification(models.Model):
    """Who recorded what the register says: nobody proves their own purchase alone."""

    _inherit = "souverainete.qualification"

    recorded_by_id = fields.Many2one(
        "res.users",
        string="Recorded by",
        readonly=True,
        copy=False,
        help="Last person who wrote what the qualification proves. It proves nothing "
        "for their own purchases until another person verified it. Empty: shipped.",
    )
    verified_by_id = fields.Many2one(
        "res.users",
        string="Verified by",
        readonly=True,
        copy=False,
        help="Second person who compared the record with the ANSSI catalogue.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"recorded_by_id", "verified_by_id"}

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._sign_record()
        return records

    def write(self, vals):
        result = super().write(vals)
        if self._get_judged_fields() & set(vals):
            self._sign_record()
        return result

    def _sign_record(self):
        person = self.env.uid != SUPERUSER_ID and self.env.uid
        self._write_server({"recorded_by_id": person, "verified_by_id": False})

    def action_verify(self):
        """A second person compared the record with the catalogue."""
        self.check_access("write")
        if self.env.user in self.recorded_by_id:
            raise AccessError(
                self.env._(
                    "Four eyes: you recorded this qualification, so another officer "
                    "verifies it."
                )
            )
        self._write_server({"verified_by_id": self.env.uid})

    def _get_recorder_gap(self, buyers):
        """Why it proves nothing yet for a purchase of `buyers`, or empty."""
        if self.verified_by_id or self.recorded_by_id not in buyers:
            return ""
        return self.env._(
            "the qualification “%(name)s” was recorded by %(buyer)s, who buys: another "
            "officer has to verify it, on its form.",
            name=self.display_name,
            buyer=self.recorded_by_id.name,
        )
