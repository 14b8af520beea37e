/* The letters that go out in the partnership's name: of what kind, when, and whether they came. What stands in them is kept
 * nowhere. */
import {ask} from "./api.js";
import {el} from "./dom.js";
import {languageName, list, t, word} from "./texts.js";
import {day} from "./time.js";

const SHOWN = 5;

/* The last to someone, the newest first. */
export async function lettersTo(person_id, {partnership}, limit = SHOWN) {
    return (await ask("/v1/messages", {partnership, person_id, limit})).messages;
}

export const dayOf = (one) => day(one.ended ?? one.due);

export function letterLine({template, state, fail_reason, language, ...one}) {
    const languages = list([...new Set(["nl", language])].map(languageName));
    return [el("strong", {}, word("letter", template)), ": ",
        [`${word("letter-state", state)} ${dayOf(one)}`, fail_reason && word("letter-failed", fail_reason),
            t("letters.in", {languages})].filter(Boolean).join(", ")];
}
