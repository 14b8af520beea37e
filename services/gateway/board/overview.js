/* How much waits for whoever looks, as a line of sentences: each leads to where it stands. */
import {button, el} from "./dom.js";
import {t} from "./texts.js";

/* A part of this view, or else another view. */
function goTo(place) {
    const head = document.getElementById(place);
    if (!head) {
        location.hash = place;
        return;
    }
    head.tabIndex = -1;
    head.focus({preventScroll: true});
    head.scrollIntoView();
}

/* `sums` are [place, count, sentence]; of what may not be asked the count is undefined. */
export function overview(sums) {
    const lines = sums.map(([place, count, sentence], i) => count > 0 && el("li", {},
        button(sentence, () => goTo(place), {class: "name", "data-key": `sum-${i}`}))).filter(Boolean);
    return lines.length > 0 ? el("ul", {class: "overview"}, lines) : el("p", {class: "soft"}, t("today.sum-nothing"));
}
