"""The house keeps its plan: rooms, one class a room, and no arrow that runs back."""

import re
import tempfile
import unittest
from collections import Counter
from functools import cache
from pathlib import Path

from .house import House, figures

# {(room, room it uses, name): why}. Each entry is a debt, not a way out.
ALLOWED = {}
MOST_ROOMS = 3  # that write or create one model in their own way
LONGEST, LONGEST_OF_FILE = 600, 700
# What stands beside the rooms: nothing else does.
BESIDE = {
    "models": r"",
    "wizard": r"",
    "report": r"",
    "views": r"menus\.xml|menus_app\.xml",
    "data": r"",
    "security": r"groups\.xml|ir\.model\.access-{room}\.csv|{room}_rules\.xml",
    "static/src": r"",
}


@cache
def read_house():
    return House()


class TestHouse(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.house = read_house()

    def assertNothing(self, found, message):
        found = sorted(found)
        if found:
            self.fail("\n".join([f"{message}: {len(found)}", *found]))

    def test_odoo_is_read(self):
        """Without Odoo's own names each of them would count as the addon's."""
        self.assertTrue(self.house.models.is_foreign("purchase.order", "partner_id"))

    def test_rooms(self):
        addon, rooms = self.house.addon, self.house.rooms
        self.assertEqual(
            {f"{room}/__init__.py" for room in rooms},
            {f"{each.parent.name}/{each.name}" for each in addon.glob("models/*/__i*")},
        )
        strangers = []
        for folder, beside in BESIDE.items():
            known = re.compile(beside.format(room=f"({'|'.join(rooms)})"))
            for path in (addon / folder).rglob("*.*"):
                first, *inside = path.relative_to(addon / folder).parts
                at_home = first in rooms if inside else known.fullmatch(first)
                ignored = path.is_dir() or path.suffix == ".pyc" or first[0] in "._"
                if not at_home and not ignored:
                    strangers.append(str(path.relative_to(addon)))
        self.assertNothing(strangers, "In no room")

    def test_one_class_a_room(self):
        addon = self.house.addon
        count = Counter(
            (cls.model, cls.room, cls.path.relative_to(addon).parts[0])
            for cls in self.house.classes
        )
        self.assertNothing(
            [
                f"{model} in {folder}/{room}: {n}"
                for (model, room, folder), n in count.items()
                if n > 1
            ],
            "Models with several classes in one room",
        )

    def test_no_arrow_back(self):
        back = {
            (*pair, use.name): self.house.describe(use, home)
            for pair, found in self.house.back.items()
            for use, home in sorted(found)
        }
        self.assertNothing(
            [text for key, text in back.items() if key not in ALLOWED],
            "Names that only a later room defines, each at one of its places",
        )
        self.assertNothing(map(str, ALLOWED.keys() - back), "Allowed in vain")

    def test_writes_are_few(self):
        overrides = figures.get_overrides(self.house)
        self.assertNothing(
            [
                f"{model}.{name}: {', '.join(sorted({*rooms}))}"
                for (model, name), rooms in overrides.items()
                if name in ("write", "create") and len({*rooms}) > MOST_ROOMS
            ],
            f"Methods that more than {MOST_ROOMS} rooms override",
        )

    def test_hooks_are_extended(self):
        found = [*figures.get_cuts(self.house), *figures.get_gaps(self.house)]
        self.assertNothing(found, "Hooks replaced, or extended below their first room")

    def test_files_are_read_at_one_go(self):
        long = []
        of_file = {
            cls.path
            for cls in figures.get_classes(self.house)
            if cls.model == "purchase.requisition"
        }
        for path in (self.house.addon / "models").rglob("*.py"):
            lines = figures.count_lines(path)
            if lines > (LONGEST_OF_FILE if path in of_file else LONGEST):
                long.append(f"{path.relative_to(self.house.addon)}: {lines} lines")
        self.assertNothing(long, "Files too long")


_BASE = """
from odoo import models

class Hook(models.AbstractModel):
    _name = "souverainete.hook"

    def _declared_hook(self):
        return 0
"""
_LOW = """
from odoo import fields, models
from ..high.thing import LEVELS

class Low(models.Model):
    _name = "souverainete.low"
    _inherit = ["souverainete.hook"]
    _order = "ordered desc"

    line_ids = fields.One2many("souverainete.low", "inversed")
    late_ids = fields.One2many("souverainete.high", "low_id")
    shown = fields.Char(related="related", compute="_computed")
    shared = fields.Char()

    def _declared_hook(self):
        return 1

    def _cut_hook(self):
        return self.display_name

    def _missing_hook(self):
        return super()._missing_hook()

    @api.depends("late_ids.shared", "depended")
    def _use(self):
        self.asked_in_code
        self.mapped("late_ids.walked")
        self.filtered("sifted").grouped("grouped_by")
        self.late_ids.filtered(lambda high: high.found_in_lambda)
        self.search([("searched", "=", 1), ("late_ids.reached", "=", 2)])
        self.write({"written": self._fields["by_field"], "shared": 1})
        getattr(self, "by_getattr")
        return self.env["souverainete.high"].plain + self.name_of_host
"""
_HIGH = """
from odoo import fields, models

LEVELS = ()

class High(models.Model):
    _name = "souverainete.high"
    low_id = fields.Many2one("souverainete.low")
    shared = fields.Char()
    plain = fields.Char()
    walked = fields.Char()
    found_in_lambda = fields.Char()
    reached = fields.Char()

class Low(models.Model):
    _inherit = "souverainete.low"

    def _cut_hook(self):
        return 3

    def _missing_hook(self):
        return 4

"""
_VIEW = """<odoo>
<record id="low_view" model="ir.ui.view">
    <field name="model">souverainete.low</field>
    <field name="inherit_id" ref="high_view" />
    <field name="arch" type="xml"><form>
        <field name="viewed" invisible="unseen" domain="[('limited', '=', 1)]" />
        <button type="object" name="pressed" />
        <field name="late_ids"><list><field name="shared" /></list></field>
        <t t-esc="doc.in_template" />
    </form></field>
</record>
</odoo>"""
_NAMES = """ordered inversed related _computed depended asked_in_code sifted
grouped_by searched written by_field by_getattr viewed unseen limited pressed
in_template""".split()
_OF_HIGH = "low_id shared walked found_in_lambda reached plain".split()
_OTHERS = {
    "souverainete.high",
    "souverainete_achat.high_view",
    "models/high/thing.py: LEVELS",
}


class TestReader(unittest.TestCase):
    """The reader sees each way of naming what a later room defines."""

    def test_reader(self):
        late = "".join(f"    {name} = fields.Char()\n" for name in _NAMES)
        view = '<odoo><record id="high_view" model="ir.ui.view" /></odoo>'
        with tempfile.TemporaryDirectory() as folder:
            for path, text in {
                "models/__init__.py": "from . import base, low, high",
                "models/base/thing.py": _BASE,
                "models/low/thing.py": _LOW,
                "models/high/thing.py": _HIGH + late,
                "views/low/views.xml": _VIEW,
                "views/high/views.xml": view,
            }.items():
                file = Path(folder, path)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
            house = House(Path(folder))
        cuts, gaps = " ".join(figures.get_cuts(house)), [*figures.get_gaps(house)]
        self.assertEqual(
            re.findall(r"low\.(_\w+)", cuts), ["_cut_hook", "_missing_hook"]
        )
        self.assertEqual(len(gaps), 1)
        self.assertIn("low._missing_hook at models/low/thing.py", gaps[0])
        self.assertEqual(figures.get_hooks(house), {"_declared_hook": {"low"}})
        self.assertEqual({*house.back}, {("low", "high")})
        used = [use for use, _home in house.back["low", "high"]]
        self.assertEqual({use.name for use in used}, {*_NAMES, *_OF_HIGH, *_OTHERS})
        of_high = {use.name for use in used if use.model == "souverainete.high"}
        self.assertEqual(of_high, {*_OF_HIGH} - {"low_id"})
        lines = Counter(use.path.name for use in used if use.name == "shared")
        self.assertEqual(lines, {"thing.py": 1, "views.xml": 1})
