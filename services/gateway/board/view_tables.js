/* Praattafels: the series of the partnership, who takes part, and their sessions. */
import {askAll} from "./api.js";
import {button, el} from "./dom.js";
import {rhythmText} from "./rhythm.js";
import {section} from "./section.js";
import {openEndSeries, openNewSeries, openPlaces} from "./series.js";
import {openSessions} from "./sessions.js";
import {n, t} from "./texts.js";
import {day, dayAndTime, dateOf, now} from "./time.js";

let ended = false;

function card(one, context) {
    const facts = [t("series.when", {rhythm: rhythmText(one), time: one.starts.slice(11)}),
        [one.venue, context.place(one.nis)].filter(Boolean).join(", "), context.programme(one.programme),
        t("today.places", {enrolled: one.enrolled_n, capacity: one.capacity}),
        one.waiting_n > 0 && n("today.queue", one.waiting_n),
        one.next_at ? t("series.next", {moment: dayAndTime(one.next_at)}) : t("series.no-next"),
        one.until && t("series.last-day", {day: day(one.until)})];
    const over = one.until && one.until <= dateOf(now()), id = one.series_id;
    return el("li", {class: "card"}, el("h3", {}, one.title),
        el("p", {class: "facts"}, facts.filter(Boolean).map((item) => el("span", {}, item))),
        el("div", {class: "actions"},
            button(t("series.places-open"), () => openPlaces(one, context), {"data-key": `places-${id}`, class: "main"}),
            button(t("sessions.open"), () => openSessions(one, context), {"data-key": `sessions-${id}`}),
            !over && button(t("series.end-open"), () => openEndSeries(one, context), {"data-key": `end-${id}`})));
}

export async function tables(context) {
    const {partnership} = context;
    const found = await askAll("/v1/series", {partnership, ended}, "series");
    return [
        el("h1", {}, t("nav.tables")),
        context.ongoing.length > 0 && el("div", {class: "actions"}, button(t("series.new-open"), () => openNewSeries(context), {"data-key": "new-series", class: "main"})),
        el("div", {class: "field tick"}, el("input", {type: "checkbox", id: "ended", "data-key": "ended", checked: ended,
            onchange: (event) => {
                ended = event.target.checked;
                context.refresh();
            }}), el("label", {for: "ended"}, t("series.ended"))),
        section({key: "s-series", title: t("series.all"), count: found.length, none: context.ongoing.length > 0 ? t("series.none") : t("series.none-over"),
            items: found.map((one) => card(one, context))}),
    ];
}
