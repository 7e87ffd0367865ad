"""A grid leaves as a workbook and comes back; weights, examples, award criteria."""

from io import BytesIO

from openpyxl import Workbook, load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ADDON, SouveraineteCase
from .flow import FlowCase


@tagged("post_install", "-at_install")
class TestGridExchange(SouveraineteCase):
    def setUp(self):
        super().setUp()
        self.grid = self.env.ref(f"{ADDON}.grid_eu_csf_2026_06")
        self.Grid = self.env["souverainete.grid"].with_user(self.referent)

    def _get_content(self, grid):
        return [
            (
                o.code,
                o.name,
                o.weight_known and o.weight,
                o.max_points,
                [
                    (
                        *(c.code, c.name, c.axis, c.award_use, c.operator_attribute),
                        [(r.level, r.points, r.name) for r in c.level_ids],
                    )
                    for c in o.criterion_ids
                ],
            )
            for o in grid.objective_ids
        ]

    def test_what_leaves_comes_back_the_same(self):
        for name in ("grid_eu_csf_2026_06", "grid_doctrine_2026"):
            grid = self.env.ref(f"{ADDON}.{name}")
            back = self.Grid._create_from_workbook(
                grid._get_workbook(), name + "b", "B"
            )
            self.assertEqual(self._get_content(back), self._get_content(grid))

    def test_no_text_of_the_workbook_is_a_formula(self):
        copy = self.grid.copy({"code": "formula", "active": True})
        copy.objective_ids[0].name = '=HYPERLINK("http://x","y")'
        book = load_workbook(BytesIO(copy._get_workbook()))
        cell = book["objectives"]["B2"]
        self.assertEqual(cell.data_type, "s")
        back = self.Grid._create_from_workbook(copy._get_workbook(), "back", "Back")
        self.assertEqual(back.objective_ids[0].name, copy.objective_ids[0].name)

    def _break(self, sheet, cell, value):
        book = load_workbook(BytesIO(self.grid._get_workbook()))
        book[sheet][cell] = value
        content = BytesIO()
        book.save(content)
        return content.getvalue()

    def test_a_mistake_is_named_with_its_place_and_nothing_is_made(self):
        for sheet, cell, value, expected in (
            ("ladder", "D7", "many", "“ladder”, row 7"),
            ("ladder", "D7", None, "“ladder”, row 7"),
            ("ladder", "C3", "9", "“ladder”, row 3"),
            ("ladder", "B4", "SOV-9.9", "“ladder”, row 4"),
            ("criteria", "A5", "SOV-9", "“criteria”, row 5"),
            ("criteria", "F2", "always", "“criteria”, row 2"),
            ("objectives", "B3", "", "“objectives”, row 3"),
            ("objectives", "C1", "poids", "weight"),
        ):
            with self.subTest(sheet=sheet, cell=cell, value=value):
                content = self._break(sheet, cell, value)
                with self.assertRaisesRegex(UserError, expected):
                    self.Grid._create_from_workbook(content, "broken", "Broken")
        self.assertFalse(self.Grid.search([("code", "=", "broken")]))

    def test_what_is_no_workbook_is_refused(self):
        empty = BytesIO()
        Workbook().save(empty)
        for content in (b"", b"\x00" * 50, b"a;b\n", b"PK\x03\x04", empty.getvalue()):
            with self.subTest(content=content[:10]), self.assertRaises(UserError):
                self.Grid._create_from_workbook(content, "broken", "Broken")

    def test_a_buyer_exports_and_does_not_import(self):
        exchange = self.env["souverainete.grid.exchange"].with_user(self.buyer)
        self.assertTrue(exchange.create({"grid_id": self.grid.id}).content)
        with self.assertRaises(AccessError):
            self.Grid.with_user(self.buyer)._create_from_workbook(
                self.grid._get_workbook(), "mine", "Mine"
            )


@tagged("post_install", "-at_install")
class TestWeightsOfTheMinistry(FlowCase):
    def setUp(self):
        super().setUp()
        doctrine = self.env.ref(f"{ADDON}.grid_doctrine_2026")
        self.grid = doctrine.copy({"code": "ministry"}).with_user(self.referent)
        self.file = self._new_file()
        self._prepare_launch(self.file)
        self.file.grid_id = self.grid

    def _messages(self, code):
        findings = self.file._findings("launch")
        return {f.key: f for f in findings if f.rule.code == code}

    def test_an_example_is_loaded_and_labelled_so(self):
        self.assertFalse(self.grid.is_weighted)
        self.grid.action_load_example()
        self.assertEqual(self.grid.weight_total, 100)
        self.assertTrue(self.grid.is_example)
        self.assertIn("example", self._messages("grid_award"))
        first, second = self.grid.objective_ids[:2]
        self.grid.write(
            {
                "objective_ids": [
                    (1, first.id, {"weight": first.weight + 1}),
                    (1, second.id, {"weight": second.weight - 1}),
                ]
            }
        )
        self.assertFalse(self.grid.is_example)
        self.assertNotIn("example", self._messages("grid_award"))

    def test_weights_already_set_are_not_replaced_by_an_example(self):
        self.grid.action_load_example()
        with self.assertRaises(UserError):
            self.grid.action_load_example()
        with self.assertRaises(AccessError):
            self.grid.with_user(self.buyer).is_example = False

    def test_balance_is_advice(self):
        self.grid.action_load_example()
        self.assertFalse(self._messages("grid_balance"))
        weights = {"sovereignty": 40, "performance": 5, "durability": 0}
        commands = [
            (1, o.id, {"weight": weights.get(o.code, o.weight)})
            for o in self.grid.objective_ids
        ]
        self.grid.write({"objective_ids": commands})
        points = self._messages("grid_balance")
        self.assertEqual(set(points), {"durability", "sovereignty"})
        self.assertFalse(any(point.blocking for point in points.values()))

    def test_who_makes_the_offer_is_justified_and_capital_never_ranks(self):
        commission = self.env.ref(f"{ADDON}.grid_eu_csf_2026_06")
        grid = commission.copy({"code": "own_csf", "active": True})
        self.file.grid_id = grid
        points = self._messages("grid_award")
        self.assertIn("SOV-1.4, SOV-1.5", points["never"].message)
        self.assertIn("SOV-1.1", points["justified"].message)
        operator = grid.criterion_ids.filtered(lambda c: c.award_use == "justified")
        operator.object_link = "The service runs the State's own directory."
        self.assertNotIn("justified", self._messages("grid_award"))
        self.file.purchase_route = "central_body"
        self.assertFalse(self._messages("grid_award"))
