/* "Waarom geen match?": two who wait, every rule and factor between them, and a proposal by hand. */
import {ask, tell} from "./api.js";
import {openDecision} from "./decision.js";
import {button, draw, el} from "./dom.js";
import {openDialog} from "./form.js";
import {both, fullName, meet} from "./people.js";
import {problemNotice} from "./problem.js";
import {distance, factorText, inShort, reasons} from "./reasons.js";
import {number, t, word} from "./texts.js";
import {day} from "./time.js";

/* A part of the most that the programme's weights allow. */
function percent(score, {factors}) {
    const best = factors.reduce((sum, one) => sum + 100 * one.weight, 0);
    return number(best > 0 ? Math.min(100, Math.round(100 * score / best)) : 0);
}

/* How well two people fit; who goes first for having waited is another matter. */
function fit({factors = []}) {
    return percent(factors.reduce((sum, one) => sum + one.score, 0), {factors});
}

/* Whom a proposal by hand cannot help: capacity is never overridden, and nobody is matched with themselves. */
const STANDS = ["capacity", "same-person"];

function conclusion(pair, told) {
    if (told.are_duo)
        return [t("why.duo")];
    if (told.proposed)
        return [t("why.proposed")];
    if (told.hard_rules.some((one) => !one.passes))
        return [t("why.excluded")];
    if (told.rests_until)
        return [t("why.rests", {day: day(told.rests_until)})];
    if (told.in_matching)
        return [t("why.in-matching")];
    if (told.score === 0)
        return [t("why.zero")];
    const others = matches(pair, told);
    if (told.loses === undefined || others.length === 0)
        return [t("why.not-now")];
    if (told.loses === 0)
        return [t("why.even")];
    /* What is lost holds the points of who goes first, too: they are no part of a hundred. */
    return others.some((match) => goesBefore(match, told)) ? [t("why.goes-first")]
        : [t("why.others"), t("why.loses", {score: percent(told.loses, told)})];
}

/* Whether a match stands for who has waited longer than these two. */
function goesBefore(match, told) {
    return (match.first_days ?? 0) > (told.first_days ?? 0);
}

/* Whom the two have in the best matching of all, each with the pair that it makes. */
function matches(pair, told) {
    const {newcomer_match: one, volunteer_matches: others = []} = told;
    return [
        ...(one ? [{...one, who: pair.newcomer_id, other: one.volunteer_id, pair: {...pair, volunteer_id: one.volunteer_id}}] : []),
        ...others.map((match) => ({...match, who: pair.volunteer_id, other: match.newcomer_id,
            pair: {...pair, newcomer_id: match.newcomer_id}})),
    ];
}

/* What speaks most for the other pair, beside what these two have of it. */
const MOST_DIFFERENCES = 3;

function differences(pair, told, match) {
    const here = new Map(told.factors.map((one) => [one.factor, one]));
    return (match.factors ?? []).map((there) => ({there, here: here.get(there.factor)}))
        .filter(({there, here}) => here && there.score > here.score)
        .sort((a, b) => (b.there.score - b.here.score) - (a.there.score - a.here.score))
        .slice(0, MOST_DIFFERENCES)
        .map(({there, here}) => el("li", {}, t("why.difference", {factor: word("factor", there.factor),
            there: factorText(there, match.pair), here: factorText(here, pair)})));
}

function instead(pair, told) {
    const apart = !told.proposed && !told.are_duo && !told.in_matching && told.eligible;
    return apart && matches(pair, told).map((match) => [
        el("p", {}, t("why.better", {name: fullName(match.who), other: fullName(match.other),
            score: fit(match), here: fit(told)})),
        goesBefore(match, told) && el("p", {}, t("why.first-there")),
        el("ul", {class: "rules"}, differences(pair, told, match)),
    ]);
}

function rules(told) {
    const metres = told.factors.find((one) => one.factor === "distance")?.value;
    return el("ul", {class: "rules"}, told.hard_rules.filter((one) => !one.passes).map((one) => el("li", {},
        el("strong", {}, word("rule", one.rule)),
        one.rule === "distance" && metres !== undefined && ` (${distance(metres)})`)));
}

function openPair(programme, pair, told, done) {
    openDecision(both(pair), {
        title: t("pair.title"), intro: t("pair.intro"), submit: t("pair.do"),
        order: (_, key) => tell("pair-manually", {programme, ...pair, override: !told.eligible}, key),
        said: () => t("done.paired", {who: both(pair)}),
    }, done);
}

const stands = (told) => told.hard_rules.some((one) => !one.passes && STANDS.includes(one.rule));

async function answer(programme, pair, close, context) {
    const told = await ask("/v1/explain", {programme, ...pair});
    await meet([told.newcomer_match?.volunteer_id, ...(told.volunteer_matches ?? []).map((one) => one.newcomer_id)]);
    return [
        conclusion(pair, told).map((line) => el("p", {}, line)),
        rules(told),
        instead(pair, told),
        told.factors.length > 0 && el("p", {}, inShort(told.factors)),
        reasons(told.factors, pair),
        told.factors.length > 0 && el("p", {class: "soft"}, t("why.bars")),
        told.factors.length > 0 && el("p", {class: "soft"}, t("why.score", {score: fit(told)})),
        told.first_days > 0 && el("p", {class: "soft"}, t("why.first")),
        !told.proposed && !stands(told) && el("div", {class: "actions"}, button(t("pair.open"), () => {
            close();
            openPair(programme, pair, told, context.refresh);
        })),
    ];
}

/* Whoever is proposed may stand further down the other list than is shown. */
async function withProposed(one, others) {
    const {partnership, proposal_id} = one;
    if (!proposal_id || others.some((other) => other.proposal_id === proposal_id))
        return others;
    const {proposals = []} = await ask("/v1/proposals", {partnership, proposal_id}).catch(() => ({}));
    const ids = proposals.map((pair) => one.side === "newcomer" ? pair.volunteer_id : pair.newcomer_id);
    await meet(ids);
    return [...ids.map((person_id) => ({person_id, proposal_id})), ...others];
}

/* `pairWith(id)` makes the two of `one` and that other. */
export async function openWhy(one, shown, pairWith, context) {
    const others = await withProposed(one, shown);
    const out = el("div", {"aria-live": "polite"});
    const choice = el("select", {id: "why-other", onchange: look}, others.map((other) =>
        el("option", {value: other.person_id, selected: one.proposal_id && other.proposal_id === one.proposal_id},
            fullName(other.person_id))));
    const name = fullName(one.person_id);
    const dialog = openDialog(one.proposal_id ? t("why.title-proposed", {name}) : t("why.title", {name}),
        el("div", {class: "field"}, el("label", {for: "why-other"}, t("why.with")), choice), out);
    async function look() {
        const asked = choice.value;
        try {
            const nodes = await answer(one.programme, pairWith(asked), () => dialog.close(), context);
            if (choice.value === asked)
                draw(out, nodes);
        } catch (error) {
            draw(out, [problemNotice(error)]);
        }
    }
    look();
}
