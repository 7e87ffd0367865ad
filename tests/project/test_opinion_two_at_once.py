"""Two people at once on one project, on two real connections."""

from odoo.tests import tagged

from ..at_once import AtOnceCase


@tagged("post_install", "-at_install")
class TestProjectTwoAtOnce(AtOnceCase):
    """A project-wide check is about several files: one of two at once is refused."""

    def _create(self, env):
        project = env["souverainete.project"].create({"name": "Two at once"})
        line = {"project_id": project.id, "name": "Build", "amount": 1}
        files = env["purchase.requisition"].create(
            [{"cpv_code": "48000000", "project_id": project.id}] * 2
        )
        self.line_id = env["souverainete.cost.line"].create(line).id
        self.project_id, self.file_ids = project.id, files.ids

    def _remove(self):
        with self._transaction() as env:
            # A project that the DINUM judges is left by nobody but an officer.
            env["souverainete.cost.line"].browse(self.line_id).amount = 1
            files = env["purchase.requisition"].browse(self.file_ids)
            files.write({"project_id": False, "active": False, "name": "Removed"})
            env["souverainete.project"].browse(self.project_id).unlink()

    def _conflict(self, first, second):
        seen = ("souverainete.project", self.project_id, ["evidence_rev"])
        self._assert_conflict(first, second, seen)

    def _touch_file(self, number):
        """What launching and signing do to a file."""
        return lambda env: (
            env["purchase.requisition"].browse(self.file_ids[number])._touch_evidence()
        )

    def _raise_cost(self, env):
        env["souverainete.cost.line"].browse(self.line_id).amount = 9_000_000

    def test_cost_and_launch(self):
        self._conflict(self._raise_cost, self._touch_file(0))

    def test_launch_and_cost(self):
        self._conflict(self._touch_file(0), self._raise_cost)

    def test_two_files_of_one_project(self):
        self._conflict(self._touch_file(0), self._touch_file(1))
