/* "Waarom geen match?": two who wait, every rule and factor between them, and a proposal by hand. */
import {ask, tell} from "./api.js";
import {openDecision} from "./decision.js";
import {button, draw, el} from "./dom.js";
import {openDialog} from "./form.js";
import {both, fullName, meet} from "./people.js";
import {problemNotice} from "./problem.js";
import {inShort, reasons} from "./reasons.js";
import {number, t} from "./texts.js";
import {conclusion, exclusions, fit, instead} from "./verdict.js";

/* Whom a proposal by hand cannot help: capacity is never overridden, and nobody is matched with themselves. */
const STANDS = ["capacity", "same-person"];

const stands = (told) => told.hard_rules.some((one) => !one.passes && STANDS.includes(one.rule));

function rules(told) {
    return el("ul", {class: "rules"}, exclusions(told).map(([rule, detail]) =>
        el("li", {}, el("strong", {}, rule), detail && ` (${detail})`)));
}

function openPair(programme, pair, told, done) {
    openDecision(both(pair), {
        title: t("pair.title"), intro: t("pair.intro"), submit: t("pair.do"),
        order: (_, key) => tell("pair-manually", {programme, ...pair, override: !told.eligible}, key),
        said: () => t("done.paired", {who: both(pair)}),
    }, done);
}

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
        told.factors.length > 0 && el("p", {class: "soft"}, t("why.score", {score: number(fit(told))})),
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
