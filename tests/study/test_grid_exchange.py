"""A grid leaves as a workbook and comes back; weights, examples, award criteria."""

from io import BytesIO
from re import sub
from zipfile import ZipFile

from openpyxl import Workbook, load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import ADDON, SouveraineteCase
from ..flow import FlowCase

_GRID = (
    "version source source_url licence attribution date_start validity_months "
    "blank_rule is_example weight_total"
)
_OBJECTIVE = (
    "code name weight weight_known example_weight nominal_points max_points "
    "required_level is_price"
)
_CRITERION = (
    "code name axis help operator_attribute award_use object_link per_link "
    "per_link_reason label_doubtful"
)
_RUNG = "level points name"


@tagged("post_install", "-at_install")
class TestGridExchange(SouveraineteCase):
    def setUp(self):
        super().setUp()
        self.grid = self.env.ref(f"{ADDON}.grid_eu_csf_2026_06")
        self.Grid = self.env["souverainete.grid"].with_user(self.referent)

    def _get_content(self, grid):
        """All that scores, binds, or that the licence asks to keep."""
        return (
            self._get_values(grid, _GRID),
            [
                (
                    self._get_values(objective, _OBJECTIVE),
                    [
                        (
                            self._get_values(criterion, _CRITERION),
                            [self._get_values(r, _RUNG) for r in criterion.level_ids],
                        )
                        for criterion in objective.criterion_ids
                    ],
                )
                for objective in grid.objective_ids
            ],
        )

    def _get_values(self, record, names):
        return {name: record[name] for name in names.split()}

    def _new_weighted_grid(self):
        """A grid of the ministry that uses everything a grid may say."""
        rungs = [
            (0, 0, {"sequence": n, "level": str(n), "points": 5 * n, "name": f"L{n}"})
            for n in range(3)
        ]
        criterion = {
            **{"code": "q.1", "name": "Quality?", "level_ids": rungs},
            **{"operator_attribute": True, "award_use": "justified"},
            **{"object_link": "Runs the directory", "label_doubtful": True},
            **{"per_link": True, "per_link_reason": "One leak is enough"},
        }
        quality = {
            **{"code": "quality", "name": "Quality", "weight": 60},
            **{"example_weight": 55, "required_level": "0", "nominal_points": 12},
            "criterion_ids": [(0, 0, criterion)],
        }
        price = {"code": "price", "name": "Price", "weight": 40, "is_price": True}
        return self.Grid.create(
            {
                **{"code": "own", "name": "Own", "version": "3", "source": "Ours"},
                **{"source_url": "https://example.org", "licence": "CC BY 4.0"},
                **{"attribution": "Someone, CC BY 4.0", "date_start": "2026-05-04"},
                **{"validity_months": 0, "blank_rule": "zero"},
                "objective_ids": [(0, 0, quality), (0, 0, price)],
            }
        )

    def test_what_leaves_comes_back_the_same(self):
        names = ("grid_eu_csf_2026_06", "grid_eu_csf_1_2_1", "grid_doctrine_2026")
        shipped = [self.env.ref(f"{ADDON}.{name}") for name in names]
        for grid in (*shipped, self._new_weighted_grid()):
            with self.subTest(grid=grid.code):
                back = self.Grid._create_from_workbook(
                    grid._get_workbook(), f"{grid.code}_back", "B"
                )
                self.assertEqual(self._get_content(back), self._get_content(grid))

    def test_a_workbook_made_before_still_comes_back(self):
        book = load_workbook(BytesIO(self.grid._get_workbook()))
        del book["grid"]
        book["criteria"].delete_cols(9, 3)
        book["objectives"].delete_cols(5, 3)
        back = self.Grid._create_from_workbook(self._save(book), "old", "Old")
        self.assertEqual(len(back.criterion_ids), len(self.grid.criterion_ids))
        self.assertEqual((back.blank_rule, back.validity_months), ("worst", 12))

    def test_no_and_nothing_are_read_strictly_on_the_operator(self):
        for word in ("non", "No", "0", 0, "faux", False):
            with self.subTest(word=word):
                content = self._break("criteria", {"E2": word})
                [back] = self.Grid._create_from_workbook(content, f"w{word!r}", "B")
                self.assertFalse(back.criterion_ids[0].operator_attribute)
        content = self._break("criteria", {"F2": None})
        back = self.Grid._create_from_workbook(content, "strict", "Strict")
        self.assertEqual(back.criterion_ids[0].award_use, "never")

    def test_no_text_of_the_workbook_is_a_formula(self):
        copy = self.grid.copy({"code": "formula", "active": True})
        copy.objective_ids[0].name = '=HYPERLINK("http://x","y")'
        book = load_workbook(BytesIO(copy._get_workbook()))
        cell = book["objectives"]["B2"]
        self.assertEqual(cell.data_type, "s")
        back = self.Grid._create_from_workbook(copy._get_workbook(), "back", "Back")
        self.assertEqual(back.objective_ids[0].name, copy.objective_ids[0].name)

    def _break(self, sheet, values):
        """The workbook of the grid, with these cells of a sheet written over."""
        book = load_workbook(BytesIO(self.grid._get_workbook()))
        for cell, value in values.items():
            book[sheet][cell] = value
        return self._save(book)

    def _save(self, book):
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
            ("ladder", "D7", "nan", "“ladder”, row 7"),
            ("ladder", "D7", "inf", "“ladder”, row 7"),
            ("ladder", "D7", -1, "“ladder”, row 7"),
            ("objectives", "C3", "nan", "“objectives”, row 3"),
            ("objectives", "C3", 101, "“objectives”, row 3"),
            ("objectives", "D3", "inf", "“objectives”, row 3"),
            ("objectives", "A3", "SOV-1", "“objectives”, row 3.*twice"),
            ("objectives", "E3", "9", "“objectives”, row 3"),
            ("criteria", "B3", "SOV-1.1", "“criteria”, row 3.*twice"),
            ("criteria", "E2", "perhaps", "“criteria”, row 2"),
            ("criteria", "F2", "free", "“criteria”, row 2"),
            ("grid", "F2", "in June", "“grid”, row 2"),
            ("grid", "G2", 1.5, "“grid”, row 2"),
            ("grid", "A3", "2", "“grid”, row 3"),
        ):
            with self.subTest(sheet=sheet, cell=cell, value=value):
                content = self._break(sheet, {cell: value})
                with self.assertRaisesRegex(UserError, expected):
                    self.Grid._create_from_workbook(content, "broken", "Broken")
        self.assertFalse(self.Grid.search([("code", "=", "broken")]))

    def test_a_code_already_taken_is_refused(self):
        with self.assertRaisesRegex(UserError, "eu_csf_2026_06"):
            self.Grid._create_from_workbook(
                self.grid._get_workbook(), self.grid.code, "Again"
            )

    def _edit_first_sheet(self, edit):
        """The workbook of the grid, with the XML of its first sheet edited."""
        path, content = "xl/worksheets/sheet1.xml", BytesIO()
        with (
            ZipFile(BytesIO(self.grid._get_workbook())) as source,
            ZipFile(content, "w") as target,
        ):
            for name in source.namelist():
                text = source.read(name)
                target.writestr(name, edit(text) if name == path else text)
        return content.getvalue()

    def test_a_damaged_sheet_is_refused(self):
        content = self._edit_first_sheet(lambda text: text[: len(text) // 2])
        with self.assertRaisesRegex(UserError, "XLSX"):
            self.Grid._create_from_workbook(content, "broken", "Broken")

    def test_neither_a_wrong_size_nor_formatted_rows_change_what_is_read(self):
        last = b'<row r="1048576"><c r="A1048576"/></row></sheetData>'
        for number, edit in enumerate(
            (
                lambda text: sub(rb'ref="A1:[^"]*"', b'ref="A1:B2"', text),
                lambda text: text.replace(b"</sheetData>", last),
            )
        ):
            content = self._edit_first_sheet(edit)
            back = self.Grid._create_from_workbook(content, f"edited{number}", "B")
            self.assertEqual(self._get_content(back), self._get_content(self.grid))

    def test_what_is_no_workbook_is_refused(self):
        empty = BytesIO()
        Workbook().save(empty)
        broken = (b"", b"\x00" * 50, b"a;b\n", b"PK\x03\x04")
        for content, words in (
            *((content, "not an XLSX workbook") for content in broken),
            (empty.getvalue(), "The sheet .* is missing"),
        ):
            with (
                self.subTest(content=content[:10]),
                self.assertRaisesRegex(UserError, words),
            ):
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
        with self.assertRaisesRegex(UserError, "Weights were already set"):
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
        self.assertEqual(set(points), {"sovereignty"})
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

    def test_a_level_required_on_capital_is_told_without_any_weight(self):
        objective = self.grid.objective_ids[0]
        objective.criterion_ids[0].write(
            {"operator_attribute": True, "award_use": "never"}
        )
        self.assertFalse(self._messages("grid_award"), "it binds nobody")
        objective.required_level = "1"
        self.assertIn("never", self._messages("grid_award"))

    def test_the_grid_of_a_lot_is_told_too(self):
        own = self.env.ref(f"{ADDON}.grid_eu_csf_2026_06").copy({"code": "own_lot"})
        self.assertFalse(self._messages("grid_award"))
        self.env["souverainete.lot"].create(
            {"requisition_id": self.file.id, "number": "1", "grid_id": own.id}
        )
        self.assertIn("never", self._messages("grid_award"))
