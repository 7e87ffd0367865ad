from odoo import api, fields, models
from odoo.exceptions import ValidationError

from . import scoring


class Criterion(models.Model):
    """A question put to every option, answered by a rung of its ladder."""

    _name = "souverainete.criterion"
    _inherit = "souverainete.grid.part"
    _description = "Criterion of a grid"
    _order = "objective_id, sequence, id"
    _rec_names_search = ["code", "name"]

    objective_id = fields.Many2one(
        "souverainete.objective", required=True, index=True, ondelete="cascade"
    )
    grid_id = fields.Many2one(related="objective_id.grid_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    code = fields.Char(
        required=True, help="Code of the criterion in the source, such as SOV-1.1."
    )
    name = fields.Char(string="Question", required=True, translate=True)
    axis = fields.Selection(
        [
            ("immunity", "Immunity to extra-European law"),
            ("exit", "Capacity to substitute"),
            ("mastery", "Mastery of key technology"),
            ("none", "None"),
        ],
        string="Question of the circular",
        required=True,
        default="none",
        help="Which of the three questions of circular 6519/SG on digital sovereignty "
        "the criterion informs.",
    )
    help = fields.Text(
        string="How to answer",
        translate=True,
        help="What to look at in the offer, and what proves it.",
    )
    operator_attribute = fields.Boolean(
        string="On the operator",
        help="Scores who makes the offer (ownership, capital, origin) rather than an "
        "attribute of the offer. For study: points go to attributes of the offer, "
        "never to a nationality.",
    )
    award_use = fields.Selection(
        [
            ("free", "Yes"),
            ("justified", "With a justification by the object"),
            ("never", "Never"),
        ],
        string="May enter an award",
        required=True,
        default="free",
        help="Whether the criterion may rank offers. On the operator: only with a "
        "written justification by the object of the contract. Capital and jobs: never.",
    )
    object_link = fields.Text(
        string="Link with the object",
        translate=True,
        help="Why the criterion is linked with the object of the contract (CCP "
        "R. 2152-7, cited from memory by a practitioner: to be checked on Legifrance).",
    )
    per_link = fields.Boolean(
        string="Answered link by link",
        help="Each component declared behind an option (publisher, operator, host, "
        "subcontractor with access) has its own answer, and the weakest one counts. "
        "While one of them is not assessed the criterion is not, and cannot become "
        "better than the links already answered. Without component, the option is "
        "answered as a whole.",
    )
    per_link_reason = fields.Text(
        string="Why link by link",
        translate=True,
        help="Why one weak link is enough to lower the whole, for the reader of the "
        "grid.",
    )
    label_doubtful = fields.Boolean(
        string="Labels to be checked",
        help="Some answers have no label, or the same one, in the transcription that "
        "was read: take them from the source before showing them to bidders.",
    )
    level_ids = fields.One2many(
        "souverainete.level", "criterion_id", string="Ladder", copy=True
    )
    points_min = fields.Float(
        string="Least points", compute="_compute_points", store=True
    )
    points_max = fields.Float(
        string="Most points", compute="_compute_points", store=True
    )

    _code_uniq = models.Constraint(
        "UNIQUE (objective_id, code)",
        "Two criteria of an objective cannot share a code.",
    )

    @api.model
    def _get_server_fields(self):
        own = {"grid_id", "points_min", "points_max"}
        return super()._get_server_fields() | own

    @api.constrains("operator_attribute", "award_use")
    def _check_award_use(self):
        """Who makes the offer is never something that ranks it without a reason."""
        free = self.filtered(lambda c: c.operator_attribute and c.award_use == "free")
        if free:
            raise ValidationError(
                self.env._(
                    "These criteria bear on the operator: they enter an award with a "
                    "justification by the object, or never: %(criteria)s.",
                    criteria=", ".join(free.mapped("code")),
                )
            )

    @api.depends("level_ids.points")
    def _compute_points(self):
        for criterion in self:
            points = criterion.level_ids.mapped("points")
            criterion.points_min = min(points, default=0.0)
            criterion.points_max = max(points, default=0.0)

    @api.depends("code", "name")
    def _compute_display_name(self):
        for criterion in self:
            criterion.display_name = criterion.name

    def _get_grids(self):
        return self.objective_id.grid_id

    def _is_asked_of_bidders(self):
        """Points go to attributes of the offer: what bears on who makes it is asked
        only with its written link with the object; capital and jobs never are."""
        justified = self.award_use == "justified" and (self.object_link or "").strip()
        return self.award_use == "free" or bool(justified)

    def _get_scored(self, of_offer=False):
        """Those that count: on a bid, only what bidders were asked."""
        return self.filtered(lambda c: not of_offer or c._is_asked_of_bidders())

    def _get_scoring_criterion(self, of_offer=False):
        """This criterion as plain data for `scoring.assess`, of a bid or a study."""
        return scoring.Criterion(self.id, self.points_min, self.points_max)
