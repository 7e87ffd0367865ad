import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {runByBatches} from "../base/batches";

const getMessage = (done, total) =>
    _t("%(done)s of %(total)s contracts taken over", {done, total});

async function takeOverByBatches(env, action) {
    const {orm, ui} = env.services;
    const {wizard_id: id, total} = action.params;
    const call = (method) => orm.silent.call("souverainete.take.over", method, [[id]]);
    await runByBatches(ui, getMessage(0, total), async () => {
        const {remaining} = await call("action_take_over_batch");
        return remaining > 0 && getMessage(total - remaining, total);
    });
    return call("action_show_result");
}

registry.category("actions").add("souverainete_take_over", takeOverByBatches);
