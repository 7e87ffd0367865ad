"""Moving 10,000 options to a new version of their grid, against one SQL statement that
does the same job on the same rows, in the same run.

The statement carries the answers, drops the blank ones that are asked no more, adds
those that are asked now, and computes every figure of each option. It checks no right,
writes no journal and keeps no record of what could not follow.
"""

import time

from odoo.addons.souverainete_achat.models.study.grid_version import BATCH

OPTIONS = 10_000
BY_FILE = 4

env["souverainete.rule"].search([]).severity = "advice"
doctrine = env.ref("souverainete_achat.grid_doctrine_2026")
grid = doctrine.copy({"code": "bench", "name": "Bench"})
grid.action_load_example()
version = grid.copy({"code": "bench_v2"})
# One rung said otherwise, one question asked otherwise: not everything follows.
version.criterion_ids[0].level_ids[2].name = "Another observation"
version.criterion_ids[1].name = "Another question?"
officer = env["res.users"].create(
    {
        "name": "Officer",
        "login": "bench_officer",
        "group_ids": [(4, env.ref("souverainete_achat.group_officer").id)],
    }
)
product = env["product.product"].create({"name": "Software", "cpv_code": "48000000"})
line = {"product_id": product.id, "product_qty": 1, "price_unit": 9000}


def copy_rows(table, number, **columns):
    """Copy the last row of `table`: by SQL, as making them is not measured."""
    env.flush_all()
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND column_name <> 'id'",
        [table],
    )
    names = [name for (name,) in env.cr.fetchall()]
    values = ", ".join(str(columns.get(name, f'"{name}"')) for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    env.cr.execute(
        f"INSERT INTO {table} ({quoted}) SELECT {values} FROM {table},"
        f" generate_series(1, {number}) AS n"
        f" WHERE {table}.id = (SELECT MAX(id) FROM {table}) RETURNING id"
    )
    env.invalidate_all()
    return [key for (key,) in env.cr.fetchall()]


file = env["purchase.requisition"].create(
    {"grid_id": grid.id, "line_ids": [(0, 0, dict(line))]}
)
file_ids = copy_rows("purchase_requisition", OPTIONS // BY_FILE)
env.cr.execute(
    "UPDATE purchase_requisition SET need_id = id WHERE id = ANY(%s)", [file_ids]
)
env["souverainete.option"].create(
    {"name": "Option", "path": "custom", "requisition_id": file_ids[0]}
)
file_of = f"(ARRAY[{', '.join(map(str, file_ids))}])[1 + n % {len(file_ids)}]"
option_ids = copy_rows("souverainete_option", OPTIONS, requisition_id=file_of)
Option = env["souverainete.option"].browse(option_ids)
grid._add_blank_rows(grid, Option)
env.cr.execute(
    """
    UPDATE souverainete_answer AS answer
       SET state = 'assessed', date = '2026-11-01', source = 'Bench',
           level_id = (SELECT id FROM souverainete_level AS rung
                        WHERE rung.criterion_id = answer.criterion_id
                     ORDER BY hashint4(answer.id + rung.id) LIMIT 1)
     WHERE answer.option_id = ANY(%s) AND answer.id %% 3 > 0
    """,
    [Option.ids],
)
env.invalidate_all()
env.cr.execute("ANALYZE souverainete_answer")
env.cr.execute("ANALYZE souverainete_option")

STATEMENT = """
WITH criteria AS (
    SELECT old.id, new.id AS other, new.objective_id, new.grid_id
      FROM souverainete_criterion AS old
      JOIN souverainete_objective AS mine ON mine.id = old.objective_id
      JOIN souverainete_criterion AS new
        ON new.grid_id = %(target)s AND new.code = old.code
       AND new.name->>'en_US' = old.name->>'en_US' AND new.per_link = old.per_link
     WHERE old.grid_id = %(source)s
), levels AS (
    SELECT old.id, new.id AS other, new.points, new.level, new.criterion_id
      FROM criteria
      JOIN souverainete_level AS old ON old.criterion_id = criteria.id
      JOIN souverainete_level AS new
        ON new.criterion_id = criteria.other AND new.level = old.level
       AND new.name->>'en_US' = old.name->>'en_US'
), carried AS (
    UPDATE souverainete_answer AS answer
       SET criterion_id = criteria.other, objective_id = criteria.objective_id,
           grid_id = criteria.grid_id, level_id = levels.other
      FROM souverainete_answer AS before
      JOIN criteria ON criteria.id = before.criterion_id
 LEFT JOIN levels ON levels.id = before.level_id
     WHERE before.id = answer.id AND answer.option_id = ANY(%(options)s)
       AND (answer.level_id IS NULL OR levels.other IS NOT NULL)
), dropped AS (
    DELETE FROM souverainete_answer
     WHERE option_id = ANY(%(options)s) AND grid_id = %(source)s
       AND level_id IS NULL AND source IS NULL
       AND criterion_id NOT IN (SELECT id FROM criteria)
), retired AS (
    UPDATE souverainete_answer SET is_current = FALSE
     WHERE option_id = ANY(%(options)s) AND grid_id = %(source)s
       AND level_id IS NOT NULL
       AND level_id NOT IN (SELECT id FROM levels)
), added AS (
    INSERT INTO souverainete_answer (option_id, requisition_id, company_id,
           criterion_id, objective_id, grid_id, is_current, state)
    SELECT option.id, option.requisition_id, option.company_id,
           criterion.id, criterion.objective_id, criterion.grid_id, TRUE,
           'not_assessed'
      FROM souverainete_option AS option
      JOIN souverainete_criterion AS criterion ON criterion.grid_id = %(target)s
 LEFT JOIN criteria ON criteria.other = criterion.id
 LEFT JOIN souverainete_answer AS answer
        ON answer.option_id = option.id AND answer.criterion_id = criteria.id
       AND (answer.level_id IS NULL OR answer.level_id IN (SELECT id FROM levels))
     WHERE option.id = ANY(%(options)s) AND answer.id IS NULL
), totals AS (
    SELECT COUNT(*) AS asked, SUM(weight * points_min / max_points) AS low,
           SUM(weight * points_max / max_points) AS high
      FROM souverainete_criterion AS criterion
      JOIN souverainete_objective AS objective ON objective.id = criterion.objective_id
     WHERE criterion.grid_id = %(target)s
), figures AS (
    SELECT option_id, COUNT(*) AS answered, MIN(levels.level) AS level_reached,
           MIN(date) AS oldest, SUM(weight * levels.points / max_points) AS score,
           SUM(weight * (levels.points - points_min) / max_points) AS above_low,
           SUM(weight * (levels.points - points_max) / max_points) AS below_high
      FROM souverainete_answer AS answer
      JOIN levels ON levels.id = answer.level_id
      JOIN souverainete_criterion AS criterion ON criterion.id = levels.criterion_id
      JOIN souverainete_objective AS objective ON objective.id = criterion.objective_id
     WHERE option_id = ANY(%(options)s)
  GROUP BY option_id
), files AS (
    UPDATE purchase_requisition SET grid_id = %(target)s
     WHERE grid_id = %(source)s
       AND id IN (SELECT requisition_id FROM souverainete_option
                   WHERE id = ANY(%(options)s))
)
UPDATE souverainete_option AS option
   SET grid_id = %(target)s, score_known = answered IS NOT NULL,
       score = LEAST(100, COALESCE(figures.score, 0)),
       score_low = LEAST(100, low + COALESCE(above_low, 0)),
       score_high = LEAST(100, high + COALESCE(below_high, 0)),
       coverage = 100.0 * COALESCE(answered, 0) / asked,
       unassessed_count = asked - COALESCE(answered, 0),
       level_reached = figures.level_reached, oldest_answer_on = oldest
  FROM souverainete_option AS before
 CROSS JOIN totals
 LEFT JOIN figures ON figures.option_id = before.id
 WHERE before.id = option.id AND option.id = ANY(%(options)s)
"""
FIGURES = ("score", "score_low", "score_high", "coverage", "unassessed_count")


def get_figures():
    env.invalidate_all()
    columns = ", ".join(FIGURES)
    env.cr.execute(
        f"SELECT {columns}, level_reached FROM souverainete_option"
        " WHERE id = ANY(%s) ORDER BY id",
        [Option.ids],
    )
    return [
        (*(round(value, 6) for value in row[:-1]), row[-1]) for row in env.cr.fetchall()
    ]


def count_answers():
    env.cr.execute(
        "SELECT grid_id, is_current, COUNT(*) FROM souverainete_answer"
        " WHERE option_id = ANY(%s) GROUP BY 1, 2 ORDER BY 1, 2",
        [Option.ids],
    )
    return env.cr.fetchall()


def measure_statement():
    """Seconds of the statement, its figures and its rows; undone afterwards."""
    env.flush_all()
    env.cr.execute("SAVEPOINT bench")
    # In its favour: without statistics of its own parts, it would be planned badly.
    env.cr.execute("SET LOCAL enable_nestloop = off")
    start = time.perf_counter()
    env.cr.execute(
        STATEMENT,
        {"source": grid.id, "target": version.id, "options": Option.ids},
    )
    elapsed = time.perf_counter() - start
    result = elapsed, get_figures(), count_answers()
    env.cr.execute("ROLLBACK TO SAVEPOINT bench")
    env.invalidate_all()
    return result


statement, expected, rows = measure_statement()
batches = []
start = time.perf_counter()
while grid._get_movable_options(version, 1):
    before = env.cr.sql_log_count
    grid.with_user(officer)._move_batch(version)
    env.cr.precommit.run()
    env.flush_all()
    env.invalidate_all()
    batches.append(env.cr.sql_log_count - before)
elapsed = time.perf_counter() - start
assert get_figures() == expected, "the statement and the addon disagree on figures"
assert count_answers() == rows, "the statement and the addon disagree on answers"

print(f"{OPTIONS} options, {sum(row[-1] for row in rows)} answers, by {BATCH}")
print(f"queries a batch: {min(batches)} to {max(batches)}")
print(
    f"time, addon / one SQL statement: {elapsed / statement:.2f} (at most 3 expected)"
)
