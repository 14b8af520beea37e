/* A list of people from a spreadsheet: checked first, and then taken whole or not at all. */
import {newKey, tell} from "./api.js";
import {button, draw, el, say, table} from "./dom.js";
import {openDialog} from "./form.js";
import {readList} from "./list_file.js";
import {fullName, meet} from "./people.js";
import {problemNotice} from "./problem.js";
import {n, t} from "./texts.js";

const MOST_CHARACTERS = 60000;

function faultsOf({faults}) {
    return [el("p", {class: "problem", role: "alert"}, n("import.faults", faults.length)),
        table(t("import.none"), [t("import.line"), t("import.column"), t("import.wrong")],
            faults.map((one) => [String(one.line), one.heading ?? one.column ?? "", one.text]))];
}

function alikeOf({possible_duplicates: people, alike_lines: lines = []}) {
    const told = [...people.map((one) => t("import.alike-person", {line: one.line, name: fullName(one.person_id)})),
        ...lines.map((one) => t("import.alike-line", {line: one.line, other: one.other_line}))];
    return told.length > 0 && [el("p", {}, t("import.alike")),
        el("ul", {class: "pair"}, told.map((line) => el("li", {}, line)))];
}

/* What to look at in lines that are good; registry says it in the language of the list. */
function remarksOf({remarks = [], language}) {
    return remarks.length > 0 && [el("p", {}, t("import.remarks")),
        el("ul", {class: "pair"}, remarks.map(({line, text}) =>
            el("li", {}, t("import.remark", {line}), " ", el("span", {lang: language}, text))))];
}

export function openImport(context) {
    const out = el("div", {"aria-live": "polite"});
    const field = el("input", {id: "import", type: "file", accept: ".csv,text/csv", "aria-describedby": "import-hint", onchange: check,
        onclick: () => field.value = ""}); /* so that the same file, corrected, is chosen anew */
    let checked = 0;

    function ready(csv, reply) {
        const key = newKey();
        return [el("p", {}, n("import.ready", reply.lines)), alikeOf(reply), remarksOf(reply), el("div", {class: "actions"},
            button(t("import.do"), (event) => take(csv, key, event.currentTarget), {class: "main", "data-key": "import-do"}))];
    }

    /* What is chosen meanwhile counts, not what was chosen before. */
    async function check() {
        const turn = ++checked, [file] = field.files;
        if (!file)
            return draw(out, []);
        draw(out, [el("p", {class: "soft"}, t("import.checking"))]);
        let nodes;
        try {
            nodes = await report(await readList(file));
        } catch (error) {
            nodes = [problemNotice(error)];
        }
        if (turn === checked)
            draw(out, nodes);
    }

    async function report({csv, note, wrong}) {
        if (wrong ?? csv.length > MOST_CHARACTERS)
            return [el("p", {class: "problem", role: "alert"}, wrong ?? t("import.too-long"))];
        const reply = await tell("import-people", {partnership: context.partnership, csv, dry_run: true});
        await meet(reply.possible_duplicates.map((one) => one.person_id));
        return [note && el("p", {class: "soft"}, note), reply.faults.length > 0 ? [faultsOf(reply), remarksOf(reply)] : ready(csv, reply)];
    }

    /* What is left to look at stays, until it is closed by hand. */
    function taken(reply) {
        const done = n("done.imported", reply.imported), remarks = remarksOf(reply);
        if (remarks) {
            draw(out, [el("p", {}, done), remarks]);
        } else {
            dialog.close();
            say(done);
        }
        context.refresh();
    }

    async function take(csv, key, pressed) {
        pressed.disabled = true;
        try {
            const reply = await tell("import-people", {partnership: context.partnership, csv}, key);
            if (reply.faults.length > 0) /* another was registered since it was checked */
                return draw(out, faultsOf(reply));
            taken(reply);
        } catch (error) {
            pressed.disabled = false;
            out.append(problemNotice(error));
        }
    }

    const dialog = openDialog(t("import.title"), el("p", {}, t("import.intro")),
        el("div", {class: "field"}, el("label", {for: "import"}, t("import.file")),
            el("p", {id: "import-hint", class: "soft"}, t("import.hint")), field),
        el("details", {}, el("summary", {}, t("import.how")), el("p", {}, t("import.columns")), el("p", {}, t("import.lists"))),
        el("p", {}, el("a", {href: "/v1/import-template", download: true}, t("import.template"))), out);
    field.focus();
}
