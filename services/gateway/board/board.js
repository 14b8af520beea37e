/* The board: who looks, at which partnership, at which view; and that it keeps up with what happens. */
import {ask, Problem} from "./api.js";
import {draw, el, say} from "./dom.js";
import {live} from "./live.js";
import {onHelpKey, openManual} from "./manual.js";
import {forgetPeople} from "./people.js";
import {problemNotice} from "./problem.js";
import * as session from "./session.js";
import {login, top, waitForAnswer} from "./frame.js";
import {t} from "./texts.js";
import {setNow} from "./time.js";
import {context} from "./context.js";
import {duos} from "./view_duos.js";
import {figures} from "./view_figures.js";
import {help} from "./view_help.js";
import {forgetSearch, people} from "./view_people.js";
import {programmes} from "./view_programmes.js";
import {tables} from "./view_tables.js";
import {today} from "./view_today.js";
import {waiting} from "./view_waiting.js";

/* By name: its title, what draws it, and where it is shown; everywhere, where nothing is said. */
const views = {
    vandaag: [t("nav.today"), today],
    wachtlijst: [t("nav.waiting"), waiting],
    duos: [t("nav.duos"), duos],
    hulpvragen: [t("nav.help"), help, ({helping}) => helping.length > 0],
    mensen: [t("nav.people"), people],
    praattafels: [t("nav.tables"), tables],
    cijfers: [t("nav.figures"), figures],
    programmas: [t("nav.programmes"), programmes],
};
const FOLLOWED = ["matching", "scheduling", "registry"];
const UNASKED = "registry"; /* who may not follow it sees who is new at the next look */
const RETRY_MS = 5000;
const REST_MS = 600; /* between two looks, whatever happens meanwhile */

const main = document.getElementById("main");
const states = new Map();
let drawn = 0, entered = 0, looking = false, again = false, endLive = null;
let here = null; /* what is looked at; null until that is known */

function shown() {
    return Object.fromEntries(Object.entries(views).filter(([, [, , where]]) => !where || where(here)));
}

function viewName() {
    const name = location.hash.slice(1);
    return name in shown() ? name : "vandaag";
}

/* Draws the view anew, unless another was asked for meanwhile. */
async function refresh() {
    if (!here)
        return;
    const turn = ++drawn, name = viewName();
    main.setAttribute("aria-busy", "true");
    try {
        const [title, view] = views[name];
        const nodes = here.programmes.length > 0 ? await view(here)
            : [el("h1", {}, title), el("p", {}, t("empty.programmes"))];
        if (turn === drawn)
            draw(main, nodes);
    } catch (error) {
        if (turn === drawn && error instanceof Problem && error.status === 401)
            return leave(error);
        if (turn === drawn)
            unanswered(error, views[name][0], refresh);
    }
    if (turn === drawn)
        main.removeAttribute("aria-busy");
}

/* Once not answered is not the end: it is tried again by itself, as by hand. */
function unanswered(error, title, again) {
    const turn = drawn;
    main.removeAttribute("aria-busy");
    waitForAnswer(main, title, problemNotice(error), again, leave);
    if (error instanceof Problem && error.passing)
        setTimeout(() => turn === drawn && session.token() && again(), RETRY_MS);
}

/* Looks again after whatever comes while it looks, and never twice at once: a look that is always overtaken shows
 * nothing. */
async function refreshSoon() {
    again = true;
    if (looking)
        return;
    looking = true;
    while (again) {
        await new Promise((resolve) => setTimeout(resolve, REST_MS));
        again = false;
        await refresh();
    }
    looking = false;
}

function onEvent(event) {
    if (here && (!event.partnership || event.partnership === here.partnership))
        refreshSoon();
}

function onStream(stream, state, error) {
    if (!here)
        return;
    if (state === "out") /* names are not shown on when the token no longer counts */
        return leave(error);
    if (stream === UNASKED && state === "refused")
        return;
    states.set(stream, state);
    const all = [...states.values()];
    frame(all.includes("refused") ? "refused" : all.includes("away") ? "away" : "live");
    if (state === "live")
        refreshSoon();
}

function frame(state) {
    top({views: shown(), current: viewName(), here, state, leave, help: manual, choose: (partnership) => {
        session.setPartnership(partnership);
        enter();
    }});
}

function show() {
    say("");
    forgetPeople();
    here.lookAnew();
    window.scrollTo(0, 0);
    frame(states.size > 0 ? undefined : "away");
    document.title = t("page.title", {view: views[viewName()][0]});
    return refresh();
}

function leave(error) {
    endLive?.();
    drawn++;
    entered++;
    here = null;
    main.removeAttribute("aria-busy");
    for (const dialog of document.querySelectorAll("dialog"))
        dialog.close();
    say("");
    session.forget();
    forgetPeople();
    forgetSearch();
    login(main, error instanceof Problem && problemNotice(error), (token) => {
        session.setToken(token);
        enter();
    }, manual);
}

/* At the chapter of the view; before one is there, at the first. */
function manual() {
    openManual(here && views[viewName()][0]);
}

/* What was looked at before is not drawn meanwhile, and of two that come in the last one does. */
async function enter() {
    endLive?.();
    states.clear();
    drawn++;
    here = null;
    forgetSearch();
    draw(main, [el("p", {class: "soft", role: "status"}, t("page.loading"))]);
    main.setAttribute("aria-busy", "true");
    const turn = ++entered;
    let found;
    try {
        const own = await ask("/v1/own-token");
        setNow(own.now);
        found = await context(own, refresh, enter);
    } catch (error) {
        if (turn !== entered)
            return;
        if (error instanceof Problem && error.status === 401)
            return leave(error);
        return unanswered(error, t("login.title"), enter);
    }
    if (turn !== entered)
        return;
    here = found;
    await show();
    if (here === found)
        endLive = live(FOLLOWED, onEvent, onStream);
}

document.getElementById("said").showPopover?.();
onHelpKey(manual);
session.takeFromAddress();
window.addEventListener("hashchange", () => {
    const another = session.takeFromAddress();
    if (session.token())
        here && !another ? show() : enter();
});
session.token() ? enter() : leave();
