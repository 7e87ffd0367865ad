"""What an act costs, to the end: hooks of the commit and queued jobs included."""

import gc
import time
from collections import defaultdict
from typing import NamedTuple

from odoo import sql_db


class Cost(NamedTuple):
    queries: int
    cpu: float
    elapsed: float

    def __add__(self, other):
        return Cost(*(a + b for a, b in zip(self, other, strict=True)))


class Meter:
    """The costs of the acts of one house: {name: [cold, warm, warm…]}.

    Each act ends with a real commit, as a request does: what is warm afterwards is what
    a server keeps between two requests, and the records are read again.
    """

    def __init__(self, env):
        self.env = env
        self.costs = defaultdict(list)
        self._forget_jobs()

    def take(self, name, act):
        self.env.cr.commit()
        for job in self._pop_jobs():
            job()
        if name not in self.costs:
            self.env.registry.clear_all_caches()
            self.env.invalidate_all()
        cost = self._measure(act)
        # What an act leaves to a job is a cost of the act.
        for job in self._pop_jobs():
            cost += self._measure(job)
        self.costs[name].append(cost)

    def _measure(self, act):
        # What was made before is not the act's to collect.
        gc.freeze()
        start = sql_db.sql_counter, time.process_time(), time.perf_counter()
        act()
        self.env.cr.commit()
        end = sql_db.sql_counter, time.process_time(), time.perf_counter()
        return Cost(*(b - a for a, b in zip(start, end, strict=True)))

    def _pop_jobs(self):
        """What runs the jobs that were queued, in the order they were."""
        triggers = self.env["ir.cron.trigger"].search([], order="id")
        crons = triggers.cron_id
        self._forget_jobs()
        return [cron.ir_actions_server_id.with_user(cron.user_id).run for cron in crons]

    def _forget_jobs(self):
        self.env.cr.execute("DELETE FROM ir_cron_trigger")
        self.env.cr.commit()

    def get_cold(self, name):
        return self.costs[name][0]

    def get_warm(self, name):
        """The least of each: what else the machine does is no cost of the act."""
        return Cost(*map(min, zip(*self.costs[name][1:], strict=True)))
