import logging

from psycopg2 import OperationalError

BATCH = 500

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


def run_in_batches(model, domain, act):
    """Run `act` on what `domain` finds, until it finds nothing: each batch leaves it. A
    run cut short goes on where it stopped."""
    model.env["ir.cron"]._commit_progress(remaining=model.search_count(domain))
    while batch := model.search(domain, order="id", limit=BATCH):
        act(batch)
        if not model.env["ir.cron"]._commit_progress(len(batch)):
            break


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
