import {registry} from "@web/core/registry";

const answers = ".o_field_widget[name=current_answer_ids]";

/** Choose the rung `level` of the criterion in row `index`, from 1. */
function answer(index, level) {
    const row = `${answers} .o_data_row:nth-child(${index})`;
    return [
        {
            content: `Open the line ${index}`,
            trigger: `${row} .o_data_cell[name=level_id]`,
            run: "click",
        },
        {
            content: "Show the ladder",
            trigger: `${row} .o_field_widget[name=level_id] input`,
            run: "click",
        },
        {
            content: `Choose level ${level}`,
            trigger: `.o-autocomplete--dropdown-item:contains(/^${level} –/)`,
            run: "click",
        },
    ];
}

const save = {
    content: "Save",
    trigger: ".o_form_button_save:enabled",
    run: "click",
};

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
        ...answer(1, 4),
        save,
        see("score_interval", "25 – 100"),
        see("coverage", "50"),
        // One link of two: the criterion is not assessed yet, but bounded by it.
        ...answer(2, 2),
        save,
        see("score_interval", "25 – 62.5"),
        ...answer(3, 1),
        save,
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
