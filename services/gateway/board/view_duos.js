/* Duo's: all of them by state, with what a coordinator notes about one. */
import {openContact, openInformal, openStop} from "./actions.js";
import {ask, askFirst} from "./api.js";
import {button, el, table} from "./dom.js";
import {meet} from "./people.js";
import {bothNamed} from "./person.js";
import {number, t, word, words} from "./texts.js";
import {day, daysSince, span} from "./time.js";

const PAGE = 25;
const LONG_DAYS = 180;
const wanted = {state: "active", most: PAGE};

function chooser(context) {
    return el("div", {class: "field"}, el("label", {for: "duo-state"}, t("duos.show")),
        el("select", {id: "duo-state", "data-key": "duo-state", onchange: (event) => {
            wanted.state = event.target.value;
            wanted.most = PAGE;
            context.refresh();
        }}, words("duo-state").map(([value, text]) =>
            el("option", {value, selected: value === wanted.state}, text))));
}

function actions(duo, context) {
    if (duo.state !== "active" && duo.state !== "silent")
        return duo.reason ? word("reason-stop", duo.reason) : "";
    const act = (text, key, open) => button(text, () => open(duo, context.refresh, context.over(duo.programme)), {"data-key": `${key}-${duo.duo_id}`});
    return el("div", {class: "actions"}, act(t("contact.short"), "contact", openContact),
        act(t("stop.open"), "stop", openStop), act(t("informal.open"), "informal", openInformal));
}

function rowOf(duo, context) {
    const ended = duo.state === "stopped" || duo.state === "informal";
    return [
        bothNamed(duo, context, duo.duo_id),
        context.place(duo.nis),
        [day(duo.started), " ", el("span", {class: "soft"}, span(duo.days))],
        ended ? day(duo.ended) : duo.last_contact ? day(duo.last_contact) : t("duos.no-contact"),
        number(duo.hours_total),
        duo.state !== "informal" && actions(duo, context),
    ].filter((cell) => cell !== false);
}

/* Of a duo that went on informally there is nothing to note any more. */
function headings() {
    const {state} = wanted;
    const [last, note] = {stopped: [t("duos.ended"), t("stop.reason")], informal: [t("duos.informal")]}[state]
        ?? [t("duos.last"), t("duos.do")];
    return [t("duos.who"), t("waiting.where"), t("duos.since"), last, t("duos.hours"), note].filter(Boolean);
}

/* Where the history of a programme ends that nobody ended. */
function newest(duo) {
    return duo && daysSince(duo.started) > LONG_DAYS && el("p", {class: "soft"}, t("duos.newest", {day: day(duo.started)}));
}

export async function duos(context) {
    const programme = context.chosen();
    const {partnership} = context;
    const [page, last] = await Promise.all([
        askFirst("/v1/duos", {partnership, programme, state: wanted.state}, "duos", wanted.most),
        ask("/v1/duos", {partnership, programme, limit: 1})]);
    await meet(page.duos.flatMap((one) => [one.newcomer_id, one.volunteer_id]));
    return [
        el("h1", {}, t("nav.duos")), el("div", {class: "choices"}, context.chooser(), chooser(context)),
        context.ends([programme]), newest(last.duos[0]),
        el("h2", {}, word("duo-state", wanted.state), el("span", {class: "count"}, number(page.total))),
        wanted.state === "active" && el("p", {class: "soft"}, t("duos.apart")),
        page.duos.length > 0
            ? table(t("duos.caption"), headings(), page.duos.map((one) => rowOf(one, context)))
            : el("p", {class: "soft"}, t("duos.none")),
        page.duos.length < page.total && button(t("list.more"), () => {
            wanted.most += wanted.most;
            context.refresh();
        }, {"data-key": "more"}),
    ];
}
