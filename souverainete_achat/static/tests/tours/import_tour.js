import {registry} from "@web/core/registry";

const COUNT = 110;

/** Contracts of invented buyers and objects, enough of them for two batches. */
function signedContracts() {
    const contracts = Array.from({length: COUNT}, (_, index) => ({
        id: `T${index}`,
        objet: `Maintenance ${index}`,
        codeCPV: index ? "72000000-5" : "45000000",
        dureeMois: 36,
        dateNotification: "2025-01-31",
        montant: 100000 + index,
    }));
    return JSON.stringify({marches: {marche: contracts}});
}

registry.category("web_tour.tours").add("souverainete_import", {
    steps: () => [
        {
            content: "Choose a file",
            trigger: ".o_field_widget[name=data] .o_select_file_button",
            run() {
                const file = new window.File([signedContracts()], "decp.json");
                const transfer = new window.DataTransfer();
                transfer.items.add(file);
                const input = document.querySelector(
                    ".o_field_widget[name=data] input[type=file]",
                );
                input.files = transfer.files;
                input.dispatchEvent(new window.Event("change", {bubbles: true}));
            },
        },
        {
            content: "The source is guessed",
            trigger: ".o_field_widget[name=adapter] input:value(/^DECP/)",
        },
        {
            content: "See what it would do",
            trigger: "button[name=action_preview]",
            run: "click",
        },
        {
            content: "Nothing is recorded yet",
            trigger: `.alert:contains(To create: ${COUNT - 1})`,
        },
        {
            content: "Each line says why",
            trigger: ".o_data_row:contains(Not a digital purchase)",
        },
        {
            content: "Import by batches",
            trigger: "button[name=action_import_with_progress]",
            run: "click",
        },
        {
            content: "To its end",
            trigger: `.alert:contains(Created: ${COUNT - 1})`,
            timeout: 60000,
        },
    ],
});
