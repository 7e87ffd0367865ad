"""One judgement an act: what it changes is enlisted, and judged once when it ends."""

from contextlib import contextmanager, nullcontext
from weakref import WeakKeyDictionary

# The acts that run, the outermost first, by cursor: kept in no cache that an inner
# rollback would empty of what was enlisted.
_running = WeakKeyDictionary()


class Act:
    """What one act changes, by what it has to be judged for."""

    def __init__(self):
        # {id: file} of the files whose content is changed, and {file: standing before}
        # of the launched and signed ones that this touches.
        self.opened, self.standings = {}, {}
        # {id: record} of the files and the orders whose state or amount changed.
        self.files, self.orders = {}, {}
        # {id: file} of the files that were created.
        self.created = {}

    def enlist_created(self, files):
        for file in files:
            self.created[file.id] = file

    def enlist_files(self, files):
        for file in files:
            self.files.setdefault(file.id, file)

    def enlist_orders(self, orders):
        for order in orders:
            self.orders.setdefault(order.id, order)

    def judge(self, env):
        """Judge what was enlisted, content first; recording it may enlist more."""
        self._flush(env)
        while self.created or self.opened or self.files or self.orders:
            created, self.created = self.created, {}
            opened, self.opened = self.opened, {}
            files, self.files = self.files, {}
            orders, self.orders = self.orders, {}
            if opened:
                standings, self.standings = self.standings, {}
                _together(opened.values())._judge_change(standings)
            if created:
                _together(created.values())._refresh_compliance()
            if files:
                _together(files.values())._judge_state()
            if orders:
                _together(orders.values())._judge_state()
            self._flush(env)
        env["purchase.requisition"]._journal_flush()

    def _flush(self, env):
        """Let what is computed be enlisted too, where something is at stake."""
        if self.standings or self.files or self.orders:
            env.flush_all()


def _together(records):
    """These records as one set, so that they are read together."""
    first, *others = records
    return first.union(*others)


def get_act(env):
    """The act that is running in this transaction, or None."""
    return next(reversed(_running.get(env.cr, ())), None)


@contextmanager
def acting(env, own=False, keep=False):
    """Run an act: the outermost one judges, once, all that was changed inside.

    A refusal undoes the act, even where the caller swallows the error, unless `keep`
    says that nothing signed or launched is at stake. `own`: an act of its own, inside
    another.
    """
    acts = _running.setdefault(env.cr, [])
    if acts and not own:
        yield acts[-1]
        return
    with nullcontext() if keep else env.cr.savepoint():
        acts.append(act := Act())
        try:
            yield act
            act.judge(env)
        finally:
            acts.remove(act)
