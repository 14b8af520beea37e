/* Who is who: asked of registry by id, with the token of whoever looks. Kept nowhere but in this page's memory, and
 * forgotten when it shows something else. */
import {ask, each, Problem} from "./api.js";
import {t} from "./texts.js";

let known = new Map();

async function fetchOne(id) {
    try {
        return await ask(`/v1/people/${id}`);
    } catch (error) {
        if (error instanceof Problem && [403, 404].includes(error.status))
            return {hidden: true};
        throw error;
    }
}

export async function meet(ids) {
    const into = known;
    const strangers = [...new Set(ids)].filter((id) => id && !into.has(id));
    await each(strangers, async (id) => into.set(id, await fetchOne(id)));
}

/* As they are at this moment: for what is changed as a whole. */
export async function meetAnew(id) {
    const into = known, found = await fetchOne(id);
    into.set(id, found);
    return found;
}

export function forgetPeople() {
    known = new Map();
}

export function person(id) {
    return known.get(id) ?? {};
}

export function fullName(id) {
    const {first_name, last_name, erased, hidden} = person(id);
    const name = [first_name, last_name].filter(Boolean).join(" ");
    return name || (erased ? t("person.erased") : hidden ? t("person.hidden") : t("person.nameless"));
}

export function firstName(id) {
    return person(id).first_name ?? fullName(id);
}

export function both(pair) {
    return `${fullName(pair.newcomer_id)} ${t("person.and")} ${fullName(pair.volunteer_id)}`;
}
