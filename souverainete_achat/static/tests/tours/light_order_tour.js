import {registry} from "@web/core/registry";

/** One click on an answer of the strip. */
function answer(name, value) {
    return {
        content: `Answer ${name}`,
        trigger: `.o_souverainete_light .o_field_widget[name=${name}] input[data-value=${value}]`,
        run: "click",
    };
}

registry.category("web_tour.tours").add("souverainete_light_order", {
    steps: () => [
        {
            content: "The strip says what is unanswered, and no banner repeats it",
            trigger:
                ".o_souverainete_light:contains(Not answered yet):not(:has(.o_souverainete_banner))",
        },
        answer("light_mutualised", "yes"),
        answer("light_cloud", "yes"),
        answer("light_sensitive", "no"),
        {
            content: "The strip says that the order can be confirmed",
            trigger: ".o_souverainete_light:contains(All is answered)",
        },
        {
            content: "Confirm the order",
            trigger: "button[name=button_confirm]:not(.d-none)",
            run: "click",
        },
        {
            content: "It is ordered, with its answers in sight",
            trigger: ".o_statusbar_status .o_arrow_button_current[data-value=purchase]",
        },
    ],
});

registry.category("web_tour.tours").add("souverainete_light_sensitive", {
    steps: () => [
        answer("light_mutualised", "yes"),
        answer("light_cloud", "yes"),
        answer("light_sensitive", "unknown"),
        {
            content: "At once, before anything is saved, a file is offered",
            trigger: ".o_souverainete_light button[name=action_create_file]",
            run: "click",
        },
        {
            content: "The file opens on its questions",
            trigger: ".o_form_view [name=page_need]",
        },
    ],
});
