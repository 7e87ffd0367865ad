import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {runByBatches} from "../base/batches";

const getMessage = (progress) =>
    _t("%(position)s of %(total)s lines imported", progress);

async function importByBatches(env, action) {
    const {orm, ui} = env.services;
    const {import_id: id, total} = action.params;
    await runByBatches(ui, getMessage({position: 0, total}), async () => {
        const progress = await orm.silent.call(
            "souverainete.import",
            "action_import_batch",
            [[id]],
        );
        return progress.position < progress.total && getMessage(progress);
    });
    return {type: "ir.actions.client", tag: "soft_reload"};
}

registry.category("actions").add("souverainete_import", importByBatches);
