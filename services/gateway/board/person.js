/* The page of a person, behind their name: how to reach them, what they wait for, their duos and talk tables. */
import {askAll} from "./api.js";
import {openCalendar} from "./calendar.js";
import {button, draw, el} from "./dom.js";
import {openErase} from "./erase.js";
import {closed, facts, known} from "./facts.js";
import {openDialog} from "./form.js";
import {openAsk} from "./help.js";
import {openIntake} from "./intake.js";
import {openLeaveWaiting} from "./leaving.js";
import {letterLine, lettersTo} from "./letters.js";
import {fullName, meet, meetAnew, person} from "./people.js";
import {problemNotice} from "./problem.js";
import {openProfile} from "./profile.js";
import {allowed} from "./section.js";
import {sharingAction} from "./sharing.js";
import {n, t, word} from "./texts.js";
import {day, span} from "./time.js";
import {volunteerActions} from "./volunteer.js";

function lines(title, found, items, none, kind = "history") {
    return el("section", {}, el("h3", {}, title),
        found.refused ? problemNotice(found.refused)
            : items.length > 0 ? el("ul", {class: kind}, items.map((one) => el("li", {}, one)))
                : el("p", {class: "soft"}, none));
}

export const attended = ({attended_n}) => attended_n > 0 ? n("series.attended", attended_n) : t("series.never");
const joined = (...parts) => parts.filter(Boolean).join(", ");
const other = (pair, id) => pair.newcomer_id === id ? pair.volunteer_id : pair.newcomer_id;

function proposedTo(state, name) {
    return state === "accepted" ? t("person.accepted", {name}) : t("person.proposed", {name});
}

function waitLine(one, proposals, id, context, again) {
    const pairs = proposals.filter((pair) => pair.programme === one.programme);
    return [el("span", {}, el("strong", {}, context.programme(one.programme)), ": ", joined(
        t("person.waits", {side: word("role", one.side), span: span(one.days)}),
        pairs.length === 0 && (one.candidates > 0 ? n("waiting.candidates", one.candidates) : t("waiting.nobody"))),
    pairs.map((pair) => `. ${proposedTo(pair.state, fullName(other(pair, id)))}`)),
    button(t("unwait.open"), () => openLeaveWaiting(one, context, again), {"data-key": `unwait-${one.waiting_id}`})];
}

function duoLine(duo, id, context) {
    const until = duo.ended ? t("person.until", {from: day(duo.started), to: day(duo.ended)})
        : t("today.since", {day: day(duo.started)});
    return [el("strong", {}, fullName(other(duo, id))), ": ", joined(context.programme(duo.programme), until,
        word("duo-is", duo.state), duo.reason && word("reason-stop", duo.reason),
        n("person.contacts", duo.contacts), duo.hours_total > 0 && n("today.hours", duo.hours_total))];
}

async function load(person_id, context) {
    const {partnership, helping} = context;
    const [waits, proposed, accepted, duos, enrolments, series, help, letters] = await Promise.all([
        askAll("/v1/waiting-list", {partnership, person_id}, "people"),
        askAll("/v1/proposals", {partnership, person_id, state: "proposed"}, "proposals"),
        askAll("/v1/proposals", {partnership, person_id, state: "accepted"}, "proposals"),
        askAll("/v1/duos", {partnership, person_id}, "duos"),
        askAll("/v1/enrolments", {partnership, person_id}, "enrolments"),
        askAll("/v1/series", {partnership, ended: true}, "series"),
        helping.length > 0 ? askAll("/v1/help-requests", {partnership, person_id}, "requests") : [],
        lettersTo(person_id, context),
        meetAnew(person_id),
    ].map(allowed));
    const proposals = [proposed, accepted].flatMap((one) => one.refused ? [] : one);
    await meet([...[...proposals, ...duos.refused ? [] : duos].map((pair) => other(pair, person_id)),
        ...help.refused ? [] : help.map((one) => one.buddy_id)]);
    return {waits, proposals, duos, enrolments, help, letters, series: series.refused ? [] : series};
}

function tableLine(one, series) {
    const {title} = series.find((of) => of.series_id === one.series_id) ?? {};
    return [el("strong", {}, title ?? t("person.a-table")), ": ", one.state === "waiting"
        ? t("series.waits", {place: one.place}) : attended(one)];
}

function helpLine(one) {
    return [el("strong", {}, word("topic", one.topic)), ": ", joined(`${word("help-is", one.state)} ${day(one.ended ?? one.opened)}`,
        one.buddy_id && `${t("help.buddy")} ${fullName(one.buddy_id)}`)];
}

function page(id, found, look, context) {
    const {waits, proposals, duos, enrolments, series, help, letters} = found;
    const again = () => {
        look();
        context.refresh();
    };
    return [
        facts(known(id, context)),
        el("div", {class: "actions"},
            button(t("profile.open"), () => openProfile(id, context, again), {"data-key": "profile", class: "main"}),
            context.joinable.length > 0 && button(t("intake.open"), () => openIntake(id, context, again), {"data-key": "intake"}),
            context.asking.length > 0 && button(t("help.open"), () => openAsk(id, context, again), {"data-key": "new-help"})),
        lines(t("person.waiting"), waits, waits.refused ? [] : waits.map((one) => waitLine(one, proposals, id, context, again)),
            t("person.waits-not"), "found"),
        lines(t("nav.duos"), duos, duos.refused ? [] : duos.map((one) => duoLine(one, id, context)), t("person.no-duos")),
        context.helping.length > 0 && lines(t("nav.help"), help, help.refused ? [] : help.map(helpLine), t("person.no-help")),
        lines(t("nav.tables"), enrolments, enrolments.refused ? [] : enrolments.map((one) => tableLine(one, series)),
            t("person.no-tables")),
        lines(t("letters.title"), letters, letters.refused ? [] : letters.map(letterLine), t("letters.none")),
        el("section", {}, el("h3", {}, t("person.more")), el("div", {class: "actions tight"}, volunteerActions(id, again), sharingAction(id, again),
            button(t("calendar.open"), () => openCalendar(id), {"data-key": "calendar"}),
            button(t("erase.open"), () => openErase(id, again), {"data-key": "erase"}))),
    ];
}

export function openPerson(id, context) {
    const out = el("div", {"aria-live": "polite"}, el("p", {class: "soft"}, t("person.loading")));
    const title = openDialog(fullName(id), out).querySelector("h2");
    async function look() {
        try {
            const found = await load(id, context), shut = closed(person(id));
            title.textContent = fullName(id);
            draw(out, shut ? [el("p", {}, shut)] : page(id, found, look, context));
        } catch (error) {
            draw(out, [problemNotice(error)]);
        }
    }
    look();
}

/* A name that opens what is known. `at` tells apart the places where the same person stands. */
export function named(id, context, at) {
    return el("button", {type: "button", class: "name", "data-key": `person-${at}-${id}`,
        onclick: () => openPerson(id, context)}, fullName(id));
}

export function bothNamed(pair, context, at) {
    return [named(pair.newcomer_id, context, at), ` ${t("person.and")} `, named(pair.volunteer_id, context, at)];
}
