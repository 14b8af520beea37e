/* Since when the two of a proposal wait. That stays as it is for as long as they are proposed, so it is asked once. */
import {ask, each} from "./api.js";
import {t} from "./texts.js";
import {daysSince, span} from "./time.js";

async function since({partnership, programme}, person_id, side) {
    const {people = []} = await ask("/v1/waiting-list", {partnership, programme, person_id, side}).catch(() => ({}));
    return people[0]?.since;
}

/* Each of these with its `waits`; those that are `known` by proposal are not asked again. */
export function withWaits(proposals, known) {
    return each(proposals, async (one) => {
        const id = one.proposal_id;
        if (!known.has(id))
            known.set(id, {newcomer: await since(one, one.newcomer_id, "newcomer"), volunteer: await since(one, one.volunteer_id, "volunteer")});
        return {...one, waits: known.get(id)};
    });
}

/* Nothing where it is not known of both, as of two who are not proposed. */
export function waitsText({waits}) {
    return waits?.newcomer && waits.volunteer && t("why.waits", {newcomer: span(daysSince(waits.newcomer)),
        volunteer: span(daysSince(waits.volunteer))});
}
