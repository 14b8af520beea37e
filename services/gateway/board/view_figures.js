/* Cijfers: the report of a project year; each figure opens down to the events it was counted from. */
import {ask, askAll, download} from "./api.js";
import {button, draw, el, table} from "./dom.js";
import {problemNotice} from "./problem.js";
import {n, number, t, word} from "./texts.js";
import {yearNow} from "./time.js";
import {showTrace} from "./trace.js";

const wanted = {year: null, published: false};

function amount(row) {
    return row.left_out ? t("figures.small") : n(`unit.${row.unit}`, row.amount);
}

function parts(rows, row, context) {
    const same = rows.filter((one) => one.figure === row.figure && one.programme === row.programme && one !== row);
    const lines = [
        ...same.filter((one) => one.nis && !one.reason).map((one) => [context.place(one.nis), amount(one)]),
        ...same.filter((one) => !one.nis && one.reason).map((one) => [word("reason-stop", one.reason), amount(one)]),
    ];
    return lines.length > 1 && el("ul", {class: "parts"}, lines.map(([what, how]) => el("li", {}, what, " ",
        el("strong", {}, how))));
}

function figure(rows, row, year, context) {
    const out = el("div", {"aria-live": "polite"});
    const parameters = {partnership: context.partnership, project_year: year, programme: row.programme, figure: row.figure};
    return el("details", {class: "figure", "data-key": `${row.programme}-${row.figure}`, ontoggle: (event) => {
        if (event.target.open && event.target === event.currentTarget)
            showTrace(out, parameters, context);
    }},
    el("summary", {}, el("span", {}, word("figure", row.figure)), el("strong", {}, amount(row))),
    parts(rows, row, context), out);
}

function programmes(rows, year, context) {
    const whole = rows.filter((one) => !one.nis && !one.reason);
    return [...new Set(whole.map((one) => one.programme))].map((programme) => el("section", {},
        el("h2", {}, programme ? context.programme(programme) : t("figures.whole")),
        whole.filter((one) => one.programme === programme).map((one) => figure(rows, one, year, context))));
}

function targets(found) {
    return found.length > 0 && el("section", {}, el("h2", {}, t("figures.targets")),
        table(t("figures.targets-caption"), [t("figures.action"), t("figures.requested"), t("figures.confirmed"),
            t("figures.reached"), t("figures.percent")],
        found.map((one) => [t("figures.action-n", {action: one.action}), n(`unit.${one.unit}`, one.requested),
            number(one.confirmed), one.reached === undefined ? t("figures.small") : number(one.reached),
            el("span", {class: one.warning ? "warn" : ""}, one.percent === undefined ? "" : `${number(one.percent)} %`)])));
}

function choices(years, parameters, context) {
    const notice = el("div");
    const load = (format) => async () => {
        try {
            await download("/v1/reports/export", {...parameters, format});
            notice.replaceChildren();
        } catch (error) {
            draw(notice, [problemNotice(error)]);
        }
    };
    return [el("div", {class: "choices"},
        el("div", {class: "field"}, el("label", {for: "year"}, t("figures.year")),
            el("select", {id: "year", "data-key": "year", onchange: (event) => {
                wanted.year = Number(event.target.value);
                context.refresh();
            }}, years.map((year) => el("option", {value: year, selected: year === parameters.project_year}, String(year))))),
        el("div", {class: "field"}, el("span", {class: "label"}, t("figures.download")),
            el("div", {class: "actions tight"}, button(t("figures.xlsx"), load("xlsx"), {"data-key": "xlsx"}),
                button(t("figures.csv"), load("csv"), {"data-key": "csv"}))),
        el("div", {class: "field tick"}, el("input", {type: "checkbox", id: "published", "data-key": "published",
            checked: wanted.published, onchange: (event) => {
                wanted.published = event.target.checked;
                context.refresh();
            }}),
        el("label", {for: "published"}, t("figures.published")))), notice];
}

export async function figures(context) {
    const first = Number(context.since.slice(0, 4)), last = Math.max(first, yearNow());
    const years = Array.from({length: last - first + 1}, (_, i) => last - i);
    const year = years.includes(wanted.year) ? wanted.year : last;
    const parameters = {partnership: context.partnership, project_year: year, published: wanted.published || undefined};
    const [rows, report] = await Promise.all([askAll("/v1/reports/report", parameters, "rows"),
        ask("/v1/reports/report", {...parameters, limit: 1})]);
    return [
        el("h1", {}, t("nav.figures")), choices(years, parameters, context),
        report.closed && el("p", {class: "soft"}, t("figures.closed")),
        rows.length === 0 && el("p", {class: "soft"}, t("figures.none")),
        targets(report.targets), programmes(rows, year, context),
    ];
}
