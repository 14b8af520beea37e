/* The file of a list, as spreadsheets save it here: what its bytes say it is, and its text. */
import {t} from "./texts.js";

const SPREADSHEETS = [[0x50, 0x4b, 0x03, 0x04], [0xd0, 0xcf, 0x11, 0xe0]];
const UTF_16 = [[0xff, 0xfe], [0xfe, 0xff]];

/* {csv, note}, the note being what to look at, or {wrong}: why it is no list, and what to do. */
export async function readList(file) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const begins = (sign) => sign.every((byte, i) => bytes[i] === byte);
    if (SPREADSHEETS.some(begins))
        return {wrong: t("import.spreadsheet")};
    if (UTF_16.some(begins) || bytes.includes(0))
        return {wrong: t("import.other-text")};
    try {
        return {csv: new TextDecoder("utf-8", {fatal: true}).decode(bytes)};
    } catch { /* what Windows wrote before */
        return {csv: new TextDecoder("windows-1252").decode(bytes), note: t("import.windows")};
    }
}
