/**
 * Runs something long batch by batch, with its progress on screen. Each batch is kept
 * as soon as it is done, so one cut short goes on from where it stopped.
 *
 * `next()` runs one batch and resolves to its message, or to nothing after the last.
 */
export async function runByBatches(ui, message, next) {
    while (message) {
        ui.block({message});
        try {
            message = await next();
        } finally {
            ui.unblock();
        }
    }
}
