from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import AccessError

# The roles, the one whose work comes first in front: the group that gives each, and
# what the app opens on.
ROLES = {
    "dinum": ("group_dinum", "opinion_to_answer_action"),
    "dae": ("group_dae", "action_digital_files"),
    "officer": ("group_officer", "action_digital_files"),
    "duty": ("group_duty", "extreme_urgency_action"),
    "manager": ("group_manager", "proposal_action"),
    "ambassador": ("group_ambassador", "action_digital_files"),
    "buyer": ("purchase.group_purchase_user", "action_digital_files"),
    "owner": ("base.group_user", "data_questionnaire_action"),
}


class Card(models.Model):
    """A card of the first screen of a role: how many records wait there, one click from
    their list. A ministry adds its own, or archives those it does not use."""

    _name = "souverainete.card"
    _inherit = ["souverainete.shipping"]
    _description = "Card of the first screen of a role"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    role = fields.Selection(
        [
            ("dinum", "DINUM"),
            ("dae", "DAE"),
            ("officer", "Compliance officer"),
            ("duty", "Extreme urgencies"),
            ("manager", "Referentials"),
            ("ambassador", "Ambassador"),
            ("buyer", "My purchases"),
            ("owner", "My data"),
        ],
        required=True,
        help="Whose first screen shows it, and the name of its row.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    action_id = fields.Many2one(
        "ir.actions.act_window",
        string="Opens",
        required=True,
        ondelete="cascade",
        help="The list that the card opens.",
    )
    domain = fields.Char(
        default="[]",
        required=True,
        help="Which of its records are counted and shown. A value that is “uid” is "
        "whoever reads the card.",
    )
    colour = fields.Selection(
        [
            ("info", "Blue"),
            ("success", "Green"),
            ("warning", "Yellow"),
            ("danger", "Red"),
        ],
        default="info",
        required=True,
        help="How it looks when something is counted.",
    )

    # === FIRST SCREEN === #

    @api.model
    def retrieve_dashboard(self):
        """[{label, cards: [{id, name, count, colour}]}], a row for each role of who
        reads it: one count a card. Beside their first role, a role without work is no
        row."""
        self.browse().check_access("read")
        roles = self._get_roles()
        cards = self.search([("role", "in", roles)]).grouped("role")
        labels = dict(self._fields["role"]._description_selection(self.env))
        rows = [(role, cards[role]._prepare_cards()) for role in roles if role in cards]
        return [
            {"label": labels[role], "cards": row}
            for role, row in rows
            if row and (role == roles[0] or any(card["count"] for card in row))
        ]

    @api.model
    def open_home(self):
        """What the app opens on: the work of the first role of who opens it."""
        self.browse().check_access("read")
        _group, action = ROLES[self._get_roles()[0]]
        xmlid = _get_full(action)
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return action | {"context": {"souverainete_board": True}}

    def action_open(self):
        """The list behind the card; the form where one record waits."""
        self.check_access("read")
        self.ensure_one()
        actions = self.env["ir.actions.act_window"]
        action = actions._for_xml_id(self.sudo().action_id.xml_id)
        domain = self._get_domain()
        action |= {"name": self.name, "domain": domain, "context": {}}
        found = self._get_model().search(domain, limit=2)
        if len(found) == 1:
            action |= {"res_id": found.id, "views": [(False, "form")]}
        return action

    @api.model
    def _get_roles(self):
        """The roles of who asks. Their data is the last: beside another role, only
        while questions wait for them."""
        has = self.env.user.has_group
        roles = [
            role for role, (group, _home) in ROLES.items() if has(_get_full(group))
        ]
        if len(roles) > 1 and not self._is_data_owner():
            roles.remove("owner")
        if not roles:
            raise AccessError(self.env._("This is for the staff of the ministry."))
        return roles

    @api.model
    def _is_data_owner(self):
        asked = [("owner_id", "=", self.env.uid), ("state", "=", "draft")]
        return bool(
            self.env["souverainete.data.questionnaire"].search_count(asked, limit=1)
        )

    def _prepare_cards(self):
        return [
            {
                "id": card.id,
                "name": card.name,
                "count": card._get_model().search_count(card._get_domain()),
                "colour": card.colour,
            }
            for card in self
            if card._get_model().has_access("read")
        ]

    def _get_model(self):
        return self.env[self.sudo().action_id.res_model]

    def _get_domain(self):
        """The domain, for who reads it."""
        leaves = literal_eval(self.domain)
        return [self._fill_in(leaf) for leaf in leaves]

    def _fill_in(self, leaf):
        """A condition whose value is the reader is theirs."""
        mine = isinstance(leaf, tuple) and leaf[2] == "uid"
        return (*leaf[:2], self.env.uid) if mine else leaf


def _get_full(xmlid):
    return xmlid if "." in xmlid else f"souverainete_achat.{xmlid}"
