/* What the board needs and the token does not have: which buttons will not work, and what the operator types. */
import {el} from "./dom.js";
import {n, t} from "./texts.js";

/* The same token once more, with all that the board needs; what it had beside stays. */
function order({name, scopes, partnerships = [], nis = []}) {
    const beside = scopes.filter((scope) => scope === "end-programme");
    const limits = {...partnerships.length > 0 && {partnerships}, ...nis.length > 0 && {nis}};
    return `koppel call create-token '${JSON.stringify({name, scopes: ["board", ...beside], ...limits})}'`;
}

export function rightsNotice(own) {
    const lacks = own.board_lacks ?? [];
    return lacks.length > 0 && el("details", {"data-key": "rights"}, el("summary", {}, n("rights.lacks", lacks.length)),
        el("p", {}, t("rights.why", {rights: lacks.join(", ")})), el("p", {}, t("rights.do")), el("pre", {tabindex: "0"}, order(own)));
}
