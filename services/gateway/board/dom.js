/* Elements, made of descriptions. Texts are always text, never markup. */

export function el(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (value === undefined || value === null || value === false)
            continue;
        if (name.startsWith("on"))
            element.addEventListener(name.slice(2), value);
        else
            element.setAttribute(name, value === true ? "" : value);
    }
    const there = (child) => child !== null && child !== undefined && child !== false;
    element.append(...children.flat(Infinity).filter(there));
    return element;
}

export function button(text, press, attributes = {}) {
    return el("button", {type: "button", onclick: press, ...attributes}, text);
}

/* A way back after drawing anew: which element had the focus, in which section, and what stood open. */
function keysOf(container) {
    const active = document.activeElement, inside = container.contains(active) && active !== container;
    return {
        focus: inside ? active.dataset.key ?? "" : undefined,
        section: inside ? active.closest("section")?.getAttribute("aria-labelledby") : undefined,
        open: new Set([...container.querySelectorAll("details[open][data-key]")].map((one) => one.dataset.key)),
    };
}

/* What had the focus is gone, as after a decision: whoever works by keyboard goes on from the head of its section. */
function nearby(container, section) {
    const head = (section && document.getElementById(section)) ?? container.querySelector("h1, h2, p") ?? container;
    head.tabIndex = -1;
    return head;
}

/* Buttons of one name are told apart by what they stand at. */
let heads = 0;

function tellApart(container) {
    for (const one of container.querySelectorAll(".card, tbody tr, .found li")) {
        const head = one.querySelector("h3, th, strong, .name");
        if (!head)
            continue;
        head.id ||= `head-${++heads}`;
        for (const press of one.querySelectorAll("button:not(.name)"))
            press.setAttribute("aria-describedby", head.id);
    }
}

export function draw(container, children) {
    const before = keysOf(container), nodes = children.flat(Infinity).filter(Boolean);
    container.replaceChildren(...nodes);
    tellApart(container);
    let found = before.focus === undefined;
    for (const one of container.querySelectorAll("[data-key]")) {
        if (one.tagName === "DETAILS" && before.open.has(one.dataset.key))
            one.open = true;
        if (before.focus !== undefined && one.dataset.key === before.focus) {
            one.focus({preventScroll: true});
            found = true;
        }
    }
    if (!found)
        nearby(container, before.section).focus({preventScroll: true});
}

/* A table that a phone can show as cards: each cell knows its heading. */
export function table(caption, headings, rows) {
    return el("table", {role: "table"},
        el("caption", {}, caption),
        el("thead", {role: "rowgroup"}, el("tr", {role: "row"},
            headings.map((heading) => el("th", {scope: "col", role: "columnheader"}, heading)))),
        el("tbody", {role: "rowgroup"}, rows.map((cells) => el("tr", {role: "row"}, cells.map((cell, i) =>
            el(i === 0 ? "th" : "td", {role: i === 0 ? "rowheader" : "cell", scope: i === 0 && "row",
                "data-heading": headings[i]}, el("div", {}, cell)))))));
}

/* Told in a line over the page, to who does not see it too; it goes by itself, when it can be read. */
const SAID_MS = 6000;
const LETTER_MS = 80;
let fade;

export function say(text) {
    const said = document.getElementById("said");
    if (document.querySelector("dialog")) { /* over the dialog that stays open */
        said.hidePopover?.();
        said.showPopover?.();
    }
    said.textContent = text;
    clearTimeout(fade);
    fade = setTimeout(() => said.replaceChildren(), Math.max(SAID_MS, LETTER_MS * text.length));
}
