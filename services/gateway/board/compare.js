/* "Vergelijken": two who are proposed, beside everyone else whom either could have. So a choice can be judged by who makes
 * it: who else was there, how well they fit, and what keeps them apart. */
import {ask, askFirst, each} from "./api.js";
import {draw, el, table} from "./dom.js";
import {openDialog} from "./form.js";
import {both, firstName, fullName, meet} from "./people.js";
import {problemNotice} from "./problem.js";
import {factorText, inShort} from "./reasons.js";
import {list, n, number, t, word} from "./texts.js";
import {better, conclusion, exclusions, fit} from "./verdict.js";

const MOST = 30; /* on each side: those who have waited longest */
const SIDES = [["newcomer_id", "volunteer_id", "volunteer"], ["volunteer_id", "newcomer_id", "newcomer"]];

/* The others of one side, each as the pair they would make and what is told of it. */
async function others(proposal, [stays, changes, side]) {
    const {partnership, programme} = proposal;
    const page = await askFirst("/v1/waiting-list", {partnership, programme, side}, "people", MOST);
    const pairs = page.people.filter((one) => one.person_id !== proposal[changes])
        .map((one) => ({newcomer_id: proposal.newcomer_id, volunteer_id: proposal.volunteer_id, [changes]: one.person_id}));
    const told = await each(pairs, (pair) => ask("/v1/explain", {programme, ...pair}));
    const found = pairs.map((pair, i) => ({pair, told: told[i], id: pair[changes]}));
    found.sort((a, b) => b.told.eligible - a.told.eligible || fit(b.told) - fit(a.told));
    return {stays: proposal[stays], changes: proposal[changes], found, more: page.people.length < page.total};
}

function words(differences, pair) {
    return list(differences.map(([one]) => `${word("factor", one.factor).toLowerCase()} (${factorText(one, pair)})`));
}

/* What the other pair lacks or has beside the proposed one; and why that was not chosen, where it fits as well. */
function beside({pair, told}, proposal) {
    if (!told.eligible)
        return [...exclusions(told).map((rule) => rule.join(": ")), told.rests_until && conclusion(pair, told)[0]].filter(Boolean).join("; ");
    const less = better(proposal, told).map(([, one]) => [one]), more = better(told, proposal);
    return [
        less.length > 0 && el("p", {}, t("compare.less", {factors: words(less, pair)})),
        more.length > 0 && el("p", {}, t("compare.more", {factors: words(more, pair)})),
        fit(told) >= fit(proposal) && el("p", {}, conclusion(pair, told).join(" ")),
    ];
}

/* Of the list that is shown, and of nobody outside it. */
function lead({changes, found}, proposal) {
    const able = found.filter((one) => one.told.eligible);
    if (able.length === 0)
        return t("compare.none");
    const higher = able.filter((one) => fit(one.told) > fit(proposal));
    return higher.length === 0 ? n("compare.best", able.length, {name: fullName(changes)}) : n("compare.higher", higher.length);
}

function side(one, proposal) {
    const rows = [
        [[fullName(one.changes), " ", el("span", {class: "tag"}, t("compare.this"))], number(fit(proposal)), inShort(proposal.factors)],
        ...one.found.map((other) => [fullName(other.id), other.told.eligible ? number(fit(other.told)) : t("compare.cannot"),
            beside(other, proposal)])];
    return el("section", {}, el("h3", {}, t("compare.who", {name: firstName(one.stays)})),
        one.found.length > 0 ? [one.more && el("p", {}, t("compare.longest", {count: number(MOST)})), el("p", {}, lead(one, proposal)),
            table(t("compare.caption"), [t("waiting.who"), t("compare.score"), t("compare.beside")], rows)]
            : el("p", {class: "soft"}, t("compare.nobody")));
}

export function openCompare(proposal) {
    const out = el("div", {"aria-live": "polite"}, el("p", {class: "soft"}, t("person.loading")));
    async function look() {
        try {
            const found = await Promise.all(SIDES.map((one) => others(proposal, one)));
            await meet(found.flatMap((one) => one.found.flatMap(({pair, told}) => [pair.newcomer_id, pair.volunteer_id,
                told.newcomer_match?.volunteer_id])));
            draw(out, found.map((one) => side(one, proposal)));
        } catch (error) {
            draw(out, [problemNotice(error)]);
        }
    }
    openDialog(t("compare.title"), el("p", {class: "who"}, both(proposal)), el("p", {}, t("compare.intro")), out);
    look();
}
