/* Cijfers: the report of a project year; each figure opens down to the events it was counted from. */
import {ask, askAll, download} from "./api.js";
import {button, draw, el, table} from "./dom.js";
import {partsOf} from "./periods.js";
import {problemNotice} from "./problem.js";
import {n, number, t, word} from "./texts.js";
import {yearNow} from "./time.js";
import {showTrace} from "./trace.js";

const wanted = {year: null, part: "", published: false};

function amount(row) {
    return n(`unit.${row.unit}`, row.amount);
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

function figure(rows, row, period, context) {
    const out = el("div", {"aria-live": "polite"});
    const parameters = {partnership: context.partnership, ...period, programme: row.programme, figure: row.figure};
    return el("details", {class: "figure", "data-key": `${row.programme}-${row.figure}`, ontoggle: (event) => {
        if (event.target.open && event.target === event.currentTarget)
            showTrace(out, parameters, context);
    }},
    el("summary", {}, el("span", {}, word("figure", row.figure)), el("strong", {}, amount(row))),
    parts(rows, row, context), out);
}

function programmes(rows, period, context) {
    const whole = rows.filter((one) => !one.nis && !one.reason);
    return [...new Set(whole.map((one) => one.programme))].map((programme) => el("section", {},
        el("h2", {}, programme ? context.programme(programme) : t("figures.whole")),
        whole.filter((one) => one.programme === programme).map((one) => figure(rows, one, period, context))));
}

function targets(found) {
    return found.length > 0 && el("section", {}, el("h2", {}, t("figures.targets")),
        table(t("figures.targets-caption"), [t("figures.action"), t("figures.requested"), t("figures.confirmed"),
            t("figures.reached"), t("figures.percent")],
        found.map((one) => [t("figures.action-n", {action: one.action}), n(`unit.${one.unit}`, one.requested),
            number(one.confirmed), one.reached === undefined ? t("figures.small") : number(one.reached),
            el("span", {class: one.warning ? "warn" : ""}, one.percent === undefined ? "" : `${number(one.percent)} %`)])));
}

function chooser(id, label, options, choose) {
    return el("div", {class: "field"}, el("label", {for: id}, label),
        el("select", {id, "data-key": id, onchange: (event) => choose(event.target.value)},
            options.map(([value, text, selected]) => el("option", {value, selected}, text))));
}

/* What is published is of a whole year that is closed: of others it is not offered. */
function publish(context) {
    return el("div", {class: "field tick"}, el("input", {type: "checkbox", id: "published", "data-key": "published",
        checked: wanted.published, onchange: (event) => {
            wanted.published = event.target.checked;
            context.refresh();
        }}),
    el("label", {for: "published"}, t("figures.published")));
}

function choices(years, year, parts, part, closed, parameters, context) {
    const notice = el("div");
    const choose = (name) => (value) => {
        wanted[name] = value;
        context.refresh();
    };
    const load = (format) => async () => {
        try {
            await download("/v1/reports/export", {...parameters, format});
            notice.replaceChildren();
        } catch (error) {
            draw(notice, [problemNotice(error)]);
        }
    };
    return [el("div", {class: "choices"},
        chooser("year", t("figures.year"), years.map((one) => [one, String(one), one === year]), choose("year")),
        chooser("part", t("figures.part"), [["", t("figures.whole-year"), !part],
            ...parts.map((one) => [one.key, one.name, one === part])], choose("part")),
        el("div", {class: "field"}, el("span", {class: "label"}, t("figures.download")),
            el("div", {class: "actions tight"}, button(t("figures.xlsx"), load("xlsx"), {"data-key": "xlsx"}),
                button(t("figures.csv"), load("csv"), {"data-key": "csv"}))),
        !part && closed && publish(context)), notice];
}

export async function figures(context) {
    const first = Number(context.since.slice(0, 4)), last = Math.max(first, yearNow());
    const years = Array.from({length: last - first + 1}, (_, i) => last - i), {partnership} = context;
    const year = years.includes(Number(wanted.year)) ? Number(wanted.year) : last;
    const whole = await ask("/v1/reports/report", {partnership, project_year: year, limit: 1});
    const published = (wanted.published && whole.closed) || undefined;
    const parts = partsOf(whole.from), part = parts.find((one) => one.key === wanted.part);
    const period = part ? {from: part.from, to: part.to} : {project_year: year};
    const parameters = {partnership, ...period, published: part ? undefined : published};
    const rows = await askAll("/v1/reports/report", parameters, "rows");
    const aims = published ? await ask("/v1/reports/report", {...parameters, limit: 1}) : whole;
    return [
        el("h1", {}, t("nav.figures")), choices(years, year, parts, part, whole.closed, parameters, context),
        !part && el("p", {class: "soft"}, whole.closed ? t("figures.closed") : t("figures.not-closed")),
        parameters.published && el("p", {class: "soft"}, t("figures.left-out")),
        rows.length === 0 && !parameters.published && el("p", {class: "soft"}, part ? t("figures.none-part") : t("figures.none")),
        !part && targets(aims.targets), programmes(rows, period, context),
    ];
}
