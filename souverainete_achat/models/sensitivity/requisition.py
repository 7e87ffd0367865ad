from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .sensitivity import ANSWERS, QUESTIONS

_DATA_FIELDS = frozenset(
    {"has_cloud", *QUESTIONS, "data_owner_id", "data_justification"}
)


class PurchaseRequisition(models.Model):
    """How sensitive the data of the need is."""

    _name = "purchase.requisition"
    _inherit = ["purchase.requisition", "souverainete.data.questions"]

    has_cloud = fields.Selection(
        ANSWERS,
        string="Cloud service",
        required=True,
        default="unknown",
        copy=False,
        help="Whether any part of what is bought keeps or processes data in a cloud "
        "service, whoever runs it.",
    )
    data_sensitivity = fields.Selection(store=True, index=True)
    data_owner_id = fields.Many2one(
        "res.users",
        string="Data owner",
        copy=False,
        help="Business authority that answers for the data: the analysis is theirs.",
    )
    data_justification = fields.Text(
        string="Reasons",
        copy=False,
        help="Why the questions are answered so: confidentiality, integrity, "
        "availability, traceability. No classified or restricted content here.",
    )

    # === SENSITIVITY === #

    @api.constrains("data_sensitivity", *QUESTIONS)
    def _check_data_sensitivity(self):
        wrong = self.filtered(lambda f: f.data_sensitivity != f._get_data_sensitivity())
        if wrong:
            raise ValidationError(
                self.env._(
                    "The sensitivity of the data follows from the three questions of "
                    "the tab “Data and hosting”: answer them instead (%(files)s).",
                    files=", ".join(wrong.mapped("display_name")),
                )
            )

    def _is_sensitive(self):
        """Whether the data of this need is of particular sensitivity."""
        return self._get_data_sensitivity() == "sensitive"

    def _is_sensitive_cloud(self):
        """Whether data of particular sensitivity goes to a cloud service."""
        return self.need_id.has_cloud == "yes" and self.need_id._is_sensitive()

    def _is_sren_bound(self):
        """Whether the body that buys is bound by the rule on sensitive data."""
        return self.company_id._is_sren_bound()

    def _are_texts_shown(self):
        return self.is_digital

    def _is_reinforced(self):
        return super()._is_reinforced() or self._is_sensitive()

    # === CONTRACT WITH THE GATE === #

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"data_sensitivity"}

    @api.model
    def _get_declared_fields(self):
        return super()._get_declared_fields() | _DATA_FIELDS

    def _get_launch_content(self):
        content = super()._get_launch_content()
        content["hosting"] = {name: self[name] for name in ("has_cloud", *QUESTIONS)}
        return content

    # === JOURNAL === #

    @api.model_create_multi
    def create(self, vals_list):
        files = super().create(vals_list)
        files._journal_data({})
        return files

    def write(self, vals):
        if not _DATA_FIELDS & set(vals):
            return super().write(vals)
        before = {file: file._prepare_data_entry() for file in self}
        result = super().write(vals)
        self._journal_data(before)
        self.sudo().data_test_ids._follow_file()
        return result

    def _journal_data(self, before):
        """One entry for each file whose answers changed."""
        blank = self.browse()._prepare_data_entry()
        for file in self:
            after = file._prepare_data_entry()
            if after != before.get(file, blank):
                file._journal("sensitivity", after, summary=file._get_data_summary())

    def _prepare_data_entry(self):
        """What the journal keeps of the answers; empty recordset: nothing answered."""
        answers = {name: self[name] or "unknown" for name in ("has_cloud", *QUESTIONS)}
        return answers | {
            "sensitivity": self._get_data_sensitivity(),
            "owner": self.data_owner_id.name or "",
            "justification": self.data_justification or "",
        }

    def _get_data_summary(self):
        return self.env._(
            "Data: %(sensitivity)s", sensitivity=self._get_sensitivity_label()
        )
