from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import models
from odoo.tools.misc import format_date

from ..doctrine.requisition_findings import is_blank

_PARIS = ZoneInfo("Europe/Paris")
# Buying so is buying alone: no contract shared with others is used.
_ALONE = (False, "own", "no_competition")


class PurchaseRequisition(models.Model):
    """What is missing of what some natures and routes are asked."""

    _inherit = "purchase.requisition"

    def _prefetch_findings(self):
        components = self.mapped("need_id.judged_option_ids.component_ids")
        components.mapped("partner_id.commercial_partner_id")
        return super()._prefetch_findings()

    # === SHARED CONTRACTS === #

    def _finding_shared_support(self, options):
        """Hardware and telecommunications: what others buy together comes first."""
        need = self.need_id
        if need.shared_support == "used":
            return self._get_route_contradiction()
        if need.shared_support != "none_fits":
            return {"": self._get_shared_support_message()}
        if not is_blank(need.shared_support_reason):
            return {}
        return {
            "reason": self.env._(
                "Name the shared contracts that were examined and say why none fits "
                "(tab “Need and doctrine”)."
            )
        }

    def _get_shared_support_message(self):
        return self.env._(
            "Say whether an interministerial contract, or one of a central purchasing "
            "body (UGAP), was examined first (tab “Need and doctrine”)."
        )

    def _get_route_contradiction(self):
        """A shared contract is said to be used, and the route is to buy alone."""
        if self.need_id.purchase_route not in _ALONE:
            return {}
        return {
            "route": self.env._(
                "A shared contract is said to be used, but the route is to buy alone: "
                "correct the route, at the top of the file, or the tab “Shared "
                "contracts”."
            )
        }

    # === MAINTENANCE === #

    def _finding_alternatives_review(self, options):
        """What is maintained is compared with what exists, now and then."""
        need = self.need_id
        reviewed = need.alternatives_reviewed_on
        if not reviewed or is_blank(need.alternatives_conclusion):
            return {
                "": self.env._(
                    "Say when the alternatives to what is maintained were last "
                    "reviewed, and what was concluded (tab “Need and doctrine”)."
                )
            }
        day = self._get_review_day()
        if reviewed > day:
            return {
                "future": self.env._(
                    "The review of the alternatives is dated in the future: correct "
                    "its date (tab “Need and doctrine”)."
                )
            }
        return self._get_aged_review(reviewed, day)

    def _get_aged_review(self, reviewed, day):
        """A review that was too old on the day that counts."""
        delays = self.env["souverainete.delay"].sudo()
        company = self.company_id
        delay = delays.browse(
            delays._get_delay_id("alternatives_review", company.id, day)
        )
        if not delay or reviewed + delay._get_period() >= day:
            return {}
        return {
            "aged": self.env._(
                "The alternatives were last reviewed on %(date)s, which is too old: "
                "review them again and write the conclusion (tab “Need and doctrine”).",
                date=format_date(self.env, reviewed),
            )
        }

    def _get_review_day(self):
        """The launch's, since a review that was recent enough then stays so; before
        launch, today."""
        launched = self.need_id.date_launch
        if not launched:
            return self.company_id._souverainete_today()
        return launched.replace(tzinfo=UTC).astimezone(_PARIS).date()

    def _finding_exit_plan(self, options):
        """Maintaining for ever is no plan."""
        if not is_blank(self.need_id.exit_plan):
            return {}
        return {
            "": self.env._(
                "Nothing says how the ministry would leave what is maintained. Write "
                "the exit plan (tab “Need and doctrine”)."
            )
        }

    # === BEHIND A CENTRAL PURCHASING BODY === #

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
