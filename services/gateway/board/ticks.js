/* Fields of ticks: many of a list, or of a table of half days. They hold a list of values. */
import {el} from "./dom.js";
import {t, word} from "./texts.js";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const PARTS = ["morning", "afternoon", "evening"];

function tick(field, value, label) {
    return el("label", {class: "tickbox"},
        el("input", {type: "checkbox", name: field.name, value, checked: (field.value ?? []).includes(value)}), label);
}

function halfDays(field) {
    return el("div", {class: "half-days"},
        el("span", {}), PARTS.map((part) => el("span", {class: "soft", "aria-hidden": "true"}, word("day-part", part))),
        DAYS.map((day) => [el("span", {class: "soft", "aria-hidden": "true"}, word("weekday", day)),
            PARTS.map((part) => tick(field, `${day}-${part}`,
                el("span", {class: "unseen"}, `${word("weekday", day)} ${word("day-part", part)}`)))]));
}

/* What was chosen before and is not on the list stays a choice. */
function many(field) {
    const known = new Set(field.options.map(([value]) => value));
    const others = (field.value ?? []).filter((value) => !known.has(value)).map((value) => [value, field.say(value)]);
    return el("div", {class: "ticks"}, [...field.options, ...others].map(([value, label]) => tick(field, value, label)));
}

export function ticks(field, attributes) {
    return el("fieldset", attributes,
        el("legend", {}, field.label, el("span", {class: "soft"}, ` ${t("form.optional")}`)),
        field.type === "half-days" ? halfDays(field) : many(field));
}

export function ticked(fieldset) {
    return [...fieldset.querySelectorAll("input:checked")].map((one) => one.value);
}

