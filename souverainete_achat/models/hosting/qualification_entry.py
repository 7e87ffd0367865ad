from odoo import api, fields, models


class QualificationEntry(models.Model):
    """What the register said from a moment on: written by the server at each change,
    never rewritten."""

    _name = "souverainete.qualification.entry"
    _inherit = ["souverainete.evidence"]
    _description = "History of the register"
    _order = "id desc"

    qualification_id = fields.Many2one(
        "souverainete.qualification", required=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(
        [
            ("recorded", "Recorded"),
            ("changed", "Changed"),
            ("verified", "Verified"),
        ],
        string="What was done",
        required=True,
    )
    day = fields.Date(
        required=True, help="Day it was recorded (Paris), not the day it was decided."
    )
    user_id = fields.Many2one(
        "res.users", string="By", help="Who recorded it. Empty: shipped with the addon."
    )
    reason = fields.Char(help="Why it was changed, when its author said so.")
    before = fields.Json(help="What the register said before.")
    after = fields.Json(help="What the register says from then on.")
    changes = fields.Text(
        compute="_compute_changes", help="What changed, from what to what."
    )

    @api.depends("before", "after")
    @api.depends_context("lang")
    def _compute_changes(self):
        labels = self.env["souverainete.qualification"].fields_get()
        for entry in self:
            before, after = entry.before or {}, entry.after or {}
            names = [
                name
                for name in labels
                if (before.get(name) or False) != (after.get(name) or False)
            ]
            entry.changes = "\n".join(
                entry._describe(labels[name], before.get(name), after.get(name))
                for name in names
            )

    def _describe(self, field, before, after):
        shown = [self._show(field, value) for value in (before, after)]
        if not before:
            return f"{field['string']} : {shown[1]}"
        return f"{field['string']} : {shown[0]} → {shown[1]}"

    def _show(self, field, value):
        """A value of the trail as people read it."""
        if not value:
            return "–"
        if field["type"] == "selection":
            return dict(field["selection"]).get(value, value)
        if field["type"] == "date":
            return self._show_date(value)
        if field["type"] == "one2many":
            periods = [[self._show_date(day) for day in pair] for pair in value]
            return ", ".join(" – ".join(pair) for pair in periods)
        return ", ".join(value) if isinstance(value, list) else str(value)

    def _show_date(self, value):
        day = fields.Date.to_date(value or False)
        return day.strftime("%d/%m/%Y") if day else "…"
