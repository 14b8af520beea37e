/* Who someone is and how to reach them, as fields of a form: of who is new, and of who is known. */
import {tell} from "./api.js";
import {profileOf} from "./intake.js";
import {allLanguages} from "./languages.js";
import {t} from "./texts.js";

const PERSONAL = ["first_name", "last_name", "email", "phone", "street"];

/* Told while it is typed: where the postcode lies. */
function whereabouts(postcode, context) {
    const found = context.postcode(postcode);
    return found && (found.here ? found.place : t("register.outside", {place: found.place}));
}

/* Who lives where this partnership does not serve may be a slip of the hand. */
export function outside({postcode}, context, before) {
    const found = postcode !== before && context.postcode(postcode);
    return found && !found.here && t("register.outside-sure", {place: found.place, postcode});
}

export function personalFields(context, one = {}) {
    return [
        {name: "first_name", label: t("register.first-name"), required: !one.person_id, maxlength: 80},
        {name: "last_name", label: t("register.last-name"), maxlength: 80},
        {name: "street", label: t("register.street"), maxlength: 120},
        {name: "postcode", label: t("register.postcode"), required: true, pattern: "[0-9]{4}", maxlength: 4,
            note: (postcode) => whereabouts(postcode, context)},
        {name: "preferred_language", label: t("register.language"), type: "select", required: true,
            options: allLanguages(one.preferred_language)},
        {name: "email", label: t("register.email"), type: "email", maxlength: 254},
        {name: "phone", label: t("register.phone"), type: "tel", maxlength: 26, hint: t("register.phone-hint"),
            pattern: "[+]?[0-9][0-9 .\\/\\(\\)\\-]{5,24}"},
    ].map((field) => ({...field, value: one[field.name]}));
}

/* As the commands take it. Who reads another language speaks it. */
export function asTold({preferred_language, postcode, channel, ...values}, before = {}) {
    const personal = Object.fromEntries(PERSONAL.map((name) => [name, values[name]]));
    const languages = [preferred_language, ...values.languages];
    return {...personal, postcode, preferred_language, channel, profile: profileOf({...values, languages}, before)};
}

const ADDRESS = {mail: "email", sms: "phone"};

/* A way to be reached that is not changed follows what is known; after another try it is told, unless its address goes. */
function channelOf(before, now, again) {
    const address = ADDRESS[now.channel], gone = before[address] && !now[address];
    return now.channel === before.channel && (!again || gone) ? undefined : now.channel;
}

/* Corrects, as often as it is called, what was known `before`: of what is refused or not answered a part may be done, so
 * whatever a try told may be known since, and each try has keys of its own. What is emptied is forgotten. The move comes
 * last: it may give someone to another partnership. It forgets the street that it does not name. */
export function correcting(person_id, before) {
    const told = [before];
    let at = before.postcode; /* undefined: a move was not answered */
    return async (now, key) => {
        const nth = told.length, {postcode, ...about} = {...now, channel: channelOf(before, now, nth > 1)};
        const gone = PERSONAL.filter((name) => !now[name] && told.some((one) => one[name]));
        const forget = gone.length > 0 ? gone.map((name) => name.replace("_", "-")) : undefined;
        told.push(now);
        await tell("change-profile", {person_id, ...about, forget}, `${key}-profile-${nth}`);
        if (postcode === at)
            return;
        try {
            await tell("move-person", {person_id, postcode, street: about.street}, `${key}-move-${nth}`);
            at = postcode;
        } catch (error) {
            at = error.passing ? undefined : at;
            throw error;
        }
    };
}
