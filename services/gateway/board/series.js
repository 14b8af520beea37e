/* A talk table: made, ended, and who has a place at it. */
import {askAll, tell} from "./api.js";
import {openDecision} from "./decision.js";
import {button, draw, el, say} from "./dom.js";
import {finder, nameOf} from "./finder.js";
import {openDialog} from "./form.js";
import {fullName, meet} from "./people.js";
import {attended, named} from "./person.js";
import {printButton} from "./print.js";
import {problemNotice} from "./problem.js";
import {rhythms, ruleOf} from "./rhythm.js";
import {n, t, words} from "./texts.js";
import {dateOf, dayAndTime, localTime, now, oddHour} from "./time.js";

const GROUP = "conversation-group";

function doubtOf({starts}) {
    if (starts < localTime(now()))
        return t("series.past");
    return oddHour(starts.slice(11)) && t("series.odd", {hour: starts.slice(11)});
}

export function openNewSeries(context) {
    const {partnership, ongoing: programmes} = context;
    const groups = programmes.filter((one) => one.kind === GROUP), places = context.municipalities();
    const offered = [...groups, ...programmes.filter((one) => one.kind !== GROUP)];
    const likely = groups.length > 0 ? groups : programmes;
    openDecision(t("series.what"), {
        title: t("series.new"), intro: t("series.intro"),
        fields: [
            {name: "title", label: t("series.title"), required: true, maxlength: 80, hint: t("series.title-hint")},
            {name: "programme", label: t("programme.label"), type: "select", required: true,
                options: offered.map((one) => [one.programme, one.name]),
                value: likely.length === 1 ? likely[0].programme : undefined},
            {name: "starts", label: t("series.starts"), type: "datetime-local", required: true, hint: t("series.starts-hint")},
            {name: "rhythm", label: t("series.rhythm"), type: "select", required: true, value: "week", options: rhythms()},
            {name: "duration_minutes", label: t("series.duration"), type: "number", required: true, min: 5, max: 1440, value: 120},
            {name: "capacity", label: t("series.capacity"), type: "number", required: true, min: 1, max: 500, value: 12},
            {name: "nis", label: t("waiting.where"), type: "select", required: true, options: places,
                value: places.length === 1 ? places[0][0] : undefined},
            {name: "venue", label: t("series.venue"), maxlength: 80, hint: t("series.venue-hint")},
        ],
        submit: t("series.do"), doubt: doubtOf,
        order: ({rhythm, ...values}, key) =>
            tell("create-series", {partnership, ...values, rrule: ruleOf(rhythm, values.starts)}, key),
        said: ({first_at}) => first_at ? t("done.series", {moment: dayAndTime(first_at)}) : t("done.series-later"),
    }, context.refresh);
}

export function openEndSeries(one, context) {
    openDecision(one.title, {
        title: t("series.end-title"), intro: t("series.end-intro"),
        fields: [{name: "until", label: t("series.until"), type: "date", required: true, value: dateOf(now()),
            min: dateOf(now()), max: one.until}],
        submit: t("series.end-do"), danger: true,
        order: ({until}, key) => tell("end-series", {series_id: one.series_id, until}, key),
        said: ({cancelled_n}) => n("done.series-ended", cancelled_n, {title: one.title}),
    }, context.refresh);
}

function openLeave(series, person_id, done) {
    openDecision(fullName(person_id), {
        title: t("leave.title", {title: series.title}),
        fields: [{name: "reason", label: t("leave.reason"), type: "select", options: words("reason-leave")}],
        submit: t("leave.do"),
        order: (values, key) => tell("unenrol", {series_id: series.series_id, person_id, ...values}, key),
        said: () => t("done.left", {name: fullName(person_id), title: series.title}),
    }, done);
}

function placed(one, series, context, again) {
    const waits = one.state === "waiting";
    return el("li", {class: waits ? "waits" : ""}, el("span", {}, named(one.person_id, context, "series"), el("span", {class: "soft"},
        ` ${waits ? t("series.waits", {place: one.place}) : attended(one)}`)),
    button(t("leave.open"), () => openLeave(series, one.person_id, again),
        {"data-key": `leave-${one.person_id}`}));
}

/* Who is enrolled, and in one dialog with it who comes next: found by name. */
export function openPlaces(series, context) {
    const out = el("div", {"aria-live": "polite"}), {series_id, partnership} = series;
    let inside = new Set();
    async function look() {
        try {
            const found = await askAll("/v1/enrolments", {series_id, partnership}, "enrolments");
            await meet(found.map((one) => one.person_id));
            inside = new Set(found.map((one) => one.person_id));
            draw(out, [el("p", {class: "soft"}, found.length > 0 ? t("today.places", {capacity: series.capacity,
                enrolled: found.filter((one) => one.state === "enrolled").length}) : t("series.nobody")),
            el("ul", {class: "found"}, found.map((one) => placed(one, series, context, again)))]);
        } catch (error) {
            draw(out, [problemNotice(error)]);
        }
    }
    function again() {
        context.refresh();
        return look();
    }
    async function enrol(one) {
        try {
            const {state, place} = await tell("enrol", {series_id, person_id: one.person_id});
            say(state === "waiting" ? t("done.waits", {name: nameOf(one), place}) : t("done.enrolled", {name: nameOf(one)}));
            await again();
        } catch (error) {
            draw(out, [problemNotice(error)]);
        }
    }
    const act = (one) => inside.has(one.person_id) ? el("span", {class: "soft"}, t("series.inside"))
        : button(t("series.enrol"), () => enrol(one), {"data-key": `enrol-${one.person_id}`});
    const facts = [series.next_at && t("series.next", {moment: dayAndTime(series.next_at)}), series.venue, context.place(series.nis)];
    openDialog(t("series.places", {title: series.title}), el("p", {}, facts.filter(Boolean).join(", ")), finder(t("series.find"), context, act), el("h3", {}, t("series.list")), out,
        el("p", {class: "paper"}, t("print.came")), el("div", {class: "actions"}, printButton()));
    look();
}
