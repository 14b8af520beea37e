/* What a figure was counted from: the results under it, and each down to its event in the log. */
import {askFirst, send} from "./api.js";
import {button, draw, el, table} from "./dom.js";
import {openDialog} from "./form.js";
import {problemNotice} from "./problem.js";
import {n, number, t, word} from "./texts.js";
import {day} from "./time.js";

const PAGE = 25;

async function openEvent(result) {
    const out = el("div", {"aria-live": "polite"});
    openDialog(t("trace.event"), el("p", {class: "soft"}, t("trace.place", {stream: result.stream, seq: result.seq})), out);
    try {
        const answer = await send("/v1/events", {parameters: {stream: result.stream, after: result.seq - 1, limit: 1}});
        const [event] = await answer.json();
        draw(out, [el("pre", {lang: "en", tabindex: 0}, event ? JSON.stringify(event, null, 2) : t("trace.gone"))]);
    } catch (error) {
        draw(out, [problemNotice(error)]);
    }
}

/* "koppel.matching.duo-stopped.v1" is "duo-stopped". */
function eventName(type) {
    return word("event", type.split(".")[2] ?? type);
}

function rowOf(result, context) {
    return [
        day(result.on_date),
        [eventName(result.event_type), result.reason && ` (${word("reason-stop", result.reason)})`,
            result.correction && [" ", el("span", {class: "tag"}, t("trace.corrected"))],
            result.late && [" ", el("span", {class: "tag"}, t("trace.late"))]],
        context.place(result.nis),
        number(result.amount),
        button(t("trace.open"), () => openEvent(result)),
    ];
}

/* Fills `out` with the first events of a figure, and more on demand. */
export async function showTrace(out, parameters, context, most = PAGE) {
    try {
        const page = await askFirst("/v1/reports/trace", parameters, "results", most);
        draw(out, [
            table(n("trace.caption", page.total), [t("trace.day"), t("trace.what"), t("waiting.where"), t("trace.amount"),
                t("trace.source")], page.results.map((one) => rowOf(one, context))),
            page.next && button(t("list.more"), () =>
                showTrace(out, parameters, context, 2 * most), {"data-key": "trace-more"}),
        ]);
    } catch (error) {
        draw(out, [problemNotice(error)]);
    }
}
