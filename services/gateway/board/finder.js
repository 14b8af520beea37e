/* Finds people by the beginning of their first or family name, or of the two together in either order. */
import {askAll, askFirst, askOfSomebody} from "./api.js";
import {button, draw, el} from "./dom.js";
import {problemNotice} from "./problem.js";
import {list, n, t, word} from "./texts.js";

const MOST = 8;

/* As registry compares names: without case, accents and apostrophes. */
function folded(text) {
    return text.normalize("NFD").replace(/[\p{M}'’]/gu, "").replace(/[\s-]+/g, " ").trim().toLowerCase();
}

export const nameOf = ({first_name, last_name}) => [first_name, last_name].filter(Boolean).join(" ") || t("person.nameless");

/* {people, more}. Registry compares each name by itself; who is typed in full is sought among those of the first word. */
export async function findPeople(text, {partnership}, most) {
    const found = await askFirst("/v1/people", {partnership, name: text}, "people", most, askOfSomebody);
    const wanted = folded(text), first = text.trim().split(/\s+/)[0];
    if (found.people.length > 0 || !wanted.includes(" "))
        return {people: found.people, more: found.next !== undefined};
    const all = await askAll("/v1/people", {partnership, name: first}, "people", askOfSomebody);
    const people = all.filter(({first_name = "", last_name = ""}) =>
        [`${first_name} ${last_name}`, `${last_name} ${first_name}`].some((name) => folded(name).startsWith(wanted)));
    return {people: people.slice(0, most), more: people.length > most};
}

export function rolesOf({roles}) {
    return list(roles.map((role) => word("role", role)));
}

/* A field in a dialog, and under it who is found, each with what `act(person)` gives. */
export function finder(label, context, act) {
    const field = el("input", {id: "finder", type: "search", autocomplete: "off", maxlength: 80, required: true});
    const out = el("div", {"aria-live": "polite"});
    async function look(event) {
        event.preventDefault();
        const asked = field.value.trim();
        try {
            const {people, more} = await findPeople(asked, context, MOST);
            draw(out, [el("p", {class: "soft"}, more ? t("find.more") : people.length > 0 ? n("find.found", people.length) : t("find.nobody")),
                el("ul", {class: "found"}, people.map((one) => el("li", {}, el("span", {}, el("strong", {}, nameOf(one)),
                    el("span", {class: "soft"}, ` ${[context.place(one.nis), rolesOf(one)].filter(Boolean).join(", ")}`)),
                act(one))))]);
        } catch (error) {
            draw(out, [problemNotice(error)]);
        }
    }
    return el("form", {role: "search", onsubmit: look},
        el("div", {class: "field"}, el("label", {for: "finder"}, label),
            el("div", {class: "search"}, field, el("button", {type: "submit"}, t("find.do")))), out);
}
