/* Someone is forgotten for good. What that does is said before, and has to be said yes to. */
import {tell} from "./api.js";
import {openDecision} from "./decision.js";
import {el} from "./dom.js";
import {fullName} from "./people.js";
import {t, words} from "./texts.js";

export function openErase(person_id, done) {
    openDecision(fullName(person_id), {
        title: t("erase.title"),
        intro: [el("p", {}, t("erase.intro")), el("ul", {class: "pair"},
            [t("erase.data"), t("erase.log"), t("erase.waits"), t("erase.duos"), t("erase.figures")].map((line) => el("li", {}, line)))],
        fields: [
            {name: "reason", label: t("leave.reason"), type: "select", required: true, value: "request",
                options: words("reason-erase")},
            {name: "sure", label: t("erase.sure"), type: "checkbox", required: true},
        ],
        submit: t("erase.do"), danger: true,
        order: ({reason}, key) => tell("erase-person", {person_id, reason}, key),
        said: () => t("done.erased"),
    }, done);
}
