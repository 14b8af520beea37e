/* Who is new: came or was referred, and was neither taken in nor takes part in something yet. */
import {ask, askFirst, each} from "./api.js";
import {button, el} from "./dom.js";
import {openIntake} from "./intake.js";
import {person} from "./people.js";
import {named} from "./person.js";
import {openNoIntake} from "./review.js";
import {allowed} from "./section.js";
import {t, word} from "./texts.js";
import {dateOf, day} from "./time.js";

/* Whether they are enrolled for a talk table since a partner referred them last. What is so stays so for as long as the view is looked at. */
async function takesPart({person_id, referred}, {partnership, placed}) {
    const key = `${person_id} ${referred}`;
    if (!placed.has(key)) {
        const {enrolments = []} = await allowed(ask("/v1/enrolments", {partnership, person_id}));
        if (enrolments.some(({since}) => !referred || new Date(since) > new Date(referred)))
            placed.add(key);
    }
    return placed.has(key);
}

/* Of the `most` that came last. */
export async function arrivals(context, most) {
    const {partnership} = context;
    const found = await askFirst("/v1/arrivals", {partnership}, "people", most);
    const takePart = await each(found.people, (one) => takesPart(one, context));
    return {...found, people: found.people.filter((_, i) => !takePart[i])};
}

export function arrivalCard(one, context) {
    const id = one.person_id, [referral] = person(id).referrals ?? [];
    const facts = [context.place(one.nis), t("arrival.since", {day: day(dateOf(one.registered))}),
        referral && t("arrival.referred", {partner: word("partner", referral.partner_type)}), one.volunteer_state && t("person.volunteer")];
    return el("li", {class: "card", "data-id": id}, el("h3", {}, named(id, context, "arrival")),
        el("p", {class: "facts"}, facts.filter(Boolean).map((item) => el("span", {}, item))),
        el("div", {class: "actions"},
            context.joinable.length > 0 && button(t("intake.open"), () => openIntake(id, context), {"data-key": `intake-${id}`, class: "main"}),
            button(t("no-intake.open"), () => openNoIntake(id, context.refresh), {"data-key": `no-intake-${id}`})));
}
