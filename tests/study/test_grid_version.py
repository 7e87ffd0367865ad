"""Drafts move to a new version of their grid; what was launched keeps its own."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .test_sovereignty import SovereigntyCase


@tagged("post_install", "-at_install")
class TestGridVersion(SovereigntyCase):
    """Weights 25 and 75, then 40 and 60 in the new version."""

    def setUp(self):
        super().setUp()
        self.version = self.grid.copy({"version": "2"})
        self.version.write(
            {
                "objective_ids": [
                    Command.update(objective.id, {"weight": weight})
                    for objective, weight in zip(
                        self.version.objective_ids, (40, 60), strict=True
                    )
                ]
            }
        )
        self.new_first, self.new_second = self.version.objective_ids
        self.file.grid_id = self.grid

    def _move(self, user=None, source=None, target=None):
        move = (
            self.env["souverainete.grid.move"]
            .with_user(user or self.officer)
            .create(
                {
                    "source_id": (source or self.grid).id,
                    "target_id": (target or self.version).id,
                }
            )
        )
        while move.action_move_batch()["remaining"]:
            pass
        return move

    def test_a_draft_follows_with_its_answers_and_their_sources(self):
        answer = self._answer(self.option, self.first, 4)
        answer.write({"source": "Contract, art. 3", "evidence_file": b"cHJvb2Y="})
        day = answer.date
        self._move()
        self.assertEqual(self.option.grid_id, self.version)
        self.assertEqual(self.file.grid_id, self.version)
        self.assertEqual(answer.criterion_id, self.new_first.criterion_ids)
        self.assertEqual(answer.level_id.criterion_id, answer.criterion_id)
        self.assertEqual(answer.objective_id, self.new_first)
        self.assertEqual(answer.source, "Contract, art. 3")
        self.assertEqual(answer.evidence_file, b"cHJvb2Y=")
        self.assertEqual(answer.date, day, "an answer does not get younger")
        self.assertEqual((self.option.score, self.option.coverage), (40, 50))
        self.assertFalse(self.option.has_missing_answers)
        self.assertEqual(len(self.option.answer_ids), 2)
        # What is stored is what the answers make it.
        self.option._check_score()

    def test_a_rung_said_otherwise_is_to_be_given_again(self):
        answer = self._answer(self.option, self.first, 4)
        self.new_first.criterion_ids.level_ids[4].name = "Rung 4, tried on real data"
        move = self._move_plan()
        self.assertEqual(
            [(row["carried"], row["left"]) for row in move], [(0, 1), (0, 0)]
        )
        self._move()
        self.assertFalse(answer.is_current, "kept as a record, counts for nothing")
        self.assertFalse(self.option.level_reached)
        self.assertEqual(self.option.unassessed_count, 2)
        self.assertEqual(len(self.option.current_answer_ids), 2)

    def _move_plan(self):
        move = self.env["souverainete.grid.move"].create(
            {"source_id": self.grid.id, "target_id": self.version.id}
        )
        return move._prepare_rows(self.grid._get_movable_options(self.version))

    def test_a_level_raised_is_another_answer(self):
        self._answer(self.option, self.first, 2)
        self.new_first.criterion_ids.level_ids[2].level = "3"
        self._move()
        self.assertFalse(self.option.level_reached)

    def test_points_changed_only_change_what_the_answer_is_worth(self):
        self._answer(self.option, self.first, 2)
        self.new_first.criterion_ids.level_ids[2].points = 3
        self._move()
        self.assertEqual(self.option.score, 30)

    def test_a_question_asked_otherwise_or_no_more_is_not_carried(self):
        self._answer(self.option, self.first, 4)
        self._answer(self.option, self.second, 4)
        self.new_first.criterion_ids.name = "Criterion, proved by a trial?"
        self.new_second.criterion_ids.unlink()
        self._move()
        self.assertFalse(self.option.level_reached)
        self.assertEqual(len(self.option.current_answer_ids), 1)
        kept = self.option.answer_ids - self.option.current_answer_ids
        self.assertEqual(len(kept), 2)

    def test_two_rungs_with_the_same_words_are_not_mistaken(self):
        self._answer(self.option, self.first, 4)
        self.new_first.criterion_ids.level_ids[4].copy({"points": 8})
        self._move()
        self.assertFalse(self.option.level_reached)

    def _translate(self, grid):
        self.env["res.lang"]._activate_lang("fr_FR")
        for part in (*grid.criterion_ids, *grid.criterion_ids.level_ids):
            part.with_context(lang="fr_FR").name = f"{part.name}, en français"

    def test_a_workbook_in_french_comes_back_as_the_same_questions(self):
        self._translate(self.grid)
        self._answer(self.option, self.first, 4)
        workbook = self.grid.with_context(lang="fr_FR")._get_workbook()
        grids = self.env["souverainete.grid"].with_context(lang="fr_FR")
        back = grids._create_from_workbook(workbook, "back", "Back")
        self._move(target=back)
        self.assertEqual(self.option.grid_id, back)
        self.assertEqual(self.option.level_reached, "4")

    def test_a_rung_reworded_in_french_is_to_be_given_again(self):
        self._translate(self.grid)
        self._translate(self.version)
        self._answer(self.option, self.first, 4)
        rung = self.new_first.criterion_ids.level_ids[4].with_context(lang="fr_FR")
        rung.name = "Échelon 4, essayé sur des données réelles"
        self._move()
        self.assertFalse(self.option.level_reached)

    def test_a_late_translation_does_not_hide_another_question(self):
        self._translate(self.grid)
        self._translate(self.version)
        self._answer(self.option, self.first, 4)
        self.new_first.criterion_ids.name = "Criterion, proved by a trial?"
        self._move()
        self.assertFalse(self.option.level_reached)

    def test_answers_of_links_follow_and_new_questions_ask_each_link(self):
        for objective in (self.second, self.new_second):
            objective.criterion_ids.per_link = True
        self.new_first.criterion_ids.write({"per_link": True, "code": "new"})
        links = self.env["souverainete.component"].create(
            [
                {"option_id": self.option.id, "role": role}
                for role in ("publisher", "host")
            ]
        )
        for link, rung in zip(links, (4, 2), strict=True):
            [answer] = link.answer_ids
            answer.level_id = answer.criterion_id.level_ids[rung]
        self._move()
        self.assertEqual((self.option.score, self.option.level_reached), (30, "2"))
        self.assertEqual(len(self.option.answer_ids), 4)
        self.assertFalse(self.option.has_missing_answers)
        self.assertEqual(self.option.unassessed_count, 1)

    def test_what_was_launched_keeps_its_grid_and_its_answers(self):
        self._answer(self.option, self.first, 4)
        self.file._record_launch()
        digest = self.file.sudo().launch_digest
        offer = self._new_offer()
        draft = self._new_file()
        draft.grid_id = self.grid
        self._move()
        self.assertEqual(self.file.grid_id, self.grid)
        self.assertEqual((self.option | offer).grid_id, self.grid)
        self.assertEqual(self.option.score, 25)
        self.assertEqual(self.file.sudo().launch_digest, digest)
        self.assertEqual(draft.grid_id, self.version, "a draft without option moves")

    def test_a_signed_file_stays(self):
        # As signed before, without what the gate asks today.
        self.env.cr.execute(
            "UPDATE purchase_requisition SET state = 'confirmed' WHERE id = %s",
            [self.file.id],
        )
        self.env.invalidate_all()
        self._move()
        self.assertEqual(self.option.grid_id, self.grid)

    def test_it_is_in_the_journal_of_each_file(self):
        self._answer(self.option, self.first, 4)
        self.new_first.criterion_ids.level_ids[4].name = "Another"
        self._move()
        self.file._journal_flush()
        [entry] = self.file.sudo().journal_ids.filtered(lambda e: e.event == "grid")
        self.assertIn("again: 1", entry.summary)
        self.assertEqual(entry.user_id, self.officer)
        self.assertTrue(self.file.sudo()._verify())

    def test_cut_short_it_goes_on_from_where_it_stopped(self):
        others = self._new_option() | self._new_option()
        move = self.env["souverainete.grid.move"].create(
            {"source_id": self.grid.id, "target_id": self.version.id}
        )
        self.assertEqual(move.option_count, 3)
        self.grid.sudo()._move_options(self.version, self.option.sudo())
        move.invalidate_recordset()
        self.assertEqual(move.option_count, 2)
        self._move()
        self.assertEqual((self.option | others).grid_id, self.version)

    def test_who_may_move_and_where_to(self):
        for user in (self.buyer, self.ambassador, self.dae):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._move(user)
            with self.assertRaises(AccessError):
                self.grid.with_user(user)._move_batch(self.version)
        self.assertEqual(self.option.grid_id, self.grid)
        with self.assertRaisesRegex(UserError, "Choose another grid than"):
            self._move(target=self.grid)
        self.version.active = False
        with self.assertRaisesRegex(UserError, "Choose another grid than"):
            self._move()
        self.version.active = True
        self.new_first.weight = 10
        with self.assertRaisesRegex(ValidationError, "Correct the objectives of"):
            self._move()
        self.new_first.weight = 40
        self._move(self.referent)
        self.assertEqual(self.option.grid_id, self.version)

    def test_files_of_other_ministries_are_left_alone(self):
        other = self.env["res.company"].create(
            {"name": "Another ministry", "public_entity_type": "ministry"}
        )
        self.version.company_id = other
        self.officer.company_ids |= other
        companies = (self.company | other).ids
        officer = self.grid.with_user(self.officer).with_context(
            allowed_company_ids=companies
        )
        officer._move_batch(self.version)
        self.assertEqual(self.option.grid_id, self.grid)
        self.version.company_id = False
        self.grid.with_user(self.officer).with_context(
            allowed_company_ids=other.ids
        )._move_batch(self.version)
        self.assertEqual(self.option.grid_id, self.grid, "none of theirs")
        officer._move_batch(self.version)
        self.assertEqual(self.option.grid_id, self.version)

    def test_queries_do_not_depend_on_the_number_of_options(self):
        vals = {"path": "off_the_shelf", "grid_id": self.grid.id}
        first, few, many = (
            self.env["souverainete.option"].create(
                [
                    {**vals, "name": f"{n}", "requisition_id": self._new_file().id}
                    for n in range(number)
                ]
            )
            for number in (10, 10, 100)
        )
        for option in first | few | many:
            option.answer_ids[0].level_id = self.first.criterion_ids.level_ids[3]
        counts = [self._count(options) for options in (first, few, many)]
        self.assertEqual(counts[1], counts[2])

    def _count(self, options):
        self.env.cr.precommit.run()
        self.env.flush_all()
        self.env.invalidate_all()
        options = options.sudo()
        before = self.env.cr.sql_log_count
        self.grid.sudo()._move_options(self.version.sudo(), options)
        self.env.cr.precommit.run()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before
