/* Hulp: the manual, open at the chapter of what is looked at. Its source is docs/handleiding.md, which the gateway serves
 * beside the page; a chapter about a view has the name of that view. */
import {Problem} from "./api.js";
import {draw, el} from "./dom.js";
import {openDialog} from "./form.js";
import {chapters} from "./markdown.js";
import {printButton} from "./print.js";
import {problemNotice} from "./problem.js";
import {t} from "./texts.js";

async function read() {
    const answer = await fetch("/board/handleiding.md").catch(() => { throw new Problem(0); });
    if (!answer.ok)
        throw new Problem(answer.status);
    return chapters(await answer.text());
}

/* Which chapter, or all of them: to print, or to search in. */
function chooser(names, chosen, choose) {
    return el("div", {class: "choices"}, el("div", {class: "field"}, el("label", {for: "chapter"}, t("manual.chapter")),
        el("select", {id: "chapter", onchange: (event) => choose(event.target.value)},
            [...names.map((name) => [name, name]), ["", t("manual.all")]].map(([value, text]) =>
                el("option", {value, selected: value === chosen}, text)))));
}

export async function openManual(title) {
    if (document.querySelector("dialog .manual"))
        return;
    const out = el("div", {class: "manual"});
    const dialog = openDialog(t("manual.title"), out);
    try {
        const found = await read(), names = [...found.keys()];
        const shown = el("div", {"aria-live": "polite"});
        const show = (name) => {
            shown.replaceChildren(...(name ? [name] : names).flatMap((one) => found.get(one)()));
            dialog.scrollTop = 0;
        };
        const first = names.includes(title) ? title : names[0];
        draw(out, [chooser(names, first, show), shown, el("div", {class: "actions"}, printButton())]);
        show(first);
    } catch (error) {
        draw(out, [problemNotice(error)]);
    }
}

/* F1 opens it from anywhere, also from a form that is half filled in. */
export function onHelpKey(open) {
    document.addEventListener("keydown", (event) => {
        if (event.key !== "F1" || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey)
            return;
        event.preventDefault();
        open();
    });
}
