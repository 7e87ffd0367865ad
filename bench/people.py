"""People who confirm orders of one file at once: processes, as those of a server."""

import multiprocessing
import time
from functools import partial
from typing import NamedTuple

import psycopg2

from odoo import api
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
    """A file of one database, its draft orders, and who confirms them."""

    registry: object
    context: dict
    buyers: list
    orders: list

    def count_confirmed(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT COUNT(*) FROM purchase_order"
                " WHERE id = ANY(%s) AND state = 'purchase'",
                [self.orders],
            )
            return cr.fetchone()[0]


class Wait(NamedTuple):
    """One confirmation: when it ended, how long it took, and whether it succeeded."""

    end: float
    elapsed: float
    done: bool


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


def _confirm(crowd, user_id, order_id):
    """As a request does; whether it succeeded."""
    with crowd.registry.cursor() as cr:
        env = api.Environment(cr, user_id, crowd.context)
        order = env["purchase.order"].browse(order_id)
        try:
            # Odoo logs each conflict it retries.
            with mute_logger("odoo.sql_db"):
                retrying(order.button_confirm, env)
        except psycopg2.Error:
            cr.rollback()
            return False
        return True


def _work(crowd, number, barrier, results):
    """One person: their orders one after the other, until the time is over."""
    waits = []
    barrier.wait()
    start = time.monotonic()
    for order_id in crowd.orders[number::PEOPLE]:
        before = time.monotonic()
        if before - start > SECONDS:
            break
        done = _confirm(crowd, crowd.buyers[number], order_id)
        after = time.monotonic()
        waits.append(Wait(after - start, after - before, done))
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
        waits = [results.get(timeout=PATIENCE) for _person in people]
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
