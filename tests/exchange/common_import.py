"""What the tests of imports share: invented files, of the shape of the real ones."""

import base64
import json

from ..common import SouveraineteCase

OWN_SIRET = "11000001400015"


def planned(**vals):
    """One planned purchase, as APProch publishes it."""
    return {
        "url": "https://example.gouv.fr/project/101/main",
        "label": "Logiciel de gestion des salles",
        "description": "Abonnement à un logiciel de réservation",
        "purchasingCategory": "services",
        "CPVPrimary": None,
        "status": "active",
        "publicationTargetDate": "2027-03-14T23:30:00.000Z",
        "dlro": None,
        "marketEstimatedAmount": 250000,
        "marketMaxDuration": 48,
        "consultationLink": "",
        "keywords": None,
        "departments": [],
        **vals,
    }


def contract(**vals):
    """One signed contract, as the DECP 2.0 publish it."""
    return {
        "id": "2025M001",
        "acheteur": {"id": OWN_SIRET},
        "nature": "Marché",
        "objet": "Infogérance des serveurs",
        "codeCPV": "72000000-5",
        "techniques": {"technique": ["Accord-cadre"]},
        "procedure": "Appel d'offres ouvert",
        "dureeMois": 36,
        "dateNotification": "2025-01-31",
        "datePublicationDonnees": "2025-02-10",
        "montant": 1200000,
        "titulaires": [titulaire("10000000100018")],
        **vals,
    }


def titulaire(number, kind="SIRET"):
    return {"titulaire": {"typeIdentifiant": kind, "id": number}}


def decp(*contracts, concessions=()):
    return json.dumps(
        {"marches": {"marche": contracts, "contrat-concession": concessions}}
    )


class ImportCase(SouveraineteCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.company_registry = OWN_SIRET
        cls.Requisition = cls.env["purchase.requisition"]

    def _wizard(self, content, user=None, filename="export.json", **vals):
        content = content.encode() if isinstance(content, str) else content
        return (
            self.env["souverainete.import"]
            .with_user(user or self.officer)
            .create({"data": base64.b64encode(content), "filename": filename, **vals})
        )

    def _import(self, content, user=None, **vals):
        wizard = self._wizard(content, user, **vals)
        wizard.action_import()
        return wizard

    def _preview(self, content, user=None, **vals):
        wizard = self._wizard(content, user, **vals)
        wizard.action_preview()
        return wizard

    def _approch(self, *purchases):
        return json.dumps(purchases or [planned()])

    def _files(self, wizard):
        """The purchase files of a wizard's lines, in their order."""
        return self.Requisition.browse(
            [i for i in wizard.line_ids.mapped("res_id") if i]
        )

    def _statuses(self, wizard):
        return wizard.line_ids.mapped("status")
