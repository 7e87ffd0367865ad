"""A list of planned purchases such as APProch publishes: 46, none of them real.

As in the State's own list no purchase has a CPV code, and nearly half are closed.
"""

import json
import tempfile
from pathlib import Path

_DIGITAL = (
    "Logiciel de suivi des interventions",
    "Tierce maintenance applicative du portail des usagers",
    "Hébergement en nuage des applications métier",
    "Maintenance et support de logiciels de bases de données",
    "Développement d'une application mobile de contrôle",
)
_OTHER = (
    "Prestations de traiteurs, région {}",
    "Nettoyage des locaux, région {}",
    "Électricité des sites, lot {}",
    "Maintenance des ascenseurs, lot {}",
    "Mobilier de bureau, lot {}",
)
_UNCLEAR = ("Solutions d'impression, région {}", "Télématique embarquée, lot {}")
_COUNT, _CLOSED_EVERY = 46, 2


def _get_labels():
    """Five digital purchases, a few that only a person can tell, the rest neither."""
    rest = [*_OTHER, *_UNCLEAR]
    numbered = (rest[n % len(rest)].format(n // len(rest) + 1) for n in range(_COUNT))
    return [*_DIGITAL, *numbered][:_COUNT]


def write(path):
    """Write the list to `path`, and return how many purchases it has."""
    purchases = [_get_purchase(*each) for each in enumerate(_get_labels())]
    path.write_text(json.dumps(purchases))
    return len(purchases)


def _get_purchase(number, label):
    return {
        "url": f"https://projets-achats.example.org/project/{90000 + number}/main",
        "label": label,
        "description": label,
        "purchasingCategory": "services",
        "CPVPrimary": None,
        "status": "active" if number % _CLOSED_EVERY == 0 else "close",
        "publicationTargetDate": "2027-01-01T00:00:00.000Z",
        "dlro": None,
        "marketEstimatedAmount": 40_000 * (number + 1),
        "marketMaxDuration": 48,
        "consultationLink": "",
        "keywords": None,
    }


def sort(w):
    """The list, from its file to nothing left to say whether it is digital."""
    path = Path(tempfile.mkdtemp(prefix="plans-")) / "approch.json"
    write(path)
    w.be("acheteur")
    with w.step("previewed"):
        w.menu("Configuration", "Importer")
        w.upload("Charger votre fichier", path)
        w.click("Aperçu")
    with w.step("imported"):
        w.click("Importer", within=".o_form_statusbar")
    with w.step("opened"):
        w.click("Ouvrir ce qui a été importé")
    with w.step("others"):
        w.tick("lot 2", "lot 4")
        w.click("Non numérique")
    with w.step("digital"):
        w.tick("Logiciel de suivi", "Hébergement en nuage", "Développement d'une")
        w.click("Numérique")
    with w.step("agreed"):
        w.be("referent")
        w.click("« Non numérique » : accord à donner")
        w.tick()
        w.click("Convenir qu'il n'est pas numérique")
        w.check(
            "SELECT count(*) = 0 FROM purchase_requisition WHERE scope_status = 'ask'"
            " AND reference ~ '^(Logiciel de suivi|Hébergement en nuage|Développement"
            " d''une|Télématique)'"
        )
