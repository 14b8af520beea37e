/* Programma's: what each is, by which rules it brings people together, and that it ends. */
import {tell} from "./api.js";
import {openDecision} from "./decision.js";
import {button, el} from "./dom.js";
import {section} from "./section.js";
import {n, number, t, word} from "./texts.js";
import {dateOf, day, now} from "./time.js";

const BACK_DAYS = 31; /* an end is told no later */

function rulesOf({rules, kind}) {
    return [
        t("rules.distance", {km: number(rules.max_distance_km)}),
        rules.min_shared_slots > 0 && n("rules.slots", rules.min_shared_slots),
        rules.same_language_required && t("rules.language"),
        rules.first_after_days > 0 && n("rules.first", rules.first_after_days),
        rules.match_every_hours > 0 ? n("rules.every", rules.match_every_hours) : t("rules.at-once"),
        n("rules.valid", rules.proposal_valid_days),
        kind === "language-duo" && n("rules.silence", rules.silence_after_days),
    ].filter(Boolean);
}

/* As parts of a hundred, the heaviest first. */
function weightsOf({weights}) {
    const counting = Object.entries(weights).filter(([, weight]) => weight > 0).sort((a, b) => b[1] - a[1]);
    const all = counting.reduce((sum, [, weight]) => sum + weight, 0);
    return counting.map(([factor, weight]) => [word("factor", factor), Math.round(100 * weight / all)]);
}

function pairing(one) {
    return [
        el("p", {class: "label"}, t("rules.title")),
        el("ul", {class: "rules"}, rulesOf(one).map((line) => el("li", {}, line))),
        el("p", {class: "label"}, t("rules.weights")),
        el("ul", {class: "rules"}, weightsOf(one).map(([factor, percent]) =>
            el("li", {}, t("rules.weight", {factor, percent: number(percent)})))),
    ];
}

function openEnd(one, context) {
    const told = [t("end.duos"), t("end.waits"), t("end.tables"), t("end.figures")];
    openDecision(one.name, {
        title: t("end.title"),
        intro: [el("p", {}, t("end.intro")), el("ul", {class: "pair"}, told.map((line) => el("li", {}, line)))],
        fields: [
            {name: "on_date", label: t("series.until"), type: "date", required: true, value: dateOf(now()),
                min: [dateOf(now(), -BACK_DAYS), dateOf(one.configured)].sort().at(-1), max: dateOf(now())},
            {name: "reason", label: t("leave.reason"), required: true, maxlength: 160, hint: t("end.reason-hint")},
            {name: "sure", label: t("end.sure"), type: "checkbox", required: true},
        ],
        submit: t("end.do"), danger: true,
        order: ({on_date, reason}, key) =>
            tell("end-programme", {programme: one.programme, partnership: context.partnership, on_date, reason}, key),
        said: () => t("done.ended", {name: one.name}),
    }, context.enterAnew);
}

function card(one, context) {
    const over = context.over(one.programme);
    const facts = [word("programme-kind", one.kind), one.action && t("figures.action-n", {action: one.action}),
        over && t("programme.since", {day: day(one.ended_on)})];
    return el("li", {class: "card"}, el("h3", {}, one.name),
        el("p", {class: "facts"}, facts.filter(Boolean).map((item) => el("span", {}, item))),
        !over && context.pairing.includes(one) && pairing(one),
        !over && el("div", {class: "actions"},
            button(t("end.open"), () => openEnd(one, context), {"data-key": `end-${one.programme}`})));
}

export async function programmes(context) {
    const {programmes: all} = context;
    return [
        el("h1", {}, t("nav.programmes")), el("p", {class: "soft"}, t("rules.changed-by")),
        section({key: "s-programmes", title: t("programmes.all"), count: all.length, items: all.map((one) => card(one, context))}),
    ];
}
