/* Whether the partner who referred someone may hear what becomes of them: the person says, and may take it back. */
import {tell} from "./api.js";
import {openDecision} from "./decision.js";
import {button} from "./dom.js";
import {firstName, fullName, person} from "./people.js";
import {t} from "./texts.js";

const PURPOSE = "share-with-partner";

export const shares = ({consents = []}) => consents.includes(PURPOSE);

function openSharing(person_id, done) {
    const shared = shares(person(person_id)), told = {person_id, purpose: PURPOSE}, name = firstName(person_id);
    openDecision(fullName(person_id), {
        title: t("sharing.title"), intro: shared ? t("sharing.shared") : t("sharing.intro"),
        submit: shared ? t("sharing.stop") : t("sharing.do"), danger: shared,
        order: (_, key) => shared ? tell("withdraw-consent", told, key) : tell("give-consent", told, key),
        said: () => shared ? t("done.unshared", {name}) : t("done.shared", {name}),
    }, done);
}

/* Of who was referred by nobody there is nothing to share. */
export function sharingAction(person_id, done) {
    return person(person_id).referrals?.length > 0
        && button(t("sharing.open"), () => openSharing(person_id, done), {"data-key": "sharing"});
}
