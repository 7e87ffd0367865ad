from odoo import models

from ..base.told import tell

# Standings of a qualification that may still become valid; one that ended or was
# withdrawn, or of which something is unknown, is not on its way.
_COMING = ("examination", "coming")


class Component(models.Model):
    """A qualification that is not valid yet, where the tender documents accept it."""

    _inherit = "souverainete.component"

    def _is_awaited(self, date):
        """Whether this very service has its qualification on the way, on a need whose
        documents accept it before the first sensitive data, and holds none yet."""
        if not self.option_id.requisition_id._is_qualification_deferred():
            return False
        return not self.option_id.data_live_on and self._is_coming(date)

    def _is_coming(self, date):
        qualification = self.qualification_id
        return (
            self.hosting == "commercial_cloud"
            and bool(qualification)
            and qualification._get_standing(date) in _COMING
            and not self._get_link_gap()
            and not qualification._get_recorder_gap(self._get_buyers())
        )

    def _get_award_gap(self, date):
        """What the documents accept to wait for refuses no award."""
        return "" if self._is_awaited(date) else super()._get_award_gap(date)

    def _get_deferred_point(self, date):
        """What is signed before it is qualified."""
        if not self._is_awaited(date):
            return ""
        return tell(self.env)._(
            "%(component)s: its qualification is not valid yet. The documents accept "
            "it before the first sensitive data; whether they may is unverified. Each "
            "order is refused until it is valid, unless it says that no sensitive data "
            "is deposited under it.",
            component=self._get_label(),
        )
