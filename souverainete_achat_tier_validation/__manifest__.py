{
    "name": "Souveraineté des achats numériques: tier validation",
    "summary": "Digital purchases and the OCA's tier validation, beside each other",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Purchase",
    "license": "AGPL-3",
    "author": "souverainete_achat contributors",
    "website": "https://github.com/souverainete-achat/souverainete_achat",
    "depends": ["souverainete_achat", "purchase_tier_validation"],
    "auto_install": True,
}
