import logging

from psycopg2 import OperationalError

_logger = logging.getLogger(__name__)


def run_each(records, act):
    """Run `act` on all `records` at once; where that fails, on each by itself.

    For the daily jobs: one record that cannot be judged is logged, and stops nothing
    for the others. Returns the records that failed.
    """
    failed = records.browse()
    if not records or _succeeds(records, act):
        return failed
    for record in records:
        if not _succeeds(record, act, logs=True):
            failed |= record
    return failed


def _succeeds(records, act, logs=False):
    try:
        with records.env.cr.savepoint():
            act(records)
    except OperationalError:
        # Two workers at once: the whole job is run again.
        raise
    except Exception:
        # Whatever makes one record impossible to judge: see `run_each`.
        if logs:
            _logger.warning("%s was left out of a daily job", records, exc_info=True)
        return False
    return True
