"""What is shown of findings: who acts, what is missing, on what ground."""

from ..base.told import read_told


def format_refusal(record, findings, act):
    """One paragraph a user can act on, for a file or an order."""
    head = record.env._(
        "%(name)s: %(act)s is not possible yet. To be settled (%(count)s):",
        name=record.display_name,
        act=act,
        count=len(findings),
    )
    points = [f"• {f.rule._get_labels()['owner']} — {f.message}" for f in findings]
    return "\n".join([head, *points])


def get_banner_points(findings):
    """What the banner shows of findings, those that block first."""
    return _rank(
        _prepare_point(
            finding.rule,
            finding.key,
            finding.message,
            finding.blocking,
            finding.lifted_by and finding.lifted_by._get_lifting_label(),
        )
        for finding in findings
    )


def read_points(rules, kept, may_read):
    """The same of findings that were kept, in the language of the reader. `may_read`:
    whether they may read what is told to some only."""
    return _rank(
        _prepare_point(
            rule := rules.browse(point["rule"]),
            point["key"],
            _read(rule, point["told"], point["key"], may_read),
            point["blocking"],
            point["lifted_by"] and _read(rule, point["lifted_by"], "", may_read),
        )
        for point in kept
    )


def _rank(points):
    return sorted(points, key=lambda point: not point["blocking"])


def _prepare_point(rule, key, message, blocking, lifted_by):
    return {
        **rule._get_labels(),
        "key": key,
        "place": rule._get_place(key),
        "message": message,
        "blocking": blocking,
        "lifted_by": lifted_by,
    }


def _read(rule, told, key, may_read):
    if told is None:
        return rule._get_point_message(key)
    return read_told(rule.env, told, may_read)
