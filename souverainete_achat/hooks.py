def post_init_hook(env):
    """Take note of what was decided before the addon: nothing is blocked afterwards.

    Agreements already confirmed are taken over as `prior`, and every state is the one
    the gate starts from. By SQL: a State-wide database has many, and none is judged.
    """
    env.cr.execute(
        """
        UPDATE purchase_requisition
           SET gate_state = state,
               is_prior = state IN ('confirmed', 'done') AND gate_passed_on IS NULL
        """
    )
    env.cr.execute("UPDATE purchase_order SET gate_state = state")
    env.invalidate_all()
