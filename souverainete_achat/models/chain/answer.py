from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class LinkQuestion(NamedTuple):
    """A criterion, asked of one link of the chain; of the whole where none is given."""

    criterion_id: int
    component_id: int | bool = False


class Answer(models.Model):
    """What is known of one link of the chain on one criterion."""

    _inherit = "souverainete.answer"

    component_id = fields.Many2one(
        "souverainete.component",
        string="Link of the chain",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('option_id', '=', option_id)]",
        help="Publisher, operator, host or subcontractor this answer is about: the "
        "weakest link counts. Empty: the option as a whole.",
    )

    link_name = fields.Char(
        string="Link",
        compute="_compute_link_name",
        compute_sudo=True,
        help="Part this link plays in the chain, and who plays it.",
    )

    _option_question_uniq = models.UniqueIndex(
        "(option_id, criterion_id, COALESCE(component_id, 0))",
        "An option answers each criterion once, or once a link of its chain: correct "
        "the answer it already has.",
    )

    @api.model
    def _get_place_fields(self):
        return super()._get_place_fields() | {"component_id"}

    def _get_question(self):
        return LinkQuestion(self.criterion_id.id, self.component_id.id)

    @api.depends_context("lang")
    @api.depends("component_id.display_name", "component_id.role")
    def _compute_link_name(self):
        """One provider may play several parts: each is named with its own."""
        for answer in self:
            link = answer.component_id
            parts = (link._get_role_label(), link.name or link.partner_id.name)
            answer.link_name = " – ".join(filter(None, parts)) if link else False

    @api.depends("component_id", "criterion_id.per_link")
    def _compute_is_current(self):
        result = super()._compute_is_current()
        for answer in self.filtered("component_id"):
            answer.is_current &= answer.criterion_id.per_link
        return result

    def _is_scored(self):
        asked = self.criterion_id.per_link or not self.component_id
        return asked and super()._is_scored()

    def _get_launch_item(self):
        key, item = super()._get_launch_item()
        if self.component_id:
            key = f"{key}/{self.component_id.id}"
        return key, item

    # === INTEGRITY === #

    @api.constrains("component_id", "criterion_id", "option_id")
    def _check_link(self):
        for answer in self.filtered("component_id"):
            if answer.component_id.option_id != answer.option_id:
                raise ValidationError(
                    self.env._(
                        "%(link)s is no link of the chain of %(option)s: choose one of "
                        "its own components.",
                        link=answer.component_id.display_name,
                        option=answer.option_id.display_name,
                    )
                )
            if not answer.criterion_id.per_link:
                raise ValidationError(
                    self.env._(
                        "“%(criterion)s” is asked of the option as a whole, not link "
                        "by link: answer it without a link.",
                        criterion=answer.criterion_id.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_linked(self):
        """A link nobody assessed cannot be hidden by taking its line away."""
        if self._is_server():
            return
        if kept := self.filtered(lambda a: a.component_id and a.is_current):
            raise UserError(
                self.env._(
                    "%(link)s is a link of the chain, and is asked about as long as it "
                    "is one: empty its answer, or take the component out of the option "
                    "(tab “Hosting”).",
                    link=kept[0].component_id.display_name,
                )
            )
