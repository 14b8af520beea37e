"""What must hold of the six services after anything that happened to them: their logs, their tables and their letters
are laid beside one another and beside what the town was promised."""
import collections

from town import SERVICES, TOWN

Entry = collections.namedtuple("Entry", "service seq id name subject cause after data transaction")

# What each event adds to which figures; of a stop and an end of waiting one standing figure goes down again.
FIGURES = {
    "intake-held": lambda d: [("intakes", 1)],
    "volunteer-recruited": lambda d: [("volunteers-recruited", 1)],
    "waiting-started": lambda d: [(f"waiting-{d['side']}s", 1)],
    "waiting-ended": lambda d: [(f"waiting-{d['side']}s", -1)],
    "duo-started": lambda d: [("duos-formed", 1), ("duos-active", 1)],
    "duo-stopped": lambda d: [("duos-stopped", 1), ("duos-active", -1)],
    "duo-contact-logged": lambda d: [("hours", d["hours"])],
}

# Which letters an event makes for the two of a pair; of the others there may be any, but none twice.
LETTERS = {
    "match-accepted": lambda d: ["match-accepted"] * 2,
    "meeting-planned": lambda d: ["meeting-planned"] * 2,
    "duo-started": lambda d: ["duo-started"] * 2,
    "duo-stopped": lambda d: ["duo-stopped-waiting" if d[f"{side}_returns"] else "duo-stopped"
                              for side in ("newcomer", "volunteer")],
}


ENDS = ("message-sent", "message-dropped", "message-merged")


class Balance:
    def __init__(self, stack, town):
        self.stack, self.promised = stack, town.promised
        self.logs, self.commands = {}, 0
        for service in SERVICES:
            self.logs[service] = list(self.entries(service))
        self.by_id = {one.id: one for log in self.logs.values() for one in log}
        self.found = []

    def entries(self, service):
        transactions = dict(self.rows(f"SELECT generate_series(seq - n + 1, seq), xmin FROM {service}.event_log"))
        for header, data in self.stack.client.log(service):
            command = header.get("kind") == "command"
            self.commands += command
            yield Entry(service, header["seq"], None if command else header["id"], header["type"].split(".")[2],
                        header.get("subject"), header.get("causationid"), dict(header.get("after", {})),
                        None if command else data, transactions[str(header["seq"])])

    def rows(self, sql):
        return [tuple(row.split("|")) for row in self.stack.psql(sql).splitlines()]

    def said(self, *names):
        return [one for log in self.logs.values() for one in log if one.id and one.name in names]

    def told(self, name, *fields):
        """What each event of this name tells: one field, or several together."""
        several = [tuple(one.data[field] for field in fields) for one in self.said(name)]
        return several if len(fields) > 1 else [value for value, in several]

    def column(self, sql):
        return [value for value, in self.rows(sql)]

    def events(self):
        return sum(len(log) for log in self.logs.values())

    def expect(self, what, is_so):
        if not is_so:
            self.found.append(what)

    def same(self, what, have, want):
        """Both are collections of whatever it is; each item as often in the one as in the other."""
        have, want = collections.Counter(list(have)), collections.Counter(list(want))  # a dict would count its values
        if have != want:
            self.found.append(f"{what}: {sum((have - want).values())} too many, such as {[*(have - want)][:2]}, "
                              f"{sum((want - have).values())} missing, such as {[*(want - have)][:2]}")

    def faults(self):
        self.streams()
        self.readers()
        self.people()
        self.duos()
        self.figures()
        self.letters()
        return self.found

    # ---- the bus

    def streams(self):
        for service, log in self.logs.items():
            (head,), = self.rows(f"SELECT last_seq FROM {service}.stream_head")
            self.expect(f"lost: the log of {service} is not dense",
                        [one.seq for one in log] == list(range(1, int(head) + 1)))
            # Starts after a crash, and commands it was at, are counted for a while after all is well.
            for table in ("dead_letter", "effect", "attempt WHERE NOT starts_with(source, '/')"):
                self.same(f"stuck: rows of {service}.{table}", self.rows(f"SELECT * FROM {service}.{table}"), [])
        ids = [one.id for log in self.logs.values() for one in log if one.id]
        self.expect("duplicate: two events with one id", len(ids) == len(set(ids)))

    def caused(self, service):
        """(what it said, the event of another stream that made it say so), as it was said."""
        for one in self.logs[service]:
            cause = self.by_id.get(one.cause)
            # What becomes of a letter is told later, by the outcome of an effect.
            if one.id and cause and cause.service != service and one.name not in ENDS:
                yield one, cause

    def readers(self):
        """Each reader's own log shows in which order it took what it read, and that it took it once."""
        for service in SERVICES:
            last, known = collections.Counter(), collections.Counter()
            transactions, effects = collections.defaultdict(set), collections.Counter()
            for one, cause in self.caused(service):
                where = f"{service} {one.seq} by {cause.service} {cause.seq}"
                again = cause.seq == last[cause.service]
                self.expect(f"inverted: {where}, after {last[cause.service]}", cause.seq >= last[cause.service])
                self.expect(f"causal: {where}, after what was said by who had read it",
                            again or cause.seq > known[cause.service])
                last[cause.service] = cause.seq
                for stream, seq in cause.after.items():
                    known[stream] = max(known[stream], seq)
                transactions[cause.id].add(one.transaction)
                effects[cause.id, one.name, one.subject] += 1
            self.expect(f"duplicate: {service} did in several transactions what one event asked for",
                        all(len(several) == 1 for several in transactions.values()))
            self.expect(f"duplicate: {service} said twice what one event asked for",
                        max(effects.values(), default=1) == 1)

    # ---- people

    def people(self):
        promised, linked = self.promised, self.told("referral-linked", "person_id", "referral_id")
        referrals, referral_of = promised["referrals"], dict(linked)
        places = {one.seq: one.subject for one in self.logs["gateway"]}
        self.same("referrals at the places told", [(places.get(seq), seq) for seq in referrals.values()],
                  referrals.items())
        self.same("referrals linked", self.told("referral-linked", "referral_id"), referrals)
        self.same("referrals in registry's table", self.column("SELECT referral_id FROM registry.referral"), referrals)
        everyone = [person_id for person_id, _ in linked] + [*promised["registrations"]]
        self.same("people registered", self.told("person-registered", "person_id"), everyone)
        self.same("people in registry's table", self.column("SELECT person_id FROM registry.person"), everyone)
        self.same("personal records", self.rows("SELECT person_id, email FROM registry.person_private"),
                  [(one, f"{referral_of.get(one, one)}@example.org") for one in everyone])
        self.same("deposits left", self.column("SELECT deposit_id FROM registry.deposit"), [])
        self.same("intakes", self.told("intake-held", "intake_id", "person_id"), promised["intakes"].items())
        self.same("who takes part, in matching's table", self.rows("SELECT person_id, side FROM matching.member"),
                  self.told("intake-held", "person_id", "side"))

    # ---- duos

    def duos(self):
        promised, stopped = self.promised, self.said("duo-stopped")
        self.same("proposals accepted", self.told("match-accepted", "proposal_id"), promised["accepted"])
        self.same("talks planned", self.told("meeting-planned", "proposal_id"), promised["accepted"])
        self.same("talks held", self.told("meeting-held", "meeting_id", "outcome"), promised["held"].items())
        self.same("duos started", self.told("duo-started", "proposal_id"),
                  [one for one, outcome in self.told("meeting-held", "proposal_id", "outcome") if outcome == "start"])
        self.same("contacts", self.told("duo-contact-logged", "contact_id", "duo_id"), promised["contacts"].items())
        self.same("duos stopped", self.told("duo-stopped", "duo_id"), promised["stopped"])
        self.same("back on the waiting list in the transaction of the stop",
                  [(one.data["duo_id"], one.data["person_id"], one.transaction)
                   for one in self.said("waiting-started") if "duo_id" in one.data],
                  [(one.data["duo_id"], one.data[f"{side}_id"], one.transaction)
                   for one in stopped for side in ("newcomer", "volunteer") if one.data[f"{side}_returns"]])
        self.same("duos in matching's table", self.rows("SELECT duo_id, state FROM matching.duo"),
                  [(one, "stopped" if one in promised["stopped"] else "active")
                   for one in self.told("duo-started", "duo_id")])

    # ---- what is made of it

    def figures(self):
        lines = [(one, figure, amount) for one in self.said(*FIGURES)
                 for figure, amount in FIGURES[one.name](one.data) if amount != 0]
        self.same("lines of the report",
                  self.rows("SELECT stream, seq, event_id, figure, amount_e2 FROM reporting.result"),
                  [(one.service, str(one.seq), one.id, figure, str(round(amount * 100)))
                   for one, figure, amount in lines])
        self.same("results counted", self.told("result-counted", "event_id", "figure", "amount"),
                  [(one.id, figure, amount) for one, figure, amount in lines])
        totals = collections.Counter()
        for _, figure, amount in lines:
            totals[figure] += amount
        self.same("figures of the report", self.report().items(),
                  [(figure, n) for figure, n in totals.items() if n != 0])

    def report(self):
        """What reporting answers for the town as a whole."""
        totals, page = collections.Counter(), {}
        while page is not None:
            reply = self.stack.client.query("reporting", "koppel.reporting.report.v1", {"partnership": TOWN, **page})
            for row in reply["rows"]:
                if "nis" not in row and "reason" not in row:
                    totals[row["figure"]] += row["amount"]
            page = {"cursor": reply["next"]} if "next" in reply else None
        return totals

    def letters(self):
        messages = self.told("message-queued", "cause_id", "person_id", "template")
        self.expect("duplicate: two messages for one event and person", len(messages) == len(set(messages)))
        self.same("messages in the table",
                  self.rows("SELECT cause_id, person_id, template FROM notifications.every_message"), messages)
        wanted = [(one.id, one.data[f"{side}_id"], template) for one in self.said(*LETTERS)
                  for side, template in zip(("newcomer", "volunteer"), LETTERS[one.name](one.data))]
        self.same("messages for what was said of a pair",
                  [one for one in messages if self.by_id[one[0]].name in LETTERS], wanted)
        self.same("messages that came to an end",
                  [one for name in ENDS for one in self.told(name, "message_id")],
                  self.told("message-queued", "message_id"))
        self.same("letters in the folder", [path.stem for path in self.stack.mail.iterdir()],
                  self.told("message-sent", "message_id"))
