/* The parts of a project year that a figure may be asked of: its quarters and its months, as far as they began. */
import {t} from "./texts.js";
import {dateOf, monthName, now} from "./time.js";

const QUARTERS = [0, 3, 6, 9];
const MONTHS = Array.from({length: 12}, (_, i) => i);

function part(first, at, months) {
    const [year, month] = first.split("-").map(Number);
    const day = (after, date) => new Date(Date.UTC(year, month - 1 + after, date)).toISOString().slice(0, 10);
    return {key: `${months}-${at}`, from: day(at, 1), to: day(at + months, 0)};
}

/* Of the year that begins on `first`, as {key, name, from, to}. */
export function partsOf(first) {
    const quarters = QUARTERS.map((at) => part(first, at, 3)), months = MONTHS.map((at) => part(first, at, 1));
    return [
        ...quarters.map((one) => ({...one, name: t("figures.quarter", {first: monthName(one.from), last: monthName(one.to)})})),
        ...months.map((one) => ({...one, name: monthName(one.from)})),
    ].filter((one) => one.from <= dateOf(now()));
}
