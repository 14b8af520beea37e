/* Markdown as elements: headings, lists, paragraphs, bold words. The manual needs no more, and tests/system/board_test.py
 * holds it to these. */
import {el} from "./dom.js";

const ITEM = /^(?:-|\d+\.) /;

function inline(text) {
    return text.replaceAll("\n", " ").split("**").map((part, i) => i % 2 === 1 ? el("strong", {}, part) : part);
}

/* A list, a heading one level below that of the dialog it stands in, or a paragraph. */
function block(text) {
    const [, marks, title] = /^(#+) (.*)$/.exec(text) ?? [];
    if (marks)
        return el(`h${marks.length + 1}`, {}, title);
    if (!ITEM.test(text))
        return el("p", {}, inline(text));
    return el(text.startsWith("-") ? "ul" : "ol", {}, text.split(/^(?=- |\d+\. )/m).map((one) =>
        el("li", {}, inline(one.trim().replace(ITEM, "").replace(/\n +/g, " ")))));
}

/* The parts under headings of the second level, by their titles, in their order. */
export function chapters(text) {
    return new Map(text.split(/^(?=## )/m).slice(1).map((one) => [/^## (.*)/.exec(one)[1],
        () => one.trim().split(/\n{2,}/).map(block)]));
}
