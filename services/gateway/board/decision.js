/* What a coordinator decides, as a dialog that is one command. */
import {el, say} from "./dom.js";
import {openForm} from "./form.js";

/* `about` is whom or what it is about; `order(values, key)` the command, `said(reply)` what is told when it is done, and
 * `after(reply)` what is looked for then. */
export function openDecision(about, {intro, order, said, after, fields = [], ...form}, done) {
    openForm({
        ...form, fields, intro: [el("p", {class: "who"}, about), typeof intro === "string" ? el("p", {}, intro) : intro],
        send: async (values, key) => {
            const reply = await order(values, key);
            say(said(reply));
            done();
            after?.(reply);
        },
    });
}
