import {registry} from "@web/core/registry";

/** The step that opens a tab of the file. */
function openTab(name) {
    return {
        content: `Open the tab ${name}`,
        trigger: `.o_notebook_headers a[name=souverainete_${name}]`,
        run: "click",
    };
}

function write(name, text) {
    return {
        content: `Write ${name}`,
        trigger: `.o_field_widget[name=${name}] textarea`,
        run: `edit ${text}`,
    };
}

/** Answers are in this order: yes, no, not known yet. */
function answer(name, value) {
    return {
        content: `Answer ${name}`,
        trigger: `.o_field_widget[name=${name}] input[data-value=${value}]`,
        run: "click",
    };
}

/** The way back also saves what was written. */
const backToTheFile = {
    content: "Back to the file",
    trigger: ".breadcrumb-item.o_back_button a",
    run: "click",
};

const launch = {
    content: "Launch the consultation",
    trigger: "button[name=action_ask_launch]",
    run: "click",
};

registry.category("web_tour.tours").add("souverainete_purchase_file", {
    steps: () => [
        {
            content: "Open the draft",
            trigger: ".o_data_row:contains(Video meetings of the tour) .o_data_cell",
            run: "click",
        },
        {
            content: "The steps say what is missing",
            trigger: ".o_souverainete_stepper:contains(to settle)",
        },
        launch,
        {
            content: "The refusal names the study of mutualised solutions",
            trigger: ".modal-body:contains(Search the catalogue)",
        },
        {
            content: "And the statement on sovereignty, and the data",
            trigger: ".modal-body:contains(sovereignty):contains(Data and hosting)",
        },
        {
            content: "Back to the file",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        openTab("doctrine"),
        write("need_effect", "Meet at a distance with other ministries"),
        write("need_measure", "Meetings held each month"),
        {
            content: "Say what to look for",
            trigger: ".o_field_widget[name=search_text] input",
            run: "edit visioconférence",
        },
        {
            content: "Search the catalogue",
            trigger: "button[name=action_search_catalogue]",
            run: "click",
        },
        {
            content: "The search is recorded with what it found",
            trigger: ".modal:contains(Visio)",
        },
        {
            content: "Close the search",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "Its trace is on the file",
            trigger: "button[name=action_open_searches]",
            run: "click",
        },
        {
            content: "With its words",
            trigger: ".o_list_view .o_data_row:contains(visioconférence)",
        },
        backToTheFile,
        openTab("sovereignty"),
        write("sovereignty_statement", "Immunity, exit and mastery were weighed"),
        {
            content: "Open the page on the data",
            trigger: "button[name=action_open_hosting]",
            run: "click",
        },
        answer("has_cloud", "no"),
        backToTheFile,
        launch,
        {
            content: "Asked once, with what is frozen",
            trigger: ".modal-footer button[name=action_launch]",
            run: "click",
        },
        {
            content: "Launched: no agreement is offered before an offer is retained",
            trigger:
                ".o_form_view:not(:has(button[name=action_prepare_agreement])) .o_field_widget[name=compliance_state]:contains(Launched)",
        },
    ],
});
