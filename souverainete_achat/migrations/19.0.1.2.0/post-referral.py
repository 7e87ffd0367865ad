"""Requests of before get their checklist; recommendations of before, one by one."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    opinions = env["souverainete.opinion"].search([])
    opinions.filtered(lambda o: o.state == "draft")._add_pieces()
    _cut_recommendations(opinions)
    _plan_follow_ups(opinions)


def _cut_recommendations(opinions):
    """The text of each letter stays beside them, as it was transcribed."""
    for opinion in opinions.filtered("recommendations"):
        if not opinion.recommendation_ids:
            opinion._add_recommendations({"recommendations": opinion.recommendations})


def _plan_follow_ups(opinions):
    for opinion in opinions.filtered(lambda o: o.state in ("favourable", "tacit")):
        if not opinion.date_follow_up:
            day = opinion._get_next_follow_up(opinion.date_outcome)
            opinion._write_server({"date_follow_up": day})
