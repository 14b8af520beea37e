/* When a series repeats: as a form asks it, as an RRULE, and as people say it. */
import {list, n, t, word, words} from "./texts.js";

const DAYS = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
const LAST = 5;

/* On the weekday of the first time; a fifth one is not in every month, so that is the last. */
export function ruleOf(rhythm, starts) {
    const [year, month, date] = starts.slice(0, 10).split("-").map(Number);
    const day = DAYS[new Date(Date.UTC(year, month - 1, date)).getUTCDay()], nth = Math.ceil(date / 7);
    switch (rhythm) {
    case "month": return `FREQ=MONTHLY;BYDAY=${nth === LAST ? -1 : nth}${day}`;
    case "fortnight": return `FREQ=WEEKLY;INTERVAL=2;BYDAY=${day}`;
    default: return `FREQ=WEEKLY;BYDAY=${day}`;
    }
}

export const rhythms = () => words("rhythm");

function daysOf(rule, starts) {
    const days = rule.BYDAY?.split(",") ?? [ruleOf("week", starts).slice(-2)];
    return list(days.map((day) => [day.length > 2 && word("nth", day.slice(0, -2)), word("day", day.slice(-2))]
        .filter(Boolean).join(" ")));
}

/* "FREQ=WEEKLY;BYDAY=TU" is "elke dinsdag". What is said otherwise than here stays "op vaste dagen". */
export function rhythmText({rrule, starts}) {
    const {FREQ, INTERVAL = "1", COUNT, UNTIL, ...rule} = Object.fromEntries(rrule.split(";").map((part) => part.split("=")));
    const every = Number(INTERVAL), plain = Object.keys(rule).every((name) => name === "BYDAY");
    if (plain && FREQ === "DAILY" && !rule.BYDAY)
        return n("every.day", every);
    if (plain && FREQ === "WEEKLY")
        return n("every.week", every, {days: daysOf(rule, starts)});
    if (plain && FREQ === "MONTHLY" && /^-?\d/.test(rule.BYDAY ?? ""))
        return n("every.month", every, {days: daysOf(rule, starts)});
    return t("every.other");
}
