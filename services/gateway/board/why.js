/* "Waarom geen match?": two who wait, every rule and factor between them, and a proposal by hand. */
import {ask, tell} from "./api.js";
import {button, draw, el, say} from "./dom.js";
import {openDialog, openForm} from "./form.js";
import {both, fullName, meet} from "./people.js";
import {problemNotice} from "./problem.js";
import {distance, reasons} from "./reasons.js";
import {t, word} from "./texts.js";
import {day} from "./time.js";

function conclusion(pair, told) {
    if (told.proposed)
        return [t("why.proposed")];
    if (told.hard_rules.some((one) => !one.passes))
        return [t("why.excluded")];
    if (told.rests_until)
        return [t("why.rests", {day: day(told.rests_until)})];
    const better = [
        told.newcomer_match && t("why.better", {name: fullName(pair.newcomer_id),
            other: fullName(told.newcomer_match.volunteer_id), score: told.newcomer_match.score, here: told.score}),
        ...(told.volunteer_matches ?? []).map((one) => t("why.better", {name: fullName(pair.volunteer_id),
            other: fullName(one.newcomer_id), score: one.score, here: told.score})),
    ].filter(Boolean);
    return told.in_matching ? [t("why.in-matching")] : better.length > 0 ? [t("why.others"), ...better] : [t("why.not-now")];
}

function rules(told) {
    const metres = told.factors.find((one) => one.factor === "distance")?.value;
    return el("ul", {class: "rules"}, told.hard_rules.filter((one) => !one.passes).map((one) => el("li", {},
        el("strong", {}, word("rule", one.rule)),
        one.rule === "distance" && metres !== undefined && ` (${distance(metres)})`)));
}

function openPair(programme, pair, told, done) {
    openForm({
        title: t("pair.title"), intro: [el("p", {class: "who"}, both(pair)), el("p", {}, t("pair.intro"))], fields: [],
        submit: t("pair.do"),
        send: async (_, key) => {
            await tell("pair-manually", {programme, ...pair, override: !told.eligible}, key);
            say(t("done.paired", {who: both(pair)}));
            done();
        },
    });
}

async function answer(programme, pair, close, context) {
    const told = await ask("/v1/explain", {programme, ...pair});
    await meet([told.newcomer_match?.volunteer_id, ...(told.volunteer_matches ?? []).map((one) => one.newcomer_id)]);
    return [
        conclusion(pair, told).map((line) => el("p", {}, line)),
        rules(told),
        reasons(told.factors, pair),
        told.why.length > 0 && el("details", {}, el("summary", {}, t("why.words")),
            told.why.map((line) => el("p", {lang: "en"}, line))),
        !told.proposed && el("div", {class: "actions"}, button(t("pair.open"), () => {
            close();
            openPair(programme, pair, told, context.refresh);
        })),
    ];
}

/* `pairWith(id)` makes the two of `one` and that other. */
export function openWhy(one, others, pairWith, context) {
    const out = el("div", {"aria-live": "polite"});
    const choice = el("select", {id: "why-other", onchange: look}, others.map((other) =>
        el("option", {value: other.person_id}, fullName(other.person_id))));
    const dialog = openDialog(t("why.title", {name: fullName(one.person_id)}),
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
