/* What was counted wrongly is put right: the result stays visible, with its correction. */
import {tell} from "./api.js";
import {openDecision} from "./decision.js";
import {t, word, words} from "./texts.js";
import {day} from "./time.js";

/* These follow duos and waits themselves, and are not corrected apart. */
const STANDING = ["duos-active", "waiting-newcomers", "waiting-volunteers"];

export const correctable = ({kind, figure, late}) => kind === "counted" && !late && !STANDING.includes(figure);

/* `who` was counted, where that is known. */
export function openCorrect({result_id, figure, on_date, amount}, who, done) {
    openDecision([who, word("figure", figure), day(on_date)].filter(Boolean).join(", "), {
        title: t("correct.title"), intro: t("correct.intro"),
        fields: [
            {name: "amount", label: t("correct.amount"), type: "number", required: true, min: 0, step: 0.25, value: amount},
            {name: "reason", label: t("leave.reason"), type: "select", required: true, options: words("reason-correct")},
        ],
        submit: t("correct.do"),
        order: (values, key) => tell("correct-result", {result_id, ...values}, key),
        said: () => t("done.corrected"),
    }, done);
}
