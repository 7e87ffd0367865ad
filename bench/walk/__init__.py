"""The walks, by the names under which they are asked for."""

from . import contracts, data, orders, plans, policy, purchases

SCENARIOS = {
    "yardstick": orders.yardstick,
    "light": orders.light,
    "standard": purchases.standard,
    "file_only": purchases.file_only,
    "renewal": contracts.renewal,
    "derogation": contracts.derogation,
    "version": policy.version,
    "mutualised": purchases.mutualised,
    "import": plans.sort,
    "data_owner": data.data_owner,
    "officer": data.officer,
}
