/* What every view needs to know: the partnership looked at, its places and programmes, and what was seen before. */
import {askAll} from "./api.js";
import {el, say} from "./dom.js";
import {allowed} from "./section.js";
import {tellLapsed, untold} from "./rematch.js";
import {partnership as remembered} from "./session.js";
import {n, t} from "./texts.js";
import {day} from "./time.js";

const HELPING = "support-buddy";
const PAIRING = ["language-duo", HELPING];

/* Whoever is limited to some has to name what is asked for. */
async function partnershipsOf(own) {
    const limits = own.partnerships?.length > 0 ? own.partnerships : [undefined];
    const asked = limits.map((partnership) => askAll("/v1/partnerships", {partnership}, "partnerships"));
    return (await Promise.all(asked)).flat();
}

/* All by their NIS code, with their postcodes; where the token may not ask that, those that are served here, without. */
async function placesOf(partnerships) {
    const all = await allowed(askAll("/v1/municipalities", {}, "municipalities"));
    return new Map((all.refused ? partnerships.flatMap((one) => one.municipalities) : all)
        .map((one) => [one.nis, {...one, name: one.name ?? one.nis}]));
}

const goesOn = (one) => one.ended_on === undefined;

/* The one that was chosen, or the first where a programme goes on; where none does, the first. */
async function look(partnerships) {
    const chosen = partnerships.find((one) => one.partnership === remembered());
    let first;
    for (const current of chosen ? [chosen] : partnerships) {
        const {partnership} = current, programmes = await askAll("/v1/programmes", {partnership}, "programmes");
        first ??= {current, programmes};
        if (programmes.some(goesOn))
            return {current, programmes};
    }
    return first ?? {programmes: []};
}

/* `enterAnew` is for what this itself holds, such as a programme that ended. */
export async function context(own, refresh, enterAnew) {
    const partnerships = await partnershipsOf(own);
    const {current, programmes} = await look(partnerships);
    const places = await placesOf(partnerships);
    const pairing = programmes.filter((one) => PAIRING.includes(one.kind));
    const helping = programmes.filter((one) => one.kind === HELPING);
    const lies = new Map([...places.values()].flatMap(({nis, postcodes = []}) => postcodes.map((postcode) => [postcode, nis])));
    const named = (one) => goesOn(one) ? one.name : t("programme.over", {name: one.name, day: day(one.ended_on)});
    let chosen = (pairing.find(goesOn) ?? pairing[0])?.programme, seen = null, shown = new Set(), arrived = new Set();
    const waits = new Map(), placed = new Set(); /* by proposal; by person */
    return {
        own,
        partnership: current?.partnership,
        since: current?.since,
        partnerships,
        programmes,
        pairing,
        over: (id) => programmes.some((one) => one.programme === id && !goesOn(one)),
        helping,
        asking: helping.filter(goesOn),
        joinable: pairing.filter(goesOn),
        ongoing: programmes.filter(goesOn),
        refresh,
        enterAnew,
        waits,
        placed,
        municipalities: () => current.municipalities.map(({nis}) => [nis, places.get(nis)?.name ?? nis]),
        place: (nis) => places.get(nis)?.name ?? t("where.elsewhere"),
        /* Where a postcode lies, and whether that is served here; undefined when it is not known. */
        postcode: (postcode) => lies.has(postcode) ? {place: places.get(lies.get(postcode)).name,
            here: current.municipalities.some(({nis}) => nis === lies.get(postcode))} : undefined,
        programme: (id) => programmes.find((one) => one.programme === id)?.name ?? id,

        chosen: () => chosen,

        chooser: () => pairing.length < 2 ? pairing.map((one) => el("div", {class: "field"},
            el("span", {class: "label"}, t("programme.label")),
            el("span", {class: "fixed"}, named(one)))) : el("div", {class: "field"},
            el("label", {for: "programme"}, t("programme.label")),
            el("select", {id: "programme", "data-key": "programme", onchange: (event) => {
                chosen = event.target.value;
                refresh();
            }}, pairing.map((one) =>
                el("option", {value: one.programme, selected: one.programme === chosen}, named(one))))),

        /* Where a history ends: what those of these programmes that ended leave to do. */
        ends: (ids = programmes.map((one) => one.programme)) => programmes
            .filter((one) => ids.includes(one.programme) && !goesOn(one))
            .map((one) => el("p", {class: "ends"}, t("programme.ended", {name: one.name, day: day(one.ended_on)}), " ",
                PAIRING.includes(one.kind) ? t("programme.ended-duos") : t("programme.ended-group"))),

        /* Which of these proposals came while the view was being looked at; nothing is new at first sight. */
        unseen(ids) {
            const fresh = seen === null ? [] : ids.filter((id) => !seen.has(id));
            const gone = [...shown].filter((id) => !ids.includes(id)), news = untold(fresh);
            const said = news.length > 0 && n("today.arrived", news.length);
            seen = new Set([...(seen ?? []), ...ids]);
            shown = new Set(ids);
            arrived = new Set([...arrived, ...fresh]);
            if (said)
                say(said);
            tellLapsed(current.partnership, gone, said);
            return arrived;
        },

        lookAnew() {
            seen = null;
            shown = new Set();
            waits.clear();
            placed.clear();
            arrived = new Set();
        },
    };
}
