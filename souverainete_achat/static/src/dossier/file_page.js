import {FormController} from "@web/views/form/form_controller";
import {formView} from "@web/views/form/form_view";
import {registry} from "@web/core/registry";

/** A page of a purchase file: the way back names the file, this its page. */
class FilePageController extends FormController {
    displayName() {
        return this.archInfo.xmlDoc.getAttribute("string");
    }
}

registry
    .category("views")
    .add("souverainete_file_page", {...formView, Controller: FilePageController});
