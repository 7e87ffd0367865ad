import {IntegerField, integerField} from "@web/views/fields/integer/integer_field";
import {registry} from "@web/core/registry";

/** A number of months: none is unknown, and is not shown as a duration. */
export class MonthsField extends IntegerField {
    get formattedValue() {
        return this.value ? super.formattedValue : "";
    }
}

registry
    .category("fields")
    .add("souverainete_months", {...integerField, component: MonthsField});
