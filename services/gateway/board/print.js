/* On paper there is what was opened last: a dialog, or the whole view. */
import {button} from "./dom.js";
import {t} from "./texts.js";

export function printButton() {
    return button(t("print.do"), () => window.print(), {"data-key": "print"});
}
