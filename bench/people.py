"""People who act at once on what they share: processes, as those of a server."""

import multiprocessing
import time
from functools import partial
from operator import methodcaller
from typing import NamedTuple

import psycopg2

from odoo import api
from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tools import mute_logger

from bench.rows import copy_orders

PEOPLE = 8
SECONDS = 10
# Of each: whoever has none left stops before the time is over.
ORDERS = 60
# Odoo's retry waits up to half a minute in all: beyond, something hangs.
PATIENCE = 90

_processes = multiprocessing.get_context("fork")


class Crowd(NamedTuple):
    """Who acts on which records of one database, and what they do to each."""

    registry: object
    context: dict
    buyers: list
    ids: list
    model: str = "purchase.order"
    act: object = methodcaller("button_confirm")
    seconds: float = SECONDS

    def count_confirmed(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT COUNT(*) FROM purchase_order"
                " WHERE id = ANY(%s) AND state = 'purchase'",
                [self.ids],
            )
            return cr.fetchone()[0]


class Wait(NamedTuple):
    """One act: when it ended, how long it took, and whether it succeeded, or was
    refused in words; neither is an error that the host's retry did not settle."""

    end: float
    elapsed: float
    done: bool
    refused: bool


def gather(house):
    agreement = house.new_signed()
    order = house.new_orders(agreement, 1)
    copy_orders(order, PEOPLE * ORDERS - 1)
    buyers = [house.new_buyer(f"person_{number}").id for number in range(PEOPLE)]
    orders = house.as_buyer("purchase.order").search(
        [("requisition_id", "=", agreement.id)]
    )
    crowd = Crowd(house.env.registry, house.get_context(), buyers, orders.ids)
    house.close()
    return crowd


def _act(crowd, user_id, record_id):
    """As a request does; (whether it succeeded, whether it was refused)."""
    with crowd.registry.cursor() as cr:
        env = api.Environment(cr, user_id, crowd.context)
        record = env[crowd.model].browse(record_id)
        try:
            # Odoo logs each conflict it retries.
            with mute_logger("odoo.sql_db"):
                retrying(lambda: crowd.act(record), env)
        except (psycopg2.Error, UserError) as error:
            cr.rollback()
            return False, isinstance(error, UserError)
        return True, False


def _work(crowd, number, barrier, results):
    """One person: their records one after the other, until the time is over."""
    waits = []
    barrier.wait()
    start = time.monotonic()
    for record_id in crowd.ids[number::PEOPLE]:
        before = time.monotonic()
        if before - start > crowd.seconds:
            break
        outcome = _act(crowd, crowd.buyers[number], record_id)
        after = time.monotonic()
        waits.append(Wait(after - start, after - before, *outcome))
    results.put(waits)


def run(crowd):
    """[Wait] of all people. No connection may be open: they would share it."""
    barrier, results = _processes.Barrier(PEOPLE), _processes.Queue()
    target = partial(_work, crowd, barrier=barrier, results=results)
    people = [
        _processes.Process(target=target, kwargs={"number": number}, daemon=True)
        for number in range(PEOPLE)
    ]
    for person in people:
        person.start()
    try:
        patience = crowd.seconds + PATIENCE
        waits = [results.get(timeout=patience) for _person in people]
        for person in people:
            person.join()
    finally:
        for person in people:
            person.kill()
    return [wait for own in waits for wait in own]


def get_rate(waits):
    """Orders a second while the time ran; what ended later is only waited for."""
    ends = [wait.end for wait in waits if wait.done and wait.end <= SECONDS]
    drained = len(waits) == PEOPLE * ORDERS
    return len(ends) / (max(ends) if drained and ends else SECONDS)


def check(crowd, waits):
    done = sum(wait.done for wait in waits)
    assert crowd.count_confirmed() == done, "orders were lost, or confirmed unseen"
