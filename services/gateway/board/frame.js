/* What stands around a view: the top of the page, and the door before it. */
import {button, draw, el} from "./dom.js";
import {t, word} from "./texts.js";
import {dayInFull, elsewhen, now} from "./time.js";

const header = document.getElementById("top");
const skip = document.getElementById("skip");

function partnerships(here, choose) {
    if (here.partnerships.length < 2)
        return el("span", {}, here.partnerships[0]?.name ?? "");
    return [
        el("label", {for: "partnership", class: "unseen"}, t("top.partnership")),
        el("select", {id: "partnership", "data-key": "partnership", onchange: (event) => choose(event.target.value)},
            here.partnerships.map((one) => el("option",
                {value: one.partnership, selected: one.partnership === here.partnership}, one.name))),
    ];
}

let shown = "away";

skip.addEventListener("click", (event) => {
    event.preventDefault(); /* the fragment is the view's */
    document.getElementById("main").focus();
});

function helpButton(help) {
    return button(t("manual.title"), help, {class: "quiet", "data-key": "manual", title: t("manual.key"), "aria-keyshortcuts": "F1"});
}

/* `state` is that of the live connection; undefined: as before. */
export function top({views, current, here, state = shown, leave, choose, help}) {
    shown = state;
    header.hidden = false;
    skip.hidden = false;
    skip.textContent = t("top.skip");
    draw(header, [
        el("div", {class: "bar"},
            el("strong", {class: "brand"}, "Koppel"), partnerships(here, choose),
            el("span", {class: elsewhen() ? "date tag" : "date"}, elsewhen() ? t("top.elsewhen", {day: dayInFull(now())}) : dayInFull(now())),
            el("span", {class: `follow ${state}`}, word("live", state)),
            helpButton(help), button(t("top.leave"), leave, {class: "quiet", "data-key": "leave"})),
        el("nav", {"aria-label": t("top.nav")}, Object.entries(views).map(([name, [title]]) =>
            el("a", {href: `#${name}`, "aria-current": name === current && "page", "data-key": `nav-${name}`}, title))),
    ]);
}

/* Who is let in, but was not answered: nothing is forgotten, and it is tried again. */
export function waitForAnswer(main, title, notice, again, leave) {
    draw(main, [el("h1", {}, title), notice, el("div", {class: "actions"},
        button(t("retry.do"), again, {class: "main", "data-key": "retry"}), button(t("top.leave"), leave))]);
}

export function login(main, notice, enter, help) {
    header.hidden = true;
    skip.hidden = true;
    document.title = t("login.title");
    const input = el("input", {id: "token", type: "password", required: true, autocomplete: "off", spellcheck: "false",
        "aria-describedby": "token-hint"});
    draw(main, [el("form", {class: "login", onsubmit: (event) => {
        event.preventDefault();
        enter(input.value.trim());
    }},
    el("h1", {}, t("login.title")), el("p", {}, t("login.intro")), el("p", {class: "soft"}, t("login.what")), notice,
    el("div", {class: "field"}, el("label", {for: "token"}, t("login.token")), input,
        el("p", {id: "token-hint", class: "soft"}, t("login.hint"))),
    el("div", {class: "actions"}, el("button", {type: "submit", class: "main"}, t("login.do")), helpButton(help)))]);
    input.focus();
}
