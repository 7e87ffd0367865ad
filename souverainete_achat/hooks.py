from odoo.tools import SQL


def post_init_hook(env):
    """Take note of what was decided before the addon: nothing is blocked afterwards.

    Agreements already confirmed are taken over as `prior`, with the limits they were
    signed within, and every state is the one the gate starts from. What went through
    the gate since (demo data is loaded before this hook) is left alone. Written by SQL:
    a State-wide database has many, and none is judged.
    """
    env.flush_all()
    env.cr.execute(_AGREEMENTS)
    signed = [row[0] for row in env.cr.fetchall()]
    env["purchase.requisition"].browse(signed)._record_prior()
    env.cr.execute(_STATES)
    env.cr.execute(_ORDERS)
    env.invalidate_all()


# A template signs nothing: only agreements are contracts that run.
_AGREEMENTS = """
    SELECT id
      FROM purchase_requisition
     WHERE gate_state IS DISTINCT FROM state
       AND requisition_type = 'blanket_order'
       AND state IN ('confirmed', 'done')
"""
_STATES = """
    UPDATE purchase_requisition
       SET gate_state = state
     WHERE gate_state IS DISTINCT FROM state
"""
# Products already ordered as not digital stay so, for what was ordered of them.
_ORDERS = """
    UPDATE purchase_order
       SET gate_state = state,
           amount_judged = CASE WHEN state = 'purchase' THEN (
               SELECT SUM(GREATEST(price_subtotal, 0))
                 FROM purchase_order_line
                WHERE order_id = purchase_order.id) END,
           gate_settled = (
               SELECT jsonb_object_agg(product_id, amount)
                 FROM (SELECT product_id, SUM(GREATEST(0,
                              price_unit * product_qty
                              * (1 - COALESCE(discount, 0) / 100))) AS amount
                         FROM purchase_order_line
                        WHERE order_id = purchase_order.id
                          AND product_id IS NOT NULL
                     GROUP BY product_id) AS settled)
     WHERE gate_state IS DISTINCT FROM state
"""


def uninstall_hook(env):
    """Let the addon's own tables go in any order: they point at one another, and the
    host removes the shipped records one by one before it drops the tables."""
    env.cr.execute(_OWN_FOREIGN_KEYS)
    for table, name in env.cr.fetchall():
        env.cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT %s",
                SQL.identifier(table),
                SQL.identifier(name),
            )
        )


_OWN_FOREIGN_KEYS = r"""
    SELECT source.relname, fk.conname
      FROM pg_constraint AS fk
      JOIN pg_class AS source ON source.oid = fk.conrelid
      JOIN pg_class AS target ON target.oid = fk.confrelid
     WHERE fk.contype = 'f'
       AND target.relname LIKE 'souverainete\_%'
       AND target.relnamespace = current_schema::regnamespace
"""
