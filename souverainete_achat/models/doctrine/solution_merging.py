from odoo import api, fields, models
from odoo.exceptions import UserError

from . import words

# What a kept solution takes from the merged one: all of it (items of lists, whole
# texts), or only where it is empty.
_LISTS = ("keywords", "similar_to")
_TEXTS = {"need": "\n", "similar_source": "; "}
_FILLED = (
    "circle",
    "contact",
    "contract_vehicle",
    "development_status",
    "licence",
    "operator_id",
    "url",
    "used_by",
    "wikidata",
)


class Solution(models.Model):
    """One solution given by several catalogues: merged, and nothing of it lost."""

    _inherit = "souverainete.solution"

    wikidata = fields.Char(
        string="Wikidata identifier",
        index="btree_not_null",
        help="Q followed by digits: the same software in every catalogue.",
    )
    name_key = fields.Char(
        compute="_compute_keys", store=True, index="btree_not_null", help="To compare."
    )
    url_key = fields.Char(
        compute="_compute_keys", store=True, index="btree_not_null", help="To compare."
    )
    merged_into_id = fields.Many2one(
        "souverainete.solution",
        string="Merged into",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The entry that stands for it. Searches and options that point here keep "
        "pointing here: they are evidence.",
    )
    merged_ids = fields.One2many(
        "souverainete.solution",
        "merged_into_id",
        string="Also known as",
        context={"active_test": False},
        help="Entries of other catalogues merged into this one.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"merged_into_id", "name_key", "url_key"}

    @api.depends("name", "url")
    def _compute_keys(self):
        for solution in self:
            solution.name_key = words.get_name_key(solution.name)
            solution.url_key = words.get_url_key(solution.url)

    def write(self, vals):
        if vals.get("active") and not self._is_server():
            self._check_not_merged()
        return super().write(vals)

    def _check_not_merged(self):
        if merged := self.filtered("merged_into_id"):
            raise UserError(
                self.env._(
                    "Merged into another entry: %(solutions)s. Use “Separate again” on "
                    "its form first.",
                    solutions=", ".join(merged.mapped("name")),
                )
            )

    def _merge_into(self, kept):
        """Leave the catalogue to `kept`, which takes what it did not say itself."""
        self.ensure_one()
        (self | kept).check_access("write")
        kept._check_not_merged()
        self._check_not_merged()
        kept.write(self._prepare_kept_vals(kept))
        (self | self.with_context(active_test=False).merged_ids).sudo()._write_server(
            {"merged_into_id": kept.id, "active": False}
        )

    def _prepare_kept_vals(self, kept):
        vals = {name: self[name] for name in _FILLED if self[name] and not kept[name]}
        if "operator_id" in vals:
            vals["operator_id"] = vals["operator_id"].id
        for name in _LISTS:
            items = words.split_list(f"{kept[name] or ''},{self[name] or ''}")
            if items:
                vals[name] = ", ".join(items)
        for name, separator in _TEXTS.items():
            if joined := self._join_texts(kept[name], self[name], separator):
                vals[name] = joined
        # What one catalogue knows as mutualised is: another may not know it.
        if self.path == "mutualised":
            vals["path"] = "mutualised"
        return vals

    def _join_texts(self, kept, merged, separator):
        """Both texts, but one that the other already says."""
        kept, merged = kept or "", merged or ""
        if merged in kept:
            return kept
        return f"{kept}{separator}{merged}" if kept else merged

    def action_separate(self):
        """Make a merged entry a solution of its own again."""
        self.check_access("write")
        self._write_server({"merged_into_id": False, "active": True})
