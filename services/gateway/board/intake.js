/* The intake: what the matching looks at is asked, and someone joins the waiting list of a programme. Of who is new with it,
 * and of who was registered before. */
import {tell} from "./api.js";
import {el, say} from "./dom.js";
import {closed} from "./facts.js";
import {openDialog, openForm} from "./form.js";
import {LANGUAGES, codesOf, strangeName} from "./languages.js";
import {firstName, fullName, meetAnew} from "./people.js";
import {problemNotice} from "./problem.js";
import {tellJoined} from "./rematch.js";
import {languageName, t, word, words} from "./texts.js";
import {yearNow} from "./time.js";

const isVolunteer = ({side}) => side === "volunteer";

function noLanguage(text) {
    const name = strangeName(text);
    return name && t("register.no-language", {name});
}

/* The answers to these are a profile, but for `side` and `capacity`. */
export function intakeFields(profile = {}, volunteer = undefined) {
    const years = (profile.child_birth_years ?? []).join(" ");
    return {
        side: {name: "side", label: t("register.side"), type: "select", required: true,
            options: words("register-side"), value: volunteer && "volunteer"},
        about: [
            {name: "birth_year", label: t("register.birth-year"), type: "number", min: 1900, max: yearNow(),
                value: profile.birth_year},
            {name: "gender", label: t("register.gender"), type: "select", options: words("gender"), value: profile.gender},
            {name: "prefers_gender", label: t("register.prefers-gender"), type: "select", options: words("gender-preference"),
                value: profile.prefers_gender},
            {name: "child_birth_years", label: t("register.children"), hint: t("register.children-hint"), value: years,
                pattern: "[0-9]{4}([ ,]+[0-9]{4})*", maxlength: 80},
            {name: "dutch_level", label: t("register.dutch"), type: "select", options: words("level"),
                value: profile.dutch_level},
            {name: "languages", label: t("person.languages"), type: "ticks", say: languageName, value: profile.languages,
                options: LANGUAGES.filter((code) => code !== "nl").map((code) => [code, languageName(code)])},
            {name: "more_languages", label: t("register.more-languages"), hint: t("register.more-languages-hint"), maxlength: 120,
                check: noLanguage},
            {name: "interests", label: t("person.interests"), type: "ticks", say: (name) => word("interest", name),
                value: profile.interests, options: words("interest")},
            {name: "availability", label: t("person.when"), type: "half-days", value: profile.availability},
            {name: "capacity", label: t("register.capacity"), type: "number", required: true, min: 1, max: 10,
                value: volunteer?.capacity ?? 1, when: isVolunteer},
        ],
    };
}

/* The profile as it was answered; what is not asked stays. */
export function profileOf({birth_year, gender, prefers_gender, child_birth_years = "", dutch_level, languages, more_languages,
    interests, availability}, before = {}) {
    const spoken = new Set([...languages, ...codesOf(more_languages)]);
    spoken.delete("nl");
    return {...before, birth_year, gender, prefers_gender, dutch_level, languages: [...spoken], interests, availability,
        child_birth_years: child_birth_years.split(/[ ,]+/).filter(Boolean).map(Number)};
}

/* The last steps of both ways: a volunteer is recruited first. Each is done once, however often this is sent. */
export function joining(programme, recruited) {
    return async (person_id, {side, capacity}, key) => {
        if (side === "volunteer" && !recruited)
            await tell("recruit-volunteer", {person_id, capacity}, `${key}-recruit`);
        recruited ||= side === "volunteer";
        await tell("hold-intake", {person_id, programme: programme(), side, capacity}, `${key}-intake`);
    };
}

function openQuestions(person_id, {profile, volunteer}, context, done) {
    const {side, about} = intakeFields(profile, volunteer);
    const programme = {name: "programme", label: t("programme.label"), type: "select", required: true,
        value: context.joinable.some((one) => one.programme === context.chosen()) && context.chosen(), options: context.joinable.map((one) => [one.programme, one.name])};
    let chosen;
    const join = joining(() => chosen, volunteer !== undefined && volunteer.state !== "stopped");
    openForm({
        title: t("intake.title"), intro: [el("p", {class: "who"}, fullName(person_id))],
        fields: [programme, side, ...about], submit: t("intake.do"),
        send: async ({programme: name, ...values}, key) => {
            chosen = name;
            await tell("change-profile", {person_id, profile: profileOf(values, profile)}, `${key}-profile`);
            await join(person_id, values, key);
            const said = t("done.registered", {name: firstName(person_id)});
            say(said);
            done();
            tellJoined(person_id, context, {programme: name, side: values.side}, said);
        },
    });
}

/* Of someone who is registered: as they are now, for the answers take the place of the whole profile. Of who may not be
 * seen nothing is asked. */
export async function openIntake(person_id, context, done = context.refresh) {
    try {
        const one = await meetAnew(person_id), shut = closed(one);
        shut ? openDialog(fullName(person_id), el("p", {}, shut)) : openQuestions(person_id, one, context, done);
    } catch (error) {
        openDialog(t("intake.title"), problemNotice(error));
    }
}
