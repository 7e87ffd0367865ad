from odoo.tools import SQL


def post_init_hook(env):
    """Take note of what was decided before the addon: nothing is blocked afterwards.

    Agreements already confirmed are taken over as `prior`, with the limits they were
    signed within, and every state is the one the gate starts from. What went through
    the gate since (demo data is loaded before this hook) is left alone. By SQL: a
    State-wide database has many, and none is judged.
    """
    env.flush_all()
    env.cr.execute(_AGREEMENTS)
    env.cr.execute(_STATES)
    env.cr.execute(_ORDERS)
    env.invalidate_all()


# A template signs nothing: only agreements are contracts that run. What they were
# signed within is what `_prepare_envelope` says of a file without options.
_AGREEMENTS = """
    UPDATE purchase_requisition AS file
       SET is_prior = true,
           gate_state = file.state,
           prior_amount_missing = NULLIF(line.amount, 0) IS NULL,
           gate_envelope = jsonb_build_object(
               'vendor', vendor.commercial_partner_id,
               'holders', CASE WHEN vendor.id IS NULL THEN '[]'::jsonb
                   ELSE jsonb_build_array(vendor.commercial_partner_id) END,
               'company', file.company_id,
               'currency', file.currency_id,
               'products', COALESCE(line.products, '[]'::jsonb),
               'options', '[]'::jsonb,
               'amount', NULLIF(line.amount, 0),
               'end', to_char(file.date_end, 'YYYY-MM-DD'),
               'umbrella', false)
      FROM purchase_requisition AS source
 LEFT JOIN res_partner AS vendor ON vendor.id = source.vendor_id
 LEFT JOIN (
               SELECT requisition_id,
                      jsonb_agg(DISTINCT product_id) AS products,
                      SUM(GREATEST(product_qty * price_unit, 0)) AS amount
                 FROM purchase_requisition_line
             GROUP BY requisition_id
           ) AS line ON line.requisition_id = source.id
     WHERE source.id = file.id
       AND file.gate_state IS DISTINCT FROM file.state
       AND file.requisition_type = 'blanket_order'
       AND file.state IN ('confirmed', 'done')
"""
_STATES = """
    UPDATE purchase_requisition
       SET gate_state = state
     WHERE gate_state IS DISTINCT FROM state
"""
# Products already ordered as not digital stay so, whatever they become.
_ORDERS = """
    UPDATE purchase_order
       SET gate_state = state,
           gate_settled = (
               SELECT jsonb_agg(DISTINCT product_id)
                 FROM purchase_order_line
                WHERE order_id = purchase_order.id AND product_id IS NOT NULL)
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
