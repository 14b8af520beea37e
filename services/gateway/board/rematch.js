/* What matching does by itself when someone's place changes: new proposals, and those that it takes back for them. */
import {ask, each, soon} from "./api.js";
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

/* What changed just now for these people, and by that for whom they were proposed to, and so on. */
async function changes(people, {partnership, programme}) {
    const since = now() - JUST_MS, asked = new Set(), found = new Map();
    for (let next = people; next.length > 0; next = peopleOf([...found.values()]).filter((id) => !asked.has(id))) {
        next.forEach((id) => asked.add(id));
        const all = await each(next, async (person_id) => {
            const about = {partnership, programme, person_id};
            const fresh = await proposals({...about, state: "proposed"}), gone = await proposals({...about, state: "withdrawn"});
            return [...fresh.filter((one) => new Date(one.proposed) > since),
                ...gone.filter((one) => forBetter(one) && new Date(one.decided) > since)];
        });
        all.flat().forEach((one) => found.set(one.proposal_id, one));
    }
    const of = (state) => [...found.values()].filter((one) => one.state === state);
    return {fresh: of("proposed"), lapsed: of("withdrawn")};
}

/* Two and two: who is whose match is clear of more than one pair, too. */
function named(pairs) {
    return {pairs: pairs.map((one) => t("done.pair",
        {newcomer: fullName(one.newcomer_id), volunteer: fullName(one.volunteer_id)})).join("; ")};
}

/* By id: what was told by name is not told once more by the view that shows it. */
const told = {fresh: new Set(), lapsed: new Set()};

export const untold = (ids) => ids.filter((id) => !told.fresh.has(id));

async function tellOf(said, {fresh, lapsed}) {
    await meet(peopleOf([...fresh, ...lapsed])).catch(() => {});
    fresh.forEach((one) => told.fresh.add(one.proposal_id));
    lapsed.forEach((one) => told.lapsed.add(one.proposal_id));
    if (fresh.length + lapsed.length > 0)
        say([said, fresh.length > 0 && n("done.rematch", fresh.length, named(fresh)),
            lapsed.length > 0 && n("done.lapsed", lapsed.length, named(lapsed))].filter(Boolean).join(" "));
}

/* Who returns to the list may be proposed to someone else in the same moment: said with what was `said`. */
export async function tellRematch(duo, said) {
    await tellOf(said, await changes(peopleOf([duo]), duo));
}

/* Who joins the list, too, as soon as they stand on it. */
export async function tellJoined(person_id, {partnership}, {programme, side}, said) {
    const listed = async () => {
        const {people = []} = await ask("/v1/waiting-list", {partnership, programme, person_id, side}).catch(() => ({}));
        return people.length > 0;
    };
    if (await soon(listed))
        await tellOf(said, await changes([person_id], {partnership, programme}));
}

/* Of proposals that were on the screen and are gone: those that matching took back for better ones. */
export async function tellLapsed(partnership, ids, said) {
    const gone = (await each(ids, (proposal_id) => proposals({partnership, proposal_id}))).flat();
    const lapsed = gone.filter(forBetter);
    await meet(peopleOf(lapsed)).catch(() => {}); /* before it is looked at what was told meanwhile */
    await tellOf(said, {fresh: [], lapsed: lapsed.filter((one) => !told.lapsed.has(one.proposal_id))});
}
