import {browser} from "@web/core/browser/browser";

const FOCUSABLE =
    "input:not([type=hidden]):not(:disabled), textarea, select, [contenteditable=true], .o_field_x2many_list_row_add a, .o_field_x2many_list_row_add button, button, a[href]";
const TRIES = 40;
const PAUSE = 100;

/** What a place says: `page:NAME/field:NAME`, `action:NAME/field:NAME`, `option`. */
export function parsePlace(place) {
    return Object.fromEntries(place.split("/").map((part) => part.split(":")));
}

/** Put the cursor in a field of the form that is shown, once it is there. */
export async function focusField(name, page) {
    for (let left = TRIES; left; left--) {
        const form = [...document.querySelectorAll(".o_form_view")].at(-1);
        const tab =
            page && form?.querySelector(`.o_notebook .nav-link[name="${page}"]`);
        if (tab && !tab.classList.contains("active")) {
            tab.click();
        }
        const field = form?.querySelector(`.o_field_widget[name="${name}"]`);
        if (field) {
            reach(field);
            return;
        }
        await new Promise((resolve) => browser.setTimeout(resolve, PAUSE));
    }
}

function reach(field) {
    field.scrollIntoView({block: "center"});
    let target = field.querySelector(FOCUSABLE);
    if (!target) {
        // What is frozen is shown, and takes no cursor.
        field.tabIndex = -1;
        target = field;
    }
    target.focus({preventScroll: true});
    field.classList.add("o_souverainete_reached");
    browser.setTimeout(() => field.classList.remove("o_souverainete_reached"), 2000);
}
