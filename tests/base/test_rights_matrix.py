"""Who may do what with each model of the addon: role × model × verb × ministry.

The table is what is meant; a model that is not in it fails. What a role may do with a
model is a cell of letters: r(ead), w(rite), c(reate), u(nlink).
"""

from odoo.tests import tagged
from odoo.tools import SQL

from ..common import ADDON, SouveraineteCase

VERBS = ("read", "write", "create", "unlink")
ROLES = {
    "employee": "base.group_user",
    "buyer": "purchase.group_purchase_user",
    "officer": f"{ADDON}.group_officer",
    "duty": f"{ADDON}.group_duty",
    "ambassador": f"{ADDON}.group_ambassador",
    "dinum": f"{ADDON}.group_dinum",
    "dae": f"{ADDON}.group_dae",
    "manager": f"{ADDON}.group_manager",
}

# Cells in the order of the roles: names of models, without “souverainete.”.
RIGHTS = {
    "- rwc rwc - - - r -": "essential.data",
    "- rwcu rwcu - r - r -": "amendment amendment.line",
    "- rwcu rwcu - r r r r": """
        answer cost.line grouping.member lot opinion option project
    """,
    "- rwcu rwcu - - - - -": """
        answer.sheet answer.sheet.line essential.export simulation simulation.line
    """,
    "r r rwcu r r r r rwcu": "applicability rule rule.point",
    "rwc rwc rwc rwc rwc rwc rwc rwc": "applicability.overview",
    "- rwc rwc - rwc r r rwcu": "assessment solution",
    "- rwcu rwcu - rwcu r r rwcu": "assessment.line",
    "r r r r r r r rwcu": """
        bound.body chorus.group clause cost.phase cpv cpv.prefix criterion
        essential.word grid level objective questionnaire.text ratio referral.piece
        scope.word staff.cost threshold time.limit
    """,
    "r r r r r r r r": "card",
    "- r r - r r r r": """
        catalogue.search connection journal journal.seal opinion.departure opinion.event
        published.contract published.hit published.search qualification.entry
        solution.duplicate suspension
    """,
    "- - - - - - - rwc": "published.file",
    "- - - - - - - r": "published.rejected solution.word",
    "- - r - - - r -": "chorus.commitment reconciliation unclassified",
    "- rwc rwc - rwc - rwc -": "comparison tender.preview",
    "- rwcu rwcu - r - r r": "component",
    "- rwc rwc - - - - -": """
        connection.answer connection.request launch link.file need.closing
        option.verdict rectification
    """,
    "rw rw rw rw rw rw rw rw": "data.questionnaire",
    "- rwc rwc rwc - - - rwc": "decide.alone",
    "- rwc rwc - r - r r": "derogation",
    "- rwcu rwcu r r - r -": "extreme.urgency",
    "- rwc rwc - - - - rwc": "grid.exchange",
    "- - rwc - - - - rwc": "grid.move",
    "- rwcu rwcu - rwcu - - rwcu": "import import.line",
    "- r r - r - r -": """
        import.origin light.need light.need.line qualification.alert tender
    """,
    "- r rwcu - r - r r": "journal.elimination",
    "- r r - r - r r": "journal.seal.line",
    "- rwcu rwcu - - rwcu - -": "opinion.decision",
    "- rw rw - r r r r": "opinion.piece recommendation",
    "- - rwcu - - rwcu - -": "opinion.step opinion.step.line",
    "- r rw - r - r -": "project.likeness",
    "- - r - - - - r": "proposal",
    "- - r - - - r r": "shipped",
    "- r rwc - r r r rwc": "qualification qualification.suspension",
    "- rwcu rwcu - rwcu rwcu rwcu rwcu": "qualification.question",
    "- - rwc - - - - -": "reconciliation.answer take.over",
    "- r r - r r r rwcu": "retention service.type synonym",
    "- rw rw - r - r -": "review",
    "- r r - - - r r": "sole.decision",
    "- - rwcu - - - - -": "take.over.line",
    "- rwc rwc - r - r -": "trajectory",
}

# Of the whole State: no ministry has them for itself.
COMMON = frozenset(
    """
    card cpv essential.word published.contract published.file published.rejected
    shipped solution solution.duplicate solution.word synonym
    service.type qualification qualification.entry qualification.suspension
    """.split()
)

# What a role is given of a record of its own ministry that nothing else opens to it:
# (roles, what is left of its rights, why): models.
NARROWED = {
    ("buyer officer ambassador", "rc", "what one declared"): "solution",
    ("buyer officer", "r", "a request that was sent"): "opinion opinion.piece",
    ("dinum", "-", "files of the projects submitted"): """
        answer catalogue.search grouping.member journal lot option published.hit
        published.search
    """,
    ("employee duty dinum manager", "-", "those one answers"): "data.questionnaire",
    ("buyer officer ambassador dae", "r", "those of one's files"): "data.questionnaire",
}


@tagged("post_install", "-at_install")
class TestRightsMatrix(SouveraineteCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = {f"matrix_{role}": group for role, group in ROLES.items()}
        cls.users = dict(zip(ROLES, cls._new_users(names), strict=True))
        cls.foreign = cls.env["res.company"].create({"name": "Another ministry"})
        cls.rights = {
            f"souverainete.{name}": dict(zip(ROLES, cells.split(), strict=True))
            for cells, models in RIGHTS.items()
            for name in models.split()
        }
        cls.models = [
            model._name
            for model in cls.env.registry.values()
            if model._name.startswith("souverainete.") and not model._abstract
        ]

    def _get_rights(self, records):
        """Letters of what the user of `records` may do with them; `-` for nothing."""
        return "".join(v[0] for v in VERBS if records.has_access(v)) or "-"

    def test_each_model_is_in_the_table(self):
        self.assertEqual(set(self.models), set(self.rights))
        listed = " ".join(RIGHTS.values()).split()
        self.assertEqual(len(listed), len(set(listed)))

    def test_each_role_and_verb(self):
        found = {
            name: {
                role: self._get_rights(self.env[name].with_user(user).browse())
                for role, user in self.users.items()
            }
            for name in self.models
        }
        self.assertEqual(found, self.rights)

    # === RECORDS === #

    def test_each_ministry(self):
        """Nobody touches a record of a ministry that is not theirs, nor what somebody
        else is about to decide in a wizard; in one's own ministry, the table holds but
        for what it says to be narrower."""
        self._loosen()
        own, foreign = self._make(self.company), self._make(self.foreign)
        narrowed = self._get_narrowed()
        wrong = []
        for name in own:
            for role, user in self.users.items():
                rights = self.rights[name][role]
                short = name.removeprefix("souverainete.")
                kept = "-" if self.env[name]._transient else rights
                mine = narrowed.get((role, short), kept)
                theirs = mine if short in COMMON else "-"
                for record, expected in ((own[name], mine), (foreign[name], theirs)):
                    got = self._get_rights(record.with_user(user))
                    if got != expected:
                        wrong.append((name, role, record == own[name], got, expected))
        self.assertFalse(wrong, "\n".join(map(str, wrong)))

    def _get_narrowed(self):
        return {
            (role, name): left
            for (roles, left, _why), models in NARROWED.items()
            for role in roles.split()
            for name in models.split()
        }

    def _get_stored(self):
        """The models that are tables, each after those that it points at."""
        waiting = [name for name in self.models if self.env[name]._auto]
        done = []
        while waiting:
            ready = [n for n in waiting if not self._get_parents(n) & {*waiting} - {n}]
            done += ready or waiting[:1]
            waiting = [name for name in waiting if name not in done]
        return done

    def _get_parents(self, name):
        return {field.comodel_name for field in self._get_links(name)}

    def _get_links(self, name):
        return [
            field
            for field in self.env[name]._fields.values()
            if field.type == "many2one" and field.store and field.column_type
        ]

    def _loosen(self):
        """A bare row is enough to ask who may read it: in this transaction, nothing
        is required of it."""
        self.env.flush_all()
        for name in self._get_stored():
            table = self.env[name]._table
            columns = self._query(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass"
                " AND attnum > 0 AND attnotnull AND attname <> 'id'",
                table,
            )
            constraints = self._query(
                "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass"
                " AND contype IN ('c', 'u')",
                table,
            )
            indexes = self._query(
                "SELECT i.indexrelid::regclass::text FROM pg_index AS i"
                " WHERE i.indrelid = %s::regclass AND i.indisunique"
                " AND NOT i.indisprimary AND NOT EXISTS (SELECT FROM pg_constraint"
                " WHERE conindid = i.indexrelid)",
                table,
            )
            self._alter(table, "ALTER COLUMN %s DROP NOT NULL", columns)
            self._alter(table, "DROP CONSTRAINT %s", constraints)
            for index in indexes:
                self.env.cr.execute(SQL("DROP INDEX %s", SQL.identifier(index)))

    def _query(self, query, table):
        self.env.cr.execute(query, [table])
        return [name for (name,) in self.env.cr.fetchall()]

    def _alter(self, table, change, names):
        for name in names:
            change_of = SQL(change, SQL.identifier(name))
            self.env.cr.execute(
                SQL("ALTER TABLE %s %s", SQL.identifier(table), change_of)
            )

    def _make(self, company):
        """{model: a bare record of `company`}, each pointing at the others."""
        files = self.env["purchase.requisition"].sudo().with_company(company)
        file = files.create({"company_id": company.id})
        made = {"res.company": company, file._name: file}
        for name in self._get_stored():
            model = self.env[name]
            values = {
                link.name: made[link.comodel_name].id
                for link in self._get_links(name)
                if link.comodel_name in made
            }
            if name == "souverainete.option":
                values["kind"] = "studied"
            made[name] = model.browse(self._insert(model._table, values))
        self.env.invalidate_all()
        del made["res.company"], made[file._name]
        return made

    def _insert(self, table, values):
        into = SQL("INSERT INTO %s", SQL.identifier(table))
        if not values:
            self.env.cr.execute(SQL("%s DEFAULT VALUES RETURNING id", into))
        else:
            columns = SQL(", ").join(map(SQL.identifier, values))
            cells = SQL(", ").join(SQL("%s", value) for value in values.values())
            self.env.cr.execute(
                SQL("%s (%s) VALUES (%s) RETURNING id", into, columns, cells)
            )
        return self.env.cr.fetchone()[0]
