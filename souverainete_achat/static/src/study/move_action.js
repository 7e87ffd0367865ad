import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {runByBatches} from "../base/batches";

const getMessage = (done, total) =>
    _t("%(done)s of %(total)s options moved", {done, total});

async function moveByBatches(env, action) {
    const {notification, orm, ui} = env.services;
    const {wizard_id: id, total} = action.params;
    await runByBatches(ui, getMessage(0, total), async () => {
        const {options, remaining} = await orm.silent.call(
            "souverainete.grid.move",
            "action_move_batch",
            [[id]],
        );
        return remaining > 0 && getMessage(total - options, total);
    });
    notification.add(_t("The drafts are on the new version of the grid."), {
        type: "success",
    });
    return {type: "ir.actions.act_window_close"};
}

registry.category("actions").add("souverainete_grid_move", moveByBatches);
