/* Wachtlijst: who waits, on both sides of a programme, and why two of them are not proposed. */
import {askFirst} from "./api.js";
import {button, el, table} from "./dom.js";
import {openLeaveWaiting} from "./leaving.js";
import {openRegister} from "./register.js";
import {openWhy} from "./why.js";
import {meet} from "./people.js";
import {named} from "./person.js";
import {n, number, t, word} from "./texts.js";
import {day, span} from "./time.js";

const PAGE = 25;
const shown = {newcomer: PAGE, volunteer: PAGE};

function state(one) {
    if (one.proposal_id)
        return el("span", {class: "tag"}, t("waiting.proposed"));
    return one.candidates > 0 ? n("waiting.candidates", one.candidates) : el("span", {class: "warn"}, t("waiting.nobody"));
}

/* So often proposed without a duo that it asks for a talk with the person. */
const OFTEN = 3;

function often(one) {
    return (one.in_vain ?? 0) >= OFTEN && el("div", {class: "warn"}, t("waiting.often", {count: number(one.in_vain)}));
}

function rowOf(one, others, context) {
    const pair = (other) => one.side === "newcomer" ? {newcomer_id: one.person_id, volunteer_id: other}
        : {newcomer_id: other, volunteer_id: one.person_id};
    return [
        named(one.person_id, context, one.waiting_id),
        context.place(one.nis),
        el("span", {title: day(one.since)}, span(one.days)),
        [state(one), one.side === "volunteer" && one.places > 1 && el("span", {class: "soft"},
            ` ${n("waiting.places", one.places)}`), often(one)],
        el("div", {class: "actions"},
            others.length > 0 ? button(one.proposal_id ? t("why.open-proposed") : t("why.open"),
                () => openWhy(one, others, pair, context),
                {"data-key": `why-${one.waiting_id}`}) : el("span", {class: "soft"}, t("waiting.other-empty")),
            button(t("unwait.open"), () => openLeaveWaiting(one, context), {"data-key": `unwait-${one.waiting_id}`})),
    ];
}

function side(name, page, others, context) {
    const more = page.people.length < page.total;
    return el("section", {"aria-labelledby": `s-${name}`},
        el("h2", {id: `s-${name}`}, word("side", name), el("span", {class: "count"}, number(page.total))),
        page.people.length > 0
            ? table(t("waiting.caption"), [t("waiting.who"), t("waiting.where"), t("waiting.long"), t("waiting.state"),
                t("waiting.do")], page.people.map((one) => rowOf(one, others, context)))
            : el("p", {class: "soft"}, t("waiting.none")),
        more && button(t("list.more"), () => {
            shown[name] += shown[name];
            context.refresh();
        }, {"data-key": `more-${name}`}));
}

export async function waiting(context) {
    const programme = context.chosen();
    if (!programme)
        return [el("h1", {}, t("nav.waiting")), el("p", {}, t("waiting.no-programme"))];
    const [newcomers, volunteers] = await Promise.all(["newcomer", "volunteer"].map((one) =>
        askFirst("/v1/waiting-list", {partnership: context.partnership, programme, side: one}, "people", shown[one])));
    await meet([...newcomers.people, ...volunteers.people].map((one) => one.person_id));
    return [
        el("h1", {}, t("nav.waiting")), context.chooser(), context.ends([programme]),
        context.joinable.some((one) => one.programme === programme) && el("div", {class: "actions"}, button(t("register.open"), () => openRegister(context), {"data-key": "register"})),
        el("div", {class: "sides"},
            side("newcomer", newcomers, volunteers.people, context),
            side("volunteer", volunteers, newcomers.people, context)),
    ];
}
