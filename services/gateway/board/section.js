/* A part of a view that stands for itself: what it may not show it says in its own place, and the rest stays. */
import {Problem} from "./api.js";
import {button, el} from "./dom.js";
import {problemNotice} from "./problem.js";
import {number, t} from "./texts.js";

/* What an answer became: itself, or {refused} when the token may not ask it. */
export async function allowed(asked) {
    try {
        return await asked;
    } catch (error) {
        if (error instanceof Problem && error.status === 403)
            return {refused: error};
        throw error;
    }
}

function body({key, items, none, note, summary}) {
    if (items.length === 0)
        return el("p", {class: "soft"}, none);
    const cards = el("ul", {class: "cards"}, items);
    return summary ? el("details", {"data-key": key}, el("summary", {}, summary), cards) : [note && el("p", {class: "soft note"}, note), cards];
}

/* {key, title, count, none, items, note, summary, refused, more, left}: `note` is told of the items; `more` is pressed for what is not shown yet; `left` whether
 * there is any, where that is not told by the count;
 * `foot` stands below. */
export function section({key, title, count = 0, refused = [], more, left, foot, ...about}) {
    const problems = refused.filter(Boolean);
    return el("section", {"aria-labelledby": key},
        el("h2", {id: key}, title, count > 0 && el("span", {class: "count"}, number(count))),
        problems.map(problemNotice),
        (problems.length === 0 || about.items.length > 0) && body({key, ...about}),
        more && (left ?? about.items.length < count) && button(t("list.more"), more, {"data-key": `more-${key}`}), foot);
}
