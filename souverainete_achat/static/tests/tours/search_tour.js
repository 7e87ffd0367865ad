import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("souverainete_search", {
    steps: () => [
        {
            content: "Open the tab of the need",
            trigger: ".o_notebook_headers a[name=souverainete_doctrine]",
            run: "click",
        },
        {
            content: "Write the need as a buyer does, typing errors and all",
            trigger: ".o_field_widget[name=search_text] input",
            run: "edit licences Teams et partage de docments entre directions",
        },
        {
            content: "Search the catalogue",
            trigger: "button[name=action_search_catalogue]",
            run: "click",
        },
        {
            content: "It says why each solution came",
            trigger:
                ".modal .o_data_row:contains(Tchap) [name=found_because]:contains(Teams)",
        },
        {
            content: "And how a word typed wrong was read",
            trigger: ".modal [name=found_because]:contains(docments)",
        },
        {
            content: "Five at most are proposed",
            trigger:
                ".modal .o_field_widget[name=proposed_ids]:not(:has(.o_data_row:eq(5)))",
        },
        {
            content: "Keep them to examine",
            trigger: ".modal button[name=action_add_options]",
            run: "click",
        },
        {
            content: "They are on the file",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=studied_ids] .o_data_row:contains(Visio)",
        },
        {
            content: "One verdict answers several",
            trigger: "button[name=action_give_verdict]",
            run: "click",
        },
        {
            content: "Choose the main reason",
            trigger: ".modal .o_field_widget[name=reason_code] .o_select_menu input",
            run: "click",
        },
        {
            content: "A function is missing",
            trigger: ".o_select_menu_menu .o_select_menu_item:contains(Does not do)",
            run: "click",
        },
        {
            content: "And say why",
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit None records the meetings of 500 people",
        },
        {
            content: "Give it",
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "Each option has the verdict and its reason",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=studied_ids] .o_data_row:contains(Visio):contains(500 people)",
        },
        {
            content: "The trace of the search is kept",
            trigger: "button[name=action_open_searches]",
            run: "click",
        },
        {
            content: "Word for word",
            trigger: ".o_list_view .o_data_row:contains(docments)",
        },
    ],
});
