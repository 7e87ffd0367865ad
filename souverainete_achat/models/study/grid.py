from itertools import count

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import float_compare

from ..base.workbook import WorkbookError
from . import grid_workbook
from .band import FULL
from .grid_cells import get_choice, get_count, get_day, get_words
from .statement import TO_WRITE

# Weights are typed with a few decimals: nine times 11.111111 must be accepted.
WEIGHT_DIGITS = 4


class Grid(models.Model):
    """A versioned set of objectives, criteria and ladders that options answer."""

    _name = "souverainete.grid"
    _inherit = ["souverainete.grid.part", "souverainete.grid.version"]
    _description = "Assessment grid"
    _order = "date_start desc, code"
    _rec_names_search = ["code", "name"]
    _code_uniq = models.Constraint(
        "UNIQUE (code)", "Another grid has this code: each version needs its own."
    )
    _validity_months_positive = models.Constraint(
        "CHECK (validity_months >= 0)",
        "Answers cannot age after a negative number of months.",
    )

    code = fields.Char(
        required=True,
        help="Stable name of this version, such as doctrine_2026: imports, exports and "
        "other addons know the grid by it.",
    )
    name = fields.Char(required=True, translate=True)
    version = fields.Char(help="Version as its publisher writes it.")
    source = fields.Text(
        translate=True,
        help="Where objectives, weights and ladders come from, and how certain it is.",
    )
    source_url = fields.Char(string="Source address")
    licence = fields.Char(help="Licence the source allows reuse under.")
    attribution = fields.Char(help="Mention the licence asks to keep with the grid.")
    date_start = fields.Date(
        string="In force from", help="Day the source was published or took effect."
    )
    validity_months = fields.Integer(
        string="Answers age after (months)",
        default=12,
        help="An answer older than this is pointed out, as offers change. It never "
        "moves a score. 0: answers never age.",
    )
    frozen_on = fields.Date(
        string="Frozen on",
        readonly=True,
        copy=False,
        help="Day of the first launch of a consultation with this grid. From then on "
        "the grid cannot change: duplicate it to make a new version.",
        guard="server",
    )
    revision = fields.Integer(
        readonly=True,
        copy=False,
        help="Counts the changes of content, so that a grid cannot change while a "
        "consultation is launched with it.",
        guard="server",
    )
    active = fields.Boolean(default=True, guard="free")
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: the grid is shared by all companies."
    )
    objective_ids = fields.One2many("souverainete.objective", "grid_id", copy=True)
    criterion_ids = fields.One2many("souverainete.criterion", "grid_id", copy=False)
    weight_total = fields.Float(
        string="Sum of weights (%)",
        compute="_compute_weight_total",
        store=True,
        guard="server",
    )
    is_weighted = fields.Boolean(
        string="Weighted",
        compute="_compute_weight_total",
        store=True,
        help="An overall score exists only where weights were given. Circular 6519/SG "
        "gives none: weights are the ministry's own choice.",
        guard="server",
    )

    blank_rule = fields.Selection(
        [
            ("worst", "The worst answer of the criterion"),
            ("zero", "No point, and level 0"),
        ],
        string="What a bidder leaves blank is worth",
        required=True,
        default="worst",
        help="Published with the weights, and frozen with them: how a criterion that "
        "the bidder left blank is scored.",
    )

    is_example = fields.Boolean(
        string="Example weights",
        compute="_compute_is_example",
        store=True,
        help="The weights are those of the example: the ministry has not set its own.",
        guard="server",
    )
    has_example = fields.Boolean(compute="_compute_has_example")

    # === WHAT IT SAYS === #

    def _get_used(self):
        """Grids that options or purchase files already rely on."""
        used = self.browse()
        for model in ("souverainete.option", "purchase.requisition"):
            domain = Domain("grid_id", "in", self.ids)
            groups = self.env[model].sudo()._read_group(domain, ["grid_id"])
            used |= used.union(*(grid for (grid,) in groups))
        return used.with_env(self.env)

    def _is_binding(self):
        """Whether offers are ranked by this grid, or have levels to reach."""
        return self.is_weighted or any(self.objective_ids.mapped("required_level"))

    def _get_scoring_objectives(self, of_offer=False, band=FULL):
        """This grid as plain data for `scoring.assess`, of a bid or of a study."""
        return tuple(
            objective._get_scoring_objective(of_offer, band)
            for objective in self.objective_ids
        )

    def _get_announced_text(self, band):
        """What bidders are asked about, with the weights where there are any."""
        asked = self.criterion_ids._get_scored(True, band).objective_id
        announced = self.objective_ids.filtered(lambda o: o in asked or o.is_price)
        return ", ".join(o._get_announced_label() for o in announced) or TO_WRITE

    def _get_launch_content(self):
        """Which grid and which weights a consultation is launched with."""
        return {
            "code": self.code or "",
            "version": self.version or "",
            "weights": {
                objective.code: objective.weight if objective.weight_known else None
                for objective in self.objective_ids
            },
        }

    # === COMPUTE METHODS === #

    @api.depends("objective_ids.weight", "objective_ids.weight_known")
    def _compute_weight_total(self):
        for grid in self:
            weighted = grid.objective_ids.filtered("weight_known")
            grid.weight_total = sum(weighted.mapped("weight"))
            grid.is_weighted = bool(weighted)

    @api.depends(
        "objective_ids.weight",
        "objective_ids.weight_known",
        "objective_ids.example_weight",
    )
    def _compute_is_example(self):
        for grid in self:
            pairs = [(o.weight, o.example_weight) for o in grid.objective_ids]
            loaded = any(weight for weight, _example in pairs)
            grid.is_example = loaded and all(weight == ex for weight, ex in pairs)

    @api.depends("objective_ids.example_weight")
    def _compute_has_example(self):
        for grid in self:
            grid.has_example = any(grid.objective_ids.mapped("example_weight"))

    @api.depends("name", "version")
    def _compute_display_name(self):
        for grid in self:
            grid.display_name = " ".join(filter(None, (grid.name, grid.version)))

    # === CONSTRAINTS === #

    @api.constrains("weight_total", "is_weighted")
    def _check_weights_in_use(self):
        self.filtered("is_weighted")._get_used()._check_weights()

    def _check_weights(self):
        """Weights of a grid in use: 100 % in all, or none at all."""
        wrong = self.filtered("is_weighted").filtered(
            lambda grid: float_compare(grid.weight_total, 100.0, WEIGHT_DIGITS)
        )
        if wrong:
            raise ValidationError(
                self.env._(
                    "The weights of a grid in use add up to 100 %%, or none is given. "
                    "Correct the objectives of: %(grids)s.",
                    grids=", ".join(
                        f"{grid.display_name} ({grid.weight_total:g} %)"
                        for grid in wrong
                    ),
                )
            )

    def _check_usable(self, company):
        """Refuse a grid whose weights are incomplete, or of another company."""
        self._check_weights()
        owner = self.company_id
        if owner and owner not in company.sudo().parent_ids:
            raise ValidationError(
                self.env._(
                    "The grid %(grid)s belongs to %(owner)s: choose a grid of "
                    "%(company)s, or one shared by all companies.",
                    grid=self.display_name,
                    owner=owner.display_name,
                    company=company.display_name,
                )
            )

    # === CRUD === #

    def copy_data(self, default=None):
        copies = super().copy_data(default)
        for grid, vals in zip(self, copies, strict=True):
            if not (default or {}).get("code"):
                vals["code"] = grid._get_next_code()
        return copies

    def _get_next_code(self):
        """The code of a new version made by duplicating this one."""
        family = Domain("code", "=like", f"{self.code}%")
        grids = self.sudo().with_context(active_test=False).search(family)
        taken = set(grids.mapped("code"))
        candidates = (f"{self.code}_v{number}" for number in count(2))
        return next(code for code in candidates if code not in taken)

    def _revise(self):
        """Refuse to change a frozen grid; tell whoever is launching of the change."""
        grids = self.sudo()
        frozen = grids.filtered("frozen_on")
        if frozen:
            self._raise_frozen(frozen)
        for grid in grids:
            grid._write_server({"revision": grid.revision + 1})

    def _freeze(self, day):
        """Freeze the grids a consultation is launched with."""
        self.sudo().filtered(lambda g: not g.frozen_on)._write_server(
            {"frozen_on": day}
        )

    # === ACTIONS === #

    def action_load_example(self):
        """Give each objective its example weight. Raises where weights were set."""
        self.check_access("read")
        self.ensure_one()
        if self.is_weighted or not self.has_example:
            raise UserError(
                self.env._(
                    "Weights were already set, or this grid has no example: set the "
                    "weights of its objectives yourself."
                )
            )
        self.write(
            {
                "objective_ids": [
                    fields.Command.update(o.id, {"weight": o.example_weight})
                    for o in self.objective_ids
                ]
            }
        )

    def action_export(self):
        """Download the grid as an XLSX workbook, which can be imported again."""
        self.check_access("read")
        self.ensure_one()
        exchange = self.env["souverainete.grid.exchange"].create({"grid_id": self.id})
        return exchange._get_download_action()

    # === WORKBOOK === #
    # A grid leaves as a workbook, and comes back as a new grid.

    def _get_workbook(self):
        """Bytes of the XLSX workbook of this grid."""
        objectives, criteria = self.objective_ids, self.objective_ids.criterion_ids
        return grid_workbook.write(
            {
                "objectives": [o._get_workbook_row() for o in objectives],
                "criteria": [c._get_workbook_row() for c in criteria],
                "ladder": [rung._get_workbook_row() for rung in criteria.level_ids],
                "grid": [self._get_workbook_row()],
            }
        )

    def _get_workbook_row(self):
        return (
            self.version,
            self.source,
            self.source_url,
            self.licence,
            self.attribution,
            self.date_start and self.date_start.isoformat(),
            self.validity_months,
            self.blank_rule,
        )

    @api.model
    def _create_from_workbook(self, content, code, name):
        """A new grid from the bytes of a workbook. Raises with the place."""
        self._check_code_free(code)
        try:
            sheets = grid_workbook.read(content)
            vals = self._prepare_workbook_vals(sheets)
        except WorkbookError as error:
            raise UserError(self._get_workbook_message(error)) from error
        return self.create({**vals, "code": code, "name": name})

    @api.model
    def _check_code_free(self, code):
        """Retired grids, and those of others, keep their code."""
        grids = self.sudo().with_context(active_test=False)
        if grids.search_count([("code", "=", code)], limit=1):
            raise UserError(
                self.env._(
                    "Another grid has the code “%(code)s”: give the new one its own.",
                    code=code,
                )
            )

    @api.model
    def _prepare_workbook_vals(self, sheets):
        rungs = self._group_rows(sheets, "ladder", ("objective", "criterion"))
        criteria = self._group_rows(sheets, "criteria", ("objective",))
        objectives = sheets["objectives"]
        self._check_rows_have_place(sheets, criteria, rungs)
        [own] = sheets["grid"] or [None]
        return {
            **(self._prepare_row_vals(own) if own else {}),
            "objective_ids": [
                self.env["souverainete.objective"]._prepare_row_command(
                    row, rank, criteria, rungs
                )
                for rank, row in enumerate(objectives, start=1)
            ],
        }

    @api.model
    def _prepare_row_vals(self, row):
        texts = ("version", "source", "source_url", "licence", "attribution")
        months = get_count("grid", row, "validity_months")
        rules = dict(self._fields["blank_rule"].selection)
        return {
            **{name: get_words(row, name) or False for name in texts},
            "date_start": get_day("grid", row, "date_start"),
            **({} if months is None else {"validity_months": months}),
            "blank_rule": get_choice("grid", row, "blank_rule", rules, "worst"),
        }

    @api.model
    def _group_rows(self, sheets, sheet, columns):
        grouped = {}
        for row in sheets[sheet]:
            key = tuple(get_words(row, name) for name in columns)
            grouped.setdefault(key, []).append(row)
        return grouped

    @api.model
    def _check_rows_have_place(self, sheets, criteria, rungs):
        """Nothing of the workbook is lost: each row belongs to something, once."""
        objectives = self._group_rows(sheets, "objectives", ("code",))
        asked = self._group_rows(sheets, "criteria", ("objective", "code"))
        if not objectives:
            raise WorkbookError("no_row", "objectives")
        self._check_once("objectives", objectives)
        self._check_once("criteria", asked)
        self._check_once("grid", self._group_rows(sheets, "grid", ()))
        self._check_parents("criteria", criteria, objectives)
        self._check_parents("ladder", rungs, asked)

    @api.model
    def _check_parents(self, sheet, grouped, parents):
        for key, rows in grouped.items():
            if key not in parents:
                raise WorkbookError("no_parent", sheet, rows[0].number, key[-1])

    @api.model
    def _check_once(self, sheet, grouped):
        for key, rows in grouped.items():
            if len(rows) > 1:
                value = key[-1] if key else sheet
                raise WorkbookError("repeated", sheet, rows[1].number, value)

    @api.model
    def _get_workbook_message(self, error):
        place = {"sheet": error.sheet, "row": error.row, "value": error.value}
        messages = {
            "unreadable": self.env._(
                "This is not an XLSX workbook: export a grid to see the format."
            ),
            "too_large": self.env._(
                "The workbook is too large for a grid: nothing was imported."
            ),
            "no_sheet": self.env._("The sheet “%(sheet)s” is missing.", **place),
            "no_column": self.env._(
                "Sheet “%(sheet)s”, row 1: columns are missing: %(value)s.", **place
            ),
            "no_row": self.env._("The sheet “%(sheet)s” has no row.", **place),
            "no_parent": self.env._(
                "Sheet “%(sheet)s”, row %(row)s: “%(value)s” stands in no other sheet.",
                **place,
            ),
            "repeated": self.env._(
                "Sheet “%(sheet)s”, row %(row)s: “%(value)s” stands there twice.",
                **place,
            ),
            "wrong": self.env._(
                "Sheet “%(sheet)s”, row %(row)s: “%(value)s” cannot be read.", **place
            ),
        }
        return messages.get(error.reason, messages["unreadable"])
