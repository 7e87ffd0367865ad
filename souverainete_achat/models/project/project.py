from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

REQUIRED = [("yes", "Required"), ("no", "Not required"), ("unknown", "Not known yet")]


class Project(models.Model):
    """A digital project: what the DINUM's opinion is about, never one contract alone.

    Its cost is construction plus the first months of maintenance in operational
    condition (MCO), staff included, with tax (arrêté of 5 June 2020, art. 1 and 2).
    """

    _name = "souverainete.project"
    _inherit = [
        "souverainete.guarded",
        "souverainete.declaration",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Digital project"
    _order = "name, id"
    _file_path = "file_ids"

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(
        string="Reference", copy=False, help="Reference of the project in the ministry."
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="Ministry or body that carries the project. Its type decides whether the "
        "opinion is binding or simple.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        tracking=True,
    )
    description = fields.Html()
    cost_line_ids = fields.One2many(
        "souverainete.cost.line", "project_id", string="Cost lines", copy=True
    )
    file_ids = fields.One2many(
        "purchase.requisition",
        "project_id",
        string="Purchase files",
        context={"active_test": False},
    )
    dinum_cost = fields.Monetary(
        string="Cost of the project",
        compute="_compute_dinum_cost",
        store=True,
        help="€ TTC: construction and first 24 months of maintenance, staff included "
        "(arrêté of 5 June 2020, art. 2). Empty while a line is unknown.",
    )
    dinum_cost_low = fields.Monetary(
        string="Known cost",
        compute="_compute_dinum_cost",
        store=True,
        help="€ TTC: sum of the lines that are known. The project costs at least this.",
    )
    dinum_cost_known = fields.Boolean(
        string="Cost known",
        compute="_compute_dinum_cost",
        store=True,
        help="Unticked while a line is unknown or there is no line: unknown is not 0.",
    )
    opinion_required = fields.Selection(
        REQUIRED,
        string="DINUM opinion",
        compute="_compute_opinion_required",
        store=True,
        tracking=True,
        help="Required when the cost reaches the threshold in force, equality "
        "included (arrêté of 5 June 2020, art. 1).",
    )
    evidence_rev = fields.Integer(
        default=0,
        copy=False,
        readonly=True,
        help="Raised by each change of costs, opinions or files, so that the database "
        "refuses one of two people who act at once on the project.",
    )

    _code_unique = models.UniqueIndex(
        "(company_id, code) WHERE code IS NOT NULL",
        "A project of this ministry already has this reference.",
    )

    # === HOOKS === #

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {
            "dinum_cost",
            "dinum_cost_low",
            "dinum_cost_known",
            "opinion_required",
            "evidence_rev",
        }

    @api.model
    def _get_free_fields(self):
        """Only the cost, the ministry and the files are judged; a cost that an officer
        records on the project is a fact, as it is on its line."""
        judged = {"company_id", "cost_line_ids", "file_ids"}
        if self.env["souverainete.cost.line"]._is_fact():
            judged -= {"cost_line_ids"}
        return frozenset(self._fields) - judged

    @api.model
    def _get_files_from_vals(self, vals_list):
        """A file enters a project by its own write, which the gate judges."""
        return self.env["purchase.requisition"]

    def _get_judged_files(self):
        """Files that stand or fall with the project: needs and their agreements."""
        files = self.sudo().with_context(active_test=False).file_ids
        return files | files.agreement_ids

    # === INTEGRITY === #

    @api.constrains("company_id")
    def _check_company(self):
        for project in self.sudo():
            if any(not project._fits_company(f.company_id) for f in project.file_ids):
                raise ValidationError(
                    self.env._(
                        "%(project)s keeps its ministry: purchase files already "
                        "belong to it.",
                        project=project.display_name,
                    )
                )

    def _fits_company(self, company):
        """Whether a file of `company` may belong to this project."""
        return self.company_id in company.parent_ids

    def _touch_evidence(self):
        """Update the row, so that PostgreSQL refuses one of two at once."""
        for project in self.sudo():
            project._write_server({"evidence_rev": project.evidence_rev + 1})

    def _is_evidence(self):
        """Whether something depends on the project, which is then kept."""
        return bool(self.file_ids)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        if kept := self.sudo().filtered(lambda p: p._is_evidence()):
            raise UserError(
                self.env._(
                    "%(projects)s cannot be deleted: a purchase file or an opinion "
                    "depends on it. Archive it instead.",
                    projects=", ".join(kept.mapped("display_name")),
                )
            )
