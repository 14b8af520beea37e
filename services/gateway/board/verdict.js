/* What the matching says of two people, in words: how well they fit, what keeps them apart, whom they have instead. */
import {el} from "./dom.js";
import {fullName} from "./people.js";
import {distance, factorText} from "./reasons.js";
import {n, number, t, word} from "./texts.js";
import {day} from "./time.js";

/* A part of the most that the programme's weights allow. */
function share(score, {factors}) {
    const best = factors.reduce((sum, one) => sum + 100 * one.weight, 0);
    return best > 0 ? Math.min(100, Math.round(100 * score / best)) : 0;
}

/* How well two people fit, of a hundred; who goes first for having waited is another matter. */
export function fit({factors = []}) {
    return share(factors.reduce((sum, one) => sum + one.score, 0), {factors});
}

/* Of whom nothing more is to be said: they are together already, or may not be. */
function settled(told) {
    if (told.are_duo)
        return t("why.duo");
    if (told.proposed)
        return t("why.proposed");
    if (told.hard_rules.some((one) => !one.passes))
        return t("why.excluded");
    return told.rests_until && t("why.rests", {day: day(told.rests_until)});
}

/* Lines. */
export function conclusion(pair, told) {
    const known = settled(told);
    if (known)
        return [known];
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
        : [t("why.others"), n("why.loses", share(told.loses, told))];
}

/* Whether a match stands for who has waited longer than these two. */
function goesBefore(match, told) {
    return (match.first_days ?? 0) > (told.first_days ?? 0);
}

/* Whom the two have in the best matching of all, each with the pair that it makes. */
export function matches(pair, told) {
    const {newcomer_match: one, volunteer_matches: others = []} = told;
    return [
        ...(one ? [{...one, who: pair.newcomer_id, other: one.volunteer_id, pair: {...pair, volunteer_id: one.volunteer_id}}] : []),
        ...others.map((match) => ({...match, who: pair.volunteer_id, other: match.newcomer_id,
            pair: {...pair, newcomer_id: match.newcomer_id}})),
    ];
}

const MOST_DIFFERENCES = 3;

/* What speaks more for the first pair than for the second, as [the first's factor, the second's]. */
export function better(first, second) {
    const beside = new Map((second.factors ?? []).map((one) => [one.factor, one]));
    return (first.factors ?? []).map((one) => [one, beside.get(one.factor)])
        .filter(([one, other]) => other && one.score > other.score)
        .sort((a, b) => (b[0].score - b[1].score) - (a[0].score - a[1].score))
        .slice(0, MOST_DIFFERENCES);
}

export function instead(pair, told) {
    const apart = !told.proposed && !told.are_duo && !told.in_matching && told.eligible;
    return apart && matches(pair, told).map((match) => [
        el("p", {}, t("why.better", {name: fullName(match.who), other: fullName(match.other),
            score: number(fit(match)), here: number(fit(told))})),
        goesBefore(match, told) && el("p", {}, t("why.first-there")),
        el("ul", {class: "rules"}, better(match, told).map(([there, here]) =>
            el("li", {}, t("why.difference", {factor: word("factor", there.factor),
                there: factorText(there, match.pair), here: factorText(here, pair)})))),
    ]);
}

/* The rules that exclude them, in words. */
export function exclusions({hard_rules, factors}) {
    const metres = factors.find((one) => one.factor === "distance")?.value;
    return hard_rules.filter((one) => !one.passes).map(({rule}) => [word("rule", rule),
        rule === "distance" && metres !== undefined && distance(metres)].filter(Boolean));
}
