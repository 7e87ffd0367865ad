"""A plugin of pylint: a model has one class a room, not one an addon."""

from collections import defaultdict
from pathlib import Path

from pylint_odoo.checkers.odoo_addons import OdooAddons


def register(linter):
    close = OdooAddons.close

    def close_by_room(checker):
        """`consider-merging-classes-inherited` groups what it saw by addon."""
        by_room = defaultdict(set)
        for (_addon, model), nodes in checker._odoo_inherit_items.items():
            for node in nodes:
                by_room[Path(node.root().file).parent, model].add(node)
        checker._odoo_inherit_items = by_room
        close(checker)

    OdooAddons.close = close_by_room
