/* What is known of someone is corrected: with the fields, checks and words of their registration. */
import {el, say} from "./dom.js";
import {closed} from "./facts.js";
import {openDialog, openForm} from "./form.js";
import {intakeFields} from "./intake.js";
import {firstName, fullName, meetAnew} from "./people.js";
import {asTold, correcting, outside, personalFields} from "./personal.js";
import {problemNotice} from "./problem.js";
import {t, words} from "./texts.js";

function openFields(one, context, done) {
    const {about} = intakeFields(one.profile), correct = correcting(one.person_id, one);
    openForm({
        title: t("profile.title"), intro: [el("p", {class: "who"}, fullName(one.person_id))],
        fields: [...personalFields(context, one),
            {name: "channel", label: t("person.channel"), type: "select", required: true, options: words("channel"),
                value: one.channel},
            ...about.filter((field) => field.name !== "capacity")],
        submit: t("profile.do"), doubt: (values) => outside(values, context, one.postcode),
        send: async (values, key) => {
            await correct(asTold(values, one.profile), key);
            await meetAnew(one.person_id);
            say(t("done.profile", {name: values.first_name ?? firstName(one.person_id)}));
            done();
        },
    });
}

/* As they are now, for the answers take the place of the whole profile. */
export async function openProfile(person_id, context, done) {
    try {
        const one = await meetAnew(person_id), shut = closed(one);
        shut ? openDialog(t("profile.title"), el("p", {}, shut)) : openFields(one, context, done);
    } catch (error) {
        openDialog(t("profile.title"), problemNotice(error));
    }
}
