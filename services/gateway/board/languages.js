/* Languages by code and by name. A form offers those that are met most; any other is found by its name. */
import {languageName, locale} from "./texts.js";

export const LANGUAGES = ["nl", "ar", "en", "es", "fa", "fr", "pl", "ps", "pt", "ro", "so", "ti", "tr", "uk"];

/* What the browser has a name for: of the codes of two letters all, and of those of three what people here speak. Of two
 * codes that mean the same the one in use counts. */
const LONGER = ["arc", "ckb", "fil", "kab", "rif", "rom", "shi", "tig", "yue"];
const folded = (name) => name.normalize("NFD").replace(/\p{M}/gu, "").trim().toLowerCase();
let byName;

function names() {
    if (byName)
        return byName;
    const letters = [..."abcdefghijklmnopqrstuvwxyz"], known = new Intl.DisplayNames(locale, {type: "language", fallback: "none"});
    const codes = [...letters.flatMap((first) => letters.map((second) => first + second)), ...LONGER];
    const inUse = codes.filter((code) => known.of(code) && Intl.getCanonicalLocales(code)[0] === code);
    byName = new Map(inUse.map((code) => [folded(known.of(code)), code]));
    return byName;
}

const split = (text) => text.split(",").map((name) => name.trim()).filter(Boolean);

/* "Koerdisch, Albanees" as codes. */
export function codesOf(text = "") {
    return split(text).map((name) => names().get(folded(name))).filter(Boolean);
}

/* The first name that is no language; undefined when all are. */
export function strangeName(text = "") {
    return split(text).find((name) => !names().has(folded(name)));
}

/* Every language, for who reads one: those that are met most first. */
export function allLanguages(also) {
    const others = [...names().values()].filter((code) => !LANGUAGES.includes(code));
    const sorted = others.map((code) => [code, languageName(code)]).sort((a, b) => a[1].localeCompare(b[1], locale));
    const known = [...LANGUAGES.map((code) => [code, languageName(code)]), ...sorted];
    return !also || known.some(([code]) => code === also) ? known : [...known, [also, languageName(also)]];
}
