/* Mensen: everyone of the partnership, found by name; each name opens their page. */
import {Problem} from "./api.js";
import {el, button, table} from "./dom.js";
import {findPeople, rolesOf} from "./finder.js";
import {openImport} from "./import.js";
import {meet} from "./people.js";
import {named} from "./person.js";
import {problemNotice} from "./problem.js";
import {openRegister} from "./register.js";
import {t, word} from "./texts.js";
import {dateOf, day} from "./time.js";

const PAGE = 25;
const wanted = {name: "", most: PAGE};
/* The same element however often the view is drawn: nobody's typing is lost to what happens meanwhile. */
const field = el("input", {id: "find", type: "search", autocomplete: "off", maxlength: 80, "data-key": "find",
    "aria-describedby": "find-hint"});

/* Who was sought is not told to whoever looks next. */
export function forgetSearch() {
    field.value = "";
    wanted.name = "";
    wanted.most = PAGE;
}

function search(context) {
    return el("form", {role: "search", onsubmit: (event) => {
        event.preventDefault();
        wanted.name = field.value.trim();
        wanted.most = PAGE;
        context.refresh();
    }},
    el("div", {class: "field"}, el("label", {for: "find"}, t("find.name")),
        el("p", {id: "find-hint", class: "soft"}, t("find.hint")),
        el("div", {class: "search"}, field, el("button", {type: "submit", class: "main", "data-key": "find-do"}, t("find.do")))));
}

/* Who helps no more, or not now, stands out. */
const AWAY = ["resting", "stopped"];

function roleOf({volunteer_state: state, ...one}) {
    return [rolesOf(one) || t("find.no-role"), AWAY.includes(state) && ` (${word("volunteer-state", state)})`];
}

function rowOf(one, context) {
    return [named(one.person_id, context, "people"), context.place(one.nis), roleOf(one), day(dateOf(one.registered))];
}

async function results(context) {
    const {people: found, more} = await findPeople(wanted.name, context, wanted.most);
    await meet(found.map((one) => one.person_id));
    return [
        found.length > 0 ? table(wanted.name ? t("find.caption", {name: wanted.name}) : t("find.caption-all"),
            [t("waiting.who"), t("waiting.where"), t("find.role"), t("person.registered")],
            found.map((one) => rowOf(one, context))) : el("p", {role: "status"}, t("find.nobody")),
        more && button(t("list.more"), () => {
            wanted.most += PAGE;
            context.refresh();
        }, {"data-key": "more"}),
    ];
}

/* A name that cannot be sought leaves the field, to type another. */
export async function people(context) {
    const found = await results(context).catch((error) => {
        if (error instanceof Problem && error.status === 422)
            return [problemNotice(error)];
        throw error;
    });
    return [el("h1", {}, t("nav.people")), search(context), el("div", {class: "actions"},
        button(t("register.open"), () => openRegister(context, false), {"data-key": "register"}),
        button(t("import.open"), () => openImport(context), {"data-key": "import"})), ...found];
}
