from odoo import models
from odoo.tools.misc import clean_context


class OptionVerdict(models.TransientModel):
    """The verdict that ends the study: nothing that exists fits."""

    _inherit = "souverainete.option.verdict"

    def action_apply_and_buy(self):
        """None of those left fits, for this reason: what the market sells is the way,
        and the guided purchase turns its page."""
        action = self.action_apply_to_all()
        env = self.env(context=clean_context(self.env.context))
        self.with_env(env).option_ids.requisition_id.action_buy_on_the_market()
        return action
