/* A session of a talk table, and who was there: boxes for whoever is enrolled, and a number for the others. */
import {askAll, tell} from "./api.js";
import {button, el, say} from "./dom.js";
import {openDialog, openForm} from "./form.js";
import {fullName, meet} from "./people.js";
import {problemNotice} from "./problem.js";
import {n, t} from "./texts.js";
import {dateOf, dayAndTime, now} from "./time.js";

async function enrolled(session) {
    const {series_id, partnership} = session;
    const found = await askAll("/v1/enrolments", {series_id, partnership, state: "enrolled"}, "enrolments");
    const ids = found.map((one) => one.person_id);
    await meet(ids);
    return ids;
}

function openList(session, ids, done) {
    openForm({
        title: t("attend.title", {title: session.title}),
        intro: [el("p", {class: "who"}, dayAndTime(session.at)), el("p", {}, ids.length > 0 ? t("attend.intro") : t("attend.nobody"))],
        fields: [...ids.map((id) => ({name: id, label: fullName(id), type: "checkbox"})),
            {name: "guests", label: t("attend.guests"), type: "number", min: 0, max: 1000, step: 1}],
        submit: t("attend.do"),
        send: async ({guests, ...there}, key) => {
            const attended = ids.filter((id) => there[id]);
            const {attended_n} = await tell("hold-session", {session_id: session.session_id, attended, guests}, key);
            say(n("done.attended", attended_n + (guests ?? 0), {title: session.title}));
            done();
        },
    });
}

async function openAttendance(session, context) {
    try {
        openList(session, await enrolled(session), context.refresh);
    } catch (error) {
        openDialog(t("attend.title", {title: session.title}), problemNotice(error));
    }
}

export function sessionCard(one, context) {
    const today = dateOf(one.at) <= dateOf(now()), past = new Date(one.at) < now();
    const facts = [dayAndTime(one.at), past && el("strong", {}, t("attend.past")), one.venue ?? context.place(one.nis),
        t("today.places", {enrolled: one.enrolled_n, capacity: one.capacity}),
        one.waiting_n > 0 && n("today.queue", one.waiting_n)];
    return el("li", {class: "card"}, el("h3", {}, one.title),
        el("p", {class: "facts"}, facts.filter(Boolean).map((item) => el("span", {}, item))),
        today && el("div", {class: "actions"}, button(t("attend.open"), () => openAttendance(one, context),
            {"data-key": `attend-${one.session_id}`, class: past && "main"})));
}
