from odoo import fields, models


class LikenessSubject(models.AbstractModel):
    """What may look like the same project as another: a project, or a purchase that
    has none."""

    _name = "souverainete.likeness.subject"
    _inherit = ["souverainete.guarded"]
    _description = "Project or purchase that may be part of a larger project"

    split_alert = fields.Json(
        copy=False,
        help="Sum of what looks like one project with this one, as the job found it.",
        guard="server",
    )
    likeness_ids = fields.Many2many(
        "souverainete.project.likeness",
        string="Looks like one project with",
        compute="_compute_likeness_ids",
        help="What looks like the same project, with the officer's answers.",
    )

    def _compute_likeness_ids(self):
        pairs = self.env["souverainete.project.likeness"]
        for subject in self:
            subject.likeness_ids = pairs.search(subject._get_likeness_domain())

    def _get_likeness_domain(self):
        """The pairs this subject is a side of, those that ended apart."""
        name = "project_id" if self._name == "souverainete.project" else "file_id"
        return [
            "|",
            (name, "in", self._origin.ids),
            (f"other_{name}", "in", self._origin.ids),
            ("ended_on", "=", False),
        ]
