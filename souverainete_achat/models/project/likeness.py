from odoo import api, fields, models

SIDES = (("project_id", "file_id"), ("other_project_id", "other_file_id"))


class Likeness(models.Model):
    """Two projects, or purchases without one, that look like the same project.

    Proposed by a job, answered once by a compliance officer, and kept. No text says
    when several purchases are one project: it only warns (ministry policy).
    """

    _name = "souverainete.project.likeness"
    _inherit = ["souverainete.evidence"]
    _description = "Purchases that look like one project"
    _order = "ended_on desc, state, id desc"

    company_id = fields.Many2one(
        "res.company",
        string="Ministry",
        required=True,
        index=True,
        help="The ministry whose projects are compared, its branches included.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    project_id = fields.Many2one(
        "souverainete.project", index="btree_not_null", ondelete="cascade"
    )
    file_id = fields.Many2one(
        "purchase.requisition",
        string="Purchase without project",
        index="btree_not_null",
        ondelete="cascade",
    )
    other_project_id = fields.Many2one(
        "souverainete.project",
        string="Other project",
        index="btree_not_null",
        ondelete="cascade",
    )
    other_file_id = fields.Many2one(
        "purchase.requisition",
        string="Other purchase without project",
        index="btree_not_null",
        ondelete="cascade",
    )
    signs = fields.Json(help="What they share, as the job found it.")
    why = fields.Char(
        string="What they share",
        compute="_compute_why",
        help="Words of their titles, vendor, solution or reference in common.",
    )
    state = fields.Selection(
        [
            ("proposed", "To answer"),
            ("same", "One project"),
            ("different", "Different projects"),
        ],
        string="Answer",
        required=True,
        default="proposed",
        help="Answered once by a compliance officer who asks for none of the "
        "purchases.",
    )
    reason = fields.Char(
        help="Why they are one project, or different ones. Typed by the officer before "
        "answering, then kept."
    )
    answered_by_id = fields.Many2one("res.users", string="Answered by")
    answered_on = fields.Datetime(string="Answered on")
    ended_on = fields.Date(
        string="No longer alike since",
        help="Day the job found that nothing is shared any more, or that they now are "
        "one project.",
    )

    _sides_are_complete = models.Constraint(
        "CHECK (num_nonnulls(project_id, file_id) = 1 AND "
        "num_nonnulls(other_project_id, other_file_id) = 1)",
        "A comparison has two sides: each is a project, or a purchase without one.",
    )
    _pair_unique = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT "
        "(project_id, file_id, other_project_id, other_file_id)",
        "These two are already compared.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() - {"reason"}

    @api.depends("project_id.name", "file_id.name", "other_project_id.name")
    def _compute_display_name(self):
        for pair in self:
            names = [subject.display_name for subject in pair.sudo()._get_subjects()]
            pair.display_name = " / ".join(names)

    @api.depends("signs")
    @api.depends_context("lang")
    def _compute_why(self):
        labels = {
            "words": self.env._("title: %s"),
            "vendor": self.env._("vendor: %s"),
            "solution": self.env._("solution: %s"),
            "reference": self.env._("reference: %s"),
        }
        for pair in self:
            signs = pair.signs or {}
            pair.why = ", ".join(labels[sign] % text for sign, text in signs.items())

    def _is_moot(self):
        """Whether a purchase of the two now belongs to a project: it is compared."""
        return bool((self.file_id | self.other_file_id).project_id)

    def _get_subjects(self):
        """The two sides, each a project or a file."""
        return [self[project] or self[file] for project, file in SIDES]
