import {Component, markup, onWillStart, onWillUpdateProps} from "@odoo/owl";
import {KanbanRenderer} from "@web/views/kanban/kanban_renderer";
import {ListRenderer} from "@web/views/list/list_renderer";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/** What the roles of the user have to do: cards, each one a list of its own. */
export class Board extends Component {
    static template = "souverainete_achat.Board";
    static props = {list: {type: Object, optional: true}};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.rows = [];
        onWillStart(() => this.load());
        onWillUpdateProps(() => this.load());
    }

    /** Above the first screen of a role only, not above the lists of its cards. */
    get isShown() {
        return Boolean(this.props.list?.context.souverainete_board);
    }

    async load() {
        if (this.isShown) {
            this.rows = await this.orm.call("souverainete.card", "retrieve_dashboard");
        }
    }

    async open(id) {
        const action = await this.orm.call("souverainete.card", "action_open", [[id]]);
        if (action.help) {
            // The client reads as HTML the help of the actions that it loads itself.
            action.help = markup(action.help);
        }
        this.action.doAction(action);
    }
}

class BoardListRenderer extends ListRenderer {
    static template = "souverainete_achat.BoardList";
    static components = {...ListRenderer.components, Board};
}

class BoardKanbanRenderer extends KanbanRenderer {
    static template = "souverainete_achat.BoardKanban";
    static components = {...KanbanRenderer.components, Board};
}

const views = registry.category("views");
views.add("souverainete_board_list", {...listView, Renderer: BoardListRenderer});
views.add("souverainete_board_kanban", {...kanbanView, Renderer: BoardKanbanRenderer});
