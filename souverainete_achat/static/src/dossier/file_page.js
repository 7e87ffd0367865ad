import {browser} from "@web/core/browser/browser";
import {FormController} from "@web/views/form/form_controller";
import {formView} from "@web/views/form/form_view";
import {onMounted} from "@odoo/owl";
import {registry} from "@web/core/registry";

const PAUSE = 20;

/** A page of a purchase file: the way back names the file, this its page. */
class FilePageController extends FormController {
    setup() {
        super.setup();
        // The host does so for what is new only: a page that asks waits for its answer.
        onMounted(() => this.focusQuestion());
        const load = this.model.load.bind(this.model);
        this.model.load = (params) => this.loadOnTop(load, params);
    }

    /** The host reloads under a dialog that it then closes: lists that appear so would
     *  take no cursor for good. What is reloaded waits until nothing is over it. */
    loadOnTop(load, params) {
        if (!document.querySelector(".o_dialog")) {
            return load(params);
        }
        browser.setTimeout(() => this.loadOnTop(load, params), PAUSE);
    }

    focusQuestion() {
        const ids = this.archInfo.autofocusFieldIds;
        const asked = ids.map((id) => document.getElementById(id)).find(Boolean);
        if (asked && !asked.value) {
            asked.focus();
        }
    }

    displayName() {
        return this.archInfo.xmlDoc.getAttribute("string");
    }
}

registry
    .category("views")
    .add("souverainete_file_page", {...formView, Controller: FilePageController});
