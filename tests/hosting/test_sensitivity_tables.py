"""Tables of cases of loi SREN, art. 31: the test, who is bound, the hosting, orders."""

from datetime import date

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from ..cases_common import read_cases
from ..common import ADDON, SouveraineteCase
from .hosting_common import HostingCase

_KINDS = ("saas", "paas", "caas", "iaas")
_JUDGED = {"components_declared", "hosting_qualified"}


@tagged("post_install", "-at_install")
class TestSrenTest(SouveraineteCase):
    def test_each_sentence_of_the_two_limbs(self):
        file = self._new_file(has_cloud="yes")
        cases = read_cases("sren_test")
        answers = {(c["secret"], c["mission"], c["harm"]) for c in cases}
        self.assertEqual(len(answers), 27, "every combination of answers")
        for case in cases:
            with self.subTest(case["sentence"]):
                file.write(
                    {
                        "data_protected_secret": case["secret"],
                        "data_essential_mission": case["mission"],
                        "data_breach_harm": case["harm"],
                    }
                )
                self.assertEqual(file.data_sensitivity, case["expected"])
                open_questions = [
                    finding
                    for finding in file._findings("launch")
                    if finding.rule.code == "data_questions"
                ]
                undetermined = case["expected"] == "undetermined"
                self.assertEqual(bool(open_questions), undetermined)


@tagged("post_install", "-at_install")
class TestSrenBound(SouveraineteCase):
    def test_who_is_bound_and_since_when(self):
        bodies = self.env["souverainete.bound.body"]
        for case in read_cases("sren_bound"):
            with self.subTest(case["sentence"]), freeze_time(case["day"] + " 12:00"):
                self.company.public_entity_type = case["entity"]
                named = bodies
                if case["named"]:
                    named = bodies.create(
                        {
                            "name": "This body",
                            "company_id": self.company.id,
                            "bound": case["named"],
                            "date_start": case["named_from"] or False,
                        }
                    )
                bound = self.company._is_sren_bound()
                self.assertEqual(bound, case["expected"] == "bound")
                named.unlink()


class TableCase(HostingCase):
    """One chain: a host that proves nothing wrong, and the link that is judged."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kinds = {
            kind: cls.env.ref(f"{ADDON}.service_type_{kind}") for kind in _KINDS
        }
        cls.clause = cls.env.ref(f"{ADDON}.clause_qualification_before_data")
        cls.state = cls.env.ref(f"{ADDON}.partner_dgfip")
        cls.link = cls.env["souverainete.component"].create(
            [
                {
                    "option_id": cls.option.id,
                    "partner_id": cls.vendor.id,
                    "role": "host",
                    "hosting": "on_premise",
                    "name": name,
                }
                for name in ("Nuage souverain", "Machines of the ministry")
            ]
        )[0]

    def _set_need(self, case):
        self.company.public_entity_type = case["body"]
        deferred = case["deferral"]
        self.file.write(
            {
                "qualification_deferred": bool(deferred),
                "clause_ids": [(6, 0, self.clause.ids if deferred == "clause" else [])],
            }
        )

    def _set_qualification(self, decision, covers="iaas", holder=None, scheme=None):
        withdrawn = decision == "withdrawn"
        self.qualification.write(
            {
                "partner_id": (holder or self.vendor).id,
                "scheme": scheme or "secnumcloud",
                "state": decision or "granted",
                "date_withdrawn": "2026-02-01" if withdrawn else False,
                "service_type_ids": [
                    (6, 0, self.kinds[covers].ids if covers else []),
                ],
            }
        )


@tagged("post_install", "-at_install")
class TestSrenHosting(TableCase):
    def test_each_case_of_the_chain(self):
        derogation = self._new_derogation()
        for case in read_cases("sren_hosting"):
            with self.subTest(case["sentence"]):
                self._set_need(case)
                self._set_data(case["data"])
                self._set_link(case)
                self._set_derogation(derogation, case["derogation"] or "draft")
                with freeze_time(case["day"] + " 12:00"):
                    self._check(case["expected"])

    def _new_derogation(self):
        return self.env["souverainete.derogation"]._create_server(
            [
                {
                    "rule_id": self.env.ref(f"{ADDON}.rule_hosting_qualified").id,
                    "requisition_id": self.file.id,
                    "motive": "Engaged",
                    "measures": "Encrypted",
                    "date_start": "2026-03-01",
                    "date_end": "2026-11-30",
                }
            ]
        )

    def _set_derogation(self, derogation, state):
        """Asked for this very service, as it is."""
        asked = {str(self.link.id): self.link._prepare_asked()}
        components = [Command.set(self.link.ids)]
        derogation._write_server(
            {"state": state, "component_ids": components, "asked_for": asked}
        )

    def _set_data(self, data):
        self.file.write(
            {
                "has_cloud": "no" if data == "sensitive_no_cloud" else "yes",
                "data_protected_secret": "yes",
                "data_essential_mission": "no",
                "data_breach_harm": {
                    "not_sensitive": "no",
                    "undetermined": "unknown",
                }.get(data, "yes"),
            }
        )

    def _set_link(self, case):
        link = case["link"]
        kind, hosting = case["kind"], case["hosting"]
        self._set_qualification(
            case["decision"],
            case["covers"],
            self.other_vendor if link == "other_holder" else None,
            "eu_equivalent" if link == "european" else None,
        )
        registered = link in ("own", "other_holder", "european")
        self.link.write(
            {
                "role": case["role"],
                "hosting": False if hosting == "unknown" else hosting,
                "partner_id": (self.state if link == "state" else self.vendor).id,
                "service_type_id": self.kinds[kind].id if kind else False,
                "qualification_id": registered and self.qualification.id,
            }
        )

    def _check(self, expected):
        findings = self.file._findings("award")
        codes = {f.rule.code for f in findings}
        refused = {f.rule.code for f in findings if f.blocking} & _JUDGED
        self.assertEqual(bool(refused), expected == "refused", refused)
        told = [f for f in findings if f.rule.code in _JUDGED]
        if expected == "advice":
            self.assertTrue(told)
            self.assertIn("Advice", told[0].message)
        elif expected == "derogated":
            self.assertEqual({f.rule.code for f in told}, {"hosting_qualified"})
        elif expected != "refused":
            self.assertFalse(told)
            self.assertEqual("hosting_review" in codes, expected == "review")
        self.assertEqual("hosting_deferred" in codes, expected == "deferred")


@tagged("post_install", "-at_install")
class TestSrenOrders(TableCase):
    @freeze_time("2026-11-23 12:00")
    def test_each_order_before_and_after_the_first_sensitive_data(self):
        self.link.write(
            {
                "hosting": "commercial_cloud",
                "service_type_id": self.iaas.id,
                "qualification_id": self.qualification.id,
            }
        )
        order = self._new_order(need_id=self.file.id, option_id=self.option.id)
        for case in read_cases("sren_orders"):
            with self.subTest(case["sentence"]):
                self._set_need(case)
                self._set_qualification(case["decision"])
                live = case["live"] == "yes" and date(2026, 1, 15)
                self.option.sudo()._write_server({"data_live_on": live})
                order.write(
                    {
                        "no_sensitive_data": case["declared"] == "yes",
                        "no_sensitive_reason": case["reason"],
                    }
                )
                refused = "order_data" in self._codes(order)
                self.assertEqual(refused, case["expected"] == "refused")
