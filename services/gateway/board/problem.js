/* What was refused, in words that say what to do. The gateway's own words are English, and stand below them. */
import {Problem} from "./api.js";
import {el} from "./dom.js";
import {t} from "./texts.js";

function told(status) {
    switch (status) {
    case 0: return t("problem.unreached");
    case 401: return t("problem.token");
    case 403: return t("problem.denied");
    case 404: return t("problem.gone");
    case 409: return t("problem.conflict");
    case 503:
    case 504: return t("problem.later");
    default: return status >= 500 ? t("problem.failed") : t("problem.input");
    }
}

export function problemNotice(error) {
    if (!(error instanceof Problem)) {
        console.error(error);
        return el("div", {class: "problem", role: "alert"}, el("p", {}, t("problem.page")));
    }
    const words = [error.detail, ...error.errors.map((one) => `${one.pointer}: ${one.detail}`)].filter(Boolean);
    return el("div", {class: "problem", role: "alert"},
        el("p", {}, told(error.status)),
        words.length > 0 && el("details", {},
            el("summary", {}, t("problem.words")),
            words.map((line) => el("p", {lang: "en"}, line))));
}
