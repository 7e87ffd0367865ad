"""The regulatory format of essential data (DECP), as the arrêté of 22 December 2022 and
its published schemas (2.0.2 to 2.0.4) describe it: what each fact may be. No Odoo.

The words of its closed lists are records (`souverainete.essential.word`), given here as
{kind: [words]}; the check itself is done by jsonschema.
"""

from math import isfinite

from jsonschema import Draft7Validator
from lxml import etree

from ..base.text import to_storable

CONTRACT = "marche"
_DAY = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_COUNT = {"type": "integer", "minimum": 1}
_AMOUNT = {"type": "number", "minimum": 1}
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_NUMBER = {"type": "string", "minLength": 1, "maxLength": 16}
_BOOLEAN = {"type": "boolean"}
# Facts that hold several words, and the tag of each of them.
SEVERAL = {
    "techniques": "technique",
    "modalitesExecution": "modaliteExecution",
    "typesPrix": "typePrix",
    "considerationsSociales": "considerationSociale",
    "considerationsEnvironnementales": "considerationEnvironnementale",
}
# Facts that are lists of objects, each wrapped in a tag of its own.
LISTS = {
    "titulaires": "titulaire",
    "actesSousTraitance": "acteSousTraitance",
    "modificationsActesSousTraitance": "modificationActeSousTraitance",
    "modifications": "modification",
}
# The XML schema 2.0.2 writes this tag in the plural; the JSON does not.
_XML_TAGS = {"modificationActeSousTraitance": "modificationActesSousTraitance"}
FACTS = frozenset(
    (
        *("id", "acheteur", "nature", "objet", "codeCPV", "procedure", "idAccordCadre"),
        *("marcheInnovant", "ccag", "offresRecues", "attributionAvance", "tauxAvance"),
        *("typeGroupementOperateurs", "sousTraitanceDeclaree", "lieuExecution"),
        *("dureeMois", "dateNotification", "datePublicationDonnees", "montant"),
        *("formePrix", "origineUE", "origineFrance", *SEVERAL, *LISTS),
    )
)
# What a contract may leave out.
_OPTIONAL = frozenset(
    {
        "idAccordCadre",
        "tauxAvance",
        "origineUE",
        "origineFrance",
        "actesSousTraitance",
        "modificationsActesSousTraitance",
        "modifications",
    }
)
_YES, _NO = "oui", "non"


def _object(properties, optional=()):
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
    }


def _wrapped(tag, item):
    """A list of {tag: item}, never empty, nothing twice."""
    items = _object({tag: item})
    return {"type": "array", "minItems": 1, "uniqueItems": True, "items": items}


def _words(words, name):
    tag = SEVERAL[name]
    listed = {"type": "array", "minItems": 1, "uniqueItems": True}
    return _object({tag: listed | {"items": {"enum": words[name]}}})


def get_contract_schema(words):
    """The JSON schema of one contract, with the closed lists of the day."""
    holder = _object(
        {
            "typeIdentifiant": {"type": "string", "enum": words["typeIdentifiant"]},
            "id": {"type": "string"},
        }
    )
    act = {
        "id": _COUNT,
        "sousTraitant": holder,
        "dureeMois": _COUNT,
        "dateNotification": _DAY,
        "datePublicationDonnees": _DAY,
        "montant": _AMOUNT,
        "variationPrix": {"type": "string", "enum": words["variationPrix"]},
    }
    changed_act = {
        "id": _COUNT,
        "dureeMois": _COUNT,
        "dateNotificationModificationSousTraitance": _DAY,
        "montant": _AMOUNT,
        "datePublicationDonnees": _DAY,
    }
    change = {
        "id": _COUNT,
        "dateNotificationModification": _DAY,
        "datePublicationDonneesModification": _DAY,
        "dureeMois": _COUNT,
        "montant": _AMOUNT,
        "titulaires": _wrapped("titulaire", holder),
    }
    changing = ("dureeMois", "montant", "titulaires")
    facts = {
        "id": _NUMBER,
        "acheteur": _object({"id": {"type": "string", "pattern": "^[0-9]{14}$"}}),
        **{name: _get_word_schema(words, name) for name in ("nature", "procedure")},
        "objet": {"type": "string", "maxLength": 1000},
        "codeCPV": {"type": "string", "pattern": "^[0-9]{8}(-[0-9])?$"},
        **{name: _words(words, name) for name in SEVERAL},
        "idAccordCadre": _NUMBER,
        "marcheInnovant": _BOOLEAN,
        "ccag": _get_word_schema(words, "ccag"),
        "offresRecues": _COUNT,
        "attributionAvance": _BOOLEAN,
        "tauxAvance": _SHARE,
        "typeGroupementOperateurs": _get_word_schema(words, "typeGroupementOperateurs"),
        "sousTraitanceDeclaree": _BOOLEAN,
        "actesSousTraitance": _wrapped("acteSousTraitance", _object(act)),
        "lieuExecution": _object(
            {"code": {"type": "string"}, "typeCode": _get_word_schema(words, "place")}
        ),
        "dureeMois": _COUNT,
        "dateNotification": _DAY,
        "datePublicationDonnees": _DAY,
        "montant": _AMOUNT,
        "formePrix": _get_word_schema(words, "formePrix"),
        "origineUE": _SHARE,
        "origineFrance": _SHARE,
        "titulaires": _wrapped("titulaire", holder),
        "modificationsActesSousTraitance": _wrapped(
            "modificationActeSousTraitance",
            _object(changed_act, ("dureeMois", "montant")),
        ),
        "modifications": _wrapped("modification", _object(change, changing)),
    }
    return _object(facts, _OPTIONAL) | {"additionalProperties": False}


def _get_word_schema(words, name):
    return {"type": "string", "enum": words[name]}


def get_validator(words):
    """What checks contracts, with the closed lists of the day."""
    return Draft7Validator(get_contract_schema(words))


def get_faults(item, validator):
    """[(fact, rule, value)] of what the format refuses in a contract, in the order of
    its facts. `rule` is a keyword of JSON schema (`required`, `type`, `enum`…)."""
    errors = validator.iter_errors(item)
    faults = [
        (".".join(map(str, error.absolute_path)), error.validator, _get_value(error))
        for error in sorted(errors, key=lambda error: [*map(str, error.absolute_path)])
    ]
    # JSON has no such number, and it passes every bound.
    return faults + [
        (name, "type", value)
        for name, value in item.items()
        if name in FACTS and isinstance(value, float) and not isfinite(value)
    ]


def get_readable(item, faults):
    """The facts of a contract that are as the format asks, the others left out: what is
    kept can be published again."""
    wrong = {fact.split(".")[0] for fact, rule, _value in faults if fact}
    wrong |= {
        name
        for fact, rule, names in faults
        if rule == "additionalProperties" and not fact
        for name in names.split(", ")
    }
    return {n: clean(v) for n, v in item.items() if n not in wrong}


def clean(value):
    """The same value, as a database can keep it."""
    if isinstance(value, dict):
        return {name: clean(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [clean(inner) for inner in value]
    return to_storable(value) if isinstance(value, str) else value


def _get_value(error):
    """What a fault is about: the names that miss or are too many, else the value."""
    known, given = error.schema.get("properties", {}), error.instance
    if error.validator == "required":
        # One error for each name that misses: its message alone tells which.
        return next(n for n in error.validator_value if repr(n) in error.message)
    if error.validator == "additionalProperties":
        return ", ".join(sorted(set(given) - set(known)))
    return given


# === XML === #


def to_xml(items):
    """The contracts as the XML of the format, which the schema 2.0.2 describes."""
    root = etree.Element("marches")
    for item in items:
        _add(root, CONTRACT, item)
    return etree.tostring(
        root, xml_declaration=True, encoding="UTF-8", pretty_print=True
    )


def _add(parent, tag, value):
    if isinstance(value, list):
        for entry in value:
            _add(parent, tag, entry)
        return
    element = etree.SubElement(parent, tag)
    if isinstance(value, dict):
        for name, inner in value.items():
            _add_fact(element, name, inner)
    else:
        element.text = _get_text(value)


def _add_fact(parent, name, value):
    """A list of {tag: item} is one element that holds the items."""
    if name in LISTS:
        holder = etree.SubElement(parent, name)
        tag = LISTS[name]
        for entry in value:
            _add(holder, _XML_TAGS.get(tag, tag), entry[tag])
    else:
        _add(parent, name, value)


def _get_text(value):
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def normalise(item):
    """A contract read from XML, as the JSON of the format would give it."""
    return {name: _normalise_fact(name, value) for name, value in item.items()}


def _normalise_fact(name, value):
    if name in SEVERAL and isinstance(value, dict):
        tag = SEVERAL[name]
        found = value.get(tag)
        return {tag: found if isinstance(found, list) else [found]}
    if name in LISTS and isinstance(value, dict):
        tag = LISTS[name]
        found = value.get(tag, value.get(_XML_TAGS.get(tag)))
        found = found if isinstance(found, list) else [found]
        return [{tag: _normalise_entry(entry)} for entry in found]
    if isinstance(value, dict):
        return normalise(value)
    return _normalise_value(name, value)


def _normalise_entry(entry):
    """The number of an act or of a change is a rank; that of a holder is a text."""
    if not isinstance(entry, dict):
        return entry
    ranked = str(entry.get("id", "")).isdigit() and "typeIdentifiant" not in entry
    return normalise(entry) | ({"id": int(entry["id"])} if ranked else {})


def _normalise_value(name, value):
    if name in ("marcheInnovant", "attributionAvance", "sousTraitanceDeclaree"):
        return {_YES: True, _NO: False}.get(value, value)
    numbers = ("montant", "tauxAvance", "origineUE", "origineFrance")
    counts = ("offresRecues", "dureeMois")
    try:
        if name in counts:
            return int(value)
        return float(value) if name in numbers else value
    except (TypeError, ValueError):
        return value
