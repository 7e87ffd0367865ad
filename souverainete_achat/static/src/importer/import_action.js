import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/**
 * Imports a long file batch by batch. Each batch is kept as soon as it is done, so an
 * interrupted import goes on from where it stopped.
 */
async function importByBatches(env, action) {
    const {orm, ui} = env.services;
    let progress = {position: 0, total: action.params.total};
    do {
        ui.block({
            message: _t("%(position)s of %(total)s lines imported", progress),
        });
        try {
            progress = await orm.silent.call(
                "souverainete.import",
                "action_import_batch",
                [[action.params.import_id]],
            );
        } finally {
            ui.unblock();
        }
    } while (progress.position < progress.total);
    return {type: "ir.actions.client", tag: "soft_reload"};
}

registry.category("actions").add("souverainete_import", importByBatches);
