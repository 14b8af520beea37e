/* Times as people here read them. "Now" is the stack's: after a replay its clock stands elsewhere than the browser's. */
import {locale, n, t} from "./texts.js";

const timeZone = "Europe/Brussels";
const DAY_MS = 86400000;
let ahead_ms = 0;

export function setNow(iso) {
    ahead_ms = Date.parse(iso) - Date.now();
}

export function now() {
    return new Date(Date.now() + ahead_ms);
}

function format(iso, options) {
    return new Intl.DateTimeFormat(locale, {timeZone, ...options}).format(new Date(iso));
}

function yearIfOther(iso) {
    return format(iso, {year: "numeric"}) === format(now(), {year: "numeric"}) ? {} : {year: "numeric"};
}

export function day(iso) {
    return format(iso, {day: "numeric", month: "short", ...yearIfOther(iso)});
}

export function monthName(date) {
    return format(date, {month: "long"});
}

export function dayAndTime(iso) {
    return format(iso, {weekday: "short", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit",
        ...yearIfOther(iso)});
}

export function dayInFull(iso) {
    return format(iso, {weekday: "long", day: "numeric", month: "long", year: "numeric"});
}

/* Whether the stack lives on another day than whoever looks. */
export function elsewhen() {
    return Math.abs(ahead_ms) > DAY_MS;
}

/* As the interface takes days: 2024-08-27. */
export function dateOf(time, days = 0) {
    const text = {};
    const shifted = new Date(new Date(time).getTime() + days * DAY_MS);
    for (const part of new Intl.DateTimeFormat("en", {timeZone, year: "numeric", month: "2-digit", day: "2-digit"})
        .formatToParts(shifted))
        text[part.type] = part.value;
    return `${text.year}-${text.month}-${text.day}`;
}

/* As a field for a local time takes it: 2024-08-27T19:00. */
export function localTime(iso) {
    const clock = new Intl.DateTimeFormat("en-GB", {timeZone, hour: "2-digit", minute: "2-digit"}).format(new Date(iso));
    return `${dateOf(iso)}T${clock}`;
}

export const oddHour = (clock) => clock < "08:00" || clock > "21:00";

export function yearNow() {
    return Number(dateOf(now()).slice(0, 4));
}

export function daysSince(iso) {
    return Math.max(0, Math.floor((now() - new Date(iso)) / DAY_MS));
}

/* "12 dagen", "3 maanden", "2 jaar": as exact as one would say it. */
export function span(days) {
    if (days < 1)
        return t("span.today");
    if (days < 61)
        return n("span.days", days);
    return days < 730 ? n("span.months", Math.floor(days / 30.44)) : n("span.years", Math.floor(days / 365.25));
}
