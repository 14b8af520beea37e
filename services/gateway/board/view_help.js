/* Hulpvragen: what people ask a buddy's help with, who gives it, and what came of it. */
import {askFirst} from "./api.js";
import {button, el} from "./dom.js";
import {openAssign, openDrop, openFulfil, openWhoAsks} from "./help.js";
import {meet} from "./people.js";
import {named} from "./person.js";
import {section} from "./section.js";
import {n, t, word} from "./texts.js";
import {dateOf, day} from "./time.js";

const PAGE = 30;
const STATES = ["open", "assigned", "fulfilled", "dropped"];
const most = {open: PAGE, assigned: PAGE, fulfilled: PAGE, dropped: PAGE};
let over = false;

function factsOf(one) {
    switch (one.state) {
    case "fulfilled": return [t("help.fulfilled", {day: day(dateOf(one.ended))}), one.hours !== undefined && n("fulfil.took", one.hours)];
    case "dropped": return [t("help.dropped", {day: day(dateOf(one.ended))}), word("reason-help", one.drop_reason)];
    default: return [t("help.since", {day: day(dateOf(one.opened))})];
    }
}

function actions(one, context) {
    const id = one.request_id, done = context.refresh, taken = one.state === "assigned";
    return [
        taken && button(t("fulfil.open"), () => openFulfil(one, done), {"data-key": `fulfil-${id}`, class: "main"}),
        button(taken ? t("assign.other") : t("assign.open"), () => openAssign(one, context),
            {"data-key": `assign-${id}`, class: taken ? "" : "main"}),
        button(t("drop.open"), () => openDrop(one, done), {"data-key": `drop-${id}`})];
}

function card(one, context) {
    const facts = [...factsOf(one), context.place(one.nis), context.helping.length > 1 && context.programme(one.programme),
        one.buddy_id && [`${t("help.buddy")} `, named(one.buddy_id, context, `buddy-${one.request_id}`)]];
    return el("li", {class: "card"},
        el("h3", {}, named(one.person_id, context, one.request_id), `: ${word("topic", one.topic)}`),
        el("p", {class: "facts"}, facts.filter(Boolean).map((item) => el("span", {}, item))),
        !one.ended && el("div", {class: "actions"}, actions(one, context)));
}

function part(state, found, context) {
    return section({key: `s-${state}`, title: word("help-state", state), count: found.total, none: t("help.none"),
        items: found.requests.map((one) => card(one, context)), more: () => {
            most[state] += PAGE;
            context.refresh();
        }});
}

export async function help(context) {
    const {partnership} = context, states = STATES.slice(0, over ? STATES.length : 2);
    const found = await Promise.all(states.map((state) =>
        askFirst("/v1/help-requests", {partnership, state}, "requests", most[state])));
    await meet(found.flatMap((page) => page.requests).flatMap((one) => [one.person_id, one.buddy_id]));
    return [
        el("h1", {}, t("nav.help")), context.ends(context.helping.map((one) => one.programme)),
        context.asking.length > 0 && el("div", {class: "actions"}, button(t("help.open"), () => openWhoAsks(context),
            {"data-key": "new-help", class: "main"})),
        el("div", {class: "field tick"}, el("input", {type: "checkbox", id: "over", "data-key": "over", checked: over,
            onchange: (event) => {
                over = event.target.checked;
                context.refresh();
            }}), el("label", {for: "over"}, t("help.over"))),
        states.map((state, i) => part(state, found[i], context)),
    ];
}
