"""What the tests of the reconciliation share: receipts, bills, and a nightly look."""

from odoo.fields import Command
from odoo.tools import SQL

from ..flow import FlowCase

LIGHT = {"light_mutualised": "yes", "light_cloud": "no", "light_sensitive": "no"}


class ReconciliationCase(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        accounts = cls.env["account.account"].create(
            [
                {"name": "Expenses", "code": "60900", "account_type": "expense"},
                {
                    "name": "Vendors",
                    "code": "40900",
                    "account_type": "liability_payable",
                    "reconcile": True,
                },
            ]
        )
        cls.expense, cls.payable = accounts
        cls.journal = cls.env["account.journal"].create(
            {
                "name": "Bills",
                "code": "RECB",
                "type": "purchase",
                "default_account_id": cls.expense.id,
            }
        )
        (cls.vendor | cls.other_vendor).property_account_payable_id = cls.payable
        cls.facts = cls.env["souverainete.reconciliation"]

    def _look(self):
        self.facts._reconcile(self.company)

    def _fact(self, kind, record=None, state="to_answer"):
        """The facts of a kind that stand, about one record."""
        self._look()
        domain = [("kind", "=", kind), ("company_id", "=", self.company.id)]
        if state:
            domain.append(("state", "=", state))
        if record:
            domain += [("res_model", "=", record._name), ("res_id", "=", record.id)]
        return self.facts.search(domain)

    def _answer(self, fact, user=None):
        fact.with_user(user or self.officer).action_answer("Checked with the vendor")

    def _small_order(self, price=1000.0, **vals):
        order = self._new_order(price=price, **LIGHT, **vals)
        order.with_user(self.purchase_manager).button_confirm()
        return order

    def _bill(self, lines, partner=None, kind="in_invoice", **vals):
        """A posted vendor bill. `lines`: [(product, € HT, order line, text)]."""
        bill = self.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": (partner or self.vendor).id,
                "invoice_date": "2026-11-30",
                "journal_id": self.journal.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product and product.id,
                            "name": text,
                            "price_unit": price,
                            "quantity": 1,
                            "account_id": self.expense.id,
                            "tax_ids": [Command.clear()],
                            "purchase_line_id": line and line.id,
                        }
                    )
                    for product, price, line, text in lines
                ],
                **vals,
            }
        )
        bill.action_post()
        return bill

    def _by_sql(self, record, **vals):
        """What somebody writes in the database, past Odoo."""
        record.flush_recordset()
        sets = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), value) for name, value in vals.items()
        )
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE id IN %s",
                SQL.identifier(record._table),
                sets,
                tuple(record.ids),
            )
        )
        record.invalidate_recordset()
