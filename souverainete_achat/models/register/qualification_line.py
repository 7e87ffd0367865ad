from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..doctrine.words import fold_text

_LONGEST = 500

# What says nothing of the service: asked for, or entered by mistake.
_NO_DECISION = ("examination", "void")


class Qualification(models.Model):
    """The line of one service: its successive decisions, each a record of its own.

    On a day, the decision that counts is the last that has started: a renewal takes
    over from what it renews, and its withdrawal is not hidden by older dates.
    """

    _inherit = "souverainete.qualification"

    replaces_id = fields.Many2one(
        "souverainete.qualification",
        string="Renews",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="The earlier qualification of the same service: a renewal is a new "
        "record. Purchases that rely on the earlier one follow.",
    )
    is_renamed = fields.Boolean(compute="_compute_is_renamed")
    renewal_reason = fields.Char(
        string="Why it is the same service",
        copy=False,
        tracking=True,
        help="Where it was read that the service qualified under this name is the one "
        "the earlier decision names.",
    )
    line_id = fields.Many2one(
        "souverainete.qualification",
        string="First of the line",
        compute="_compute_line_id",
        store=True,
        recursive=True,
        index=True,
        help="The first decision of this service in the register.",
    )
    line_member_ids = fields.One2many(
        "souverainete.qualification",
        "line_id",
        string="Decisions of the line",
        help="Every decision recorded for the service, this one included.",
    )
    line_all_ids = fields.Many2many(
        "souverainete.qualification",
        string="Decisions on this service",
        compute="_compute_line_all_ids",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"line_id"}

    @api.model
    def _get_judged_fields(self):
        return super()._get_judged_fields() | {"replaces_id"}

    @api.depends("service", "replaces_id.service")
    def _compute_is_renamed(self):
        for record in self:
            before = record.replaces_id
            renamed = self._fold(record.service) != self._fold(before.service)
            record.is_renamed = bool(before) and renamed

    @api.model
    def _fold(self, service):
        """Capitals, accents, spaces and punctuation make no other service."""
        return fold_text(service, _LONGEST).replace(" ", "")

    @api.depends("replaces_id.line_id")
    def _compute_line_id(self):
        for record in self:
            record.line_id = record.replaces_id.line_id or record._origin

    @api.depends("line_id.line_member_ids")
    def _compute_line_all_ids(self):
        for record in self:
            saved = record._origin
            record.line_all_ids = saved and saved.line_id.line_member_ids

    @api.constrains("replaces_id", "service", "renewal_reason")
    def _check_same_service(self):
        """Two services of one provider are qualified apart: one proves nothing of the
        other."""
        for record in self | self.search([("replaces_id", "in", self.ids)]):
            if record.is_renamed and not (record.renewal_reason or "").strip():
                raise ValidationError(
                    self.env._(
                        "“%(name)s” renews a service of another name, “%(other)s”: "
                        "record it without “Renews”, or say why it is the same service "
                        "(field “Why it is the same service”).",
                        name=record.display_name,
                        other=record.replaces_id.display_name,
                    )
                )

    @api.constrains("replaces_id", "partner_id", "scheme")
    def _check_line(self):
        """A line is of one provider and one scheme, and starts somewhere."""
        if self._has_cycle("replaces_id"):
            raise ValidationError(
                self.env._("A qualification cannot renew itself, even by others.")
            )
        for record in self | self.search([("replaces_id", "in", self.ids)]):
            if record.replaces_id and record._is_of_another_line():
                raise ValidationError(
                    self.env._(
                        "“%(name)s” renews the qualification of another provider or "
                        "scheme, “%(other)s”: record it without “Renews”.",
                        name=record.display_name,
                        other=record.replaces_id.display_name,
                    )
                )

    def _is_of_another_line(self):
        before = self.replaces_id
        holders = (self | before).partner_id.commercial_partner_id
        return len(holders) > 1 or self.scheme != before.scheme

    def _export_fact(self, name):
        if name == "replaces_id":
            return self.replaces_id.id or False
        return super()._export_fact(name)

    # === WHAT COUNTS ON A DAY === #

    def _get_line(self):
        """Every decision on the services of these records."""
        return self.line_id.line_member_ids or self

    def _get_current(self, day):
        """The decision of the line that counts on `day`; this one when none of the
        others has started."""
        self.ensure_one()
        return self._get_line()._pick_current(day) or self

    def _pick_current(self, day):
        """Of these decisions on one service, the last that has started on `day`."""
        started = self.filtered(
            lambda r: (
                r.state not in _NO_DECISION and r.date_start and r.date_start <= day
            )
        )
        return started.sorted(lambda r: (r.date_start, r.id or 0))[-1:]

    def _pick_latest(self):
        """Of these decisions on one service, the one that starts last."""
        dated = self.filtered(lambda r: r.state not in _NO_DECISION and r.date_start)
        return dated.sorted(lambda r: (r.date_start, r.id))[-1:]

    def _get_last(self, day):
        """The decision that ends what is proven without a gap from `day` on: the
        current one, or the renewal that follows it."""
        current = self._get_current(day)
        for record in self._get_line().sorted(lambda r: (r.date_start or day, r.id)):
            if record._is_following(current):
                current = record
        return current

    def _is_following(self, current):
        """Whether this decision starts before the other ends, and lasts longer."""
        if not (current.date_end and self.date_start and self.date_end):
            return False
        gap = self.date_start - current.date_end
        return (
            gap.days <= 1
            and self.date_end > current.date_end
            and self._get_standing(self.date_end) == "valid"
        )
