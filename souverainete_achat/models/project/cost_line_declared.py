from odoo import api, fields, models


class CostLine(models.Model):
    """Who may state a cost, and what is kept of the lines that were submitted."""

    _inherit = "souverainete.cost.line"

    def _is_fact(self):
        """Whether the line records a fact instead of declaring something.

        An officer must always be able to record that a project turned out dearer:
        its files then lapse and the next act is refused. Refusing the record itself
        would only keep the true cost out of sight.
        """
        return self.env.user.has_group("souverainete_achat.group_officer")

    def _get_declared_files(self):
        files = super()._get_declared_files()
        return files.browse() if self._is_fact() else files

    @api.model
    def _get_files_from_vals(self, vals_list):
        files = super()._get_files_from_vals(vals_list)
        return files.browse() if self._is_fact() else files

    def _prepare_basis(self, mco_months):
        """The lines as the DINUM is asked to judge them, as JSON-able data."""
        return [line._prepare_basis_line(mco_months) for line in self]

    def _prepare_basis_line(self, mco_months):
        """One line; what only some lines have is added to these alone."""
        basis = {
            "name": self.name,
            "phase": self.phase,
            "nature": self.nature,
            "known": self.cost_known,
            "counted": self._get_counted(mco_months),
            "excluded": self.amount_excluded,
        }
        if self._is_by_quantity():
            basis |= {
                "unit": self.staff_unit,
                "quantity": self.staff_quantity,
                "months": self.staff_months if self.staff_unit == "fte" else 0,
                "unit_cost": self.unit_cost,
            }
        if self._is_foreign():
            basis |= {
                "amount": self.amount,
                "currency": self.amount_currency_id.name,
                "rate": self.rate,
                "rate_date": fields.Date.to_string(self.rate_date) or "",
            }
        return basis
