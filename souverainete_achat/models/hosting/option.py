from odoo import api, models

from ..base.told import tell


class Option(models.Model):
    """Who makes, runs and hosts what the option consists of."""

    _inherit = "souverainete.option"

    @api.depends("requisition_id.data_sensitivity")
    def _compute_band(self):
        return super()._compute_band()

    # === FINDINGS === #
    def _collect(self, get_message):
        """{key: message} of the components about which `get_message` says something."""
        messages = {
            component: get_message(component) for component in self.component_ids
        }
        return {
            component._get_finding_key(): component.option_id._conceal(message)
            for component, message in messages.items()
            if message
        }

    def _get_component_gaps(self):
        """{key: message}: what these options do not say about their chain."""
        gaps = self._collect(lambda component: component._get_declaration_gap())
        for option in self.filtered(lambda option: not option._is_chain_stated()):
            gaps[f"option-{option.id}"] = option._conceal(
                tell(self.env)._(
                    "Declare at least one component of “%(option)s” that hosts the "
                    "data: who makes, runs and hosts the service (option, tab "
                    "“Hosting”).",
                    option=option.display_name,
                )
            )
        return gaps

    def _get_cloudless_points(self):
        """{key: message}: chains without a cloud, on a file that says it buys one."""
        return {
            f"cloudless-{option.id}": option._conceal(
                tell(self.env)._(
                    "The file says that a cloud service is bought, but no component of "
                    "“%(option)s” is one: check who hosts the data, and correct one or "
                    "the other (page “Data and hosting”).",
                    option=option.display_name,
                )
            )
            for option in self
            if option._is_chain_stated() and not option.component_ids._get_clouds()
        }

    def _is_acceptable(self, day):
        """Whether it meets the need, says who hosts the data, and may be awarded as to
        its hosting on `day`."""
        suits = self.assessment not in ("inadequate", "unavailable")
        gaps = self._collect(lambda component: component._get_award_gap(day))
        return suits and self._is_chain_stated() and not gaps

    def _is_chain_stated(self):
        """Whether some component is said to host the data, or is still to say it."""
        return any(component.hosting != "none" for component in self.component_ids)
