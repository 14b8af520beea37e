/* That two who look alike are two people; and of whom that was said, to take it back. */
import {askAll, tell} from "./api.js";
import {openDecision} from "./decision.js";
import {button, draw, el, say} from "./dom.js";
import {openDialog} from "./form.js";
import {fullName, meet} from "./people.js";
import {problemNotice} from "./problem.js";
import {list, t} from "./texts.js";

const namesOf = ({person_id, other_id}) => list([person_id, other_id].map(fullName));

export function openApart({person_id, other_id}, done) {
    openDecision(namesOf({person_id, other_id}), {
        title: t("apart.title"), intro: t("apart.intro"), submit: t("apart.do"),
        order: (_, key) => tell("dismiss-duplicate", {person_id, other_id}, key),
        said: () => t("done.apart"),
    }, done);
}

function line(pair, out, again) {
    async function restore() {
        const {person_id, other_id} = pair;
        try {
            await tell("restore-duplicate", {person_id, other_id});
            say(t("done.likened"));
            again();
        } catch (error) {
            out.prepend(problemNotice(error));
        }
    }
    return el("li", {}, el("strong", {}, namesOf(pair)),
        button(t("apart.restore"), restore, {"data-key": `restore-${pair.person_id}-${pair.other_id}`}));
}

/* Everyone of whom it was said, who still looks alike. */
export function openToldApart({partnership, refresh}) {
    const out = el("div", {"aria-live": "polite"});
    async function look() {
        try {
            const pairs = await askAll("/v1/duplicates", {partnership, dismissed: true}, "pairs");
            await meet(pairs.flatMap((one) => [one.person_id, one.other_id]));
            draw(out, [pairs.length > 0 ? el("ul", {class: "found"}, pairs.map((one) => line(one, out, again)))
                : el("p", {class: "soft"}, t("apart.none"))]);
        } catch (error) {
            draw(out, [problemNotice(error)]);
        }
    }
    function again() {
        refresh();
        look();
    }
    openDialog(t("apart.told"), el("p", {}, t("apart.told-intro")), out);
    look();
}
