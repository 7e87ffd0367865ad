from odoo import api, fields, models

from ..base.text import is_blank
from ..base.told import tell


class Reviewed(models.AbstractModel):
    """A need and what some natures and routes alone are asked: shared contracts,
    alternatives to what is maintained, the chain behind who sells."""

    _name = "souverainete.reviewed"
    _inherit = ["souverainete.guarded"]
    _description = "Need asked by its nature or route"

    shared_support = fields.Selection(
        [
            ("used", "Examined, one is used"),
            ("none_fits", "Examined, none fits"),
            ("not_examined", "Not examined yet"),
        ],
        string="Shared contract examined",
        copy=False,
        help="Hardware and telecommunications: whether the interministerial contracts "
        "and those of a central purchasing body (UGAP) were examined before buying "
        "alone. Policy of the ministry: mutualise first.",
        guard="judged",
    )
    shared_support_reason = fields.Text(
        string="Contracts examined",
        copy=False,
        help="Which shared contracts were examined and, when none is used, why none "
        "fits.",
        guard="judged",
    )
    alternatives_reviewed_on = fields.Date(
        string="Alternatives last reviewed on",
        copy=False,
        help="Maintenance: day the alternatives to what is maintained were last "
        "examined. The months it holds are a dated time limit. Policy of the ministry.",
        guard="judged",
    )
    alternatives_conclusion = fields.Text(
        string="Conclusion of the review",
        copy=False,
        help="What the last review of the alternatives found, and why what exists is "
        "maintained.",
        guard="judged",
    )
    exit_plan = fields.Text(
        copy=False,
        help="Maintenance: how the ministry would leave this solution: data and "
        "formats, skills, time, cost (€ HT) and who would take over. Doctrine « cloud "
        "au centre », rule R4, asks that reversibility be provided for and funded.",
        guard="judged",
    )

    def action_open_alternatives(self):
        return self._open_page("action_alternatives_page")

    @api.model
    def _get_route_fields(self):
        """Names of the fields that only some natures or routes are asked."""
        return (
            "shared_support",
            "shared_support_reason",
            "alternatives_reviewed_on",
            "alternatives_conclusion",
            "exit_plan",
        )

    def _finding_alternatives_review(self, options):
        """What is maintained is compared with what exists, now and then."""
        need = self.need_id
        reviewed = need.alternatives_reviewed_on
        if not reviewed or is_blank(need.alternatives_conclusion):
            return {
                "": tell(self.env)._(
                    "Say when the alternatives to what is maintained were last "
                    "reviewed, and what was concluded (page “Alternatives”)."
                )
            }
        # A review that was recent enough at launch stays so.
        day = self._get_engaged_day()
        if reviewed > day:
            return {
                "future": tell(self.env)._(
                    "The review of the alternatives is dated in the future: correct "
                    "its date (page “Alternatives”)."
                )
            }
        return self._get_aged_review(reviewed, day)

    def _get_aged_review(self, reviewed, day):
        """A review that was too old on the day that counts."""
        time_limits = self.env["souverainete.time.limit"].sudo()
        company = self.company_id
        time_limit = time_limits.browse(
            time_limits._get_time_limit_id("alternatives_review", company.id, day)
        )
        if not time_limit or reviewed + time_limit._get_period() >= day:
            return {}
        return {
            "aged": tell(self.env)._(
                "The alternatives were last reviewed on %(date)s, which is too old: "
                "review them again and write the conclusion (page “Alternatives”).",
                date=reviewed,
            )
        }

    def _finding_chain_roles(self, options):
        """Who sells is not who makes, runs or hosts: those are asked."""
        roles = self._get_asked_roles()
        return {
            str(option.id): option._conceal(option._get_roles_message(missing))
            for option in options
            if (missing := option._get_missing_roles(roles))
        }

    def _get_asked_roles(self):
        """Without any cloud service, the ministry itself runs and hosts."""
        if self.need_id.has_cloud == "no":
            return ("publisher",)
        return ("publisher", "operator", "host")
