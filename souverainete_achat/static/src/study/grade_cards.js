import {
    Component,
    onMounted,
    onWillStart,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import {Layout} from "@web/search/layout";
import {Mutex} from "@web/core/utils/concurrency";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

const BLANK = "blank";
const TYPED = "input[type=text], textarea, select";

/**
 * The grid as cards: one question a card, its levels in full. A click on a level saves
 * it and shows the next card; so do the digits, and Enter after the arrows.
 */
export class GradeCards extends Component {
    static template = "souverainete_achat.GradeCards";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.optionId = this.props.action.params?.option_id || this.props.resId;
        this.saving = new Mutex();
        this.card = useRef("card");
        this.state = useState({sheet: null, index: 0, chosen: null});
        onWillStart(async () => {
            await this.load();
            const first = this.cards.findIndex((card) => !card.done);
            this.show(Math.max(first, 0));
        });
        onMounted(() => {
            this.props.updateActionState?.({resId: this.optionId});
            this.env.config.setDisplayName(this.title);
        });
        useEffect(
            () => this.focus(),
            () => [this.state.index],
        );
    }

    // What is shown

    get display() {
        return {controlPanel: {}};
    }

    get sheet() {
        return this.state.sheet;
    }

    get cards() {
        return this.sheet.cards;
    }

    /** The card on top; none once they have all been seen. */
    get current() {
        return this.cards[this.state.index];
    }

    get title() {
        return _t("Grade %s", this.sheet.option);
    }

    get progress() {
        const {done} = this.sheet;
        return _t("%(done)s of %(total)s answered", {done, total: this.cards.length});
    }

    get confirmLabel() {
        return _t("Confirm what was copied (%s)", this.sheet.to_confirm);
    }

    get held() {
        const {cap, level_reached: level} = this.sheet;
        const [first, ...others] = cap.names;
        return others.length
            ? _t(
                  "Level %(level)s, held down by “%(first)s” and %(count)s more. Cheapest step up:",
                  {level, first, count: others.length},
              )
            : _t("Level %(level)s, held down by “%(first)s”. Cheapest step up:", {
                  level,
                  first,
              });
    }

    getMark(card, index) {
        const state = card.done
            ? _t("answered")
            : card.to_confirm
              ? _t("to be confirmed")
              : _t("not answered");
        return `${index + 1}. ${card.name} (${state})`;
    }

    getStored(card) {
        return card.left_blank ? BLANK : card.level_id || null;
    }

    // Moving

    show(index) {
        this.state.index = Math.min(Math.max(index, 0), this.cards.length);
        this.state.chosen = this.current ? this.getStored(this.current) : null;
    }

    showAnswer(id) {
        this.show(this.cards.findIndex((card) => card.id === id));
    }

    focus() {
        const card = this.card.el;
        const target =
            card?.querySelector("input[type=radio]:checked:enabled") ||
            card?.querySelector("input[type=radio]:enabled, button");
        target?.focus({preventScroll: true});
        card?.scrollIntoView?.({block: "nearest"});
    }

    /** Keep what was chosen on this card, then go `step` cards further. */
    go(step) {
        const card = this.current;
        const {chosen} = this.state;
        if (card && this.sheet.can_write && chosen && chosen !== this.getStored(card)) {
            this.grade(card, chosen);
        }
        this.show(this.state.index + step);
    }

    // What the keys and the pointer do

    onPointerDown() {
        this.isPointed = true;
    }

    onPick(value) {
        this.state.chosen = value;
        if (this.isPointed) {
            this.isPointed = false;
            this.answer(value);
        }
    }

    onKeydown(ev) {
        this.isPointed = false;
        if (ev.target.matches(TYPED) || ev.altKey || ev.ctrlKey || ev.metaKey) {
            return;
        }
        const act = this.getKeyAct(ev);
        if (act) {
            ev.preventDefault();
            ev.stopPropagation();
            act();
        }
    }

    getKeyAct({key, target}) {
        if (key === "ArrowLeft") {
            return () => this.go(-1);
        }
        if (key === "ArrowRight" || (key === "Enter" && target.matches("input"))) {
            return () => this.go(1);
        }
        const level = this.current?.levels.filter((rung) => rung.level === key);
        return level?.length === 1 && this.sheet.can_write
            ? () => this.answer(level[0].id)
            : null;
    }

    // Writing

    /** A level chosen for good: kept, and the next card shown. */
    answer(value) {
        this.state.chosen = value;
        const card = this.current;
        if (value !== this.getStored(card) || card.to_confirm) {
            this.grade(card, value);
        }
        this.show(this.state.index + 1);
    }

    grade(card, value) {
        const blank = value === BLANK;
        const vals = {level_id: blank ? false : value};
        if (blank || card.left_blank) {
            vals.left_blank = blank;
        }
        Object.assign(card, vals, {done: true, to_confirm: false});
        this.save(card, vals);
    }

    note(card, name, value) {
        card[name] = value;
        this.save(card, {[name]: value});
    }

    save(card, vals) {
        return this.act(() => this.orm.write("souverainete.answer", [card.id], vals));
    }

    /** One act after the other; what the server made of it is shown. */
    act(write) {
        return this.saving.exec(async () => {
            try {
                await write();
            } finally {
                await this.load();
            }
        });
    }

    call(method, args = []) {
        return this.orm.call("souverainete.option", method, [[this.optionId], ...args]);
    }

    async load() {
        this.state.sheet = await this.call("action_read_cards");
    }

    async copyFrom({kind, id}) {
        await this.act(() => this.call("action_copy_grades", [kind, id]));
        this.show(this.state.index);
    }

    confirmAll() {
        return this.act(() => this.call("action_confirm_grades"));
    }

    async share() {
        await this.act(() => this.call("action_share_grades"));
        this.notification.add(
            _t(
                "The catalogue keeps these answers as the solution's shared assessment.",
            ),
            {type: "success"},
        );
    }

    get nextLabel() {
        return _t("Grade the next one: %s", this.sheet.next.name);
    }

    /** The cards of the next option left to grade, in place of these. */
    async gradeNext() {
        await this.saving.getUnlockedDef();
        this.optionId = this.sheet.next.id;
        await this.load();
        this.show(0);
        this.props.updateActionState?.({resId: this.optionId});
        this.env.config.setDisplayName(this.title);
    }

    /** What grading was for, then back to the file. */
    async doAct({name, id}) {
        await this.saving.getUnlockedDef();
        const action = await this.orm.call("souverainete.option", name, [[id]]);
        if (!action) {
            return this.leave();
        }
        return this.action.doAction(
            {views: [[false, "form"]], ...action},
            {onClose: () => this.load()},
        );
    }

    async leave() {
        await this.saving.getUnlockedDef();
        if (this.env.config.breadcrumbs.length > 1) {
            return this.action.restore();
        }
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "purchase.requisition",
            res_id: this.sheet.file_id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("souverainete_grade_cards", GradeCards);
