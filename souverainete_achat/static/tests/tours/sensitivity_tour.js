import {registry} from "@web/core/registry";

function answer(name, value) {
    return {
        content: `Answer ${name}`,
        trigger: `.o_field_widget[name=${name}] input[data-value=${value}]`,
        run: "click",
    };
}

function explain(name) {
    return {
        content: `Give the reason of ${name}`,
        trigger: `.o_field_widget[name=${name}_reason] textarea`,
        run: "edit Names of the people met, and where they meet",
    };
}

const open = {
    content: "Open the test",
    trigger: ".o_data_row:contains(Meetings of the prefects) .o_data_cell",
    run: "click",
};

registry.category("web_tour.tours").add("souverainete_data_owner", {
    steps: () => [
        open,
        {
            content: "What must never be written is said first",
            trigger: ".alert:contains(classified or restricted)",
        },
        {
            content: "The text says that it is not the promulgated article",
            trigger:
                ".o_field_widget[name=data_protected_secret_text]:contains(not the promulgated article)",
        },
        {
            content: "What is not enough is one click away",
            trigger: ".o_field_widget[name=data_method_text] summary",
            run: "click",
        },
        {
            content: "Hosting of health data is named",
            trigger:
                ".o_field_widget[name=data_method_text] details[open]:contains(HDS)",
        },
        answer("data_protected_secret", "yes"),
        explain("data_protected_secret"),
        answer("data_essential_mission", "no"),
        explain("data_essential_mission"),
        answer("data_breach_harm", "yes"),
        {
            content: "Answer without the last reason",
            trigger: "button[name=action_answer]",
            run: "click",
        },
        {
            content: "It is named",
            trigger: ".modal-body:contains(Reason of B)",
        },
        {
            content: "Back to the test",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        explain("data_breach_harm"),
        {
            content: "These are the owner's answers",
            trigger: "button[name=action_answer]",
            run: "click",
        },
        {
            content: "Answered",
            trigger: ".o_arrow_button_current[data-value=answered]",
        },
        {
            content: "The result follows the answers",
            trigger: ".o_field_widget[name=data_sensitivity]:contains(Of particular)",
        },
    ],
});

registry.category("web_tour.tours").add("souverainete_data_officer", {
    steps: () => [
        open,
        {
            content: "Who answered is said",
            trigger: ".o_field_widget[name=data_breach_harm_by_id]:contains(owner)",
        },
        {
            content: "Sign",
            trigger: "button[name=action_sign]",
            run: "click",
        },
        {
            content: "Signed",
            trigger: ".o_arrow_button_current[data-value=signed]",
        },
    ],
});
