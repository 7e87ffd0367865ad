"""Needs in figures: the pivots of a State-wide table beside hand-written SQL.

Tab-separated: pivot, rows, seconds of `read_group` by an officer, seconds of the SQL,
ratio. The number of rows is FACTS_ROWS, one million unless told.
"""

import os
import sys
import time

sys.path.insert(0, ".")

from bench import houses  # noqa: E402  (found from the repository's root)
from bench.rows import copy_rows  # noqa: E402

ROWS = int(os.environ.get("FACTS_ROWS", 1_000_000))
BATCH = 100_000
AMOUNT = """SUM(CASE WHEN need.amount_estimated_known
                      AND need.currency_id = company.currency_id
                     THEN need.amount_estimated END)"""
FROM = """FROM purchase_requisition AS need
          JOIN res_company AS company ON company.id = need.company_id"""
WHERE = "need.need_id = need.id AND need.scope_status <> 'out' AND need.company_id = %s"
WAY = """CASE need.outcome WHEN 'mutualised' THEN 'mutualised'
              WHEN 'existing_contract' THEN 'existing' WHEN 'internal' THEN 'internal'
              WHEN 'abandoned' THEN 'none' WHEN 'unsuccessful' THEN 'none'
              ELSE COALESCE(option.way, 'unknown') END"""
OPTIONS = """LEFT JOIN (
    SELECT requisition_id, CASE WHEN COUNT(DISTINCT path) > 1 THEN 'several'
                                ELSE MIN(path) END AS way
      FROM souverainete_option AS kept
     WHERE verdict = 'retained'
       AND (kind = 'offer' AND awarded
            OR kind = 'studied' AND NOT EXISTS (
               SELECT FROM souverainete_option AS offer
                WHERE offer.requisition_id = kept.requisition_id AND offer.awarded
                  AND offer.kind = 'offer' AND offer.verdict = 'retained'))
  GROUP BY requisition_id) AS option ON option.requisition_id = need.id"""
ORDERS = """LEFT JOIN (
    SELECT need_id, SUM(amount_judged) AS amount FROM purchase_order
     WHERE state = 'purchase' AND need_id IS NOT NULL
  GROUP BY need_id) AS ordered ON ordered.need_id = need.id"""
# {pivot: (group-bys, measures, the same by hand)}
PIVOTS = {
    "stage and nature": (
        ["file_stage", "nature"],
        ["__count", "amount_estimated:sum"],
        f"SELECT file_stage, purchase_nature, COUNT(*), {AMOUNT} {FROM}"
        f" WHERE {WHERE} GROUP BY 1, 2",
    ),
    "way and circuit": (
        ["way", "circuit"],
        ["__count", "amount_estimated:sum"],
        f"SELECT {WAY}, kept_circuit, COUNT(*), {AMOUNT} {FROM} {OPTIONS}"
        f" WHERE {WHERE} GROUP BY 1, 2",
    ),
    "ordered by ministry and year": (
        ["company_id", "date:year"],
        ["__count", "amount_ordered:sum"],
        "SELECT need.company_id, date_trunc('year', COALESCE(need.date_launch,"
        " need.create_date) AT TIME ZONE 'UTC' AT TIME ZONE 'Europe/Paris'),"
        " COUNT(*), SUM(COALESCE(ordered.amount, 0))"
        f" {FROM} {ORDERS} WHERE {WHERE} GROUP BY 1, 2",
    ),
    "division and who has the turn": (
        ["cpv_division", "turn_role"],
        ["__count", "estimated_unknown:sum"],
        "SELECT LEFT(cpv_code, 2), turn_role, COUNT(*), COUNT(*) FILTER (WHERE NOT"
        f" COALESCE(amount_estimated_known, false)) {FROM} WHERE {WHERE} GROUP BY 1, 2",
    ),
}


def fill(house):
    """Needs with what varies, one order for every tenth and an option for each."""
    env = house.env
    file = house.new_agreement(reference="Meetings", purchase_nature="licence").sudo()
    option = file.judged_option_ids[:1] or env["souverainete.option"].create(
        {"requisition_id": file.id, "name": "Retained", "path": "off_the_shelf"}
    )
    env.cr.commit()
    for _batch in range(ROWS // BATCH or 1):
        ids = copy_rows(env.cr, "purchase_requisition", file.id, min(ROWS, BATCH))
        env.cr.execute(
            """UPDATE purchase_requisition SET need_id = id,
                      outcome = (ARRAY['mutualised', 'purchase', NULL])[id %% 3 + 1],
                      file_stage = (ARRAY['need', 'launched', 'notified'])[id %% 3 + 1],
                      kept_circuit = (ARRAY['light', 'standard', NULL])[id %% 3 + 1],
                      purchase_nature = (ARRAY['cloud', 'licence', NULL])[id %% 3 + 1],
                      cpv_code = (30 + id %% 50) || '000000',
                      amount_estimated = id %% 100000,
                      amount_estimated_known = id %% 5 > 0,
                      create_date = create_date - (id %% 1500) * interval '1 day'
                WHERE id = ANY(%s)""",
            [ids],
        )
        options = copy_rows(env.cr, "souverainete_option", option.id, len(ids))
        env.cr.execute(
            """UPDATE souverainete_option AS option
                  SET requisition_id = said.file, verdict = 'retained',
                      path = (ARRAY['custom', 'off_the_shelf'])[said.file %% 2 + 1]
                 FROM unnest(%s, %s) AS said (id, file) WHERE option.id = said.id""",
            [options, ids],
        )
        env.cr.commit()
    env.cr.execute(
        """INSERT INTO purchase_order (name, partner_id, company_id, currency_id,
                  state, date_order, need_id, amount_judged)
           SELECT 'B' || file.id, %s, file.company_id, file.currency_id, 'purchase',
                  now(), file.id, file.id %% 1000
             FROM purchase_requisition AS file WHERE file.id %% 10 = 0""",
        [house.vendor.id],
    )
    env.cr.commit()
    env.cr._cnx.autocommit = True
    env.cr.execute("VACUUM ANALYZE purchase_requisition")
    env.cr.execute("VACUUM ANALYZE souverainete_option")
    env.cr.execute("VACUUM ANALYZE purchase_order")
    env.cr._cnx.autocommit = False
    env.invalidate_all()
    return file


def get_best(run):
    """Rows, and the shortest of three."""
    times = []
    for _turn in range(3):
        start = time.perf_counter()
        rows = run()
        times.append(time.perf_counter() - start)
    return rows, min(times)


def run_sql(cr, query, company):
    cr.execute(query, [company.id])
    return cr.fetchall()


house = houses.DigitalHouse(env.registry)
file = fill(house)
officer = house._new_user("facts", "souverainete_achat.group_officer")
house.env.flush_all()
facts = house.env["souverainete.fact"].with_user(officer)
print("pivot", "rows", "read_group s", "SQL s", "ratio", sep="\t")
for name, (groups, measures, query) in PIVOTS.items():
    found, seconds = get_best(lambda g=groups, m=measures: facts._read_group([], g, m))
    rows, by_hand = get_best(lambda q=query: run_sql(house.env.cr, q, file.company_id))
    counted = sum(row[2] for row in rows)
    if len(found) != len(rows) or sum(row[2] for row in found) != counted:
        raise AssertionError(f"{name}: {len(found)} groups, {len(rows)} by hand")
    figures = f"{seconds:.3f}", f"{by_hand:.3f}", f"{seconds / by_hand:.2f}"
    print(name, counted, *figures, sep="\t")
house.env.cr.rollback()
house.close()
