from typing import Any, NamedTuple


class Finding(NamedTuple):
    """One thing that is missing on a file or an order.

    `rule`: the souverainete.rule record; `message`: a full sentence saying what is
    missing and where to click; `owner`: the role that can act (see the rule's field);
    `blocking`: whether the act is refused; `key`: what the finding is about, stable
    while the wording or the figures change.
    """

    rule: Any
    message: str
    owner: str
    blocking: bool
    key: str = ""

    @property
    def identity(self):
        return self.rule.code, self.key


def get_banner_points(findings):
    """What the banner shows of findings, those that block first."""
    ranked = sorted(findings, key=lambda finding: not finding.blocking)
    return [
        {
            "message": finding.message,
            "blocking": finding.blocking,
            "owner": _label(finding.rule, "owner"),
            "basis": _label(finding.rule, "basis"),
            "certainty": _label(finding.rule, "certainty"),
            "rule": finding.rule.name,
        }
        for finding in ranked
    ]


def _label(rule, name):
    selection = rule._fields[name]._description_selection(rule.env)
    return dict(selection).get(rule[name], "")
