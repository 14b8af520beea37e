/* Letters that did not come: who has to be reached in another way, or has an address to be put right. */
import {ask, each, tell} from "./api.js";
import {openDecision} from "./decision.js";
import {button, el} from "./dom.js";
import {dayOf, lettersTo} from "./letters.js";
import {fullName, meet} from "./people.js";
import {named} from "./person.js";
import {openProfile} from "./profile.js";
import {t, word} from "./texts.js";
import {dateOf, now} from "./time.js";

const BACK_DAYS = 14;
const MOST = 30;
const CHOSEN = ["no-consent", "erased"]; /* as they wanted: nothing to put right */

const isLost = (one) => one?.state === "failed" && !CHOSEN.includes(one.fail_reason);

/* Of whom the last letter did not come: what came later made up for it. */
export async function lostLetters(context) {
    const {partnership} = context;
    const {messages} = await ask("/v1/messages", {partnership, state: "failed", from: dateOf(now(), -BACK_DAYS), limit: 200});
    const people = [...new Set(messages.filter(isLost).map((one) => one.person_id))].slice(0, MOST);
    const last = await each(people, async (id) => (await lettersTo(id, context, 1))[0]);
    await meet(people);
    return last.filter(isLost);
}

function openResend({message_id, person_id, template}, done) {
    openDecision(fullName(person_id), {
        title: t("resend.title"), intro: t("resend.intro", {letter: word("letter", template)}), submit: t("resend.do"),
        order: (_, key) => tell("resend-message", {message_id}, key),
        said: () => t("done.resent", {name: fullName(person_id)}),
    }, done);
}

export function lostCard(one, context) {
    const id = one.person_id, facts = [word("letter", one.template), dayOf(one), word("letter-failed", one.fail_reason)];
    return el("li", {class: "card"}, el("h3", {}, named(id, context, "lost")),
        el("p", {class: "facts"}, facts.map((item) => el("span", {}, item))),
        el("div", {class: "actions"},
            button(t("profile.open"), () => openProfile(id, context, context.refresh), {"data-key": `reach-${id}`, class: "main"}),
            button(t("resend.open"), () => openResend(one, context.refresh), {"data-key": `resend-${id}`})));
}
