/* The services of the ledger test as they are, and the driver: it gives them work, asks again until it is
 * answered, makes subjects poisonous, and in the end lifts the poison and has the dead letters tried again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/cursor.h"
#include "bus/pack.h"
#include "schema/sink.h"
#include "schema/source.h"
#include "sim_store.h"

#define COMMANDS_MAX 64
#define LIFTS_MAX    16 /* of them, kept free: a subject whose poison nobody lifts is stuck */
#define SUBJECTS     4
#define ASK_AGAIN_US ((world.calm ? 200 : 700) * MS)
#define DOUBTS_MAX   4
#define MANY         16 /* commands: each answer wakes the driver, and must bring less than one question more */
#define REUSED_TAG   1000 /* and more: of a command that has the id of another */
#define WHETHER_TAG  1200 /* and more: whether it was done */
#define KNOWN_TAG    1400 /* and more: the same, of a command that was answered before */
#define ADMIN_TAG    2000 /* of what an operator asks for; nobody waits for the answer */

/* Their main() and their call of bus_main(), renamed by the build. */
int source_main(int argc, char **argv);
int relay_main(int argc, char **argv);
int sink_main(int argc, char **argv);
int sim_register(int argc, char **argv, const struct bus_service *service);

const struct bus_service *services[SERVICES_MAX];
size_t services_n;

int sim_register(int argc, char **argv, const struct bus_service *service)
{
    (void)argc, (void)argv;
    services[services_n++] = service;
    return 0;
}

void services_register(void)
{
    char name[] = "sim", *argv[] = {name, NULL};
    (void)source_main(1, argv);
    (void)relay_main(1, argv);
    (void)sink_main(1, argv);
}

/* What a poisoned handler calls instead of abort(). */
_Noreturn void sim_abort(void);
_Noreturn void sim_abort(void)
{
    process_crash(running);
    abort();
}

/* ---- the driver */

struct command {
    const char *service;
    const char *type;
    char id[24];
    struct bus_bytes data;
    int64_t asked_us;
    bool sent; /* and not only asked about */
    bool answered;
    bool deadly; /* ends the process that handles it */
    unsigned doubted;
};

static struct {
    struct command commands[COMMANDS_MAX];
    size_t commands_n, wanted;
    bool poisoned, lifted, deadly;
    int64_t retried_us;
    struct bus_arena *arena;
} driver;

static const char *subject(size_t i)
{
    static const char *const subjects[SUBJECTS] = {"anna", "bilal", "chloe", "daan"};
    return subjects[i];
}

/* It answers when it goes on, and may not know by then that another has the stream. */
static bool one_is_stopped(const char *service)
{
    for (size_t i = 0; i < processes_n; i++)
        if (processes[i].paused_until_us > world.now_us && strcmp(processes[i].service->name, service) == 0)
            return true;
    return false;
}

/* Of two hosts, or by a connection that stands. Who is stopped is asked what was done, and given little to
 * do: that would tell it that another has the stream. */
static enum reach reach_of(const struct command *command, const char *verb)
{
    bool stopped = one_is_stopped(command->service);
    if (stopped && strcmp(verb, "REPEAT") == 0)
        return REACH_ALL;
    return below(stopped ? 8 : 2) == 0 ? REACH_ALL : REACH_LAST;
}

static void send_as(const struct command *command, const char *verb, struct bus_bytes data, uint64_t tag)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    struct bus_header header = {
        .id = command->id, .source = "/driver", .type = command->type, .time_us = world.now_us};
    if (bus_header_encode(&header, &out, NULL) != BUS_OK)
        abort();
    const struct bus_bytes body[] = {bus_buffer_bytes(&out), data};
    trace("driver    asks %s of %s, a %s", command->id, command->service, verb);
    sim_driver_send(command->service, reach_of(command, verb), "peer", verb, tag, body, 2);
}

static void send(struct command *command, uint64_t tag)
{
    command->asked_us = world.now_us;
    if (!sim_driver_reaches(command->service))
        return;
    command->sent = true;
    send_as(command, "COMMAND", command->data, tag);
}

/* Who was stopped until now may not know that another process has taken over. */
static bool may_doubt(void)
{
    return !world.calm || world.now_us < world.calm_us + BUS_SECOND_US;
}

/* Whether it was done. */
static void ask_whether(struct command *command, size_t i)
{
    command->asked_us = world.now_us;
    send_as(command, "REPEAT", command->data, (command->answered ? KNOWN_TAG : WHETHER_TAG) + i);
}

/* The id of one that was answered, for something else. */
static void reuse(const struct command *command, uint64_t tag)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    const struct source_emit other = {.subject = subject(below(SUBJECTS)), .n = 5};
    if (command->type != source_emit_type.type || world.rate[FAULT_RESTORE] > 0)
        return;
    if (bus_encode(source_emit_type.shape, &other, &out, NULL) != BUS_OK)
        abort();
    send_as(command, "COMMAND", bus_buffer_bytes(&out), tag);
}

static void add(const char *service, const struct bus_type *type, const void *value)
{
    if (driver.commands_n == COMMANDS_MAX)
        broken("the driver has no room for another command: nothing of libbus, make COMMANDS_MAX larger");
    struct command *command = &driver.commands[driver.commands_n];
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    if (bus_encode(type->shape, value, &out, NULL) != BUS_OK)
        abort();
    *command = (struct command){.service = service, .type = type->type, .deadly = command->deadly};
    command->data = bus_bytes(bus_copy(driver.arena, out.data, out.size), out.size);
    snprintf(command->id, sizeof command->id, "c%zu", driver.commands_n);
    size_t i = driver.commands_n++;
    if (!world.calm && below(8) == 0)
        ask_whether(command, i);
    else
        send(command, i);
}

/* Now and then none: what is recorded of the command is then the last of the log, and nobody handles it. */
static int64_t how_many(void)
{
    return below(8) > 0 ? between(1, 4) : 0;
}

static bool has_room(void)
{
    return driver.commands_n < COMMANDS_MAX - LIFTS_MAX;
}

static void ask_something_new(void)
{
    struct source_emit emit = {.subject = subject(below(SUBJECTS)), .n = how_many()};
    if (driver.wanted > 0 && has_room()) {
        driver.wanted--;
        add("source", &source_emit_type, &emit);
    }
    if (chance(FAULT_POISON) && !driver.deadly && has_room()) {
        driver.deadly = driver.commands[driver.commands_n].deadly = true;
        add("source", &source_emit_type, &(struct source_emit){.subject = "killer", .n = 1});
    }
    if (chance(FAULT_POISON) && has_room()) {
        static const enum sink_poison_how hows[] = {SINK_POISON_HOW_INVALID, SINK_POISON_HOW_RETRY,
                                                    SINK_POISON_HOW_ABORT};
        driver.poisoned = true;
        add("sink", &sink_poison_type,
            &(struct sink_poison){.subject = subject(below(SUBJECTS)), .how = hows[below(3)]});
    }
}

static void ask_again(void)
{
    for (size_t i = 0; i < driver.commands_n; i++) {
        struct command *command = &driver.commands[i];
        if (!command->answered && world.now_us - command->asked_us > ASK_AGAIN_US)
            send(command, i);
        else if (!world.calm && command->answered && below(200) == 0)
            send(command, i); /* a repetition gets the same answer */
        else if (!world.calm && command->answered && below(200) == 0)
            reuse(command, REUSED_TAG + i);
        else if (may_doubt() && below(world.busy || driver.commands_n > MANY ? 400 : 60) == 0)
            ask_whether(command, i);
    }
}

static bool is_text(struct bus_bytes map, const char *key, const char *word)
{
    struct bus_cursor at;
    struct bus_bytes text;
    return bus_cursor_get(map, key, &at) && bus_cursor_text(&at, &text) && bus_text_is(text, word);
}

static bool is_readable(const struct bus_bytes body[2])
{
    return bus_scan_map(body[0], &bus_scan_data, NULL) == BUS_OK &&
           bus_scan_map(body[1], &bus_scan_data, NULL) == BUS_OK; /* else it was cut off on the way */
}

static void take_answer_to_reused(const struct command *command, const struct bus_bytes body[2])
{
    if (is_readable(body) && is_text(body[0], "status", "ok"))
        broken("command %s was handled, though its id was used before for another", command->id);
}

/* It is refused for good: it was under way at every one of some deaths. Whoever still wants it asks anew. */
static void give_up(struct command *command)
{
    command->answered = true;
    if (command->type == source_emit_type.type)
        ledger_answered(command->id, 0, 0);
    else
        driver.lifted = false;
}

static void take_answer(struct command *command, const struct bus_bytes body[2])
{
    struct bus_cursor first, n;
    int64_t first_number = 0, count = 0, seq = 0;
    if (!is_readable(body))
        return;
    trace("driver    has an answer to %s", command->id);
    if (is_text(body[0], "status", "retry"))
        return;
    if (is_text(body[0], "code", "BUS-CRASHED")) {
        give_up(command);
        return;
    }
    if (is_text(body[0], "status", "invalid") && world.rate[FAULT_TRUNCATE] > 0)
        return; /* so was the question */
    if (!is_text(body[0], "status", "ok")) {
        struct bus_cursor text;
        struct bus_bytes words = {0};
        if (bus_cursor_get(body[0], "text", &text))
            (void)bus_cursor_text(&text, &words);
        broken("command %s was refused: %.*s", command->id, (int)words.size, (const char *)words.data);
    }
    if (command->deadly)
        broken("command %s cannot have been handled", command->id);
    command->answered = true;
    if (command->type == source_emit_type.type && bus_cursor_get_int(body[0], "seq", &seq))
        asker_told(seq);
    if (command->type == source_emit_type.type && bus_cursor_get(body[1], "first", &first) &&
        bus_cursor_get(body[1], "n", &n) && bus_cursor_int(&first, &first_number) &&
        bus_cursor_int(&n, &count))
        ledger_answered(command->id, first_number, count);
    /* At once: another process may have had the stream until now. Not for ever, as each may answer. */
    if (may_doubt() && command->doubted < DOUBTS_MAX && (below(3) == 0 || one_is_stopped(command->service))) {
        command->doubted++;
        ask_whether(command, (size_t)(command - driver.commands));
    }
}

/* `known`: it was answered before the driver asked. */
static void take_whether(struct command *command, bool known, const struct bus_bytes body[2])
{
    if (!is_readable(body))
        return;
    bool unknown = is_text(body[0], "status", "not-found");
    if (unknown && known && !database_of(command->service)->restored)
        broken("command %s was answered, and then %s says that it was never done", command->id,
               command->service);
    if (!unknown && !command->sent && is_text(body[0], "status", "ok"))
        broken("command %s was done, though it was only asked about", command->id);
    if (!unknown)
        take_answer(command, body);
}

static bool all_answered(void)
{
    for (size_t i = 0; i < driver.commands_n; i++)
        if (!driver.commands[i].answered)
            return false;
    return true;
}

/* Not before the last one has worked: it could come in behind. */
static void lift_poison(void)
{
    if (!world.calm || driver.lifted || !all_answered())
        return;
    driver.lifted = true;
    for (size_t i = 0; driver.poisoned && i < SUBJECTS; i++)
        add("sink", &sink_poison_type,
            &(struct sink_poison){.subject = subject(i), .how = SINK_POISON_HOW_NONE});
}

static void send_admin(const char *service, const char *op)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    bus_pack_map(&out, 2);
    bus_pack_text(&out, "op");
    bus_pack_text(&out, op);
    bus_pack_text(&out, "all");
    bus_pack_bool(&out, true);
    struct bus_bytes body = bus_buffer_bytes(&out);
    sim_driver_send(service, REACH_LAST, "operator", "ADMIN", ADMIN_TAG, &body, 1);
}

/* An operator looks first whether all readers have told where they are; less often where all is calm, and the
 * driver busier. */
static void have_a_log_trimmed(void)
{
    const char *service = below(2) ? "source" : "relay";
    size_t readers = strcmp(service, "source") == 0 ? 2 : 1;
    if (world.rate[FAULT_TRIM] > 0 && below(world.calm ? 8 : 4) == 0 &&
        database_of(service)->tables.of[TABLE_READER].n == readers)
        send_admin(service, "log-trim");
}

/* What an operator does when the cause is mended; a busy one does not wait for that. */
static void retry_dead_letters(void)
{
    if (!(world.calm || world.busy) || world.now_us - driver.retried_us < (world.calm ? 500 : 50) * MS)
        return;
    driver.retried_us = world.now_us;
    for (size_t i = 0; i < services_n; i++)
        if (database_of(services[i]->name)->tables.of[TABLE_DEAD].n > 0)
            send_admin(services[i]->name, "dead-retry");
}

static void drive(void *argument)
{
    (void)argument;
    for (;;) {
        uint64_t tag;
        const char *verb;
        struct bus_bytes body[2];
        while (sim_driver_take(&tag, &verb, body))
            if (outsiders_take(tag, verb, body) || asker_take(tag, verb, body))
                continue;
            else if (tag < driver.commands_n && strcmp(verb, "REPLY") == 0)
                take_answer(&driver.commands[tag], body);
            else if (tag >= WHETHER_TAG && tag < WHETHER_TAG + driver.commands_n)
                take_whether(&driver.commands[tag - WHETHER_TAG], false, body);
            else if (tag >= KNOWN_TAG && tag < KNOWN_TAG + driver.commands_n)
                take_whether(&driver.commands[tag - KNOWN_TAG], true, body);
            else if (tag >= REUSED_TAG && tag < REUSED_TAG + driver.commands_n)
                take_answer_to_reused(&driver.commands[tag - REUSED_TAG], body);
        if (!world.calm && (!world.busy || below(10) == 0)) /* a busy one mostly says again what it said */
            ask_something_new();
        have_a_log_trimmed();
        ask_again();
        outsiders_ask();
        asker_ask();
        lift_poison();
        retry_dead_letters();
        fiber_sleep_until(world.now_us + (world.calm ? 50 * MS : between(1, (world.busy ? 5 : 400) * MS)));
    }
}

void driver_start(void)
{
    memset(&driver, 0, sizeof driver);
    driver.arena = bus_arena_new();
    driver.wanted = world.commands;
    outsiders_start();
    asker_start();
    sim_driver_fiber(fiber_start(NULL, drive, NULL, world.now_us + 10 * MS));
}

bool driver_done(void)
{
    return driver.lifted && all_answered() && outsiders_settled();
}
