/* Who was at a session: told once it was, and corrected when that was wrong. */
import {askAll, tell} from "./api.js";
import {openDecision} from "./decision.js";
import {el} from "./dom.js";
import {openDialog} from "./form.js";
import {fullName, meet} from "./people.js";
import {problemNotice} from "./problem.js";
import {n, number, t} from "./texts.js";
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

/* Who was told to be there is ticked; only what is changed is sent. */
async function openTicked(session, done) {
    const {session_id, partnership, title} = session;
    const told = await askAll("/v1/attendances", {session_id, partnership}, "attendances");
    const there = new Set(told.filter((one) => one.present).map((one) => one.person_id));
    const ids = [...new Set([...told.map((one) => one.person_id), ...await enrolled(session)])];
    await meet(ids);
    const sorted = ids.map((id) => ({name: id, label: fullName(id), type: "checkbox", value: there.has(id)}))
        .sort((one, other) => one.label.localeCompare(other.label));
    openDecision(dayAndTime(session.at), {
        title: t("correct-attendance.title", {title}),
        intro: [el("p", {}, ids.length > 0 ? t("correct-attendance.intro") : t("correct-attendance.nobody")),
            el("p", {class: "soft"}, t("correct-attendance.guests")), el("p", {class: "soft"}, t("correct-attendance.closed"))],
        fields: sorted, submit: t("attend.do"),
        order: (now, key) => tell("correct-attendance", {session_id, attended: ids.filter((id) => now[id] && !there.has(id)),
            absent: ids.filter((id) => !now[id] && there.has(id))}, key),
        said: ({came_n, withdrawn_n}) => t("done.attendance-corrected", {title, came: number(came_n), withdrawn: number(withdrawn_n)}),
    }, done);
}

/* What a dialog needs first is asked before it opens. */
async function opened(session, open, done) {
    try {
        await open(session, done);
    } catch (error) {
        openDialog(t("attend.title", {title: session.title}), problemNotice(error));
    }
}

export const openAttendance = (session, done) =>
    opened(session, async () => openList(session, await enrolled(session), done), done);

export const openCorrection = (session, done) => opened(session, openTicked, done);
