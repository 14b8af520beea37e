/* The sessions of a talk table: what is still to do about each, and what was. */
import {askAll, tell} from "./api.js";
import {openAttendance, openCorrection} from "./attendance.js";
import {openDecision} from "./decision.js";
import {button, draw, el} from "./dom.js";
import {openDialog} from "./form.js";
import {problemNotice} from "./problem.js";
import {n, t, word, words} from "./texts.js";
import {dateOf, dayAndTime, now} from "./time.js";

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
    if (one.state === "held")
        return button(t("correct-attendance.open"), () => openCorrection(one, done), {"data-key": `correct-${one.session_id}`});
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

const BACK = 60, FURTHER = 366; /* days */

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
    let back = BACK;
    async function look() {
        try {
            const found = await askAll("/v1/sessions", {series_id, partnership, from: dateOf(now(), -back)}, "sessions");
            const open = inTurn(found);
            const done = found.filter((one) => one.state !== "scheduled").reverse();
            draw(out, [open.length > 0 ? listed(open, again) : el("p", {class: "soft"}, t("sessions.none")),
                el("div", {class: "actions"}, button(t("attend.other-day"), () => openAttendance(series, again),
                    {"data-key": "other-day"})),
                done.length > 0 && [el("h3", {}, t("sessions.before")), listed(done, again)],
                button(t("sessions.earlier"), () => look(back += FURTHER), {"data-key": "earlier"})]);
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
