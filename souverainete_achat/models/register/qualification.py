from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..policy.policy import CERTAINTIES


class Qualification(models.Model):
    """A qualification of one named service; never of the company that sells it.

    The state is what was declared. Expiry is derived from the day: an empty date is
    unknown, and what is unknown proves nothing.
    """

    _name = "souverainete.qualification"
    _inherit = ["souverainete.guarded", "mail.thread"]
    _description = "Qualification of a cloud service"
    _order = "partner_id, service, date_start desc, id"
    _rec_names_search = ["service", "partner_id.name", "decision"]

    partner_id = fields.Many2one(
        "res.partner",
        string="Provider",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    service = fields.Char(
        tracking=True,
        help="Name of the service, as in the ANSSI catalogue. Empty: unknown.",
    )
    service_type_ids = fields.Many2many(
        "souverainete.service.type",
        "souverainete_qualification_type_rel",
        string="Kinds of service",
        tracking=True,
        help="What the qualification covers. Empty: unknown.",
    )
    scheme = fields.Selection(
        [
            ("secnumcloud", "SecNumCloud (ANSSI)"),
            ("eu_equivalent", "Equivalent European certification"),
        ],
        required=True,
        default="secnumcloud",
        tracking=True,
        help="SecNumCloud, or a European certification of at least the same level "
        "(doctrine cloud, R9). HDS and ISO 27001 are not such schemes.",
    )
    version = fields.Char(
        tracking=True, help="Version of the reference (for instance 3.2), if known."
    )
    decision = fields.Char(
        string="Decision number", tracking=True, help="Number of ANSSI's decision."
    )
    state = fields.Selection(
        [
            ("examination", "Under examination"),
            ("granted", "Granted"),
            ("withdrawn", "Withdrawn"),
            ("void", "Recorded by mistake"),
        ],
        string="Decision",
        required=True,
        default="granted",
        tracking=True,
        help="What was decided. Whether it is still valid depends on the dates. "
        "Recorded by mistake: it never existed, proves nothing, and is kept so that "
        "everyone sees what the register said.",
    )
    date_start = fields.Date(
        string="Valid from", tracking=True, help="First day. Empty: unknown."
    )
    date_end = fields.Date(
        string="Valid until",
        index=True,
        tracking=True,
        help="Last day (inclusive). Empty: unknown, hence not proven valid.",
    )
    date_withdrawn = fields.Date(
        string="Withdrawn on",
        tracking=True,
        help="First day without the qualification. Empty on a withdrawn one: it is "
        "held as withdrawn on any day.",
    )
    certainty = fields.Selection(
        CERTAINTIES,
        required=True,
        default="unverified",
        tracking=True,
        help="How sure the source is.",
    )
    source = fields.Char(translate=True, help="Where this record was read, and when.")
    source_url = fields.Char(
        string="Address to check", help="Where anyone can verify this record."
    )
    _dates_ordered = models.Constraint(
        "CHECK (date_end >= date_start)",
        "A qualification cannot end before it starts.",
    )
    _service_uniq = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (partner_id, service, scheme, date_start, decision)",
        "This qualification is already in the register.",
    )

    # === DISPLAY === #

    @api.depends("service", "partner_id", "scheme")
    def _compute_display_name(self):
        for record in self:
            service = record.service or self.env._("service unknown")
            record.display_name = f"{record.partner_id.name or ''} – {service}"

    # === RIGHTS AND EVIDENCE === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "What the register says is never deleted (%(names)s): purchases were "
                "judged on it. Correct the record, or set its decision to “Recorded by "
                "mistake”.",
                names=", ".join(self.mapped("display_name")),
            )
        )

    def action_withdraw(self):
        """Record the withdrawal today; the date can be corrected afterwards."""
        self.write(
            {
                "state": "withdrawn",
                "date_withdrawn": self.env.company._souverainete_today(),
            }
        )

    def _get_components(self):
        """The components of any ministry that rely on these qualifications."""
        return (
            self.env["souverainete.component"]
            .sudo()
            .search([("qualification_id", "in", self.ids)])
        )

    # === A FACT: ALWAYS RECORDED, THEN JUDGED === #

    @api.model
    def _get_judged_fields(self):
        """Names of the fields that say whether the qualification proves something."""
        return frozenset(
            {
                "partner_id",
                "service",
                "service_type_ids",
                "scheme",
                "state",
                "date_start",
                "date_end",
                "date_withdrawn",
            }
        )

    def _prepare_entry(self):
        """What the journal of the files keeps of this qualification."""
        self.ensure_one()
        values = {name: self._export_fact(name) for name in self._get_judged_fields()}
        return {"id": self.id, "decision": self.decision or "", **values}

    def _export_fact(self, name):
        """The value of a field, as text that outlives what it refers to."""
        value = self[name]
        if isinstance(value, models.BaseModel):
            names = value.mapped("display_name")
            single = self._fields[name].type == "many2one"
            return "".join(names) if single else names
        return fields.Date.to_string(value) if isinstance(value, date) else value or ""

    def _reassess_files(self, before):
        """Journal the change on the files that rely on it, and judge them again."""
        by_need = self._get_components().grouped(
            lambda component: component.option_id.requisition_id
        )
        for need, components in by_need.items():
            need._journal(
                "qualification",
                components._prepare_qualification_entry(before),
                summary=self.env._("A qualification this file relies on changed."),
            )
        needs = self.env["purchase.requisition"].sudo().union(*by_need)
        needs._reassess()
