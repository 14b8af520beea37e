/* That there is nothing to do about someone: no intake is needed, or a partner's word changes nothing. */
import {tell} from "./api.js";
import {openDecision} from "./decision.js";
import {firstName, fullName} from "./people.js";
import {t} from "./texts.js";

function openReview(person_id, texts, done) {
    openDecision(fullName(person_id), {
        ...texts, order: (_, key) => tell("review-person", {person_id}, key),
        said: () => t("done.reviewed", {name: firstName(person_id)}),
    }, done);
}

export function openNoIntake(person_id, done) {
    openReview(person_id, {title: t("no-intake.title"), intro: t("no-intake.intro"), submit: t("no-intake.do")}, done);
}

export function openLeaveAway(person_id, done) {
    openReview(person_id, {title: t("leave-away.title"), intro: t("leave-away.intro"), submit: t("leave-away.do")}, done);
}
