/* A dialog with a form: fields are described as data, an error stays beside what was typed. */
import {newKey, Problem} from "./api.js";
import {button, el} from "./dom.js";
import {faults, problemNotice} from "./problem.js";
import {t, words} from "./texts.js";
import {ticked, ticks} from "./ticks.js";

const texts = new Map(words("field"));

let last = 0;

/* Says at each field what `told(field)` has to say of it, and goes to the first; whether there was any. */
function mark(rows, told) {
    const wrongs = rows.filter(({field, input, wrong}) => {
        const text = told(field);
        wrong.textContent = text || "";
        text ? input.setAttribute("aria-invalid", "true") : input.removeAttribute("aria-invalid");
        return text;
    });
    wrongs[0]?.input.focus();
    return wrongs.length > 0;
}

function pointAt(rows, error) {
    const names = faults(error);
    mark(rows, ({name}) => names.includes(name) && (texts.get(name) ?? t("field-wrong")));
}

const LISTS = ["ticks", "half-days"];

/* A field: {name, label, type, options, value, required, hint, note, when, follow, check}; type is that of an input, or select,
 * ticks, half-days; `check(value)` says what is wrong with it, `note(value)` what it means. */
function control(field, id) {
    const common = {id, name: field.name, required: field.required,
        "aria-describedby": field.hint ? `${id}-hint ${id}-wrong` : `${id}-wrong`};
    if (field.type === "select")
        return el("select", common,
            !(field.value && field.required) && el("option", {value: ""}, t("form.choose")),
            field.options.map(([value, text]) => el("option", {value, selected: value === field.value}, text)));
    if (LISTS.includes(field.type))
        return ticks(field, {id, "aria-describedby": common["aria-describedby"]});
    const tick = field.type === "checkbox";
    return el("input", {...common, type: field.type ?? "text", value: tick ? undefined : field.value,
        checked: tick && field.value, min: field.min, max: field.max, step: field.step,
        pattern: field.pattern, maxlength: field.maxlength, autocomplete: "off"});
}

/* Told as it is typed. */
function noteOf(field, input) {
    const note = el("p", {class: "soft", role: "status"});
    const tellNow = () => note.textContent = field.note(input.value.trim()) ?? "";
    input.addEventListener("input", tellNow);
    tellNow();
    return note;
}

function row(field) {
    const id = `field-${++last}`;
    const label = !LISTS.includes(field.type) && el("label", {for: id}, field.label, !field.required && field.type !== "checkbox"
        && el("span", {class: "soft"}, ` ${t("form.optional")}`));
    const hint = field.hint && el("p", {id: `${id}-hint`, class: "soft"}, field.hint);
    const input = control(field, id);
    const wrong = el("p", {id: `${id}-wrong`, class: "warn"});
    const parts = field.type === "checkbox" ? [input, label, hint, wrong] : [label, hint, input, field.note && noteOf(field, input), wrong];
    return {field, input, wrong, box: el("div", {class: `field ${field.type === "checkbox" ? "tick" : ""}`}, parts)};
}

function read(rows) {
    const values = {};
    for (const {field, input, box} of rows) {
        if (box.hidden)
            continue;
        if (field.type === "checkbox")
            values[field.name] = input.checked;
        else if (LISTS.includes(field.type))
            values[field.name] = ticked(input);
        else if (input.value !== "")
            values[field.name] = field.type === "number" ? Number(input.value) : input.value.trim();
    }
    return values;
}

/* Fields whose `when` does not hold are neither shown nor asked. A tick that nobody touched follows the others. */
function adapt(rows, touched) {
    for (const {field, input, box} of rows) {
        field.touched ||= input === touched;
        if (field.follow && !field.touched)
            input.checked = field.follow(read(rows));
        box.hidden = field.when !== undefined && !field.when(read(rows));
        input.disabled = box.hidden;
    }
}

export function openDialog(title, ...content) {
    const id = `dialog-${++last}`;
    const dialog = el("dialog", {"aria-labelledby": id},
        el("div", {class: "dialog-head"}, el("h2", {id}, title),
            button("×", () => dialog.close(), {class: "close", "aria-label": t("form.close")})),
        content);
    const opener = document.activeElement;
    dialog.addEventListener("close", () => {
        dialog.remove();
        if (!opener.isConnected) /* drawn anew meanwhile */
            (document.querySelector(`[data-key="${CSS.escape(opener.dataset.key ?? "")}"]`) ?? document.getElementById("main")).focus();
    });
    document.body.append(dialog);
    dialog.showModal();
    return dialog;
}

/* `send(values, key)` does it; the dialog closes when that went well. The key stays the same as long as it is not
 * known whether it was done. What `doubt(values)` says is shown, and has to be sent once more. */
export function openForm({title, intro = [], fields, submit, danger = false, doubt, send}) {
    const rows = fields.map(row);
    const notice = el("div");
    let key = newKey(), doubted = "";
    async function onSubmit(event) {
        event.preventDefault();
        const values = read(rows);
        if (mark(rows, ({name, check}) => check?.(values[name])))
            return;
        const question = doubt?.(values);
        if (question && question !== doubted) {
            doubted = question;
            return notice.replaceChildren(el("p", {class: "problem", role: "alert"}, question));
        }
        go.disabled = true;
        form.setAttribute("aria-busy", "true");
        notice.replaceChildren();
        try {
            await send(values, key);
            dialog.close();
        } catch (error) {
            notice.replaceChildren(problemNotice(error));
            pointAt(rows, error);
            key = error instanceof Problem && error.passing ? key : newKey();
        }
        go.disabled = false;
        form.removeAttribute("aria-busy");
    }
    const go = el("button", {type: "submit", class: danger ? "danger" : "main"}, submit);
    const form = el("form", {onsubmit: onSubmit, onchange: (event) => adapt(rows, event.target)},
        intro, rows.map(({box}) => box), notice,
        el("div", {class: "actions"}, go, button(t("form.cancel"), () => dialog.close())));
    adapt(rows);
    const dialog = openDialog(title, form);
    rows[0]?.input.focus(); /* rather than the cross */
}
