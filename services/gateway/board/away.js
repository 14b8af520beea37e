/* Of whom a partner told that they are away: put to rest, or off the list, until a coordinator decides. */
import {button, el} from "./dom.js";
import {openIntake} from "./intake.js";
import {named} from "./person.js";
import {openLeaveAway} from "./review.js";
import {t, word} from "./texts.js";
import {dateOf, day} from "./time.js";
import {volunteerActions} from "./volunteer.js";

export function awayCard(one, context) {
    const id = one.person_id, done = context.refresh, rests = one.volunteer_state === "resting";
    const facts = [context.place(one.nis), t("away.told", {day: day(dateOf(one.told))}),
        el("strong", {}, t("away.last", {status: word("partner-status", one.status)})), rests ? t("away.rests") : t("away.waits-not")];
    return el("li", {class: "card", "data-id": id}, el("h3", {}, named(id, context, "away")),
        el("p", {class: "facts"}, facts.map((item) => el("span", {}, item))),
        el("div", {class: "actions"}, rests ? volunteerActions(id, done, `-${id}`)
            : context.joinable.length > 0 && button(t("intake.open"), () => openIntake(id, context), {"data-key": `back-${id}`}),
        button(t("leave-away.open"), () => openLeaveAway(id, done), {"data-key": `leave-${id}`})));
}
