/* What a coordinator decides about two people: each is one command. */
import {ask, soon, tell} from "./api.js";
import {say} from "./dom.js";
import {openDecision} from "./decision.js";
import {both, firstName} from "./people.js";
import {tellRematch} from "./rematch.js";
import {t, words} from "./texts.js";
import {dateOf, dayAndTime, now} from "./time.js";

const onDate = (since) => ({name: "on_date", label: t("contact.date"), type: "date", required: true,
    value: dateOf(now()), min: since && dateOf(since), max: dateOf(now())});
/* What happened today happened now: only another day is told. */
const dated = ({on_date, ...values}) => on_date === dateOf(now()) ? values : {on_date, ...values};
const returns = (name, id, follow) => ({name, label: t("stop.returns", {name: firstName(id)}), type: "checkbox",
    value: true, follow});

/* The talk is planned by itself, within the second: said when it stands. */
async function tellTalk(proposal) {
    const {partnership, proposal_id} = proposal;
    const talk = await soon(async () => {
        const {meetings} = await ask("/v1/meetings", {partnership, proposal_id, state: "planned"}).catch(() => ({meetings: []}));
        return meetings[0];
    });
    if (talk)
        say(t("done.planned", {who: both(proposal), moment: dayAndTime(talk.at)}));
}

export function openAccept(proposal, done) {
    openDecision(both(proposal), {
        title: t("accept.title"), intro: t("accept.intro"), submit: t("accept.do"),
        order: (_, key) => tell("accept-match", {proposal_id: proposal.proposal_id}, key),
        said: () => t("done.accepted", {who: both(proposal)}),
        after: () => tellTalk(proposal),
    }, done);
}

export function openDecline(proposal, done) {
    openDecision(both(proposal), {
        title: t("decline.title"), intro: t("decline.intro"),
        fields: [
            {name: "by", label: t("decline.by"), type: "select", required: true, value: "coordinator",
                options: words("declined-by")},
            {name: "reason", label: t("decline.reason"), type: "select", required: true,
                options: words("reason-decline")},
        ],
        submit: t("decline.do"), danger: true,
        order: (values, key) => tell("decline-match", {proposal_id: proposal.proposal_id, ...values}, key),
        said: () => t("done.declined", {who: both(proposal)}),
    }, done);
}

/* In a programme that is over nobody returns to a list. */
export function openStop(duo, done, over = false) {
    openDecision(both(duo), {
        title: t("stop.title"), intro: over ? t("stop.over") : t("stop.intro"),
        fields: [
            {name: "reason", label: t("stop.reason"), type: "select", required: true, options: words("reason-stop")},
            onDate(duo.last_contact ?? duo.started),
            ...over ? [] : [
                returns("newcomer_returns", duo.newcomer_id,
                    ({reason}) => !["goal-reached", "moved", "work-or-study"].includes(reason)),
                returns("volunteer_returns", duo.volunteer_id)],
        ],
        submit: t("stop.do"), danger: true,
        order: (values, key) => tell("stop-duo", {duo_id: duo.duo_id, ...dated(values)}, key),
        said: () => t("done.stopped", {who: both(duo)}),
        after: () => tellRematch(duo, t("done.stopped", {who: both(duo)})),
    }, done);
}

export function openContact(duo, done) {
    openDecision(both(duo), {
        title: t("contact.title"),
        fields: [
            {name: "kind", label: t("contact.kind"), type: "select", required: true, value: "meeting",
                options: words("contact-kind")},
            {name: "hours", label: t("contact.hours"), type: "number", min: 0, max: 24, step: 0.25},
            onDate(duo.started),
        ],
        submit: t("contact.do"),
        order: (values, key) => tell("log-contact", {duo_id: duo.duo_id, ...dated(values)}, key),
        said: () => t("done.contact", {who: both(duo)}),
    }, done);
}

export function openInformal(duo, done, over = false) {
    openDecision(both(duo), {
        title: t("informal.title"), intro: t("informal.intro"),
        fields: [onDate(duo.last_contact ?? duo.started), ...over ? [] : [returns("volunteer_returns", duo.volunteer_id)]],
        submit: t("informal.do"),
        order: (values, key) => tell("mark-informal", {duo_id: duo.duo_id, ...dated(values)}, key),
        said: () => t("done.informal", {who: both(duo)}),
        after: () => tellRematch(duo, t("done.informal", {who: both(duo)})),
    }, done);
}

/* Of a planned talk, or of an accepted pair that has none. */
export function openOutcome(talk, done) {
    openDecision(both(talk), {
        title: t("outcome.title"),
        fields: [
            {name: "outcome", label: t("outcome.what"), type: "select", required: true, options: words("talk-outcome")},
            {name: "reason", label: t("decline.reason"), type: "select", required: true,
                options: words("reason-decline"), when: ({outcome}) => outcome?.startsWith("decline-")},
            onDate(talk.proposed),
        ],
        submit: t("outcome.do"),
        order: (values, key) => tell("hold-meeting", {proposal_id: talk.proposal_id, ...dated(values)}, key),
        said: () => t("done.outcome", {who: both(talk)}),
    }, done);
}
