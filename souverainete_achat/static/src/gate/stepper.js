import {Component, onMounted, useState} from "@odoo/owl";
import {deserializeDate, deserializeDateTime, formatDate} from "@web/core/l10n/dates";
import {focusField, parsePlace} from "./place";
import {_t} from "@web/core/l10n/translation";
import {pick} from "@web/core/utils/objects";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";

// As many points are shown at once without being asked for.
const FEW = 2;

/**
 * Now what? The steps of a purchase file, whose turn it is, its next act and what is to
 * be settled, each point opening its own place.
 */
export class Stepper extends Component {
    static template = "souverainete_achat.Stepper";
    static props = {...standardFieldProps};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({open: undefined, step: ""});
        onMounted(() => {
            const place = this.props.record.context.souverainete_place || "";
            const {page, field} = parsePlace(place);
            if (field) {
                focusField(field, page);
            }
        });
    }

    get told() {
        return this.props.record.data[this.props.name];
    }

    get points() {
        const step = this.state.step;
        return this.told.points.filter((point) => !step || point.step === step);
    }

    get isOpen() {
        const blocking = this.told.points.filter((point) => point.blocking);
        return (
            this.state.open ?? (blocking.length > 0 && this.told.points.length <= FEW)
        );
    }

    get countLabel() {
        const blocking = this.told.points.filter((point) => point.blocking).length;
        const others = this.told.points.length - blocking;
        const labels = [];
        if (blocking) {
            labels.push(_t("%s to settle", blocking));
        }
        if (others) {
            labels.push(_t("%s to consider", others));
        }
        return labels.join(", ");
    }

    getLabel(point) {
        return point.blocking ? _t("To settle") : _t("To consider");
    }

    get since() {
        return this.told.since && deserializeDateTime(this.told.since).toRelative();
    }

    get outdatedOn() {
        return formatDate(deserializeDate(this.told.outdated_on));
    }

    onStep(step) {
        const same = this.isOpen && this.state.step === step;
        Object.assign(this.state, {open: !same, step: same ? "" : step});
    }

    onToggle() {
        Object.assign(this.state, {open: !this.isOpen, step: ""});
    }

    async onNext() {
        const {name, point} = this.told.next;
        await (name ? this.click(name) : this.onPoint(this.told.points[point]));
    }

    async onPoint({place, key, file}) {
        const {action, field} = parsePlace(place);
        if (file === this.props.record.resId) {
            await this.goTo(place, key);
        } else if (action) {
            await this.openOf(file, action, field);
        } else {
            const context = {souverainete_place: place};
            await this.openRecord("purchase.requisition", file, context);
        }
    }

    /** What a button of another file opens: the need that this one shares. */
    async openOf(file, action, field) {
        if (await this.props.record.save()) {
            const opened = await this.orm.call("purchase.requisition", action, [
                [file],
            ]);
            await this.action.doAction(opened);
            await (field && focusField(field));
        }
    }

    /** Open the place of a point, and put the cursor in its field. */
    async goTo(place, key) {
        const {action, page, field, ...others} = parsePlace(place);
        // What is found about an option starts with, or is named after, its number.
        const [, option] = key.match(/^(?:option-|cloudless-)?(\d+)/) || [];
        if ("option" in others && option) {
            await this.openRecord("souverainete.option", parseInt(option, 10));
        } else if ("option" in others) {
            await this.click("action_open_scores");
        } else if (action) {
            await this.click(action);
        }
        if (field) {
            await focusField(field, page);
        }
    }

    async openRecord(model, id, context = {}) {
        if (await this.props.record.save()) {
            await this.action.doAction({
                type: "ir.actions.act_window",
                res_model: model,
                res_id: id,
                views: [[false, "form"]],
                context,
            });
        }
    }

    /** As a button of the form does: what is typed is saved first. */
    async click(name) {
        await this.env.onClickViewButton({
            clickParams: {name, type: "object"},
            getResParams: () =>
                pick(
                    this.props.record,
                    "context",
                    "evalContext",
                    "resModel",
                    "resId",
                    "resIds",
                ),
        });
    }
}

export const stepper = {
    component: Stepper,
    displayName: _t("What comes next"),
    supportedTypes: ["json"],
};

registry.category("fields").add("souverainete_stepper", stepper);
