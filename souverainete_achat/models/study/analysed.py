from odoo import fields, models
from odoo.exceptions import AccessError


class Analysed(models.AbstractModel):
    """A file whose offers only its analysts read until the award.

    Who they are is said by those who may; once none of them is left, by an officer who
    does not buy, for somebody else.
    """

    _name = "souverainete.analysed"
    _description = "File whose offers are read by its analysts"

    analyst_ids = fields.Many2many(
        "res.users",
        "souverainete_requisition_analyst_rel",
        string="Offer analysts",
        copy=False,
        help="Who may read the offers until award (confidentiality of bids, CCP). "
        "The buyer alone, unless others are named.",
    )

    def _get_analysts_named(self, vals):
        """Files whose analysts are about to change once offers are reserved to them.
        Raises unless the user may name them."""
        if "analyst_ids" not in vals or self.env.su:
            return self.browse()
        named = self.filtered(lambda file: file._has_named_analysts())
        named._check_names_analysts()
        return named

    def _has_named_analysts(self):
        """Whether offers are, or will be, reserved to the analysts named."""
        file = self.sudo()
        return bool(
            file._get_analysts() and (file.date_launch or file._get_sealed_options())
        )

    def _get_analysts(self):
        """All who were named, those who left included."""
        return self.sudo().with_context(active_test=False).analyst_ids

    def _get_sealed_options(self):
        """Offers that only the analysts read. Runs sudo."""
        return self.judged_option_ids.filtered(lambda o: o._is_confidential())

    def _may_read_offers(self):
        """Whether the reader is one of those whom sealed offers are shown to."""
        user = self.env.user
        if user.has_group("souverainete_achat.group_dae"):
            return False
        return user in self.sudo().need_id.analyst_ids

    def _check_names_analysts(self):
        for file in self.filtered(lambda f: self.env.user not in f._get_analysts()):
            if any(file._get_analysts().mapped("active")):
                raise AccessError(
                    self.env._(
                        "The offers of %(file)s are reserved to its analysts: one of "
                        "them can name another.",
                        file=file.display_name,
                    )
                )
            file._check_may_name_next()

    def _check_may_name_next(self):
        refusal = self.env._(
            "The analysts of %(file)s have left: a compliance officer who does not buy "
            "under it names the next one.",
            file=self.display_name,
        )
        if not self.env.user.has_group("souverainete_achat.group_officer"):
            raise AccessError(refusal)
        self._check_four_eyes(refusal)

    def _check_names_others(self):
        """Who names the next analyst does not read the offers by it."""
        if self.filtered(lambda file: self.env.user in file._get_analysts()):
            raise AccessError(
                self.env._(
                    "The analysts have left: name somebody else than yourself to "
                    "analyse the offers."
                )
            )
