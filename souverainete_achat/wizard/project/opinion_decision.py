from odoo import fields, models


class OpinionDecision(models.TransientModel):
    """Dialog that ends a request or goes against an opinion: always with a reason."""

    _name = "souverainete.opinion.decision"
    _description = "Decision on a DINUM opinion"

    opinion_id = fields.Many2one(
        "souverainete.opinion", required=True, ondelete="cascade"
    )
    decision = fields.Selection(
        [
            ("withdraw", "Withdraw the request"),
            ("stale", "Declare the opinion stale"),
            ("depart", "Go against the simple opinion"),
            ("publication", "Record its publication"),
        ],
        required=True,
        default="withdraw",
    )
    reason = fields.Text(help="Kept with the opinion and in the journal, for good.")
    authority = fields.Char(
        string="Decided by",
        help="Who decides for the ministry or body: name and function.",
    )

    publication = fields.Selection(
        selection=lambda self: (
            self.env["souverainete.opinion"]
            ._fields["publication"]
            ._description_selection(self.env)
        ),
        help="Published, or why it is not yet or never.",
    )
    date_publication = fields.Date(
        string="On, or until", help="Day of the publication, or the deferral's last."
    )
    publication_url = fields.Char(string="Where it is published")

    def action_apply(self):
        """Apply the decision; refused with the reason when it may not be."""
        self.check_access("read")
        self.ensure_one()
        opinion = self.opinion_id
        if self.decision == "withdraw":
            opinion.action_withdraw(self.reason)
        elif self.decision == "stale":
            opinion.action_declare_stale(self.reason)
        elif self.decision == "publication":
            opinion._record_publication(self._prepare_publication())
        else:
            opinion.action_depart(self.reason, self.authority)
        return {"type": "ir.actions.act_window_close"}

    def _prepare_publication(self):
        published = self.publication == "published"
        withheld = self.publication == "withheld"
        return {
            "publication": self.publication,
            "date_publication": not withheld and self.date_publication,
            "publication_reason": not published and self.reason,
            "publication_url": published and self.publication_url,
        }
