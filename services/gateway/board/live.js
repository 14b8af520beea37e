/* Follows the logs of services as server-sent events. By fetch, because an EventSource cannot send the token. Only
 * while the page is seen: a browser has few connections to one server, and the gateway serves a limited number. */
import {send} from "./api.js";

const PAUSE_MS = 1000;
const PAUSE_MOST_MS = 30000;

function pause(ms, signal) {
    return new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, {once: true});
    });
}

async function read(answer, take) {
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
        const {value, done} = await reader.read();
        if (done)
            return;
        const parts = (rest + value).split("\n\n");
        rest = parts.pop();
        for (const part of parts) {
            const data = /^data: (.*)$/m.exec(part);
            if (data)
                take(JSON.parse(data[1]));
        }
    }
}

async function follow(stream, take, tell, signal) {
    let wait_ms = PAUSE_MS;
    while (!signal.aborted) {
        try {
            const answer = await send("/v1/events", {
                parameters: {stream, after: "end"}, headers: {Accept: "text/event-stream"}, signal,
            });
            wait_ms = PAUSE_MS;
            tell(stream, "live");
            await read(answer, take);
        } catch (error) {
            if ([401, 403].includes(error.status)) {
                tell(stream, error.status === 401 ? "out" : "refused", error);
                return;
            }
        }
        if (!signal.aborted) {
            tell(stream, "away");
            await pause(wait_ms, signal);
            wait_ms = Math.min(2 * wait_ms, PAUSE_MOST_MS);
        }
    }
}

/* `take` gets each event; `tell` hears of a stream that it is live, away, refused, or that the token is out. What was said while it was away
 * is not read again: whoever hears "live" looks at the whole anew. Returns a function that ends it. */
export function live(streams, take, tell) {
    let current = null;
    function turn() {
        current?.abort();
        current = document.hidden ? null : new AbortController();
        for (const stream of current ? streams : [])
            follow(stream, take, tell, current.signal);
    }
    document.addEventListener("visibilitychange", turn);
    turn();
    return () => {
        document.removeEventListener("visibilitychange", turn);
        current?.abort();
    };
}
