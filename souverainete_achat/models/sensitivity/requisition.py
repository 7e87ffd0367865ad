from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .sensitivity import ANSWERS, QUESTIONS, SENSITIVITIES, get_sensitivity

_DATA_FIELDS = frozenset(
    {"has_cloud", *QUESTIONS, "data_owner_id", "data_justification"}
)


class PurchaseRequisition(models.Model):
    """How sensitive the data of the need is."""

    _inherit = "purchase.requisition"

    has_cloud = fields.Selection(
        ANSWERS,
        string="Cloud service",
        required=True,
        default="unknown",
        copy=False,
        help="Whether any part of what is bought keeps or processes data in a cloud "
        "service, whoever runs it.",
    )
    data_protected_secret = fields.Selection(
        ANSWERS,
        string="A1. Secrets protected by law",
        required=True,
        default="unknown",
        copy=False,
        help="Is some of the data covered by secrets protected by law, notably "
        "articles L. 311-5 and L. 311-6 CRPA? Personal data of RGPD articles 9 or 10, "
        "or hosting of health data (HDS), are not enough by themselves.",
    )
    data_essential_mission = fields.Selection(
        ANSWERS,
        string="A2. Essential missions of the State",
        required=True,
        default="unknown",
        copy=False,
        help="Is some of the data necessary to the State's essential missions: "
        "safeguarding national security, maintaining public order, protecting the "
        "health and life of persons?",
    )
    data_breach_harm = fields.Selection(
        ANSWERS,
        string="B. Consequence of a breach",
        required=True,
        default="unknown",
        copy=False,
        help="Would a breach be liable to harm public order, public safety, the health "
        "or life of persons, or the protection of intellectual property?",
    )
    data_sensitivity = fields.Selection(
        SENSITIVITIES,
        string="Sensitivity of the data",
        compute="_compute_data_sensitivity",
        store=True,
        index=True,
        help="Loi SREN, art. 31 and doctrine cloud, rule R9: data of particular "
        "sensitivity meets A (A1 or A2) and B. An answer not known yet is not a no.",
    )
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

    @api.depends(*QUESTIONS)
    def _compute_data_sensitivity(self):
        for file in self:
            file.data_sensitivity = file._get_data_sensitivity()

    def _get_data_sensitivity(self):
        """The sensitivity derived from the answers: the gate trusts no stored value."""
        return get_sensitivity(*(self[name] for name in QUESTIONS))

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
        labels = dict(self._fields["data_sensitivity"]._description_selection(self.env))
        return self.env._(
            "Data: %(sensitivity)s", sensitivity=labels[self._get_data_sensitivity()]
        )
