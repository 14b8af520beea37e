/* What a figure was counted from: the results under it, and each down to its event in the log. */
import {ask, askFirst, each, send} from "./api.js";
import {correctable, openCorrect} from "./correct.js";
import {button, draw, el, table} from "./dom.js";
import {openDialog} from "./form.js";
import {both, fullName, meet} from "./people.js";
import {problemNotice} from "./problem.js";
import {allowed} from "./section.js";
import {n, number, t, word} from "./texts.js";
import {day, dayInFull} from "./time.js";

const PAGE = 25;

/* The event in words, and as it stands in the log for who wants to see that. */
async function openEvent(result, who, context) {
    const out = el("div", {"aria-live": "polite"});
    openDialog(t("trace.event"), el("p", {class: "who"}, dayInFull(result.on_date), ": ", whatOf(result, who), ", ", context.place(result.nis)),
        el("p", {class: "soft"}, t("trace.place", {stream: result.stream, seq: result.seq})), out);
    try {
        const answer = await send("/v1/events", {parameters: {stream: result.stream, after: result.seq - 1, limit: 1}});
        const [event] = await answer.json();
        draw(out, [event ? el("details", {}, el("summary", {}, t("trace.technical")),
            el("pre", {lang: "en", tabindex: 0}, JSON.stringify(event, null, 2))) : el("p", {}, t("trace.gone"))]);
    } catch (error) {
        draw(out, [problemNotice(error)]);
    }
}

/* "koppel.matching.duo-stopped.v1" is "duo-stopped". */
const nameOf = (type) => type.split(".")[2] ?? type;

const OF_PEOPLE = ["attended", "volunteer-recruited", "waiting-started", "waiting-ended"];
const OF_DUOS = ["duo-started", "duo-stopped", "duo-became-informal", "duo-contact-logged"];

/* Adds to `who` who was counted, by what the event is about, as far as it is about people; whom it has is not asked again. */
async function addCounted(who, results, {partnership}) {
    const strangers = results.filter((one) => one.about && !who.has(one.about));
    const abouts = (types) => [...new Set(strangers.filter((one) => types.includes(nameOf(one.event_type))).map((one) => one.about))];
    const people = abouts(OF_PEOPLE);
    const duos = (await each(abouts(OF_DUOS), (duo_id) => allowed(ask("/v1/duos", {partnership, duo_id}))))
        .flatMap((page) => page.duos ?? []);
    await meet([...people, ...duos.flatMap((one) => [one.newcomer_id, one.volunteer_id])]);
    people.forEach((id) => who.set(id, fullName(id)));
    duos.forEach((one) => who.set(one.duo_id, both(one)));
}

function whatOf(result, who) {
    return [word("event", nameOf(result.event_type)), who && `: ${who}`, result.reason && ` (${word("reason-stop", result.reason)})`];
}

function rowOf(result, who, context) {
    return [
        day(result.on_date),
        [whatOf(result, who), result.correction && [" ", el("span", {class: "tag"}, t("trace.corrected"))],
            result.late && [" ", el("span", {class: "tag"}, t("trace.late"))]],
        context.place(result.nis),
        number(result.amount),
        el("div", {class: "actions"}, button(t("trace.open"), () => openEvent(result, who, context), {"data-key": `event-${result.result_id}`}),
            correctable(result) && button(t("correct.open"), () => openCorrect(result, who, context.refresh),
                {"data-key": `correct-${result.result_id}`})),
    ];
}

/* Fills `out` with the first events of a figure, and more on demand. */
export async function showTrace(out, parameters, context, most = PAGE, who = new Map()) {
    try {
        const page = await askFirst("/v1/reports/trace", parameters, "results", most);
        await addCounted(who, page.results, context);
        draw(out, [
            table(n("trace.caption", page.total), [t("trace.day"), t("trace.what"), t("waiting.where"), t("trace.amount"),
                t("trace.source")], page.results.map((one) => rowOf(one, who.get(one.about), context))),
            page.next && button(t("list.more"), () =>
                showTrace(out, parameters, context, 2 * most, who), {"data-key": "trace-more"}),
        ]);
    } catch (error) {
        draw(out, [problemNotice(error)]);
    }
}
