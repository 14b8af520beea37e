/* The words of the page, by key, in the language of the reader. Another language is another set of files like texts*.nl.js. */
import texts from "./texts.nl.js";

export const locale = "nl-BE";

export function t(key, values = {}) {
    return texts[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/* A text that counts: it has the forms .one and .many. */
export function n(key, count, values = {}) {
    return t(`${key}.${count === 1 ? "one" : "many"}`, {count: number(count), ...values});
}

/* The same, of a number that may be absent. */
export function texted(key, count) {
    return count === undefined ? undefined : n(key, count);
}

/* The word for a value of the interface; one that is not known here is shown as it is. */
export function word(family, value) {
    return texts[`${family}.${value}`] ?? value.replaceAll("-", " ");
}

/* All values of a family, as [value, word]. */
export function words(family) {
    return Object.keys(texts).filter((key) => key.startsWith(`${family}.`))
        .map((key) => [key.slice(family.length + 1), texts[key]]);
}

export function number(value) {
    return new Intl.NumberFormat(locale, {maximumFractionDigits: 2}).format(value);
}

export function list(items) {
    return new Intl.ListFormat(locale).format(items);
}

export function languageName(code) {
    return new Intl.DisplayNames(locale, {type: "language"}).of(code);
}
