/* Someone new: registered, as a volunteer recruited, and after the intake on the waiting list of a programme. */
import {tell} from "./api.js";
import {el, say} from "./dom.js";
import {openForm} from "./form.js";
import {languageName, t, words} from "./texts.js";
import {yearNow} from "./time.js";

const LANGUAGES = ["nl", "ar", "en", "es", "fa", "fr", "pl", "ps", "pt", "ro", "so", "ti", "tr", "uk"];
const isVolunteer = ({side}) => side === "volunteer";

function fields() {
    return [
        {name: "side", label: t("register.side"), type: "select", required: true, options: words("register-side")},
        {name: "first_name", label: t("register.first-name"), required: true, maxlength: 80},
        {name: "last_name", label: t("register.last-name"), maxlength: 80},
        {name: "postcode", label: t("register.postcode"), required: true, pattern: "[0-9]{4}", maxlength: 4},
        {name: "preferred_language", label: t("register.language"), type: "select", required: true,
            options: LANGUAGES.map((code) => [code, languageName(code)])},
        {name: "email", label: t("register.email"), type: "email", maxlength: 254},
        {name: "phone", label: t("register.phone"), type: "tel", maxlength: 26, hint: t("register.phone-hint")},
        {name: "birth_year", label: t("register.birth-year"), type: "number", min: 1900, max: yearNow()},
        {name: "dutch_level", label: t("register.dutch"), type: "select", options: words("level")},
        {name: "capacity", label: t("register.capacity"), type: "number", required: true, min: 1, max: 10, value: 1,
            when: isVolunteer},
    ];
}

/* Three commands: what is done stays done when a later one is refused and sent again. */
export function openRegister(context) {
    let person_id, recruited = false;
    openForm({
        title: t("register.title"),
        intro: [el("p", {}, t("register.intro", {programme: context.programme(context.chosen())}))],
        fields: fields(), submit: t("register.do"),
        send: async ({side, capacity, birth_year, dutch_level, ...personal}, key) => {
            const spoken = personal.preferred_language;
            const profile = {birth_year, dutch_level, languages: spoken === "nl" ? undefined : [spoken]};
            person_id ??= (await tell("register-person",
                {partnership: context.partnership, ...personal, profile}, `${key}-1`)).person_id;
            if (isVolunteer({side}) && !recruited)
                await tell("recruit-volunteer", {person_id, capacity}, `${key}-2`);
            recruited = isVolunteer({side});
            await tell("hold-intake", {person_id, programme: context.chosen(), side}, `${key}-3`);
            say(t("done.registered", {name: personal.first_name}));
            context.refresh();
        },
    });
}
