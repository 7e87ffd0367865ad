"""Two people at once on one project, on two real connections."""

import psycopg2

from odoo.modules.registry import Registry
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

from ..gate.test_two_at_once import _Transaction


@tagged("post_install", "-at_install")
class TestProjectTwoAtOnce(BaseCase):
    """A project-wide check is about several files: one of two at once is refused."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self._transaction() as env:
            project = env["souverainete.project"].create({"name": "Two at once"})
            line = {"project_id": project.id, "name": "Build", "amount": 1}
            files = env["purchase.requisition"].create(
                [{"cpv_code": "48000000", "project_id": project.id}] * 2
            )
            self.line_id = env["souverainete.cost.line"].create(line).id
            self.project_id, self.file_ids = project.id, files.ids
        self.addCleanup(self._remove)

    def _transaction(self):
        return _Transaction(self.registry)

    def _remove(self):
        with self._transaction() as env:
            # A project that the DINUM judges is left by nobody but an officer.
            env["souverainete.cost.line"].browse(self.line_id).amount = 1
            files = env["purchase.requisition"].browse(self.file_ids)
            files.write({"project_id": False, "active": False, "name": "Removed"})
            env["souverainete.project"].browse(self.project_id).unlink()

    def _assert_conflict(self, first, second):
        with self._transaction() as env1, self._transaction() as env2:
            env2["souverainete.project"].browse(self.project_id).read(["evidence_rev"])
            first(env1)
            env1.cr.commit()
            with mute_logger("odoo.sql_db"):
                with self.assertRaises(psycopg2.errors.SerializationFailure):
                    second(env2)
                    env2.flush_all()
            env2.cr.rollback()

    def _touch_file(self, number):
        """What launching and signing do to a file."""
        return lambda env: (
            env["purchase.requisition"].browse(self.file_ids[number])._touch_evidence()
        )

    def _raise_cost(self, env):
        env["souverainete.cost.line"].browse(self.line_id).amount = 9_000_000

    def test_cost_and_launch(self):
        self._assert_conflict(self._raise_cost, self._touch_file(0))

    def test_launch_and_cost(self):
        self._assert_conflict(self._touch_file(0), self._raise_cost)

    def test_two_files_of_one_project(self):
        self._assert_conflict(self._touch_file(0), self._touch_file(1))
