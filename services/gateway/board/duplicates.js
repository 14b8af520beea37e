/* Who may be registered twice: what is known of both, and which entry stays when they become one. */
import {openApart} from "./apart.js";
import {allowed} from "./section.js";
import {ask, tell} from "./api.js";
import {openDecision} from "./decision.js";
import {button, el} from "./dom.js";
import {firstName, fullName, person} from "./people.js";
import {facts, known} from "./facts.js";
import {named} from "./person.js";
import {languageName, list, n, t, word} from "./texts.js";
import {day} from "./time.js";

const ids = (pair) => [pair.person_id, pair.other_id];

/* Only what one partnership holds can become one; of someone else's people no more is shown than the name. */
function mergeable(pair, context) {
    return ids(pair).every((id) => person(id).partnership === context.partnership && !person(id).erased);
}

function entry(id, with_id, context) {
    const one = person(id);
    const here = one.partnership === context.partnership;
    return el("li", {}, here ? named(id, context, `same-${with_id}`) : el("strong", {}, firstName(id)),
        el("p", {class: "soft"}, here ? inShort(id, context).join(" · ") : t("merge.elsewhere")));
}

/* What tells two of the same name apart. */
function inShort(id, context) {
    const {phone, email, street, nis, profile, registered} = person(id);
    return [profile?.birth_year && t("merge.born", {year: profile.birth_year}), phone, email,
        [street, nis && context.place(nis)].filter(Boolean).join(", "),
        profile?.languages?.length > 0 && list(profile.languages.map(languageName)),
        registered && t("today.registered", {day: day(registered)})].filter(Boolean);
}

async function history(id, {partnership}) {
    const answer = await allowed(ask("/v1/duos", {partnership, person_id: id, limit: 1}));
    return answer.refused ? undefined : answer.total;
}

function choice(id, duos) {
    const registered = person(id).registered;
    return [id, [fullName(id), registered && t("today.registered", {day: day(registered)}),
        duos !== undefined && n("merge.duos", duos)].filter(Boolean).join(", ")];
}

async function openMerge(pair, context) {
    const duos = await Promise.all(ids(pair).map((id) => history(id, context)));
    const entries = ids(pair).map((id, i) => choice(id, duos[i]));
    openDecision(t("merge.intro"), {
        title: t("merge.title"),
        intro: el("ul", {class: "pair"}, ids(pair).map((id) =>
            el("li", {}, el("strong", {}, fullName(id)), facts(known(id, context))))),
        fields: [{name: "keep_id", label: t("merge.keep"), type: "select", required: true, options: entries,
            hint: t("merge.keep-hint")}],
        submit: t("merge.do"), danger: true,
        order: ({keep_id}, key) =>
            tell("merge-people", {keep_id, drop_id: ids(pair).find((id) => id !== keep_id)}, key),
        said: () => t("done.merged"),
    }, context.refresh);
}

export function duplicateCard(pair, context) {
    return el("li", {class: "card"},
        el("h3", {}, t("today.same", {grounds: list(pair.grounds.map((one) => word("ground", one)))})),
        el("ul", {class: "pair"}, entry(pair.person_id, pair.other_id, context),
            entry(pair.other_id, pair.person_id, context)),
        el("div", {class: "actions"}, mergeable(pair, context)
            ? [button(t("merge.open"), () => openMerge(pair, context), {"data-key": `merge-${ids(pair).join("-")}`}),
                button(t("apart.open"), () => openApart(pair, context.refresh), {"data-key": `apart-${ids(pair).join("-")}`})]
            : el("p", {class: "soft"}, t("merge.not-here"))));
}
