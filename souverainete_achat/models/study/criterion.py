from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError

from . import scoring
from .band import BANDS, BASE, FULL, is_asked
from .grid_cells import fail, get_choice, get_flag, get_text, get_words, mark


class Criterion(models.Model):
    """A question put to every option, answered by a rung of its ladder."""

    _name = "souverainete.criterion"
    _inherit = ["souverainete.grid.part"]
    _grid_path = "objective_id.grid_id"
    _description = "Criterion of a grid"
    _order = "objective_id, sequence, id"
    _rec_names_search = ["code", "name"]
    _code_uniq = models.Constraint(
        "UNIQUE (objective_id, code)",
        "Two criteria of an objective cannot share a code.",
    )

    objective_id = fields.Many2one(
        "souverainete.objective", required=True, index=True, ondelete="cascade"
    )
    grid_id = fields.Many2one(
        related="objective_id.grid_id", store=True, index=True, guard="server"
    )
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
    asked_from = fields.Selection(
        BANDS[1:],
        required=True,
        default=BASE,
        help="From which purchases on the criterion is asked, by their value and their "
        "data: choice of the ministry. What is announced to bidders with a weight, or "
        "with a level to reach, is asked of every offer.",
    )
    help = fields.Text(
        string="How to answer",
        translate=True,
        help="What to look at in the offer, and what proves it.",
    )
    asked_of_bidders = fields.Boolean(
        default=True,
        help="A bidder can answer it. Not ticked: only the buyer can, such as how the "
        "cost compares with the other options; it helps the study, and ranks no offer.",
    )
    bidder_help = fields.Text(
        string="What bidders provide",
        translate=True,
        help="Told to bidders below the question, in their documents: what to state "
        "and what to supply.",
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
        string="Least points", compute="_compute_points", store=True, guard="server"
    )
    points_max = fields.Float(
        string="Most points", compute="_compute_points", store=True, guard="server"
    )

    # === WHAT IT SAYS === #

    def _get_meaning(self):
        """The same code, asked in the same words, of the whole or link by link."""
        return (self.objective_id.code, self.code, self.name, self.per_link)

    def _is_asked_of_bidders(self):
        """Points go to attributes of the offer: what bears on who makes it is asked
        only with its written link with the object; capital and jobs never are. Nor is
        what only the buyer can answer."""
        if not self.asked_of_bidders:
            return False
        justified = self.award_use == "justified" and (self.object_link or "").strip()
        return self.award_use == "free" or bool(justified)

    def _get_scored(self, of_offer=False, band=FULL):
        """Those that count: on a study, what the band of the purchase asks; on a bid,
        only what bidders were asked."""
        if not of_offer:
            return self.filtered(lambda c: is_asked(c.asked_from, band))
        asked = self.filtered(lambda c: c._is_announced(band))
        return asked.filtered(lambda c: c._is_asked_of_bidders())

    def _is_announced(self, band):
        """What ranks offers, or has a level to reach, where the grid says so; else what
        the band of the purchase asks."""
        if self.grid_id._is_binding():
            return self.objective_id._is_binding()
        return is_asked(self.asked_from, band)

    def _get_scoring_criterion(self, of_offer=False):
        """This criterion as plain data for `scoring.assess`, of a bid or a study.

        What a bid may still leave blank is part of the worst it may obtain.
        """
        worst = self.points_min
        if of_offer:
            blank, _level = self._get_blank_answer()
            worst = min(worst, blank)
        return scoring.Criterion(self.id, worst, self.points_max)

    def _get_blank_answer(self):
        """(points, level) of what a bidder left blank, as published."""
        worst = self.level_ids.sorted(lambda rung: (rung.points, rung.level))[:1]
        if self.grid_id.blank_rule == "zero" or not worst:
            return 0.0, "0"
        return worst.points, min(self.level_ids.mapped("level"))

    # === COMPUTE METHODS === #

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

    # === CONSTRAINTS === #

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

    @api.constrains("objective_id")
    def _check_price_asks_nothing(self):
        self.objective_id._check_price_asks_nothing()

    # === WORKBOOK === #

    def _get_workbook_row(self):
        return (
            self.objective_id.code,
            self.code,
            self.name,
            self.axis,
            mark(self.operator_attribute),
            self.award_use,
            self.object_link,
            self.help,
            mark(self.per_link),
            self.per_link_reason,
            mark(self.label_doubtful),
            self.bidder_help,
            mark(not self.asked_of_bidders),
            self.asked_from,
        )

    @api.model
    def _prepare_row_command(self, row, rank, objective, rungs):
        code = get_text("criteria", row, "code")
        texts = ("object_link", "help", "per_link_reason", "bidder_help")
        return Command.create(
            {
                "sequence": rank,
                "code": code,
                "name": get_text("criteria", row, "name"),
                "axis": self._get_row_choice(row, "axis", "none"),
                "asked_from": self._get_row_choice(row, "asked_from", BASE),
                **self._prepare_row_use(row),
                "per_link": get_flag("criteria", row, "per_link"),
                "label_doubtful": get_flag("criteria", row, "label_doubtful"),
                "asked_of_bidders": not get_flag("criteria", row, "buyer_only"),
                **{name: get_words(row, name) or False for name in texts},
                "level_ids": [
                    self.env["souverainete.level"]._prepare_row_command(each, number)
                    for number, each in enumerate(rungs.get((objective, code), []))
                ],
            }
        )

    @api.model
    def _prepare_row_use(self, row):
        """On the operator, what is left empty is the strictest: never."""
        operator = get_flag("criteria", row, "operator_attribute")
        use = self._get_row_choice(row, "award_use", "never" if operator else "free")
        if operator and use == "free":
            fail("criteria", row, "award_use")
        return {"operator_attribute": operator, "award_use": use}

    @api.model
    def _get_row_choice(self, row, name, default):
        choices = dict(self._fields[name].selection)
        return get_choice("criteria", row, name, choices, default)
