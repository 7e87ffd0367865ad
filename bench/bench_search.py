"""Searching 100,000 solutions by need, against `ilike` over the same fields.

`ilike` is asked the most lenient way: for one word of the need alone, its longest, and
only to count. Times are medians; the ratio is of the same run.
"""

import random
import time
from statistics import median

from odoo.addons.souverainete_achat.models.catalogue import words

SOLUTIONS = 100_000
RUNS = 5
NEEDS = {
    "rare word": "solution de zorgue documentaire",
    "need in sentences": "Renouvellement des licences Zoom pour tenir des réunions à "
    "distance avec des partenaires extérieurs et partager des documents",
    "typing errors": "messagerie instantannée et visioconferance pour les agents",
    "common words only": "gestion des données",
    "unknown words": "imprimantes laser couleur",
}

rng = random.Random(4)
syllables = [a + b for a in "bcdfglmnprstv" for b in ("a", "e", "i", "o", "u", "an")]
rare = ["".join(rng.choices(syllables, k=rng.randint(3, 6))) for _n in range(60_000)]
common = (
    "gestion données documents agents application suivi partage service équipe réunion "
    "messagerie usager dossier formulaire hébergement site projet tâche rendez-vous"
).split()
fields = ("name", "keywords", "need", "similar_to")


def get_words(number):
    chosen = rng.choices(rare, k=number) + rng.choices(common, k=max(2, number // 3))
    rng.shuffle(chosen)
    return " ".join(chosen)


def get_row(number):
    """As the server would write it; by SQL, as making them is not measured."""
    name, product = f"{rng.choice(rare).capitalize()} {number}", rng.choice(rare)
    keywords = ", ".join(rng.choices(rare, k=4) + rng.choices(common))
    need = get_words(24)
    strong = words.fold_text(f"{name} {keywords}", 1000)
    document = (strong, words.fold_text(need, 1000), words.get_product_key(product))
    return (
        name,
        keywords,
        need,
        product,
        "mutualised",
        "Bench",
        str(number),
        *document,
    )


Solution = env["souverainete.solution"]
env.cr.execute("DROP INDEX souverainete_solution_search_vector")
env.cr.execute_values(
    "INSERT INTO souverainete_solution (name, keywords, need, similar_to, path, source,"
    " external_ref, search_strong, search_text, search_similar, active, snapshot_date)"
    " VALUES %s",
    [get_row(number) for number in range(SOLUTIONS)],
    template="(" + "%s, " * 10 + "TRUE, '2026-01-01')",
    page_size=1000,
)
Solution.init()
env["souverainete.solution.word"]._learn([" ".join(rare + common)])
Solution.create(
    {"name": "Zorgue", "need": "Tenir la zorgue documentaire", "source": "Bench"}
)
env.flush_all()
print(f"solutions made: {SOLUTIONS}")
env.cr.execute("ANALYZE souverainete_solution")
env.cr.execute("ANALYZE souverainete_solution_word")


def timed(function):
    times = []
    for _run in range(RUNS):
        env.invalidate_all()
        begin = time.perf_counter()
        function()
        times.append(time.perf_counter() - begin)
    return median(times)


def ilike(word):
    domain = [(name, "ilike", word) for name in fields]
    return Solution.search_count(["|"] * (len(fields) - 1) + domain)


print(f"{'need':20} found  ilike / search")
worst = None
for label, need in NEEDS.items():
    word = max(need.split(), key=len)
    reference = timed(lambda word=word: ilike(word))
    elapsed = timed(lambda need=need: Solution._search_need(need))
    ratio = reference / elapsed
    worst = min(worst or ratio, ratio)
    print(f"{label:20} {len(Solution._search_need(need)):5}  {ratio:.1f}")
print(f"worst ratio: {worst:.1f} (at least 10 expected)")
