from itertools import count

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import float_compare

# Weights are typed with a few decimals: nine times 11.111111 must be accepted.
WEIGHT_DIGITS = 4


class Grid(models.Model):
    """A versioned set of objectives, criteria and ladders that options answer."""

    _name = "souverainete.grid"
    _inherit = "souverainete.grid.part"
    _description = "Assessment grid"
    _order = "date_start desc, code"
    _rec_names_search = ["code", "name"]

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
    )
    revision = fields.Integer(
        readonly=True,
        copy=False,
        help="Counts the changes of content, so that a grid cannot change while a "
        "consultation is launched with it.",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: the grid is shared by all companies."
    )
    objective_ids = fields.One2many("souverainete.objective", "grid_id", copy=True)
    criterion_ids = fields.One2many("souverainete.criterion", "grid_id", copy=False)
    weight_total = fields.Float(
        string="Sum of weights (%)", compute="_compute_weight_total", store=True
    )
    is_weighted = fields.Boolean(
        string="Weighted",
        compute="_compute_weight_total",
        store=True,
        help="An overall score exists only where weights were given. Circular 6519/SG "
        "gives none: weights are the ministry's own choice.",
    )

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "Another grid has this code: each version needs its own."
    )
    _validity_months_positive = models.Constraint(
        "CHECK (validity_months >= 0)",
        "Answers cannot age after a negative number of months.",
    )

    @api.model
    def _get_server_fields(self):
        own = {"frozen_on", "revision", "weight_total", "is_weighted"}
        return super()._get_server_fields() | own

    @api.model
    def _get_free_fields(self):
        # Retiring a grid changes nothing in the files that use it.
        return super()._get_free_fields() | {"active"}

    @api.depends("objective_ids.weight", "objective_ids.weight_known")
    def _compute_weight_total(self):
        for grid in self:
            weighted = grid.objective_ids.filtered("weight_known")
            grid.weight_total = sum(weighted.mapped("weight"))
            grid.is_weighted = bool(weighted)

    @api.depends("name", "version")
    def _compute_display_name(self):
        for grid in self:
            grid.display_name = " ".join(filter(None, (grid.name, grid.version)))

    @api.constrains("weight_total", "is_weighted")
    def _check_weights_in_use(self):
        self.filtered("is_weighted")._get_used()._check_weights()

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

    def _get_grids(self):
        return self

    def _get_used(self):
        """Grids that options or purchase files already rely on."""
        used = self.browse()
        for model in ("souverainete.option", "purchase.requisition"):
            domain = Domain("grid_id", "in", self.ids)
            groups = self.env[model].sudo()._read_group(domain, ["grid_id"])
            used |= used.union(*(grid for (grid,) in groups))
        return used.with_env(self.env)

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

    def _get_scoring_objectives(self, of_offer=False):
        """This grid as plain data for `scoring.assess`, of a bid or of a study."""
        return tuple(
            objective._get_scoring_objective(of_offer)
            for objective in self.objective_ids
        )

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
