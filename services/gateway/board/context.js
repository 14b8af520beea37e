/* What every view needs to know: the partnership looked at, its places and programmes, and what was seen before. */
import {el, say} from "./dom.js";
import {partnership as remembered} from "./session.js";
import {n, t} from "./texts.js";

const PAIRING = ["language-duo", "support-buddy"];

function mine(own, partnerships) {
    return own.partnerships?.length > 0
        ? partnerships.filter((one) => own.partnerships.includes(one.partnership)) : partnerships;
}

export function context(own, allPartnerships, allProgrammes, refresh) {
    const partnerships = mine(own, allPartnerships);
    const current = partnerships.find((one) => one.partnership === remembered()) ?? partnerships[0];
    const programmes = allProgrammes.filter((one) => one.partnership === current?.partnership);
    const places = new Map(allPartnerships.flatMap((one) => one.municipalities.map(({nis, name}) => [nis, name ?? nis])));
    const pairing = programmes.filter((one) => PAIRING.includes(one.kind));
    let chosen = pairing[0]?.programme, seen = null;
    return {
        partnership: current?.partnership,
        partnerships,
        programmes,
        refresh,
        place: (nis) => places.get(nis) ?? t("where.elsewhere", {nis}),
        programme: (id) => programmes.find((one) => one.programme === id)?.name ?? id,

        chosen: () => chosen,

        chooser: () => pairing.length > 1 && el("div", {class: "field"},
            el("label", {for: "programme"}, t("programme.label")),
            el("select", {id: "programme", "data-key": "programme", onchange: (event) => {
                chosen = event.target.value;
                refresh();
            }}, pairing.map((one) =>
                el("option", {value: one.programme, selected: one.programme === chosen}, one.name)))),

        /* Which of these were not there the last time; nothing is new at first sight. */
        unseen(ids) {
            const fresh = new Set(seen === null ? [] : ids.filter((id) => !seen.has(id)));
            seen = new Set([...(seen ?? []), ...ids]);
            if (fresh.size > 0)
                say(n("today.arrived", fresh.size));
            return fresh;
        },
    };
}
