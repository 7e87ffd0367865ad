from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.amount import Amount, tell_excess
from ..base.told import Told, tell


class SharedNeed(models.AbstractModel):
    """A file that carries a need, or shares that of another: what its agreements buy
    and cost together stays within it."""

    _name = "souverainete.shared.need"
    _inherit = ["souverainete.guarded"]
    _description = "File that carries or shares a need"

    need_id = fields.Many2one(
        "purchase.requisition",
        compute="_compute_need_id",
        store=True,
        readonly=False,
        index=True,
        copy=False,
        help="The file that carries the need: this one, or the one that lots and "
        "holders share.",
        guard="judged",
    )
    agreement_ids = fields.One2many(
        "purchase.requisition",
        "need_id",
        string="Agreements of this need",
        context={"active_test": False},
        help="The agreements signed for this need; the need itself is one of them.",
    )

    # Without a dependency, a stored compute would not run at creation.
    @api.depends("company_id")
    def _compute_need_id(self):
        for file in self:
            file.need_id = file.need_id or file._origin

    @api.constrains("need_id", "company_id")
    def _check_need(self):
        """A need is shared within one ministry, and carries itself."""
        for file in self.filtered(lambda f: f.need_id != f):
            if file.agreement_ids - file:
                raise ValidationError(
                    self.env._(
                        "%(need)s carries the need of other agreements: it stays its "
                        "own need.",
                        need=file.display_name,
                    )
                )
            if file.need_id.need_id != file.need_id:
                raise ValidationError(
                    self.env._(
                        "%(need)s does not carry a need itself: choose %(root)s.",
                        need=file.need_id.display_name,
                        root=file.need_id.need_id.display_name,
                    )
                )
            if file.need_id.company_id != file.company_id:
                raise ValidationError(
                    self.env._("A need and its agreements belong to one ministry.")
                )

    def _finding_need_covers(self, options):
        """An agreement buys what its need asked for, and no more than it was worth."""
        need = self.need_id
        if need == self:
            return {}
        listed = need.line_ids.product_id
        outside = self.line_ids.product_id - listed if listed else listed
        messages = {}
        if outside:
            messages["products"] = tell(self.env)._(
                "%(products)s: not on the need %(need)s. Describe them there, or in a "
                "need of their own.",
                products=", ".join(outside.mapped("display_name")),
                need=need.display_name,
            )
        if need._is_exceeded():
            said = tell(self.env)._(
                "The agreements of %(need)s exceed its estimated value, or it is not "
                "known: estimate it at the top of the need.",
                need=need.display_name,
            )
            messages["amount"] = Told.join([said, need._tell_exceeded()])
        return messages

    # === WHAT IS AGREED === #

    def _is_exceeded(self):
        """Whether the agreements of this need are worth more than it, € HT.

        Unknown covers nothing.
        """
        return self._get_agreed().exceeds(self._get_value(), self.currency_id)

    def _get_agreed(self):
        """What the agreements of this need come to. One without any amount takes no
        order: at least is enough."""
        signed = (self.agreement_ids - self).filtered(lambda f: f.state != "cancel")
        return self._get_committed(signed)._replace(known=True)

    def _tell_exceeded(self):
        worth = self._get_value()
        return tell_excess(self.env, self._get_agreed(), worth, self.currency_id)

    def _get_committed(self, files):
        """What these agreements of the need may cost together."""
        return Amount.sum_of(file._get_ceiling() for file in files)

    def _is_expense(self):
        """Whether what this file is worth is spent for it, and counted here.

        Agreements are counted with the need they share; the ceiling of an umbrella
        framework is no expense, the needs of its orders are.
        """
        framework = self.is_umbrella and not self.is_prior
        return self.need_id == self and self.state != "cancel" and not framework
