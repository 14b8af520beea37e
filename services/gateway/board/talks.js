/* The acquaintance talk of an accepted pair: planned, moved, called off. What came of it is among the decisions. */
import {tell} from "./api.js";
import {openDecision} from "./decision.js";
import {both} from "./people.js";
import {t, words} from "./texts.js";
import {dayAndTime, localTime, now, oddHour} from "./time.js";

function moment({at, place_kind}) {
    return [
        {name: "at", label: t("move.at"), type: "datetime-local", required: true, value: at && localTime(at),
            min: localTime(now())},
        {name: "place_kind", label: t("move.place"), type: "select", options: words("place-kind"), value: place_kind},
    ];
}

const doubtOf = ({at}) => oddHour(at.slice(11)) && t("move.odd", {hour: at.slice(11)});
const told = ({at, place_kind}) => ({at: `${at}:00`, place_kind});

export function openPlan(talk, done) {
    openDecision(both(talk), {
        title: t("plan.title"), intro: t("plan.intro"), fields: moment(talk), submit: t("plan.do"), doubt: doubtOf,
        order: (values, key) => tell("plan-meeting", {proposal_id: talk.proposal_id, ...told(values)}, key),
        said: ({at}) => t("done.planned-anew", {who: both(talk), moment: dayAndTime(at)}),
    }, done);
}

export function openMove(talk, done) {
    openDecision(both(talk), {
        title: t("move.title"), intro: t("move.intro"), fields: moment(talk), submit: t("move.do"), doubt: doubtOf,
        order: (values, key) => tell("move-meeting", {meeting_id: talk.meeting_id, ...told(values)}, key),
        said: ({at}) => t("done.moved", {who: both(talk), moment: dayAndTime(at)}),
    }, done);
}

export function openCallOff(talk, done) {
    openDecision(both(talk), {
        title: t("call-off.title"), intro: t("call-off.intro"), submit: t("call-off.do"), danger: true,
        order: (_, key) => tell("cancel-meeting", {meeting_id: talk.meeting_id}, key),
        said: () => t("done.called-off", {who: both(talk)}),
    }, done);
}
