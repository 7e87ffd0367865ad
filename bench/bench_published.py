"""Loading 1,000,000 published contracts and searching them, against the same in SQL.

The file has the shape that buyers publish (DECP 2.0, JSON in gzip); a part of it is
published twice, a part amended. The search is compared with a query written by hand
from the words and their weights; times are medians, the ratio is of the same run.
"""

import base64
import gzip
import json
import os
import random
import resource
import tempfile
import time
from datetime import date, timedelta
from statistics import median

from odoo import sql_db
from odoo.tools import SQL

CONTRACTS = int(os.environ.get("PUBLISHED", 1_000_000))
RUNS = 7
rng = random.Random(7)
THINGS = (
    "serveurs licences logiciel maintenance applicative hébergement messagerie réseau "
    "visioconférence sauvegarde supervision stockage impression téléphonie vidéo "
    "archivage formation assistance développement infogérance cybersécurité portail"
).split()
OTHERS = (
    "travaux fourniture nettoyage locaux voirie réfection toiture mobilier transport "
    "scolaire restauration collective espaces verts assurance véhicules électricité "
    "gaz maîtrise œuvre ascenseurs chauffage peinture menuiserie plomberie entretien"
).split()
SYLLABLES = [a + b for a in "bcdfglmnprstv" for b in ("a", "e", "i", "o", "u", "an")]
NAMES = ["".join(rng.choices(SYLLABLES, k=4)).capitalize() for _n in range(30_000)]
DIGITAL = ("48000000", "72000000", "72253200", "72267100", "48820000", "30200000")
OTHER = ("45000000", "90910000", "60130000", "55523000", "09310000", "71000000")
NEEDS = {
    "rare word": ("Licences Zorgue pour la supervision", "48000000"),
    "common words": ("maintenance applicative du logiciel de messagerie", "72267100"),
    "no code": ("hébergement du portail de formation", ""),
    "sentence": (
        "Renouvellement de la tierce maintenance applicative et de l'hébergement du "
        "portail de visioconférence, avec sauvegarde et supervision",
        "72000000",
    ),
    "code alone": ("", "72253200"),
}


def get_contract(number):
    digital = rng.random() < 0.12
    said = rng.choices(THINGS if digital else OTHERS, k=5) + rng.choices(NAMES, k=2)
    day = date(2018, 1, 1) + timedelta(days=rng.randrange(3000))
    buyer = f"{rng.randrange(20_000) + 100_000_000}00011"
    contract = {
        "id": f"{day.year}M{number:08}",
        "acheteur": {"id": buyer, "nom": f"Ville de {rng.choice(NAMES)}"},
        "nature": "Marché",
        "objet": "Marché de " + " ".join(said),
        "codeCPV": rng.choice(DIGITAL if digital else OTHER),
        "procedure": "Procédure adaptée",
        "dureeMois": rng.choice((12, 24, 36, 48)),
        "dateNotification": day.isoformat(),
        "datePublicationDonnees": (day + timedelta(days=20)).isoformat(),
        "montant": rng.randrange(5_000, 5_000_000),
        "formePrix": "Ferme",
        "titulaires": [
            {
                "titulaire": {
                    "typeIdentifiant": "SIRET",
                    "id": f"{rng.randrange(90_000) + 300_000_000}00022",
                }
            }
        ],
    }
    if number % 20 == 0:
        contract["modifications"] = [
            {
                "modification": {
                    "id": 1,
                    "montant": contract["montant"] + 1000,
                    "dateNotificationModification": (
                        day + timedelta(days=90)
                    ).isoformat(),
                }
            }
        ]
    return contract


def write_file(path):
    with gzip.open(path, "wt", compresslevel=1) as out:
        out.write('{"marches": {"marche": [')
        for number in range(CONTRACTS):
            contract = get_contract(number)
            if number % 997 == 0:
                contract["objet"] = f"Licences Zorgue {number}"
            out.write((", " if number else "") + json.dumps(contract))
        out.write("]}}")


def get_memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def make_file(path):
    Files = env["souverainete.published.file"]
    small = base64.b64encode(b'{"marches": []}')
    file = Files.create({"data": small, "filename": path.rsplit("/")[-1]})
    file.__class__._open_data = lambda self: open(path, "rb")
    return file


def load(path):
    file = make_file(path)
    before, begin = get_memory(), time.perf_counter()
    file._load()
    elapsed = time.perf_counter() - begin
    print(
        f"{file.position} read in {elapsed:.0f} s ({file.position / elapsed:.0f} a "
        f"second): {file.created_count} new, {file.updated_count} later, "
        f"{file.unchanged_count} unchanged, {file.refused_count} refused; memory "
        f"{before} to {get_memory()} MB"
    )


def count_queries(function):
    before = sql_db.sql_counter
    function()
    return sql_db.sql_counter - before


def timed(*functions):
    """Median time of each, run in turn: what else the machine does weighs on all."""
    times = [[] for _function in functions]
    for _run in range(RUNS):
        for function, own in zip(functions, times, strict=True):
            env.invalidate_all()
            begin = time.perf_counter()
            function()
            own.append(time.perf_counter() - begin)
    return map(median, times)


Contract = env["souverainete.published.contract"]
with tempfile.TemporaryDirectory() as folder:
    path = f"{folder}/published.json.gz"
    write_file(path)
    print(f"file: {os.path.getsize(path) // 2**20} MB in gzip")
    load(path)
    load(path)
env.cr.execute("SELECT pg_total_relation_size('souverainete_published_contract')")
print(f"table and indexes: {env.cr.fetchone()[0] // 2**20} MB")


def by_hand(need, cpv):
    """What who knows the table writes: one query, the words weighted once for all."""
    total = Contract._count_all()
    asked = Contract._get_asked(need, total) if need else []
    if not asked:
        query = (
            "SELECT id, title, buyer_name, holder_name, amount, date_end,"
            " count(*) OVER () FROM souverainete_published_contract"
            " WHERE cpv_code LIKE %s ORDER BY date_start DESC, id DESC LIMIT 40"
        )
        return query, [f"{cpv[:5]}%"]
    scores, values = [], []
    for concept in asked:
        scores.append("CASE WHEN search_vector @@ %s::tsquery THEN %s ELSE 0 END")
        values += [
            Contract._get_any([concept]),
            concept.get_value(total) * concept.share,
        ]
    chosen = Contract._get_chosen_sql(asked, cpv)
    near = Contract._get_nearness_sql(cpv)
    whole = SQL(
        "SELECT s.id, title, buyer_name, holder_name, amount, date_end,"
        " count(*) OVER (), (%s) * %s AS score"
        " FROM souverainete_published_contract s WHERE %s"
        " ORDER BY score DESC, date_start DESC, s.id DESC LIMIT 40",
        SQL(" + ".join(scores), *values),
        near,
        chosen,
    )
    return whole.code, list(whole.params)


def fetch(query, values):
    env.cr.execute(query, values)
    return env.cr.fetchall()


def search(need, cpv):
    found, count = Contract._find_same(need, cpv)
    contracts = Contract.browse([row[0] for row in found])
    names = ("title", "buyer_name", "holder_name", "amount", "date_end")
    return [[contract[name] for name in names] for contract in contracts], count


worst, queries = 0.0, set()
print(f"{'need':14} found  search ms  by hand ms  ratio  queries")
for label, (need, cpv) in NEEDS.items():
    _found, count = search(need, cpv)
    query, values = by_hand(need, cpv)
    assert fetch(query, values)[0][6] == count
    elapsed, reference = timed(
        lambda need=need, cpv=cpv: search(need, cpv),
        lambda query=query, values=values: fetch(query, values),
    )
    number = count_queries(lambda need=need, cpv=cpv: search(need, cpv))
    ratio = elapsed / reference
    worst = max(worst, ratio)
    print(
        f"{label:14} {count:6} {elapsed * 1000:9.1f} {reference * 1000:11.1f}"
        f" {ratio:6.2f} {number:8}"
    )
print(f"worst ratio: {worst:.2f} (at most 1.5 expected)")
