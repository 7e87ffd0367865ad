from itertools import product

from odoo import models, tools
from odoo.exceptions import UserError

from .applicability import CIRCUITS, NATURES, ROUTES, is_asked

AXES = {"nature": NATURES, "route": ROUTES, "circuit": CIRCUITS}


class Rule(models.Model):
    """Of which purchases a rule is asked: its lines, read as a table."""

    _inherit = "souverainete.rule"

    def _applies_to(self, nature, route, circuit):
        """Whether the rule is asked of such a purchase.

        The line that names most characteristics wins; between lines that name as
        many, an exclusion does. What no line speaks of is asked.
        """
        return is_asked(self._get_table(), (nature, route, circuit))

    @tools.ormcache("self.id")
    def _get_table(self):
        """The lines of this rule, kept between requests: each file asks each rule."""
        return self.sudo().applicability_ids._prepare_table()

    # === FOUR EYES === #

    def _prepare_version_vals(self):
        """An officer proposes for their own ministry, a manager for whom it was."""
        vals = super()._prepare_version_vals()
        if self.env.user.has_group("souverainete_achat.group_manager"):
            return vals
        return {**vals, "company_id": (self.company_id or self.env.company).id}

    def _check_approval(self):
        result = super()._check_approval()
        if self._is_table_incomplete():
            raise UserError(
                self.env._(
                    "The rule “%(name)s” does not say whether it is asked in general. "
                    "Add to its table “Where it applies” a line without nature, route "
                    "or circuit; then another person approves it.",
                    name=self.name,
                )
            )
        return result

    def _is_table_incomplete(self):
        """Whether some purchases are in no line. An order is asked its own rules."""
        general = self.applicability_ids.filtered(
            lambda line: not (line.nature or line.route or line.circuit)
        )
        return self.stage != "order" and not general

    def _is_asked_less(self, common):
        """Whether some purchase is asked `common` and would not be asked this one.

        The table is complete once proposed: it is compared when the version is
        approved, not while its lines are typed.
        """
        if self.policy_state != "active":
            return False
        unknown = [[False, *dict(AXES[axis])] for axis in ("nature", "route")]
        return any(
            common._applies_to(*case) and not self._applies_to(*case)
            for case in product(*unknown, dict(CIRCUITS))
        )
