"""An option answers a criterion once, or once a link of its chain: the constraint that
knew only the first gives way to an index that knows both."""


def migrate(cr, version):
    cr.execute(
        """
        ALTER TABLE souverainete_answer
        DROP CONSTRAINT IF EXISTS souverainete_answer_option_criterion_uniq
        """
    )
