/* The token: typed, or from the address's fragment, which no server is sent. It lives as long as the tab. */

const KEY = "koppel-token";
const PARTNERSHIP = "koppel-partnership";

/* Takes it out of the address at once, so that it stands in no history and no bookmark. Whether there was one: what was
 * known by the one before is no longer so. */
export function takeFromAddress() {
    const found = /^#token=([^&]+)$/.exec(location.hash);
    if (!found)
        return false;
    history.replaceState(null, "", location.pathname);
    try {
        setToken(decodeURIComponent(found[1]));
    } catch {
        setToken(found[1]); /* not written as an address: wrong, as the first question tells */
    }
    return true;
}

export function token() {
    return sessionStorage.getItem(KEY);
}

export function setToken(value) {
    sessionStorage.setItem(KEY, value);
}

export function partnership() {
    return sessionStorage.getItem(PARTNERSHIP);
}

export function setPartnership(value) {
    sessionStorage.setItem(PARTNERSHIP, value);
}

export function forget() {
    sessionStorage.clear();
}
