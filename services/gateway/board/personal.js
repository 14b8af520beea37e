/* Who someone is and how to reach them, as fields of a form: of who is new, and of who is known. */
import {tell} from "./api.js";
import {LANGUAGES, profileOf} from "./intake.js";
import {languageName, t} from "./texts.js";

const PERSONAL = ["first_name", "last_name", "email", "phone", "street"];

export function personalFields(one = {}) {
    const languages = [...new Set([...LANGUAGES, one.preferred_language].filter(Boolean))];
    return [
        {name: "first_name", label: t("register.first-name"), required: !one.person_id, maxlength: 80},
        {name: "last_name", label: t("register.last-name"), maxlength: 80},
        {name: "street", label: t("register.street"), maxlength: 120},
        {name: "postcode", label: t("register.postcode"), required: true, pattern: "[0-9]{4}", maxlength: 4},
        {name: "preferred_language", label: t("register.language"), type: "select", required: true,
            options: languages.map((code) => [code, languageName(code)])},
        {name: "email", label: t("register.email"), type: "email", maxlength: 254},
        {name: "phone", label: t("register.phone"), type: "tel", maxlength: 26, hint: t("register.phone-hint"),
            pattern: "[+]?[0-9][0-9 .\\/\\(\\)\\-]{5,24}"},
    ].map((field) => ({...field, value: one[field.name]}));
}

/* As the commands take it. Who reads another language speaks it. */
export function asTold({preferred_language, postcode, channel, ...values}, before = {}) {
    const personal = Object.fromEntries(PERSONAL.map((name) => [name, values[name]]));
    const languages = [...new Set([preferred_language, ...values.languages])].filter((code) => code !== "nl");
    return {...personal, postcode, preferred_language, channel, profile: profileOf({...values, languages}, before)};
}

/* What was emptied is forgotten. The move comes last: it may give someone to another partnership. It forgets the street
 * that it does not name. A way to be reached that is not changed follows what is known. */
export async function correct(person_id, before, now, key) {
    const {postcode, ...about} = {...now, channel: now.channel === before.channel ? undefined : now.channel};
    const forget = PERSONAL.filter((name) => before[name] && !now[name]).map((name) => name.replace("_", "-"));
    await tell("change-profile", {person_id, ...about, forget: forget.length > 0 ? forget : undefined}, `${key}-profile`);
    if (postcode !== before.postcode)
        await tell("move-person", {person_id, postcode, street: about.street}, `${key}-move`);
}
