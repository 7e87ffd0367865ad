def post_init_hook(env):
    """Take note of what was decided before the addon: nothing is blocked afterwards.

    Agreements already confirmed are taken over as `prior`, and every state is the one
    the gate starts from. What went through the gate since (demo data is loaded before
    this hook) is left alone. By SQL: a State-wide database has many, none is judged.
    """
    env.flush_all()
    env.cr.execute(
        """
        UPDATE purchase_requisition
           SET gate_state = state,
               is_prior = state IN ('confirmed', 'done')
         WHERE gate_state IS DISTINCT FROM state
        """
    )
    env.cr.execute(
        """
        UPDATE purchase_order
           SET gate_state = state
         WHERE gate_state IS DISTINCT FROM state
        """
    )
    env.invalidate_all()
