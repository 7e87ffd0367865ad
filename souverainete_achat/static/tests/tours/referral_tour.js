import {registry} from "@web/core/registry";

/** Open a tab of the form. */
function openTab(name) {
    return {
        content: `Open the tab ${name}`,
        trigger: `.o_notebook .nav-link[name=${name}]`,
        run: "click",
    };
}

/** Press a button of the form's header. */
function press(name) {
    return {
        content: `Press ${name}`,
        trigger: `.o_statusbar_buttons button:contains(${name})`,
        run: "click",
    };
}

/** What cannot be undone asks once. */
const confirmIt = {
    content: "It asks once",
    trigger: ".modal-footer .btn-primary",
    run: "click",
};

/** The state the request is in. */
function isIn(state) {
    return {
        content: `The request is ${state}`,
        trigger: `.o_statusbar_status .o_arrow_button_current[data-value=${state}]`,
    };
}

/** Fill in the dialog of what the DINUM wrote, with its document. */
function giveDocument() {
    return [
        {
            content: "Attach the document received",
            trigger: ".modal .o_field_widget[name=document_ids] .o_file_input",
            run() {
                const transfer = new window.DataTransfer();
                transfer.items.add(
                    new window.File(["The DINUM's letter"], "letter.pdf", {
                        type: "application/pdf",
                    }),
                );
                const input = this.anchor.querySelector("input[type=file]");
                input.files = transfer.files;
                input.dispatchEvent(new window.Event("change", {bubbles: true}));
            },
        },
        {
            content: "The document is there",
            trigger: ".modal .o_field_widget[name=document_ids] .o_attachment",
        },
    ];
}

registry.category("web_tour.tours").add("souverainete_referral_ask", {
    steps: () => [
        {
            content: "The form says what the file lacks",
            trigger: ".o_form_view .alert-warning:contains(Summary note)",
        },
        openTab("note"),
        {
            content: "Write the summary note",
            trigger: ".o_field_widget[name=note] .odoo-editor-editable",
            run: "editor One payroll for every ministry",
        },
        openTab("referral"),
        {
            content: "The checklist shows the piece to be joined",
            trigger: ".o_field_widget[name=piece_ids] .o_data_row:contains(MAREVA)",
        },
        press("Submit the request"),
        confirmIt,
        isIn("submitted"),
        {
            content: "What left can be downloaded",
            trigger: ".o_statusbar_buttons button:contains(Download the zip)",
        },
    ],
});

registry.category("web_tour.tours").add("souverainete_referral_answer", {
    steps: () => [
        press("Acknowledge the complete file"),
        ...giveDocument(),
        {
            content: "Record the acknowledgement",
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "The delay runs",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=date_due]:not(:empty)",
        },
        press("Favourable"),
        {
            content: "Paste what the letter recommends",
            trigger: ".modal .o_field_widget[name=recommendations] textarea",
            run: (helpers) => helpers.edit("1. Go by stages\n2. Publish the code"),
        },
        {
            content: "Leave the text, so that it is cut",
            trigger: ".modal .o_field_widget[name=reference] input",
            run: "edit DINUM-2026-1",
        },
        {
            content: "Two recommendations are proposed",
            trigger:
                ".modal .o_field_widget[name=line_ids] .o_data_row:contains(Publish the code)",
        },
        ...giveDocument(),
        {
            content: "Record the letter",
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "It awaits another person",
            trigger: "body:not(:has(.modal)) .alert-info:contains(has to confirm it)",
        },
    ],
});

registry.category("web_tour.tours").add("souverainete_referral_confirm", {
    steps: () => [
        press("Confirm the transcription"),
        confirmIt,
        isIn("favourable"),
        openTab("recommendations"),
        {
            content: "The recommendations are there, one by one",
            trigger:
                ".o_field_widget[name=recommendation_ids] .o_data_row:contains(Publish the code)",
        },
    ],
});
