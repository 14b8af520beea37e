/* What a coordinator decides, as dialogs: each is one command. */
import {ask, tell} from "./api.js";
import {el, say} from "./dom.js";
import {openForm} from "./form.js";
import {both, firstName} from "./people.js";
import {t, words} from "./texts.js";
import {dateOf, dayAndTime, localTime, now} from "./time.js";

const onDate = (since) => ({name: "on_date", label: t("contact.date"), type: "date", required: true,
    value: dateOf(now()), min: since && dateOf(since), max: dateOf(now())});
/* What happened today happened now: only another day is told. */
const dated = ({on_date, ...values}) => on_date === dateOf(now()) ? values : {on_date, ...values};
const who = (pair) => el("p", {class: "who"}, both(pair));

/* The talk is planned by itself, within the second: said when it stands. */
async function tellTalk(proposal) {
    for (let i = 0; i < 6; i++) {
        await new Promise((resolve) => setTimeout(resolve, 500));
        const {partnership, proposal_id} = proposal;
        const {meetings} = await ask("/v1/meetings", {partnership, proposal_id, state: "planned"})
            .catch(() => ({meetings: []}));
        if (meetings.length > 0)
            return say(t("done.planned", {who: both(proposal), moment: dayAndTime(meetings[0].at)}));
    }
}

/* A form about two people; `order(values, key)` is its command, `said` what is told when that is done. */
function openDecision(pair, {intro, order, said, ...form}, done) {
    openForm({
        ...form, intro: [who(pair), intro && el("p", {}, intro)],
        send: async (values, key) => {
            await order(values, key);
            say(said);
            done();
        },
    });
}

export function openAccept(proposal, done) {
    openForm({
        title: t("accept.title"), intro: [who(proposal), el("p", {}, t("accept.intro"))], fields: [],
        submit: t("accept.do"),
        send: async (_, key) => {
            await tell("accept-match", {proposal_id: proposal.proposal_id}, key);
            say(t("done.accepted", {who: both(proposal)}));
            done();
            tellTalk(proposal);
        },
    });
}

export function openDecline(proposal, done) {
    openDecision(proposal, {
        title: t("decline.title"), intro: t("decline.intro"),
        fields: [
            {name: "by", label: t("decline.by"), type: "select", required: true, value: "coordinator",
                options: words("declined-by")},
            {name: "reason", label: t("decline.reason"), type: "select", required: true,
                options: words("reason-decline")},
        ],
        submit: t("decline.do"), danger: true,
        order: (values, key) => tell("decline-match", {proposal_id: proposal.proposal_id, ...values}, key),
        said: t("done.declined", {who: both(proposal)}),
    }, done);
}

export function openStop(duo, done) {
    openDecision(duo, {
        title: t("stop.title"), intro: t("stop.intro"),
        fields: [
            {name: "reason", label: t("stop.reason"), type: "select", required: true, options: words("reason-stop")},
            onDate(duo.last_contact ?? duo.started),
            {name: "newcomer_returns", label: t("stop.returns", {name: firstName(duo.newcomer_id)}), type: "checkbox",
                value: true, follow: ({reason}) => !["goal-reached", "moved", "work-or-study"].includes(reason)},
            {name: "volunteer_returns", label: t("stop.returns", {name: firstName(duo.volunteer_id)}), type: "checkbox",
                value: true},
        ],
        submit: t("stop.do"), danger: true,
        order: (values, key) => tell("stop-duo", {duo_id: duo.duo_id, ...dated(values)}, key),
        said: t("done.stopped", {who: both(duo)}),
    }, done);
}

export function openContact(duo, done) {
    openDecision(duo, {
        title: t("contact.title"),
        fields: [
            {name: "kind", label: t("contact.kind"), type: "select", required: true, value: "meeting",
                options: words("contact-kind")},
            {name: "hours", label: t("contact.hours"), type: "number", min: 0, max: 24, step: 0.25},
            onDate(duo.started),
        ],
        submit: t("contact.do"),
        order: (values, key) => tell("log-contact", {duo_id: duo.duo_id, ...dated(values)}, key),
        said: t("done.contact", {who: both(duo)}),
    }, done);
}

export function openInformal(duo, done) {
    openDecision(duo, {
        title: t("informal.title"), intro: t("informal.intro"),
        fields: [
            onDate(duo.last_contact ?? duo.started),
            {name: "volunteer_returns", label: t("stop.returns", {name: firstName(duo.volunteer_id)}), type: "checkbox",
                value: true},
        ],
        submit: t("informal.do"),
        order: (values, key) => tell("mark-informal", {duo_id: duo.duo_id, ...dated(values)}, key),
        said: t("done.informal", {who: both(duo)}),
    }, done);
}

/* Of a planned talk, or of an accepted pair that has none. */
export function openOutcome(talk, done) {
    openDecision(talk, {
        title: t("outcome.title"),
        fields: [
            {name: "outcome", label: t("outcome.what"), type: "select", required: true, options: words("talk-outcome")},
            {name: "reason", label: t("decline.reason"), type: "select", required: true,
                options: words("reason-decline"), when: ({outcome}) => outcome?.startsWith("decline-")},
            onDate(talk.proposed),
        ],
        submit: t("outcome.do"),
        order: (values, key) => tell("hold-meeting", {proposal_id: talk.proposal_id, ...dated(values)}, key),
        said: t("done.outcome", {who: both(talk)}),
    }, done);
}

const oddHour = (clock) => clock < "08:00" || clock > "21:00";

export function openMove(talk, done) {
    openForm({
        title: t("move.title"), intro: [who(talk), el("p", {}, t("move.intro"))],
        fields: [
            {name: "at", label: t("move.at"), type: "datetime-local", required: true, value: localTime(talk.at),
                min: localTime(now())},
            {name: "place_kind", label: t("move.place"), type: "select", options: words("place-kind"),
                value: talk.place_kind},
        ],
        submit: t("move.do"), doubt: ({at}) => oddHour(at.slice(11)) && t("move.odd", {hour: at.slice(11)}),
        send: async (values, key) => {
            const {at} = await tell("move-meeting", {meeting_id: talk.meeting_id, ...values, at: `${values.at}:00`}, key);
            say(t("done.moved", {who: both(talk), moment: dayAndTime(at)}));
            done();
        },
    });
}
