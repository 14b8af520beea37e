/* Requests for help: asked, given to a buddy, fulfilled, or ended without. */
import {tell} from "./api.js";
import {openDecision} from "./decision.js";
import {button, draw, el, say} from "./dom.js";
import {finder, nameOf} from "./finder.js";
import {openDialog} from "./form.js";
import {fullName, meet, meetAnew} from "./people.js";
import {problemNotice} from "./problem.js";
import {t, word, words} from "./texts.js";

const about = ({person_id, topic}) => `${fullName(person_id)}: ${word("topic", topic)}`;

/* The buddy is found by the rules; who else is to take it is told afterwards. */
export function openAsk(person_id, context, done = context.refresh) {
    const programmes = context.asking;
    openDecision(fullName(person_id), {
        title: t("help.new"), intro: t("help.intro"),
        fields: [
            {name: "programme", label: t("programme.label"), type: "select", required: true,
                options: programmes.map((one) => [one.programme, one.name]),
                value: programmes.length === 1 && programmes[0].programme},
            {name: "topic", label: t("help.topic"), type: "select", required: true, options: words("topic")},
        ],
        submit: t("help.do"),
        order: async (values, key) => {
            const reply = await tell("open-help-request", {person_id, ...values}, key);
            await meet([reply.buddy_id]).catch(() => {});
            return reply;
        },
        said: ({buddy_id}) => buddy_id ? t("done.asked", {buddy: fullName(buddy_id)}) : t("done.asked-nobody"),
    }, done);
}

export function openWhoAsks(context) {
    const out = el("div");
    async function ask({person_id}) {
        try {
            await meetAnew(person_id);
            dialog.close();
            openAsk(person_id, context);
        } catch (error) {
            draw(out, [problemNotice(error)]);
        }
    }
    const dialog = openDialog(t("help.new"), finder(t("help.who"), context, (one) =>
        button(t("help.choose"), () => ask(one), {"data-key": `ask-${one.person_id}`})), out);
}

export function openAssign(request, context) {
    const out = el("div"), {request_id} = request;
    async function give({person_id, ...one}) {
        try {
            await tell("assign-help-request", {request_id, buddy_id: person_id});
            dialog.close();
            say(t("done.assigned", {buddy: nameOf(one)}));
            context.refresh();
        } catch (error) {
            draw(out, [problemNotice(error)]);
        }
    }
    const dialog = openDialog(t("assign.title"), el("p", {class: "who"}, about(request)), finder(t("assign.who"), context, (one) =>
        button(t("assign.do"), () => give(one), {"data-key": `give-${one.person_id}`})), out);
}

export function openFulfil(request, done) {
    openDecision(about(request), {
        title: t("fulfil.title"),
        fields: [{name: "hours", label: t("fulfil.hours"), type: "number", min: 0, max: 1000, step: 0.25}],
        submit: t("fulfil.do"),
        order: (values, key) => tell("fulfil-help-request", {request_id: request.request_id, ...values}, key),
        said: () => t("done.fulfilled", {who: fullName(request.person_id)}),
    }, done);
}

export function openDrop(request, done) {
    openDecision(about(request), {
        title: t("drop.title"), intro: t("drop.intro"),
        fields: [{name: "reason", label: t("leave.reason"), type: "select", required: true,
            options: words("reason-help").filter(([value]) => value !== "programme-ended")}],
        submit: t("drop.do"), danger: true,
        order: (values, key) => tell("drop-help-request", {request_id: request.request_id, ...values}, key),
        said: () => t("done.dropped", {who: fullName(request.person_id)}),
    }, done);
}
