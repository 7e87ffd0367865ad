import {registry} from "@web/core/registry";

const card = ".o_souverainete_cards section";

/** Choose the rung `level` of the card `index`, from 1: one click, and the next card. */
function answer(index, level) {
    return [
        {
            content: `Level ${level} on the card ${index}`,
            trigger: `${card}[data-index="${index - 1}"] label:contains(/^${level} –/) input`,
            run: "click",
        },
        {
            content: "The next card is shown",
            trigger: `${card}[data-index="${index}"]`,
        },
    ];
}

function see(name, text) {
    return {
        content: `${name} is ${text}`,
        trigger: `.o_field_widget[name=${name}]:contains(${text})`,
    };
}

registry.category("web_tour.tours").add("souverainete_grading", {
    steps: () => [
        {
            content: "Open the page Sovereignty of the option",
            trigger: ".o_notebook_headers a[name=sovereignty]",
            run: "click",
        },
        see("score_interval", "Not assessed"),
        {
            content: "Grade it",
            trigger: "button[name=action_grade]",
            run: "click",
        },
        ...answer(1, 4),
        // One link of two: the criterion is not assessed yet, but bounded by it.
        ...answer(2, 2),
        ...answer(3, 1),
        {
            content: "All is answered, and what holds the level down is named",
            trigger: ".o_souverainete_cards p[name=cap]:contains(Cheapest step up)",
        },
        {
            content: "Back to the option",
            trigger: ".o_souverainete_cards button[name=leave]",
            run: "click",
        },
        see("score_interval", "43.8"),
        see("coverage", "100"),
        see("level_reached", "Level 1"),
        {
            content: "Open the calculation",
            trigger: "button[name=action_show_calculation]",
            run: "click",
        },
        {
            content: "It says which link decides",
            trigger: ".o_field_widget[name=calculation]:contains(weakest of the links)",
        },
        {
            content: "And can be printed",
            trigger: "button[name=action_print]",
        },
    ],
});

registry.category("web_tour.tours").add("souverainete_comparing", {
    steps: () => [
        {
            content: "Open the tab Sovereignty of the file",
            trigger: ".o_notebook_headers a[name=souverainete_sovereignty]",
            run: "click",
        },
        {
            content: "Compare",
            trigger: "button[name=action_compare_options]",
            run: "click",
        },
        {
            content: "Objectives by rows, options by columns, who leads is marked",
            trigger: ".o_field_widget[name=table]:contains(First option):contains(★)",
        },
        {
            content: "The radar is drawn",
            trigger: ".o_souverainete_radar canvas",
        },
        {
            content: "Its table says the same to screen readers",
            trigger: ".o_souverainete_radar table:contains(Second option)",
        },
        {
            content: "It can be printed",
            trigger: "button[name=action_print]",
        },
        {
            content: "Open the calculation",
            trigger: ".o_notebook_headers a[name=calculation]",
            run: "click",
        },
        {
            content: "Line by line",
            trigger: ".o_field_widget[name=calculation]:contains(Rung 4)",
        },
    ],
});
