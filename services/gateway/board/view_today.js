/* Vandaag: what waits for a decision, and what is to come this week. */
import {openAccept, openContact, openDecline, openInformal, openMerge, openMove, openOutcome, openStop} from "./actions.js";
import {ask, askAll} from "./api.js";
import {button, el} from "./dom.js";
import {both, fullName, meet, person} from "./people.js";
import {reasons} from "./reasons.js";
import {list, n, number, t, word} from "./texts.js";
import {dateOf, day, dayAndTime, daysSince, now, span} from "./time.js";

const MOST = 30;

function section(key, title, count, none, items, summary) {
    const cards = el("ul", {class: "cards"}, items);
    return el("section", {"aria-labelledby": key},
        el("h2", {id: key}, title, count > 0 && el("span", {class: "count"}, number(count))),
        items.length === 0 ? el("p", {class: "soft"}, none)
            : summary ? el("details", {"data-key": key}, el("summary", {}, summary), cards) : cards);
}

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
    return card(id, both(one),
        [context.place(one.nis), context.programme(one.programme), waits(one),
            t("today.until", {day: day(one.valid_until)}), one.manual && t("today.manual")],
        reasons(one.factors, one),
        [act(t("accept.do"), `accept-${id}`, () => openAccept(one, done), "main"),
            act(t("decline.open"), `decline-${id}`, () => openDecline(one, done))], fresh);
}

function talkCard(one, context) {
    const past = one.at && new Date(one.at) < now(), done = context.refresh;
    return card(one.proposal_id, both(one),
        [one.at ? dayAndTime(one.at) : t("today.no-talk"), past && el("strong", {}, t("today.past")),
            one.place_kind && word("place-kind", one.place_kind), context.place(one.nis), context.programme(one.programme)],
        null,
        [act(t("outcome.open"), `outcome-${one.proposal_id}`, () => openOutcome(one, done), past ? "main" : ""),
            one.meeting_id && act(t("move.open"), `move-${one.proposal_id}`, () => openMove(one, done)),
            act(t("decline.open"), `decline-${one.proposal_id}`, () => openDecline(one, done))]);
}

function sessionCard(one, context) {
    return el("li", {class: "card"}, el("h3", {}, one.title),
        facts(dayAndTime(one.at), one.venue ?? context.place(one.nis),
            t("today.places", {enrolled: one.enrolled_n, capacity: one.capacity}),
            one.waiting_n > 0 && n("today.queue", one.waiting_n)));
}

function silentCard(duo, context) {
    const id = duo.duo_id, done = context.refresh;
    return card(id, both(duo),
        [t("today.silent", {span: span(daysSince(duo.silent_since))}), t("today.since", {day: day(duo.started)}),
            n("today.hours", duo.hours_total), context.place(duo.nis), context.programme(duo.programme)],
        null,
        [act(t("contact.do"), `contact-${id}`, () => openContact(duo, done), "main"),
            act(t("stop.open"), `stop-${id}`, () => openStop(duo, done)),
            act(t("informal.open"), `informal-${id}`, () => openInformal(duo, done))]);
}

function entry(id, context) {
    const one = person(id);
    return el("li", {}, el("strong", {}, fullName(id)), facts(one.street, one.nis && context.place(one.nis),
        one.registered && t("today.registered", {day: day(one.registered)})));
}

function duplicateCard(pair, context) {
    const describe = () => el("ul", {class: "pair"}, entry(pair.person_id, context), entry(pair.other_id, context));
    return el("li", {class: "card"},
        el("h3", {}, t("today.same", {grounds: list(pair.grounds.map((one) => word("ground", one)))})), describe(),
        el("div", {class: "actions"}, act(t("merge.open"), `merge-${pair.person_id}-${pair.other_id}`,
            () => openMerge(pair, describe(), context.refresh))));
}

async function load(partnership) {
    const today = dateOf(now());
    const [proposals, accepted, silent, meetings, sessions, duplicates] = await Promise.all([
        ask("/v1/proposals", {partnership, state: "proposed", limit: MOST}),
        askAll("/v1/proposals", {partnership, state: "accepted"}, "proposals"),
        ask("/v1/duos", {partnership, state: "silent", limit: MOST}),
        askAll("/v1/meetings", {partnership, state: "planned"}, "meetings"),
        ask("/v1/sessions", {partnership, state: "scheduled", from: today, to: dateOf(now(), 7), limit: MOST}),
        ask("/v1/duplicates", {partnership, limit: MOST}),
    ]);
    const planned = new Set(meetings.map((one) => one.proposal_id));
    const talks = [...meetings, ...accepted.filter((one) => !planned.has(one.proposal_id))].slice(0, MOST);
    await meet([...proposals.proposals, ...talks, ...silent.duos].flatMap((one) => [one.newcomer_id, one.volunteer_id]));
    await meet(duplicates.pairs.flatMap((one) => [one.person_id, one.other_id]));
    return {proposals, talks, silent, sessions: sessions.sessions, pairs: duplicates.pairs};
}

export async function today(context) {
    const {proposals, talks, silent, sessions, pairs} = await load(context.partnership);
    const fresh = context.unseen(proposals.proposals.map((one) => one.proposal_id));
    return [
        el("h1", {}, t("nav.today")),
        el("p", {class: "soft"}, [n("today.sum-proposals", proposals.total), n("today.sum-silent", silent.total),
            n("today.sum-week", talks.length + sessions.length)].join(" ")),
        section("s-proposals", t("today.proposals"), proposals.total, t("today.no-proposals"),
            proposals.proposals.map((one) => proposalCard(one, context, fresh.has(one.proposal_id)))),
        section("s-silent", t("today.silent-duos"), silent.total, t("today.no-silent"),
            silent.duos.map((one) => silentCard(one, context))),
        section("s-week", t("today.week"), talks.length + sessions.length, t("today.no-week"),
            [...talks.map((one) => talkCard(one, context)), ...sessions.map((one) => sessionCard(one, context))]),
        section("s-duplicates", t("today.duplicates"), pairs.length, t("today.no-duplicates"),
            pairs.map((one) => duplicateCard(one, context)), n("today.pairs", pairs.length)),
    ];
}
