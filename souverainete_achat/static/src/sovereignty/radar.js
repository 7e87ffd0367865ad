import {Component, onWillStart, useEffect, useRef} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {getColor} from "@web/core/colors/colors";
import {loadBundle} from "@web/core/assets";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

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
                    borderColor: getColor(index, "light", "odoo"),
                    borderDash: index % 2 ? [6, 3] : [],
                    fill: false,
                })),
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                scales: {r: {min: 0, max: 100}},
            },
        });
    }
}

registry.category("fields").add("souverainete_radar", {
    component: RadarField,
    supportedTypes: ["json"],
});
