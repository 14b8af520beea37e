/* Someone no longer waits for a match, and does not become a duo either. */
import {tell} from "./api.js";
import {openDecision} from "./decision.js";
import {fullName} from "./people.js";
import {t, words} from "./texts.js";

export function openLeaveWaiting({person_id, programme, side, proposal_id}, context, done = context.refresh) {
    const name = fullName(person_id);
    openDecision(name, {
        title: t("unwait.title", {programme: context.programme(programme)}),
        intro: proposal_id ? t("unwait.proposed") : t("unwait.intro"),
        fields: [{name: "reason", label: t("leave.reason"), type: "select", required: true, options: words("reason-leave")}],
        submit: t("unwait.do"), danger: true,
        order: ({reason}, key) => tell("leave-waiting", {person_id, programme, side, reason}, key),
        said: () => t("done.unwaits", {name}),
    }, done);
}
