/* The gateway's HTTP interface: questions, commands, files. What it refuses is thrown as a Problem. */
import {token} from "./session.js";

export class Problem extends Error {
    constructor(status, body = {}, right = "") {
        super(body.detail ?? "");
        this.right = right; /* what a token has to name for this */
        this.status = status; /* 0: the gateway was not reached */
        this.detail = body.detail ?? "";
        this.errors = body.errors ?? [];
    }

    /* Whether the same may go well in a moment, and may be sent again with the same key. */
    get passing() {
        return [0, 503, 504].includes(this.status);
    }
}

export function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* By what name a token is given the right to ask this. */
function rightOf(path, {stream}) {
    if (stream)
        return `stream-${stream}`;
    return path.startsWith("/v1/people/") ? "person" : path.split("/").pop();
}

const given = (fields) => Object.entries(fields).filter(([, value]) => value !== undefined && value !== "");

/* Who waits longer than this is told that there is no answer; what is a file may take long. */
const PATIENCE_MS = 30000;

export async function send(path, {parameters = {}, patience_ms = PATIENCE_MS, signal = AbortSignal.timeout(patience_ms), ...options} = {}) {
    const query = new URLSearchParams(given(parameters));
    if (!/^[\x21-\x7e]+$/.test(token() ?? ""))
        throw new Problem(401); /* no token looks so, and no header takes it */
    const headers = {Authorization: `Bearer ${token()}`, ...options.headers};
    let answer;
    try {
        answer = await fetch(query.size ? `${path}?${query}` : path, {cache: "no-store", ...options, signal, headers});
    } catch (error) {
        if (error.name === "AbortError")
            throw error;
        throw new Problem(0);
    }
    if (!answer.ok)
        throw new Problem(answer.status, await answer.json().catch(() => ({})), rightOf(path, parameters));
    return answer;
}

export async function ask(path, parameters) {
    return read(await send(path, {parameters}));
}

/* As `ask`, in a body: an address that names somebody would stand in the logs of who passes it on. */
export async function askOfSomebody(path, parameters) {
    return read(await send(path, {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(Object.fromEntries(given(parameters)))}));
}

/* What breaks off in the middle was no answer. */
function read(answer) {
    return answer.json().catch(() => { throw new Problem(0); });
}

/* `work` for each of these, a few at once; what it gave, in their order. */
const AT_ONCE = 4;

export async function each(items, work) {
    const results = [], left = [...items.entries()].reverse();
    async function some() {
        for (let next = left.pop(); next; next = left.pop())
            results[next[0]] = await work(next[1]);
    }
    await Promise.all(Array.from({length: AT_ONCE}, some));
    return results;
}

/* What follows a command by itself: what `look` found, or nothing where it does not come. Mostly it is there at once, as the
 * gateway asks each service after what we were told; what takes two services is there within a second or so. */
const LOOKS = 6;
const LOOK_MS = 500;

export async function soon(look) {
    for (let i = 0; i < LOOKS; i++) {
        const found = await look();
        if (found)
            return found;
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
}

/* Every item of a list, page after page, up to `most`. */
export async function askAll(path, parameters, field, asked = ask, most = 1000) {
    const found = [];
    for (let cursor; ;) {
        const page = await asked(path, {limit: 200, ...parameters, cursor});
        found.push(...page[field]);
        cursor = page.next;
        if (cursor === undefined || found.length >= most)
            return found;
    }
}

/* The first `most` of a list with its total, however many pages that takes. */
export async function askFirst(path, parameters, field, most, asked = ask) {
    const found = [];
    for (let cursor; ;) {
        const page = await asked(path, {...parameters, limit: Math.min(200, most - found.length), cursor});
        found.push(...page[field]);
        cursor = page.next;
        if (cursor === undefined || found.length >= most)
            return {...page, [field]: found};
    }
}

export async function tell(command, body, key = newKey()) {
    const answer = await send(`/v1/commands/${command}`, {
        method: "POST",
        headers: {"Content-Type": "application/json", "Idempotency-Key": key},
        body: JSON.stringify(body),
    });
    return read(answer);
}

const FILE_PATIENCE_MS = 300000;

export async function download(path, parameters) {
    const answer = await send(path, {parameters, patience_ms: FILE_PATIENCE_MS});
    const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = name ? name[1] : "";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
