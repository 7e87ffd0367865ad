"""What judging files costs: queries and time for 1, 10, 100 and 1,000 of them."""

import time

product = env["product.product"].create({"name": "Software", "cpv_code": "48000000"})
vendor = env["res.partner"].create({"name": "Vendor"})


def new_files(number):
    line = {"product_id": product.id, "product_qty": 1, "price_unit": 90000}
    files = env["purchase.requisition"].create(
        [
            {"vendor_id": vendor.id, "line_ids": [(0, 0, dict(line))]}
            for _number in range(number)
        ]
    )
    env["souverainete.option"].create(
        [
            {
                "requisition_id": file.id,
                "name": "Studied",
                "path": "off_the_shelf",
                "verdict": "retained",
                "reason": "Adequate",
            }
            for file in files
        ]
    )
    env.flush_all()
    return files


def judge(files):
    env.invalidate_all()
    before, start = env.cr.sql_log_count, time.perf_counter()
    files._findings_by_file()
    return env.cr.sql_log_count - before, time.perf_counter() - start


judge(new_files(1))
_queries, reference = judge(new_files(1))
print("files  queries  time of one file, against that of a file alone")
for number in (1, 10, 100, 1000):
    queries, elapsed = judge(new_files(number))
    print(f"{number:5}  {queries:7}  {elapsed / number / reference:.2f}")
