/* Letters that did not come: who has to be reached in another way, or has an address to be put right. */
import {askFirst, tell} from "./api.js";
import {openDecision} from "./decision.js";
import {button, el} from "./dom.js";
import {dayOf} from "./letters.js";
import {fullName} from "./people.js";
import {named} from "./person.js";
import {openProfile} from "./profile.js";
import {t, word} from "./texts.js";
import {dateOf, now} from "./time.js";

const BACK_DAYS = 35; /* whoever is on holiday sees them afterwards */

/* Of each person the last that did not come, where nothing came since. */
export function lostLetters({partnership}, most) {
    return askFirst("/v1/messages", {partnership, lost: true, from: dateOf(now(), -BACK_DAYS)}, "messages", most);
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
