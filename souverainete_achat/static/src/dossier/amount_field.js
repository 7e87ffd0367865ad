import {MonetaryField, monetaryField} from "@web/views/fields/monetary/monetary_field";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/**
 * An amount that may be unknown, which is not zero: Odoo reads an empty number as 0, so
 * `<field>_known` beside it says which of the two it is.
 */
export class AmountField extends MonetaryField {
    static template = "souverainete_achat.AmountField";

    get isUnknown() {
        return !this.value && !this.props.record.data[`${this.props.name}_known`];
    }

    /** No symbol beside “unknown”: it would be written over it. */
    get currency() {
        return this.isUnknown && !this.state.value ? null : super.currency;
    }

    get unknownLabel() {
        return _t("unknown");
    }

    get formattedValue() {
        if (this.isUnknown) {
            return this.props.readonly ? this.unknownLabel : "";
        }
        return super.formattedValue;
    }
}

export const amountField = {
    ...monetaryField,
    component: AmountField,
    displayName: _t("Amount that may be unknown"),
    supportedTypes: ["monetary"],
    fieldDependencies: ({name}) => [{name: `${name}_known`, type: "boolean"}],
};

registry.category("fields").add("souverainete_amount", amountField);
