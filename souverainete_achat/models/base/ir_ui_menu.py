from odoo import models

from .res_company import STATE_KINDS as _STATE_KINDS

_OWN = ("menu_digital_root", "menu_souverainete")
# What only bodies of the State have to do with.
_STATE = ("menu_digital_projects",)


class IrUiMenu(models.Model):
    """The menus of the doctrine, where somebody applies it; those of the DINUM, where
    a body of the State does."""

    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        hidden = super()._load_menus_blacklist()
        bodies = self.env["res.company"]
        names = _STATE if bodies._is_anybody_concerned() else _OWN
        if bodies._is_anybody_concerned(_STATE_KINDS):
            return hidden
        menus = [self.env.ref(f"souverainete_achat.{name}", False) for name in names]
        return [*hidden, *(menu.id for menu in menus if menu)]
