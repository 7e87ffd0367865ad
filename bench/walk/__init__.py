"""The walks, by the names under which they are asked for."""

from . import contracts, data, orders, plans, policy, purchases

SCENARIOS = {
    "yardstick": orders.yardstick,
    "light": orders.light,
    "light_sensitive": orders.light_sensitive,
    "standard": purchases.standard,
    "file_only": purchases.file_only,
    "framework": contracts.framework,
    "renewal": contracts.renewal,
    "lots": contracts.lots,
    "derogation": contracts.derogation,
    "version": policy.version,
    "mutualised": purchases.mutualised,
    "import": plans.sort,
    "data_owner": data.data_owner,
    "officer": data.officer,
}
