/* Someone new: registered, as a volunteer recruited, and after the intake on the waiting list of a programme. */
import {tell} from "./api.js";
import {el, say} from "./dom.js";
import {openForm} from "./form.js";
import {intakeFields, joining, LANGUAGES, profileOf} from "./intake.js";
import {languageName, t} from "./texts.js";

const PERSONAL = ["first_name", "last_name", "email", "phone"];

function fields() {
    const {side, about} = intakeFields();
    return [
        side,
        {name: "first_name", label: t("register.first-name"), required: true, maxlength: 80},
        {name: "last_name", label: t("register.last-name"), maxlength: 80},
        {name: "postcode", label: t("register.postcode"), required: true, pattern: "[0-9]{4}", maxlength: 4},
        {name: "preferred_language", label: t("register.language"), type: "select", required: true,
            options: LANGUAGES.map((code) => [code, languageName(code)])},
        {name: "email", label: t("register.email"), type: "email", maxlength: 254},
        {name: "phone", label: t("register.phone"), type: "tel", maxlength: 26, hint: t("register.phone-hint")},
        ...about,
    ];
}

/* Who reads another language speaks it. */
function asTold({preferred_language, postcode, ...values}) {
    const personal = Object.fromEntries(PERSONAL.map((name) => [name, values[name]]));
    const languages = [...new Set([preferred_language, ...values.languages])].filter((code) => code !== "nl");
    return {...personal, postcode, preferred_language, profile: profileOf({...values, languages})};
}

/* What was corrected after a later step was refused. */
async function correct(person_id, before, now, key) {
    const {postcode, ...about} = now;
    const forget = PERSONAL.filter((name) => before[name] && !now[name]).map((name) => name.replace("_", "-"));
    if (postcode !== before.postcode)
        await tell("move-person", {person_id, postcode}, `${key}-move`);
    await tell("change-profile", {person_id, ...about, forget: forget.length > 0 ? forget : undefined}, `${key}-profile`);
}

/* Several commands: what is done stays done when a later one is refused and sent again. */
export function openRegister(context) {
    let person_id, told;
    const join = joining(context.chosen, false);
    openForm({
        title: t("register.title"),
        intro: [el("p", {}, t("register.intro", {programme: context.programme(context.chosen())}))],
        fields: fields(), submit: t("register.do"),
        send: async (values, key) => {
            const now = asTold(values);
            if (person_id === undefined)
                ({person_id} = await tell("register-person", {partnership: context.partnership, ...now}, `${key}-register`));
            else if (JSON.stringify(now) !== JSON.stringify(told))
                await correct(person_id, told, now, key);
            told = now;
            await join(person_id, values, key);
            say(t("done.registered", {name: now.first_name}));
            context.refresh();
        },
    });
}
