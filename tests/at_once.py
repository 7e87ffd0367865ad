"""Two people at once, on two real connections.

What they create is committed: each test removes it at the end, and the database of the
tests is a throwaway one anyway.
"""

from contextlib import contextmanager

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger


class AtOnceCase(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        before = self._concern("ministry")
        self.addCleanup(self._concern, before)
        with self._transaction() as env:
            self._create(env)
        self.addCleanup(self._remove)

    def _concern(self, kind):
        """Say as what the body applies the doctrine; returns what it was before.

        In SQL: who signed under it goes on applying it, and what is signed here stays.
        """
        with self._transaction() as env:
            before = env.company.public_entity_type
            env.cr.execute(
                "UPDATE res_company SET public_entity_type = %s WHERE id = %s",
                [kind, env.company.id],
            )
            env.registry.clear_cache()
        return before

    def _create(self, env):
        """What both act on."""
        raise NotImplementedError

    def _remove(self):
        raise NotImplementedError

    @contextmanager
    def _transaction(self):
        """A real transaction, committed when it ends well."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _assert_conflict(self, first, second, seen):
        """Of two who act at once, PostgreSQL refuses the second, so that Odoo tries
        again: `second` began, and read `seen`, before `first` was committed."""
        with self._transaction() as env1, self._transaction() as env2:
            first(env1)
            env1.flush_all()
            model, ids, names = seen
            env2[model].browse(ids).read(names)
            env1.cr.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.SerializationFailure),
            ):
                second(env2)
                env2.flush_all()
            env2.cr.rollback()
