/* The simulated world: one clock, one source of chance, and fibers that take turns. Everything that happens
 * follows from the seed. */
#ifndef SIM_H
#define SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus/service.h"

#define MS            INT64_C(1000)
#define LOG_PARTITION 4 /* events */
#define SERVICES_MAX  4
#define SIM_FAULT     "simulated: " /* in errors that are ours, and no broken promise of libbus */

/* ---- memory.c: what a world allocates is given back in one go, so that a killed process leaves nothing
 * behind */
void memory_mark(void);  /* what was allocated until here stays */
void memory_reset(void); /* the rest is gone */

/* ---- fiber.c: threads that switch only where they say so */
struct fiber;
struct process;
typedef void fiber_fn(void *argument);

struct fiber *fiber_start(struct process *process, fiber_fn *run, void *argument, int64_t at_us);
void fiber_kill(struct fiber *self);
struct fiber *fiber_current(void);
void fiber_sleep_until(int64_t at_us);              /* or until it is woken */
void fiber_wake(struct fiber *self, int64_t at_us); /* at that time, if it would sleep for longer */
/* Runs the fibers in the order of their times, until stop(). */
void fibers_run(void);
_Noreturn void fibers_stop(void);
void fibers_reset(void);

/* ---- world.c */
enum fault {
    FAULT_CRASH,   /* kill -9 at a step */
    FAULT_PAUSE,   /* SIGSTOP at a step, SIGCONT up to nine seconds later */
    FAULT_FREEZE,  /* a host stands still for up to three seconds, and the database ends its sessions */
    FAULT_STOP,    /* SIGTERM */
    FAULT_SESSION, /* a database session is lost at a statement */
    FAULT_COMMIT,  /* the reply to a COMMIT is lost */
    FAULT_HANG,    /* a COMMIT hangs in the server for up to eight seconds, and is not waited for so long */
    FAULT_SILENT,  /* a statement, a COMMIT or its answer hangs for up to eight seconds, and is waited for */
    FAULT_REFUSAL, /* a statement fails for reasons that pass: disk full, a lock, too many sessions */
    FAULT_OUTAGE,  /* Postgres is away for a while */
    FAULT_LOSS,    /* Postgres crashes, and what it had not written to its disk is gone */
    FAULT_RESTORE, /* an old backup is restored */
    FAULT_DROP,    /* frames: */
    FAULT_DUPLICATE,
    FAULT_REORDER,
    FAULT_TRUNCATE,
    FAULT_CUT,     /* a connection ends */
    FAULT_SILENCE, /* a connection stays open, and nothing comes through any more */
    FAULT_CLOCK,   /* the wall clock jumps by up to an hour */
    FAULT_POISON,  /* a subject cannot be handled for a while, or kills the process */
    FAULT_TRIM,    /* not a fault: an operator has a log trimmed */
    FAULT_STANDBY, /* not a fault: each service has a second process that waits for the lease */
    FAULTS_N,
};

struct world {
    uint64_t seed;
    uint64_t random;
    int64_t now_us;
    bool trace;
    bool calm;               /* faults are over */
    int64_t calm_us;         /* since then */
    unsigned rate[FAULTS_N]; /* in a million */
    int64_t slow_us;         /* a step takes up to this */
    int64_t storm_us;        /* how long the faults last */
    unsigned commands;       /* that the driver has to give */
    bool busy;               /* so is the driver: it asks every few milliseconds */
    uint64_t steps;
    uint64_t faults[FAULTS_N]; /* how often each happened */
    char failure[400];         /* "" when all is well */
};
extern struct world world;

/* Runs one seed; false when a promise was broken: world.failure says which. */
bool world_run(uint64_t seed, bool trace);
uint64_t below(uint64_t n);
int64_t between(int64_t low, int64_t high); /* both included */
bool chance(enum fault fault);              /* whether it happens here */
/* A labelled place where a process takes time, may be killed or stopped, and others get their turn. */
void step(const char *label);
#define trace(...) (world.trace ? trace_line(__VA_ARGS__) : (void)0)
void trace_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void broken(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A process: a service's loop with its workers, restarted when it ends. */
struct loop;
struct start {
    int64_t at_us;               /* when it had the lease */
    int64_t heads[SERVICES_MAX]; /* of all streams, soon after: before it asked any of them */
};
#define PROCESS_FIBERS 4
#define PROCESSES_MAX  8
struct process {
    const struct bus_service *service;
    char name[16];
    bool standby;
    int64_t paused_until_us;
    int64_t alone_until_us; /* its way to the database is cut */
    struct start start;
    int64_t told_us;   /* when it was told to stop; 0: it was not */
    int64_t skew_us;   /* of its wall clock */
    struct loop *loop; /* once it is open */
    bool job_done;     /* by one of its workers: what the loop waits on is readable */
    struct fiber *main;
    struct fiber *fibers[PROCESS_FIBERS];
    size_t fibers_n;
};
extern struct process *running; /* whose fiber this is; NULL: the world's own */
extern struct process processes[PROCESSES_MAX];
extern size_t processes_n;
int64_t process_runnable_us(const struct process *self); /* not before */
void process_entered(struct process *self);              /* one of its fibers runs; NULL: the world's own */
void process_crash(struct process *self);
/* A fiber of the process that runs now. */
struct fiber *process_thread(fiber_fn *run, void *argument);

/* ---- machine.c */
void machine_open(void);

/* ---- sim_connection.c */
int64_t sim_commit_us(int fd); /* when the COMMIT will be answered that db_commit_fd() stands for */

/* ---- sim_net.c */
void sim_net_reset(void);
void sim_net_drop(struct process *process); /* it died: its connections end */
void sim_net_disturb(void);                 /* cuts or silences a connection, by chance */
/* The driver is a client without a process: it sends requests to whoever bound the name last, or to all that
 * have it, as long as they live, and takes the replies. */
enum reach { REACH_LAST, REACH_ALL };
bool sim_driver_reaches(const char *service); /* or what is sent goes nowhere */
void sim_driver_send(const char *service, enum reach reach, const char *role, const char *verb, uint64_t tag,
                     const struct bus_bytes *body, size_t body_n);
bool sim_driver_take(uint64_t *ret_tag, const char **ret_verb, struct bus_bytes ret_body[2]);
void sim_driver_fiber(struct fiber *fiber);

/* ---- services.c: source, relay and sink of the ledger test, and the driver that gives them work */
extern const struct bus_service *services[SERVICES_MAX];
extern size_t services_n;
void services_register(void);
void driver_start(void);
bool driver_done(void);

/* ---- outsider.c: readers by epoch and number; they ask as the driver, under tags from here on */
#define OUTSIDER_TAG 3000
void outsiders_start(void);
void outsiders_ask(void);
bool outsiders_take(uint64_t tag, const char *verb, const struct bus_bytes body[2]); /* false: not theirs */
bool outsiders_settled(void);                                                        /* when all is calm */
void outsiders_close(void); /* at the end: each has read what is there, or was told */

/* ---- asker.c: asks sink after what source has told; by the driver, under tags from here on */
#define ASKER_TAG  2500
#define ASKER_TAGS 100
void asker_start(void);
void asker_told(int64_t seq);
void asker_ask(void);
bool asker_take(uint64_t tag, const char *verb, const struct bus_bytes body[2]); /* false: not for it */

/* ---- ledger.c: the oracle */
struct database;
void ledger_reset(void);
void ledger_said(struct database *database, const struct bus_value *row);  /* a log row was committed */
void ledger_heard(struct database *database, const struct bus_value *row); /* the sink's row was committed */
/* A letter is about to be parked, or put back. */
void ledger_parks(struct database *database, const struct bus_value *dead);
/* The service notes how far a reader says that it has read. */
void ledger_noted(struct database *database, const char *reader, int64_t seq);
/* A timer came due in a commit of the process that had started so. */
void ledger_came_due(struct database *database, const struct bus_value *timer, const struct start *start);
void ledger_answered(const char *mark, int64_t first,
                     int64_t n); /* the driver got this answer; first 0: it is refused for good */
/* Whether what the loop needs next of the stream that this line is about was trimmed. */
bool ledger_misses(const struct loop *loop, const char *line);
/* Whether everything was delivered; if not, *ret_why says what is missing. */
bool ledger_settled(const char **ret_why);
/* At the end: compares everything with everything. */
void ledger_close(void);

#endif
