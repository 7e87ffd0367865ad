"""What the tests of renewals share: contracts that run, and days that pass."""

from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command

from ..common import PDF, PDF_64
from ..flow import FlowCase

TODAY = date(2026, 11, 24)


class RenewalCase(FlowCase):
    """Contracts signed before the rules or under them, seen on one fixed day."""

    def setUp(self):
        super().setUp()
        self._freeze(TODAY)

    def _freeze(self, day):
        """Make it `day`, at noon in Paris, until the end of the test."""
        clock = freeze_time(f"{day} 11:00:00")
        clock.start()
        self.addCleanup(clock.stop)

    def _assert_refused(self, pattern, attempt):
        """`attempt` is refused with these words, and leaves nothing behind."""
        with self.assertRaisesRegex(UserError, pattern):
            attempt()

    def _prior(self, **vals):
        """A digital contract taken over by an officer, as the buyer sees it."""
        document = self.env["ir.attachment"].create({"name": "c.pdf", "raw": PDF})
        line = {"product_id": self.software.id, "product_qty": 1, "price_unit": 100000}
        files = self.env["purchase.requisition"].with_user(self.officer)
        file = files._create_prior(
            [
                {
                    "requisition_type": "blanket_order",
                    "reference": "Meetings",
                    "vendor_id": self.vendor.id,
                    "user_id": self.buyer.id,
                    "line_ids": [Command.create(line)],
                    **vals,
                }
            ],
            document,
        )
        return file.with_user(self.buyer)

    def _tacit(self, **vals):
        """A firm year that ends on 31 August 2027, then three tacit years; three
        months' notice."""
        extensions = {
            "date_start": date(2026, 9, 1),
            "date_end": date(2030, 8, 31),
            "reconduction_kind": "tacit",
            "reconduction_count": 3,
            "reconduction_months": 12,
            "notice_months": 3,
        }
        return self._prior(**extensions | vals)

    def _run_jobs(self, day=None):
        """What the night of `day` does."""
        if day:
            self._freeze(day)
        cron = type(self.env["ir.cron"])
        with patch.object(cron, "_commit_progress", return_value=60):
            self.env["purchase.requisition"]._cron_deadlines()
            self.env["souverainete.review"]._cron_reviews()
        self.env.invalidate_all()

    def _amend(self, file, **vals):
        """A draft amendment written by the buyer, as the manager who signs it."""
        amendments = self.env["souverainete.amendment"].with_user(self.buyer)
        amendment = amendments.create(
            {
                "requisition_id": file.id,
                "name": "More users",
                "ground": "provided",
                "ground_reason": "The clause 12 says how many users may be added.",
                "amount_known": True,
                "document": PDF_64,
                "document_name": "amendment.pdf",
                **vals,
            }
        )
        return amendment.with_user(self.purchase_manager)
