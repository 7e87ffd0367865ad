"""The walks, by the names under which they are asked for."""

from . import data, orders, policy, purchases

SCENARIOS = {
    "yardstick": orders.yardstick,
    "light": orders.light,
    "standard": purchases.standard,
    "version": policy.version,
    "mutualised": purchases.mutualised,
    "data_owner": data.data_owner,
    "officer": data.officer,
}
