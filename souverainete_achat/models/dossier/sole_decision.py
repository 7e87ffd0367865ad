from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, UserError

from ..base.opening import open_form
from ..base.text import check_words


class SoleDecision(models.Model):
    """What one person decides alone, and why: where nobody else holds the role.

    Given for one record as it stands and for one decision; the reconciliation lists
    it, so that the DAE sees it and whoever holds the role next answers it.
    """

    _name = "souverainete.sole.decision"
    _inherit = ["souverainete.evidence"]
    _description = "Decision of one person"
    _order = "id desc"
    _rec_name = "subject"

    company_id = fields.Many2one(
        "res.company", string="Ministry", required=True, index=True
    )
    res_model = fields.Char(string="Model", required=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True, index=True
    )
    subject = fields.Char(required=True, help="What it is about, as it was named.")
    user_id = fields.Many2one(
        "res.users", string="Decided by", required=True, index=True
    )
    reason = fields.Text(required=True, help="Why nobody else could decide.")
    digest = fields.Char(required=True, help="SHA-256 of what was decided on.")
    recorded_on = fields.Datetime(required=True, help="Server time.")
    used_on = fields.Datetime(
        string="Decided on", help="Server time. Empty: nothing was decided yet."
    )
    lifted = fields.Text(
        string="Refusal lifted", help="What would have been told to who asked."
    )

    @api.model
    @tools.ormcache("user_id")
    def _get_stated(self, user_id):
        """{model: {record id: digest}} of the reasons this user gave and did not use:
        rare, and asked of each file that is opened."""
        unused = self.sudo().search(
            [("user_id", "=", user_id), ("used_on", "=", False)], order="id"
        )
        return {
            model: {decision.res_id: decision.digest for decision in stated}
            for model, stated in unused.grouped("res_model").items()
        }

    def action_open(self):
        """Open what was decided on."""
        self.check_access("read")
        self.ensure_one()
        return open_form(self.env[self.res_model].browse(self.res_id))


class Authored(models.AbstractModel):
    """Who wrote or asked may decide alone, with a reason that others will read."""

    _inherit = "souverainete.authored"

    def action_decide_alone(self, reason):
        """Record why the current user decides alone on these records as they stand;
        raises where somebody else can, or where nothing forbids to decide.

        The decision itself is taken afterwards, by its own button.
        """
        self.check_access("read")
        check_words(self.env, reason)
        for record in self:
            record._check_alone(reason)
            record._record_alone(reason)

    def _check_alone(self, reason):
        self._check_asked_by_a_person()
        if not self._is_open_to_one() or not self._is_asked_by_me():
            raise UserError(
                self.env._("%(name)s takes no such reason.", name=self.display_name)
            )
        if self.env.user not in self._get_all_deciders():
            raise AccessError(
                self.env._("Only who holds the role decides, alone or not.")
            )
        if others := self._get_all_deciders() - self.env.user:
            raise AccessError(
                self.env._(
                    "You are not alone: these people can decide, or undo what they "
                    "wrote so that they can: %(names)s.",
                    names=", ".join(others.sorted("name").mapped("name")),
                )
            )
        if not (reason or "").strip():
            raise UserError(self.env._("Say why nobody else can decide."))

    def _is_open_to_one(self):
        """Whether it cannot wait for a second person."""
        return True

    def _get_all_deciders(self):
        """Everybody who holds the role, here or where people decide for here. What is
        common to all ministries is decided by those of all."""
        bodies = self._get_body()
        if not ("company_id" in self._fields and self.sudo().company_id):
            bodies = bodies.search([("active", "=", True)])
        users = self.env["res.users"].sudo()
        for body in bodies:
            users = users.union(*body._get_decider_levels(*self._decider_groups))
        return users

    def _record_alone(self, reason):
        self.env["souverainete.sole.decision"].sudo()._create_server(
            [
                {
                    "company_id": self._get_body().id,
                    "res_model": self._name,
                    "res_id": self.id,
                    "subject": self.display_name,
                    "user_id": self.env.uid,
                    "reason": reason,
                    "digest": self._get_content_digest(),
                    "recorded_on": fields.Datetime.now(),
                }
            ]
        )
        self.env.registry.clear_cache()

    def _filter_decided_alone(self):
        """What still stands as it was when the reason was given, by who is still the
        only one."""
        Decisions = self.env["souverainete.sole.decision"]
        digests = Decisions._get_stated(self.env.uid).get(self._name, {})
        return self.filtered(
            lambda record: (
                record.id in digests
                and record._get_content_digest() == digests[record.id]
                and record._get_all_deciders() == self.env.user
            )
        )

    def _get_sole_decisions(self):
        """The reasons that the current user gave for them, and did not use."""
        return (
            self.env["souverainete.sole.decision"]
            .sudo()
            .search(
                [
                    ("user_id", "=", self.env.uid),
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("used_on", "=", False),
                ],
                order="id",
            )
        )

    def _on_decided_alone(self, refusal):
        """One reason, one decision."""
        used = self._get_sole_decisions()[-1:]
        used._write_server({"used_on": fields.Datetime.now(), "lifted": refusal})
        self.env.registry.clear_cache()
        return super()._on_decided_alone(refusal)
