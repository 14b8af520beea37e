/* Why two people fit, factor by factor: from the score's own figures and what registry knows of the two. */
import {el} from "./dom.js";
import {person} from "./people.js";
import {languageName, list, n, number, t, word} from "./texts.js";
import {span} from "./time.js";
import {waitsText} from "./waits.js";

function shared(field, pair) {
    const other = person(pair.volunteer_id).profile?.[field] ?? [];
    return (person(pair.newcomer_id).profile?.[field] ?? []).filter((one) => other.includes(one));
}

function inFamily(pair, value) {
    const has = (id) => (person(id).profile?.child_birth_years ?? []).length > 0;
    const [newcomer, volunteer] = [has(pair.newcomer_id), has(pair.volunteer_id)];
    if (newcomer && volunteer)
        return value > 0 ? t("why.children-alike") : t("why.children");
    return newcomer ? t("why.children-newcomer") : volunteer ? t("why.children-volunteer") : t("why.children-none");
}

function inLanguage(pair, value) {
    const common = shared("languages", pair).map(languageName);
    const level = person(pair.newcomer_id).profile?.dutch_level;
    if (value > 0)
        return common.length > 0 ? t("why.languages", {languages: list(common)}) : t("why.language");
    if (value === undefined)
        return level ? t("why.dutch-known", {level: word("level", level)}) : t("why.unknown");
    return level ? t("why.dutch", {level: word("level", level)}) : t("why.no-language");
}

function inInterests(pair, value) {
    const common = shared("interests", pair).map((one) => word("interest", one));
    if (value === undefined)
        return t("why.unknown");
    return common.length > 0 ? t("why.interests", {interests: list(common)}) : value > 0 ? t("why.an-interest") : t("why.no-interests");
}

/* A factor for two people, in a few words. Without a value it is not known of both. */
export function factorText(factor, pair) {
    const value = factor.value;
    switch (factor.factor) {
    case "distance":
        return value === undefined ? t("why.unknown") : distance(value);
    case "age":
        return value === undefined ? t("why.unknown") : value === 0 ? t("why.same-age") : n("why.age", value);
    case "family":
        return inFamily(pair, value);
    case "interests":
        return inInterests(pair, value);
    case "language":
        return inLanguage(pair, value);
    default:
        return [waitsText(pair), value > 0 ? t("why.waited", {span: span(value)}) : t("why.not-waited")].filter(Boolean).join("; ");
    }
}

export function distance(distance_m) {
    return distance_m === 0 ? t("why.same-postcode") : t("why.apart", {km: number(Math.round(distance_m / 100) / 10)});
}

/* As long as it weighs, as full as it fits. Set by script: the page's policy takes no style in attributes. */
const SHORTEST = 25;

function bar({points, weight}, heaviest) {
    const fill = el("span", {}), track = el("span", {class: "track", role: "img",
        "aria-label": t("why.points", {points, weight})}, fill);
    fill.style.width = `${points}%`;
    track.style.width = `${SHORTEST + (100 - SHORTEST) * weight / heaviest}%`;
    return track;
}

const HALF = 50;

/* What speaks most for two people, and what least: what a picture of bars says, in a line. What is not known of both speaks
 * neither for nor against them, whatever its points; having waited can only speak for them. */
export function inShort(factors) {
    const count = factors.filter((one) => one.weight > 0 && one.value !== undefined).sort((a, b) => b.score - a.score);
    const names = (some) => list(some.map((one) => word("factor", one.factor).toLowerCase()));
    const most = count.filter((one) => one.points >= HALF).slice(0, 2);
    const least = count.filter((one) => one.points < HALF && one.factor !== "waiting")
        .sort((a, b) => a.points - b.points || b.weight - a.weight).slice(0, 2);
    return [most.length > 0 && t("why.most", {factors: names(most)}),
        least.length > 0 && t("why.least", {factors: names(least)})].filter(Boolean).join(" ");
}

/* The factors as bars, in the order of their part of the score. */
export function reasons(factors, pair) {
    const slots = shared("availability", pair).length, heaviest = Math.max(1, ...factors.map((one) => one.weight));
    return el("ul", {class: "reasons"},
        factors.map((factor) => el("li", {class: factor.points < HALF ? "weak" : ""},
            el("span", {class: "factor"}, word("factor", factor.factor)),
            bar(factor, heaviest),
            el("span", {}, factorText(factor, pair)))),
        slots > 0 && el("li", {class: "plain"},
            el("span", {class: "factor"}, t("why.when")), el("span", {}, n("why.slots", slots))));
}
