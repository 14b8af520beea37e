/* Vandaag: what waits for a decision, and what is to come this week. */
import {openAccept, openContact, openDecline, openInformal, openOutcome, openStop} from "./actions.js";
import {ask, askAll, askFirst, each} from "./api.js";
import {arrivalCard, arrivals as arrived} from "./arrivals.js";
import {openToldApart} from "./apart.js";
import {awayCard} from "./away.js";
import {openCompare} from "./compare.js";
import {button, el} from "./dom.js";
import {duplicateCard} from "./duplicates.js";
import {lostCard, lostLetters} from "./lost.js";
import {overview} from "./overview.js";
import {meet, meetAnew} from "./people.js";
import {bothNamed} from "./person.js";
import {inShort, reasons} from "./reasons.js";
import {rightsNotice} from "./rights.js";
import {allowed, section} from "./section.js";
import {sessionCard} from "./sessions.js";
import {openCallOff, openMove, openPlan} from "./talks.js";
import {n, number, t, texted, word} from "./texts.js";
import {dateOf, day, dayAndTime, daysSince, now, span} from "./time.js";
import {fit} from "./verdict.js";
import {withWaits} from "./waits.js";

const PAGE = 30;
const FEW = 6;
const HOLIDAY_DAYS = 35; /* what was before this is noted elsewhere, among the sessions of a series */
const COUNTED = 200; /* who came and who was not reached is told in pages without a total: up to here they are counted */
const most = {"s-proposals": PAGE, "s-silent": PAGE, "s-lost": FEW, "s-arrivals": FEW, "s-away": FEW};

function facts(...items) {
    return el("p", {class: "facts"}, items.filter(Boolean).map((item) => el("span", {}, item)));
}

function card(key, title, about, body, actions, fresh) {
    return el("li", {class: fresh ? "card fresh" : "card", "data-id": key},
        el("h3", {}, title, fresh && el("span", {class: "tag"}, t("today.new"))),
        facts(...about), body, el("div", {class: "actions"}, actions));
}

function act(text, key, press, kind) {
    return button(text, press, {"data-key": key, class: kind});
}

function waits(one) {
    const days = daysSince(one.proposed);
    return days > 0 ? n("today.waits", days) : t("today.today");
}

function proposalCard(one, context, fresh) {
    const id = one.proposal_id, done = context.refresh;
    return card(id, bothNamed(one, context, id),
        [context.place(one.nis), context.programme(one.programme), waits(one),
            t("today.until", {day: day(one.valid_until)}), one.manual && t("today.manual")],
        [el("p", {class: "fit"}, el("strong", {}, t("today.fit", {score: number(fit(one))})), " ", inShort(one.factors)),
            reasons(one.factors, one)],
        [act(t("accept.do"), `accept-${id}`, () => openAccept(one, done), "main"),
            act(t("compare.open"), `compare-${id}`, () => openCompare(one)),
            act(t("decline.open"), `decline-${id}`, () => openDecline(one, done))], fresh);
}

const isPast = ({at}) => at && new Date(at) < now();

function talkCard(one, context) {
    const past = isPast(one), done = context.refresh;
    return card(one.proposal_id, bothNamed(one, context, one.proposal_id),
        [one.at ? dayAndTime(one.at) : t("today.no-talk"), past && el("strong", {}, t("today.past")),
            one.place_kind && word("place-kind", one.place_kind), context.place(one.nis), context.programme(one.programme)],
        null,
        [act(t("outcome.open"), `outcome-${one.proposal_id}`, () => openOutcome(one, done), past ? "main" : ""),
            one.meeting_id ? [act(t("move.open"), `move-${one.proposal_id}`, () => openMove(one, done)),
                act(t("call-off.open"), `call-off-${one.proposal_id}`, () => openCallOff(one, done))]
                : act(t("plan.open"), `plan-${one.proposal_id}`, () => openPlan(one, done)),
            act(t("decline.open"), `decline-${one.proposal_id}`, () => openDecline(one, done))]);
}

function silentCard(duo, context) {
    const id = duo.duo_id, done = context.refresh, over = context.over(duo.programme);
    return card(id, bothNamed(duo, context, id),
        [t("today.silent", {span: span(daysSince(duo.silent_since))}), t("today.since", {day: day(duo.started)}),
            n("today.hours", duo.hours_total), context.place(duo.nis), context.programme(duo.programme)],
        null,
        [act(t("contact.do"), `contact-${id}`, () => openContact(duo, done), "main"),
            act(t("stop.open"), `stop-${id}`, () => openStop(duo, done, over)),
            act(t("informal.open"), `informal-${id}`, () => openInformal(duo, done, over))]);
}

/* Of who may ask it; what may not be asked counts as none. */
async function load(context) {
    const {partnership, ongoing} = context;
    const [proposals, accepted, silent, meetings, sessions, duplicates, arrivals, lost, away, asked] = await Promise.all([
        askFirst("/v1/proposals", {partnership, state: "proposed"}, "proposals", most["s-proposals"]),
        askAll("/v1/proposals", {partnership, state: "accepted"}, "proposals"),
        askFirst("/v1/duos", {partnership, state: "silent"}, "duos", most["s-silent"]),
        askAll("/v1/meetings", {partnership, state: "planned"}, "meetings"),
        askAll("/v1/sessions", {partnership, state: "scheduled", from: dateOf(now(), -HOLIDAY_DAYS), to: dateOf(now(), 7)}, "sessions"),
        ask("/v1/duplicates", {partnership, limit: PAGE}),
        ongoing.length > 0 ? arrived(context, COUNTED + most["s-arrivals"]) : {},
        lostLetters(context, Math.max(COUNTED, most["s-lost"])),
        askFirst("/v1/away", {partnership}, "people", Math.max(COUNTED, most["s-away"])),
        context.asking.length > 0 ? ask("/v1/help-requests", {partnership, state: "open", limit: 1}) : {},
    ].map(allowed));
    const talks = talksOf(meetings, accepted);
    if (proposals.proposals)
        proposals.proposals = await withWaits(proposals.proposals, context.waits);
    await meet([...proposals.proposals ?? [], ...talks, ...silent.duos ?? []]
        .flatMap((one) => [one.newcomer_id, one.volunteer_id]));
    await meet((duplicates.pairs ?? []).flatMap((one) => [one.person_id, one.other_id]));
    const came = (arrivals.people ?? []).slice(0, most["s-arrivals"]);
    const unreached = (lost.messages ?? []).slice(0, most["s-lost"]);
    await meet([...came, ...unreached].map((one) => one.person_id));
    const gone = (away.people ?? []).slice(0, most["s-away"]);
    await each(gone, (one) => meetAnew(one.person_id)); /* what they may do follows from where they stand now */
    return {proposals, talks, silent, meetings, sessions, duplicates, arrivals, came, lost, unreached, away, gone, asked};
}

/* Accepted pairs with their talk, and those that have none. */
function talksOf(meetings, accepted) {
    const planned = Array.isArray(meetings) ? meetings : [], pairs = Array.isArray(accepted) ? accepted : [];
    const proposed = new Map(pairs.map((one) => [one.proposal_id, one.proposed]));
    const has = new Set(planned.map((one) => one.proposal_id));
    return [...planned.map((one) => ({...one, proposed: proposed.get(one.proposal_id)})),
        ...(meetings.refused ? [] : pairs.filter((one) => !has.has(one.proposal_id)))];
}

/* More than are counted are told without their number. */
export function sums({proposals, silent, appointments, lost, arrivals, away, asked}) {
    const over = appointments.filter(isPast).length, open = appointments.filter(({at}) => !at).length;
    const ahead = appointments.length - over - open, letters = lost.messages?.length, people = arrivals.people?.length;
    return [
        ["s-proposals", proposals.total, texted("today.sum-proposals", proposals.total)],
        ["s-week", over, n("today.sum-past", over)],
        ["s-week", open, n("today.sum-open", open)],
        ["s-silent", silent.total, texted("today.sum-silent", silent.total)],
        ["s-lost", letters, lost.next ? t("today.lost") : texted("today.sum-lost", letters)],
        ["s-away", away.people?.length, away.next ? t("today.away") : texted("today.sum-away", away.people?.length)],
        ["s-arrivals", people, arrivals.next ? t("today.arrivals") : texted("today.sum-arrivals", people)],
        ["hulpvragen", asked.total, texted("today.sum-help", asked.total)],
        ["s-week", ahead, n("today.sum-week", ahead)],
    ];
}

export async function today(context) {
    const {proposals, talks, silent, meetings, sessions, duplicates, arrivals, came, lost, unreached, away, gone, asked} = await load(context);
    const waiting = proposals.proposals ?? [], held = sessions.refused ? [] : sessions, pairs = duplicates.pairs ?? [];
    const fresh = context.unseen(waiting.map((one) => one.proposal_id)), week = talks.length + held.length;
    const news = arrivals.people?.length ?? 0, told = away.people?.length ?? 0, astray = lost.messages?.length ?? 0, more = (key) => () => {
        most[key] += PAGE;
        context.refresh();
    };
    return [
        el("h1", {}, t("nav.today")), overview(sums({proposals, silent, appointments: [...talks, ...held], lost, arrivals, away, asked})), context.ends(),
        section({key: "s-proposals", title: t("today.proposals"), count: proposals.total, refused: [proposals.refused],
            none: context.joinable.length > 0 ? t("today.no-proposals") : t("today.no-more-proposals"), note: t("why.bars"), more: more("s-proposals"),
            items: waiting.map((one) => proposalCard(one, context, fresh.has(one.proposal_id)))}),
        section({key: "s-silent", title: t("today.silent-duos"), count: silent.total, refused: [silent.refused],
            none: t("today.no-silent"), more: more("s-silent"),
            items: (silent.duos ?? []).map((one) => silentCard(one, context))}),
        section({key: "s-week", title: t("today.week"), count: week, refused: [meetings.refused, sessions.refused],
            none: t("today.no-week"),
            items: [...talks.map((one) => talkCard(one, context)), ...held.map((one) => sessionCard(one, context))]}),
        (lost.refused || astray > 0) && section({key: "s-lost", title: t("today.lost"), count: lost.next ? 0 : astray,
            refused: [lost.refused], more: more("s-lost"), left: unreached.length < astray || lost.next !== undefined,
            items: unreached.map((one) => lostCard(one, context))}),
        (away.refused || told > 0) && section({key: "s-away", title: t("today.away"), count: away.next ? 0 : told,
            refused: [away.refused], more: more("s-away"), left: gone.length < told || away.next !== undefined,
            items: gone.map((one) => awayCard(one, context))}),
        context.ongoing.length > 0 && section({key: "s-arrivals", title: t("today.arrivals"), count: arrivals.next ? 0 : news, refused: [arrivals.refused], none: t("today.no-arrivals"),
            more: more("s-arrivals"), left: came.length < news || arrivals.next !== undefined,
            items: came.map((one) => arrivalCard(one, context))}),
        section({key: "s-duplicates", title: t("today.duplicates"), count: pairs.length, refused: [duplicates.refused],
            none: t("today.no-duplicates"), items: pairs.map((one) => duplicateCard(one, context)),
            summary: n("today.pairs", pairs.length),
            foot: !duplicates.refused && button(t("apart.told-open"), () => openToldApart(context), {"data-key": "told-apart", class: "quiet"})}),
        rightsNotice(context.own),
    ];
}
