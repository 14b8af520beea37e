/* What was refused, in words that say what to do. The gateway's own words are English, and stand folded below them. */
import {Problem} from "./api.js";
import {el} from "./dom.js";
import {t, word} from "./texts.js";

/* What services refuse often, by a piece of their own words. */
const REFUSED = [
    ["on_date is before the duo started", "before-duo"],
    ["on_date is before the two were proposed", "before-proposal"],
    ["on_date is in the future", "future"],
    ["the two were last heard of on", "before-contact"],
    ["this person does not wait in", "waits-not"],
    ["the buddy is no volunteer of", "no-buddy"],
    ["hold an intake first", "not-waiting"],
    ["make them available first", "rests"],
    ["recruit them again first", "has-stopped"],
    ["has no place free", "no-place"],
    ["the two are a duo already", "duo-already"],
    ["the two are proposed already", "proposed-already"],
    ["this duo is over", "duo-over"],
    ["this proposal is accepted already", "decided"],
    ["this proposal is no longer open", "decided"],
    ["this proposal is not open any more", "decided"],
    ["this talk is not planned any more", "talk-over"],
    ["at is in the past", "past"],
    ["move one of them first", "elsewhere"],
    ["these two are one person already", "one-already"],
    ["nobody said that these are two people", "not-apart"],
    ["was merged before", "one-already"],
    ["this session begins on", "not-begun"],
    ["was held and recorded already", "recorded"],
    ["there is no postcode", "postcode"],
    ["must hold a letter or a figure", "name"],
    ["this session was called off", "called-off"],
    ["the series has no session on", "no-session"],
    ["this series ended on", "series-over"],
    ["take one that goes on", "programme-over"],
    ["the buddy is the person who asks", "own-buddy"],
    ["this request is over", "request-over"],
    ["and the series is run by", "served-elsewhere"],
    ["is closed: its figures stand", "closed"],
    ["this session was not recorded", "not-recorded"],
    ["there is nothing to send again", "over"],
    ["it needs no second one", "on-its-way"],
];

function refused(error) {
    const words = [error.detail, ...error.errors.map((one) => one.detail)].join("\n");
    return REFUSED.find(([piece]) => words.includes(piece))?.[1];
}

function told(error) {
    const known = refused(error);
    if (known && error.status < 500)
        return word("refused", known);
    switch (error.status) {
    case 0: return t("problem.unreached");
    case 401: return t("problem.token");
    case 403: return t("problem.denied", {right: error.right});
    case 404: return t("problem.gone");
    case 409: return t("problem.conflict");
    case 503:
    case 504: return t("problem.later");
    default: return error.status >= 500 ? t("problem.failed") : t("problem.input");
    }
}

/* The fields at fault, by the last name of their place: "/profile/child_birth_years/0" is child_birth_years. */
export function faults(error) {
    return error instanceof Problem
        ? error.errors.map((one) => (one.pointer ?? "").split("/").findLast((part) => !/^\d*$/.test(part))) : [];
}

export function problemNotice(error) {
    if (!(error instanceof Problem)) {
        console.error(error);
        return el("div", {class: "problem", role: "alert"}, el("p", {}, t("problem.page")));
    }
    const words = [error.detail, ...error.errors.map((one) => `${one.pointer}: ${one.detail}`)].filter(Boolean);
    return el("div", {class: "problem", role: "alert"},
        el("p", {}, told(error)),
        words.length > 0 && el("details", {},
            el("summary", {}, t("problem.words")),
            words.map((line) => el("p", {lang: "en"}, line))));
}
