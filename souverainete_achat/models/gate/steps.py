"""What comes next on a file: told from its last judgement, and never judged again."""

from collections import Counter

from odoo import api, fields, models

from ..base.finding import STAGES
from ..base.told import read_told, tell
from ..policy.rule import STEPS

_STEPS = tuple(dict(STEPS))
# Shown whatever is asked of the purchase.
_ALWAYS = {"need", "signature", "orders"}
_RANKS = {stage: rank for rank, stage in enumerate(STAGES)}


class Steps(models.AbstractModel):
    """The way a file goes: its steps, who has the turn, and one next act.

    All is derived where the file is judged and kept with its judgement: the steps are
    those of the rules asked of such a purchase, known from the first minute.
    """

    _name = "souverainete.steps"
    _description = "Purchase file that says what comes next"

    stepper = fields.Json(
        compute="_compute_stepper",
        help="Steps, points to settle, whose turn it is and the next act, as the form "
        "shows them.",
    )

    # === WHAT IS KEPT === #

    def _prepare_steps(self, findings):
        """What is kept of the steps, beside what was found: how many rules each is
        asked, and what comes next."""
        places = self._place_steps()
        rules = self._get_rules(tuple(_RANKS)).filtered(
            lambda r: r.severity != "advice"
        )
        asked = Counter(places[rule.step] for rule in rules)
        own = _ALWAYS.intersection(places.values()) | asked.keys()
        shown = [[step, asked[step]] for step in _STEPS if step in own]
        return {"asked": shown, "next": self._prepare_next(findings)}

    def _place_steps(self):
        """{step: the same, or the first one after it that this purchase has}.

        Nothing is published but by the ministry's own procedures, and a need alone is
        signed by its agreements.
        """
        skipped = set()
        if self.is_prior or not self.need_id._is_published():
            skipped |= {"consultation", "offers"}
        if self.requisition_type != "blanket_order":
            skipped.add("signature")
        places, place = {}, ""
        for step in reversed(_STEPS):
            place = place if step in skipped else step
            places[step] = place
        return places

    def _prepare_next(self, findings):
        """What comes next: what blocks the launch, the launch, what a room proposes,
        what blocks the signature, the signature; then the orders."""
        due = self._get_due_next(findings)
        before = [f for f in due if f.rule.stage == "launch"]
        if before:
            return self._prepare_next_point(before)
        act = self._get_launch_act() or self._find_next_act()
        if not act and due:
            return self._prepare_next_point(due)
        act = act or self._get_last_act()
        return act and self._prepare_next_act(*act)

    def _get_due_next(self, findings):
        """[Finding] that block this file, in the order of its steps."""
        due = [f for f in findings if f.blocking and not self._is_left_to_launch(f)]
        return sorted(
            due, key=lambda f: (_RANKS[f.rule.stage], _STEPS.index(f.rule.step))
        )

    def _is_left_to_launch(self, finding):
        """Whether launching its need is all that a finding asks."""
        return finding.rule.code == "launched" and self.need_id == self

    def _prepare_next_point(self, due):
        """The first of what is due."""
        rule, key = due[0].rule, due[0].key
        return {
            "step": self._place_steps()[rule.step],
            "role": self._get_turn_role(rule.owner, rule.code),
            "rule": rule.id,
            "key": key,
        }

    @api.model
    def _prepare_next_act(self, step, name, label):
        """One click of the buyer's."""
        return {"step": step, "role": "buyer", "act": name, "label": label.to_json()}

    def _get_launch_act(self):
        """Launching, where it is an act of its own: nothing blocks it any more."""
        own = self.need_id == self and self.state == "draft" and not self.is_prior
        if not own or self.date_launch:
            return None
        told = tell(self.env)
        if self._is_published():
            return (
                "consultation",
                "action_ask_launch",
                told._("Launch the consultation"),
            )
        if self.requisition_type == "purchase_template":
            return "orders", "action_confirm", told._("Confirm the need")
        return None

    def _get_last_act(self):
        """Signing, where this is an agreement; then ordering."""
        told = tell(self.env)
        if self.state == "draft" and self.is_awarded:
            return None
        if self.state == "draft" and self.requisition_type == "blanket_order":
            if self.need_id.date_launch:
                return "signature", "action_confirm", told._("Confirm the agreement")
            return "signature", "action_confirm", told._("Launch and confirm")
        if self.state == "confirmed":
            return "orders", "action_open_new_order", told._("New order")
        return None

    def _prepare_turn(self, steps):
        """Values of what lists read, only where it changed: since when somebody has
        the turn is when it came to them."""
        following = steps and steps["next"] or {}
        role = following.get("role", False)
        user = role and self._get_turn_user(role).id
        step = following.get("step", False)
        if (step, role, user) == (self.next_step, self.turn_role, self.turn_user_id.id):
            return {}
        return {
            "next_step": step,
            "turn_role": role,
            "turn_user_id": user,
            "turn_since": role and fields.Datetime.now(),
        }

    # === WHAT IS READ === #

    def _get_next_act(self):
        """The next act in the words of the reader, or None: `name` of the method that
        does it, or `place` where a point is settled; `label` of its button; `why`.
        `point`: its rank among the points that are read."""
        return self._read_next(self._read_judgement())

    def _read_next(self, points):
        kept = (self.sudo().judgement or {}).get("steps", {}).get("next")
        if not kept:
            return None
        if act := kept.get("act"):
            label = read_told(self.env, kept["label"])
            return {"name": act, "label": label, "why": "", "place": "", "point": -1}
        names = [(point["id"], point["key"]) for point in points]
        found = names.index((kept["rule"], kept["key"]))
        return {
            "name": "",
            "label": self.env._("Settle it"),
            "why": points[found]["message"],
            "place": points[found]["place"],
            "point": found,
        }

    def action_next(self):
        """Do the next act of the file, or open it at the first point to settle."""
        self.check_access("read")
        self.ensure_one()
        following = self._get_next_act() or {}
        if name := following.get("name"):
            return getattr(self, name)()
        place = following.get("place", "")
        kind, _colon, name = place.partition("/")[0].partition(":")
        if kind == "action":
            return getattr(self.need_id, name)()
        action = self.need_id.get_formview_action()
        return action | {"context": {"souverainete_place": place}}

    def action_open_new_order(self):
        """A new order under this file."""
        self.check_access("read")
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "purchase_requisition.action_purchase_requisition_to_so"
        )
        context = {
            "default_requisition_id": self.id,
            "default_currency_id": self.currency_id.id,
            "default_user_id": self.user_id.id,
        }
        return action | {"context": context, "views": [(False, "form")]}

    @api.depends("judgement", "state", "scope_status")
    @api.depends_context("uid", "lang")
    def _compute_stepper(self):
        for file in self:
            shown = file._origin and file._is_judgement_kept() and file._origin
            file.stepper = shown and shown._prepare_stepper()

    def _prepare_stepper(self):
        """What the form shows, in the words and with the rights of the reader."""
        file = self.sudo()
        steps = (file.judgement or {}).get("steps")
        if not steps:
            return False
        places = self._place_steps()
        read = self._read_judgement()
        points = [self._prepare_step_point(point, places) for point in read]
        return {
            "steps": self._prepare_shown_steps(steps, points),
            "points": points,
            "next": self._read_next(read),
            "may_act": self.browse().has_access("write"),
            "role": file._get_turn_label(),
            "user": file.turn_user_id.name or "",
            "since": fields.Datetime.to_string(file.turn_since) or "",
            "outdated_on": self._get_outdated_on(),
        }

    def _prepare_step_point(self, point, places):
        """A point that is settled on the need is opened there."""
        shared = point["stage"] == "launch" and self.need_id != self
        return {
            **point,
            "step": places[point["step"]],
            "file": self.need_id.id if shared else self.id,
        }

    def _prepare_shown_steps(self, steps, points):
        """[{step, label, asked, met, current}]."""
        labels = dict(self._fields["next_step"]._description_selection(self.env))
        blocked = {step: set() for step, _rules in steps["asked"]}
        for point in points:
            if point["blocking"]:
                blocked.setdefault(point["step"], set()).add(point["id"])
        current = (steps["next"] or {}).get("step")
        return [
            {
                "step": step,
                "label": labels[step],
                "asked": asked,
                "met": max(asked - len(blocked[step]), 0),
                "current": step == current,
            }
            for step, asked in steps["asked"]
        ]

    def _get_turn_label(self):
        labels = self._fields["turn_role"]._description_selection(self.env)
        return dict(labels).get(self.turn_role, "")
