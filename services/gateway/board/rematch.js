/* What matching does by itself when someone's place changes: new proposals, and those that it takes back for them. */
import {ask, each} from "./api.js";
import {say} from "./dom.js";
import {fullName, meet} from "./people.js";
import {n, t} from "./texts.js";
import {now} from "./time.js";

const JUST_MS = 60000;

const peopleOf = (pairs) => [...new Set(pairs.flatMap((one) => [one.newcomer_id, one.volunteer_id]))];
const forBetter = (one) => one.withdraw_reason === "better-matching";

/* Nothing, where it may not be asked: it is told beside something else. */
async function proposals(parameters) {
    const page = await ask("/v1/proposals", parameters).catch(() => ({}));
    return page.proposals ?? [];
}

/* Of these people, each proposal once. */
async function proposalsOf(people, {partnership, programme}, state) {
    const found = await each(people, (person_id) => proposals({partnership, programme, person_id, state}));
    return [...new Map(found.flat().map((one) => [one.proposal_id, one])).values()];
}

/* Two and two: who is whose match is clear of more than one pair, too. */
function named(pairs) {
    return {pairs: pairs.map((one) => t("done.pair",
        {newcomer: fullName(one.newcomer_id), volunteer: fullName(one.volunteer_id)})).join("; ")};
}

async function tellOf(said, fresh, lapsed) {
    await meet(peopleOf([...fresh, ...lapsed])).catch(() => {});
    if (fresh.length + lapsed.length > 0)
        say([said, fresh.length > 0 && n("done.rematch", fresh.length, named(fresh)),
            lapsed.length > 0 && n("done.lapsed", lapsed.length, named(lapsed))].filter(Boolean).join(" "));
}

/* Who returns to the list may be proposed to someone else in the same moment: said with what was `said`. */
export async function tellRematch(duo, said) {
    const since = now() - JUST_MS;
    const fresh = (await proposalsOf(peopleOf([duo]), duo, "proposed")).filter((one) => new Date(one.proposed) > since);
    const lapsed = (await proposalsOf(peopleOf(fresh), duo, "withdrawn")).filter((one) => forBetter(one) && new Date(one.decided) > since);
    await tellOf(said, fresh, lapsed);
}

/* Of proposals that were on the screen and are gone: those that matching took back for better ones. */
export async function tellLapsed(partnership, ids, said) {
    const gone = (await each(ids, (proposal_id) => proposals({partnership, proposal_id}))).flat();
    await tellOf(said, [], gone.filter(forBetter));
}
