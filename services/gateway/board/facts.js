/* What is known of someone, in words: for whoever has to call, write or choose. */
import {el} from "./dom.js";
import {person} from "./people.js";
import {shares} from "./sharing.js";
import {languageName, list, t, texted, word} from "./texts.js";
import {dateOf, day, yearNow} from "./time.js";

function link(scheme, value) {
    return value && el("a", {href: `${scheme}:${value}`}, value);
}

/* "mon-evening" and "tue-evening" are "avond (ma en di)". */
function slots(names) {
    const days = new Map();
    for (const name of names) {
        const [weekday, part] = name.split("-");
        days.set(part, [...(days.get(part) ?? []), word("weekday", weekday)]);
    }
    return [...days].map(([part, of]) => `${word("day-part", part)} (${list(of)})`).join(", ");
}

function address(one, context) {
    const place = [one.postcode, one.nis && context.place(one.nis)].filter(Boolean).join(" ");
    return [one.street, place].filter(Boolean).join(", ");
}

function volunteer({state, capacity, until}) {
    return [word("volunteer-state", state), until && t("person.rests", {day: day(until)}),
        texted("person.capacity", capacity)].filter(Boolean).join(", ");
}

/* Who referred someone last, and whether they hear more. */
function referral({referrals: [last] = [], ...one}) {
    return last ? [[t("person.referred"), t("person.referral", {partner: word("partner", last.partner_type),
        reason: word("reason-referral", last.reason), day: day(dateOf(last.at))})],
    [t("person.shares"), shares(one) ? t("person.yes") : t("person.no")]] : [];
}

/* What is known of someone, as [label, value]. */
export function known(id, context) {
    const one = person(id), profile = one.profile ?? {}, words = (values, say) => values?.length > 0 && list(values.map(say));
    const spoken = profile.languages?.filter((code) => code !== one.preferred_language);
    const children = (profile.child_birth_years ?? []).map((year) => yearNow() - year).sort((a, b) => a - b);
    return [
        [t("person.phone"), link("tel", one.phone)],
        [t("person.mail"), link("mailto", one.email)],
        [t("person.channel"), one.channel && word("channel", one.channel)],
        [t("person.address"), address(one, context)],
        [t("register.language"), one.preferred_language && languageName(one.preferred_language)],
        [t("person.languages"), words(spoken, languageName)],
        [t("register.dutch"), profile.dutch_level && word("level", profile.dutch_level)],
        [t("person.when"), profile.availability?.length > 0 && slots(profile.availability)],
        [t("register.birth-year"), profile.birth_year && String(profile.birth_year)],
        [t("register.gender"), profile.gender && word("gender", profile.gender)],
        [t("register.prefers-gender"), profile.prefers_gender && word("gender-preference", profile.prefers_gender)],
        [t("person.children"), children.length > 0 && t("person.ages", {ages: list(children.map(String))})],
        [t("person.interests"), words(profile.interests, (name) => word("interest", name))],
        [t("person.volunteer"), one.volunteer && volunteer(one.volunteer)],
        ...referral(one),
        [t("person.registered"), one.registered && day(dateOf(one.registered))],
    ].filter(([, value]) => value);
}

export function facts(items) {
    return el("dl", {class: "known"}, items.map(([label, value]) => el("div", {}, el("dt", {}, label), el("dd", {}, value))));
}

/* Why of someone nothing is shown; undefined when it may be. */
export function closed({hidden, erased}) {
    return hidden ? t("person.may-not") : erased ? t("person.was-erased") : undefined;
}
