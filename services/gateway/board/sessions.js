/* A session of a talk table: who was there, and that it does not go on. */
import {askAll, tell} from "./api.js";
import {openDecision} from "./decision.js";
import {button, draw, el} from "./dom.js";
import {openDialog} from "./form.js";
import {fullName, meet} from "./people.js";
import {problemNotice} from "./problem.js";
import {n, t, word, words} from "./texts.js";
import {dateOf, dayAndTime, now} from "./time.js";

async function enrolled(session) {
    const {series_id, partnership} = session;
    const found = await askAll("/v1/enrolments", {series_id, partnership, state: "enrolled"}, "enrolments");
    const ids = found.map((one) => one.person_id);
    await meet(ids);
    return ids;
}

/* Boxes for whoever is enrolled, and a number for the others. Of a series the day is asked. */
function openList(session, ids, done) {
    const {session_id, series_id, title} = session, day = {name: "on_date", label: t("contact.date"), type: "date",
        required: true, max: dateOf(now()), hint: t("attend.day-hint")};
    openDecision(session_id ? dayAndTime(session.at) : title, {
        title: t("attend.title", {title}), intro: ids.length > 0 ? t("attend.intro") : t("attend.nobody"),
        fields: [...session_id ? [] : [day], ...ids.map((id) => ({name: id, label: fullName(id), type: "checkbox"})),
            {name: "guests", label: t("attend.guests"), type: "number", min: 0, max: 1000, step: 1}],
        submit: t("attend.do"),
        order: ({guests, on_date, ...there}, key) =>
            tell("hold-session", {...session_id ? {session_id} : {series_id, on_date}, attended: ids.filter((id) => there[id]), guests}, key)
                .then(({attended_n}) => attended_n + (guests ?? 0)),
        said: (there_n) => n("done.attended", there_n, {title}),
    }, done);
}

async function openAttendance(session, done) {
    try {
        openList(session, await enrolled(session), done);
    } catch (error) {
        openDialog(t("attend.title", {title: session.title}), problemNotice(error));
    }
}

function openCancel(session, done) {
    openDecision(dayAndTime(session.at), {
        title: t("cancel.title", {title: session.title}), intro: t("cancel.intro"),
        fields: [{name: "reason", label: t("stop.reason"), type: "select", required: true,
            options: words("reason-session").filter(([value]) => value !== "series-ended")}],
        submit: t("cancel.do"), danger: true,
        order: (values, key) => tell("cancel-session", {session_id: session.session_id, ...values}, key),
        said: ({enrolled_n}) => n("done.cancelled", enrolled_n, {title: session.title, moment: dayAndTime(session.at)}),
    }, done);
}

function actions(one, done) {
    const today = dateOf(one.at) <= dateOf(now()), past = new Date(one.at) < now();
    return one.state === "scheduled" && [
        today && button(t("attend.open"), () => openAttendance(one, done), {"data-key": `attend-${one.session_id}`,
            class: past && "main"}),
        button(t("cancel.open"), () => openCancel(one, done), {"data-key": `cancel-${one.session_id}`})];
}

export function sessionCard(one, context) {
    const past = new Date(one.at) < now();
    const facts = [dayAndTime(one.at), past && el("strong", {}, t("attend.past")), one.venue ?? context.place(one.nis),
        t("today.places", {enrolled: one.enrolled_n, capacity: one.capacity}),
        one.waiting_n > 0 && n("today.queue", one.waiting_n)];
    return el("li", {class: "card"}, el("h3", {}, one.title),
        el("p", {class: "facts"}, facts.filter(Boolean).map((item) => el("span", {}, item))),
        el("div", {class: "actions"}, actions(one, context.refresh)));
}

function stateOf(one) {
    switch (one.state) {
    case "held": return n("sessions.held", (one.attended_n ?? 0) + (one.guests ?? 0));
    case "cancelled": return t("sessions.cancelled", {reason: word("reason-session", one.cancel_reason)});
    default: return new Date(one.at) < now() ? el("strong", {class: "warn"}, t("attend.past")) : t("sessions.to-come");
    }
}

const BACK = 60;

/* What is still to be done, in its order: who was there, the last time first; then what is to come. */
export function inTurn(sessions) {
    const open = sessions.filter((one) => one.state === "scheduled"), past = (one) => new Date(one.at) < now();
    return [...open.filter(past).reverse(), ...open.filter((one) => !past(one))];
}

function listed(found, done) {
    return el("ul", {class: "found"}, found.map((one) => el("li", {}, el("span", {}, el("strong", {}, dayAndTime(one.at)), " ",
        el("span", {class: "soft"}, stateOf(one))), el("span", {class: "actions tight"}, actions(one, done)))));
}

/* What is still to do, and below it what was, the last first. */
export function openSessions(series, context) {
    const out = el("div", {"aria-live": "polite"}), {series_id, partnership} = series;
    async function look() {
        try {
            const found = await askAll("/v1/sessions", {series_id, partnership, from: dateOf(now(), -BACK)}, "sessions");
            const open = inTurn(found);
            const done = found.filter((one) => one.state !== "scheduled").reverse();
            draw(out, [open.length > 0 ? listed(open, again) : el("p", {class: "soft"}, t("sessions.none")),
                el("div", {class: "actions"}, button(t("attend.other-day"), () => openAttendance(series, again),
                    {"data-key": "other-day"})),
                done.length > 0 && [el("h3", {}, t("sessions.before")), listed(done, again)]]);
        } catch (error) {
            draw(out, [problemNotice(error)]);
        }
    }
    function again() {
        context.refresh();
        look();
    }
    openDialog(t("sessions.title", {title: series.title}), out);
    look();
}
