"""What taking over 5,000 contracts with their documents costs, against stock Odoo
creating and confirming 5,000 agreements in the same run.

Queries are by batch. Times are ratios; stock Odoo keeps no document.
"""

import io
import os
import time
import zipfile
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

CONTRACTS = 5000
CREATED = 500


def new_agreements(env, number, product, vendor):
    """Drafts, created by 500 as an import does."""
    line = {"product_id": product.id, "product_qty": 1, "price_unit": 9000}
    agreements = env["purchase.requisition"]
    for start in range(0, number, CREATED):
        agreements |= agreements.create(
            [
                {
                    "requisition_type": "blanket_order",
                    "vendor_id": vendor.id,
                    "reference": f"2024-M-{start + index:05}",
                    "line_ids": [(0, 0, dict(line))],
                }
                for index in range(CREATED)
            ]
        )
        env.flush_all()
    return agreements


def new_product(env):
    vals = {"name": "Software"}
    if "cpv_code" in env["product.product"]._fields:
        vals["cpv_code"] = "48000000"
    return env["product.product"].create(vals)


def measure(env, function):
    env.flush_all()
    env.invalidate_all()
    before, start = env.cr.sql_log_count, time.perf_counter()
    function()
    env.cr.precommit.run()
    env.flush_all()
    return env.cr.sql_log_count - before, time.perf_counter() - start


def measure_stock():
    """(queries, seconds) to create, then to confirm, one agreement at a time."""
    with patch.dict(config.options, {"test_enable": False}):
        registry = Registry(os.environ["SOUVERAINETE_STOCK_DATABASE"])
    with registry.cursor() as cr:
        stock = api.Environment(cr, SUPERUSER_ID, {})
        product, vendor = new_product(stock), stock["res.partner"].create({"name": "V"})
        created = measure(
            stock, lambda: new_agreements(stock, CONTRACTS, product, vendor)
        )
        files = stock["purchase.requisition"].search([], limit=CONTRACTS)
        confirmed = measure(stock, lambda: [file.action_confirm() for file in files])
        cr.rollback()
    return created, confirmed


def zip_of(files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for file in files:
            archive.writestr(f"{file.name}.pdf", f"{file.name} signed".encode() * 200)
    return content.getvalue()


stock_created, stock_confirmed = measure_stock()

officer = env["res.users"].create(
    {
        "name": "Officer",
        "login": "bench_officer",
        "group_ids": [(4, env.ref("souverainete_achat.group_officer").id)],
    }
)
product, vendor = new_product(env), env["res.partner"].create({"name": "Vendor"})
agreements = []
created = measure(
    env, lambda: agreements.append(new_agreements(env, CONTRACTS, product, vendor))
)
files = agreements[0]
as_officer = env(user=officer.id)
document = as_officer["ir.attachment"].create(
    {"name": "contracts.zip", "raw": zip_of(files)}
)
wizard = as_officer["souverainete.take.over"].create(
    {
        "requisition_ids": [(6, 0, files.ids)],
        "attachment_ids": [(6, 0, document.ids)],
        "reason": "Signed before the rules",
    }
)
planned = measure(env, wizard.action_preview)
wizard._start()
batches = []
while wizard.remaining:
    batches.append(measure(env, wizard.action_take_over_batch))
taken = [sum(column) for column in zip(*batches, strict=True)]
assert set(files.mapped("is_prior")) == {True}
judged = measure(env, lambda: files[:500]._refresh_shortfalls())

queries = [count for count, _time in batches]
print(f"{CONTRACTS} contracts, {len(batches)} batches")
print(
    f"create drafts: {created[0]} queries, stock {stock_created[0]}, "
    f"time against stock {created[1] / stock_created[1]:.2f}"
)
print(
    f"plan (match {CONTRACTS} documents): {planned[0]} queries, time against stock "
    f"confirming them {planned[1] / stock_confirmed[1]:.2f}"
)
print(
    f"take over: {taken[0]} queries, {min(queries)} to {max(queries)} a batch; stock "
    f"confirming: {stock_confirmed[0]}; time against stock "
    f"{taken[1] / stock_confirmed[1]:.2f}"
)
print(f"compare 500 with the rules of the day: {judged[0]} queries")
