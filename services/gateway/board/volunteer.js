/* How far a volunteer is available: rests a while, is there again, or stops. */
import {tell} from "./api.js";
import {openDecision} from "./decision.js";
import {button} from "./dom.js";
import {firstName, fullName, person} from "./people.js";
import {t, words} from "./texts.js";
import {dateOf, now} from "./time.js";

function openRest(person_id, done) {
    openDecision(fullName(person_id), {
        title: t("rest.title"), intro: t("rest.intro"),
        fields: [{name: "until", label: t("rest.until"), type: "date", min: dateOf(now(), 1), hint: t("rest.hint")}],
        submit: t("rest.do"),
        order: (values, key) => tell("rest-volunteer", {person_id, ...values}, key),
        said: () => t("done.rests", {name: firstName(person_id)}),
    }, done);
}

function openAvailable(person_id, done) {
    openDecision(fullName(person_id), {
        title: t("available.title"), intro: t("available.intro"),
        fields: [{name: "capacity", label: t("register.capacity"), type: "number", required: true, min: 1, max: 10,
            value: person(person_id).volunteer.capacity}],
        submit: t("available.do"),
        order: (values, key) => tell("make-volunteer-available", {person_id, ...values}, key),
        said: () => t("done.available", {name: firstName(person_id)}),
    }, done);
}

function openStops(person_id, done) {
    openDecision(fullName(person_id), {
        title: t("stops.title"), intro: t("stops.intro"),
        fields: [{name: "reason", label: t("leave.reason"), type: "select", required: true, options: words("reason-leave")}],
        submit: t("stops.do"), danger: true,
        order: (values, key) => tell("stop-volunteer", {person_id, ...values}, key),
        said: () => t("done.stops", {name: firstName(person_id)}),
    }, done);
}

/* What can be said of this one, by buttons that `at` tells apart from those of others; nothing of who is no volunteer, or stopped: an intake brings them back. */
export function volunteerActions(person_id, done, at = "") {
    const {state} = person(person_id).volunteer ?? {};
    if (!state || state === "stopped")
        return [];
    const act = (text, key, open) => button(text, () => open(person_id, done), {"data-key": key + at});
    return [act(t("available.open"), "available", openAvailable),
        state !== "resting" && act(t("rest.open"), "rest", openRest), act(t("stops.open"), "stops", openStops)];
}
