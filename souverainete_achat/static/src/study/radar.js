import {Component, onWillStart, useEffect, useRef} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {loadBundle} from "@web/core/assets";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

// Each option has its own colour, dashes and marks: told apart in black and white too.
const COLORS = ["#5b3a8c", "#0b7a6b", "#b3541e", "#1a5fb4", "#8a1c4a", "#5b6200"];
const DASHES = [[], [8, 4], [2, 3], [12, 3, 2, 3]];
const MARKS = ["circle", "rect", "triangle", "rectRot", "star"];

/** The one of a list that falls to option `index`, however many options there are. */
const pick = (list, index) => list[index % list.length];

/**
 * Options on a radar, one axis an objective. The drawing says nothing that its table
 * does not: screen readers read the table.
 */
export class RadarField extends Component {
    static template = "souverainete_achat.Radar";
    static props = {...standardFieldProps};

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            (radar) => {
                const chart = radar && this.draw(radar);
                return () => chart?.destroy();
            },
            () => [this.radar],
        );
    }

    get radar() {
        return this.props.record.data[this.props.name];
    }

    get caption() {
        return _t("Share of the points of each objective held for sure (%)");
    }

    format(value) {
        return value.toLocaleString(undefined, {maximumFractionDigits: 1});
    }

    draw(radar) {
        /* global Chart */
        return new Chart(this.canvas.el, {
            type: "radar",
            data: {
                labels: radar.labels,
                datasets: radar.options.map((option, index) => ({
                    label: option.name,
                    data: option.values,
                    borderColor: pick(COLORS, index),
                    backgroundColor: pick(COLORS, index),
                    borderDash: pick(DASHES, index),
                    borderWidth: 2,
                    pointStyle: pick(MARKS, index),
                    pointRadius: 4,
                    fill: false,
                })),
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                plugins: {legend: {labels: {usePointStyle: true}}},
                scales: {
                    r: {min: 0, max: 100, ticks: {stepSize: 25, z: 1}},
                },
            },
        });
    }
}

registry.category("fields").add("souverainete_radar", {
    component: RadarField,
    supportedTypes: ["json"],
});
