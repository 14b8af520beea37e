/* The calendar of a person, as a link that they put in their own. It is secret, so it is shown once and kept nowhere. */
import {tell} from "./api.js";
import {button, draw, el} from "./dom.js";
import {openDialog} from "./form.js";
import {fullName} from "./people.js";
import {problemNotice} from "./problem.js";
import {t} from "./texts.js";

export function openCalendar(person_id) {
    const out = el("div", {"aria-live": "polite"});
    async function make() {
        try {
            const {path} = await tell("issue-calendar-link", {person_id});
            const link = el("input", {id: "calendar", readonly: true, value: location.origin + path});
            draw(out, [el("div", {class: "field"}, el("label", {for: "calendar"}, t("calendar.link")), link),
                el("p", {class: "soft"}, t("calendar.how"))]);
            link.select();
        } catch (error) {
            draw(out, [problemNotice(error)]);
        }
    }
    openDialog(t("calendar.title"), el("p", {class: "who"}, fullName(person_id)), el("p", {}, t("calendar.intro")), out);
    draw(out, [el("div", {class: "actions"}, button(t("calendar.do"), make, {class: "main"}))]);
}
