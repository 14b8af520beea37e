/* Someone new: registered, as a volunteer recruited, and after the intake on the waiting list of a programme. */
import {tell} from "./api.js";
import {el, say} from "./dom.js";
import {openForm} from "./form.js";
import {intakeFields, joining} from "./intake.js";
import {asTold, correcting, outside, personalFields} from "./personal.js";
import {tellJoined} from "./rematch.js";
import {t} from "./texts.js";

function fields(context, joins) {
    const {side, about} = intakeFields();
    return joins ? [side, ...personalFields(context), ...about]
        : [...personalFields(context), ...about.filter((field) => field.name !== "capacity")];
}

/* Several commands: what is done stays done when a later one is refused and sent again. Who comes to talk tables alone
 * `joins` no list. */
export function openRegister(context, joins = true) {
    let person_id, correct, told;
    const programme = context.chosen(), join = joining(() => programme, false);
    openForm({
        title: t("register.title"),
        intro: [el("p", {}, joins ? t("register.intro", {programme: context.programme(programme)}) : t("register.alone"))],
        fields: fields(context, joins), submit: t("register.do"), doubt: (values) => outside(values, context),
        send: async (values, key) => {
            const now = asTold(values), known = told;
            told = undefined; /* until all of it is done */
            if (person_id === undefined) {
                ({person_id} = await tell("register-person", {partnership: context.partnership, ...now}, `${key}-register`));
                correct = correcting(person_id, now);
            } else if (JSON.stringify(now) !== known) {
                await correct(now, key);
            }
            told = JSON.stringify(now);
            if (joins)
                await join(person_id, values, key);
            const said = joins ? t("done.registered", {name: now.first_name}) : t("done.enrolled", {name: now.first_name});
            say(said);
            context.refresh();
            if (joins)
                tellJoined(person_id, context, {programme, side: values.side}, said);
        },
    });
}
