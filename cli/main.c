/* `koppel`: a table of commands, and the help that is made from it. Each command family has a file of its
 * own. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/text.h"
#include "cli.h"
#include "version.h"

static int help_run(int argc, char **argv);

static const struct cli_command commands[] = {
    {"up", "[--demo] [--dir DIR] [--port N] [--conducted]", "start an embedded stack",
     "  --demo        play the demonstration log into it, and stay up\n"
     "  --dir DIR     where everything of the stack stands (" CLI_DEFAULT_DIR ")\n"
     "  --port N      HTTP port, and the base of the other ports (8080, or the next block of ports that is "
     "free)\n"
     "  --conducted   the services' clocks stand still until a replay moves them\n"
     "Settings come from the shell that gives this command, such as MAIL_URL, MAIL_FROM, MAIL_USER and "
     "MAIL_PASSWORD_FILE\n"
     "of a mail server; without MAIL_URL, and with --demo or --conducted, letters go into DIR/mail. All are "
     "in "
     "docs/settings.md.\n",
     up_run},
    {"down", "[--dir DIR]", "stop an embedded stack", "  --dir DIR     which stack (" CLI_DEFAULT_DIR ")\n",
     down_run},
    {"init", "[--keys DIR] [--secrets DIR] [--database HOST[:PORT]]",
     "make the keys, secrets and database roles of a stack that other tools start",
     "  --keys DIR    a key for every service, for this command line and for adapters\n"
     "  --secrets DIR passwords of the database's roles, keys of stored data, a first token\n"
     "  --database HOST[:PORT]\n"
     "                database, roles and schemas there, with the passwords of --secrets\n"
     "What is there already stays as it is. koppel up needs none of this.\n",
     init_run},
    {"status", "[--json] [--dir DIR]",
     "a row per service: state, stream head, lag per followed stream, dead letters, uptime",
     "  --json        the same as one JSON object\n"
     "  --dir DIR     which stack (" CLI_DEFAULT_DIR ")\n"
     "It ends with 1 where a service is not ready, or does not answer.\n",
     status_run},
    {"publish", "[FILE|-] [--dir DIR]",
     "CloudEvents, one JSON object after the other; an acknowledgement a line",
     "  --dir DIR     which stack (" CLI_DEFAULT_DIR ")\n", publish_run},
    {"call", "NAME ['{…}'|FILE|-] [--id ID] [--dir DIR] | NAME --help | --list",
     "a command or a query, as JSON; prints the reply",
     "  NAME          such as stop-duo, or matching/stop-duo where two services share a name\n"
     "  '{…}'         what it takes: koppel call duos '{\"programme\": \"taalvrienden\", \"limit\": 3}'\n"
     "  FILE, -       the same from a file or standard input: anyone on this machine may see arguments, so "
     "what\n"
     "                says who somebody is belongs there\n"
     "  --list        all there is to call; NAME --help: what that takes, with an example, and what it "
     "answers\n"
     "  --id ID       the same id again gets the first reply, and does nothing twice\n"
     "  --dir DIR     which stack (" CLI_DEFAULT_DIR ")\n",
     call_run},
    {"import", "[--dry-run] [--dir DIR] --partnership P FILE | --template",
     "register people from a CSV file, all or none",
     "  --partnership P  who serves these people\n"
     "  --dry-run        only tell what is wrong, and who may be registered already\n"
     "  --template       print a list to begin with, for a spreadsheet\n"
     "  --dir DIR        which stack (" CLI_DEFAULT_DIR ")\n"
     "The first line names the columns, in any order: postcode, preferred_language and any of first_name, "
     "last_name,\n"
     "email, phone, street, national_number, channel, found_through, birth_year, gender, languages, "
     "dutch_level,\n"
     "interests, child_birth_years, availability, prefers_gender; or their Dutch names, as in the template, "
     "and then what\n"
     "is wrong is told in Dutch. Comma or semicolon between columns; between the items of a list a comma, "
     "semicolon,\n"
     "slash, & or \"en\", or else blanks.\n",
     import_run},
    {"backup", "FILE [--dir DIR]", "all of a running stack in one file, of one moment for all services",
     "  FILE          the database, secrets/ and keys/; for your eyes only, as it holds people's names\n"
     "  --dir DIR     which stack (" CLI_DEFAULT_DIR ")\n",
     backup_run},
    {"restore", "FILE [--dir DIR]", "put a backup into a stopped stack, or into a new one",
     "  FILE          made by koppel backup\n"
     "  --dir DIR     where to (" CLI_DEFAULT_DIR
     "); what stood there is kept beside it, in before-restore-…\n",
     restore_run},
    {"repair", "SERVICE FILE [--dir DIR]", "bring one service, and all that follow it, back to a backup",
     "  SERVICE       of a stopped stack: the one that lost part of its log (BUS-DIVERGED)\n"
     "  FILE          made by koppel backup\n"
     "  --dir DIR     which stack (" CLI_DEFAULT_DIR
     "); what the services were is kept there, in before-repair-….dump\n"
     "Commands given to those services since the backup are lost; what others said since is read and handled "
     "again.\n",
     repair_run},
    {"record", "OUT [--from SERVICE:SEQ]… [--dir DIR]", "write the streams to a log file",
     "  --from S:N    begin the stream of service S at N (1); as often as you like\n"
     "  --dir DIR     which stack (" CLI_DEFAULT_DIR ")\n"
     "It has all inputs, and no personal data: letters of a replay find no address.\n",
     record_run},
    {"replay", "LOG [--speed N|max] [--until DATE] [--fresh DIR | --dir DIR] [--hold]",
     "play a log into a stack, under the log's own clock",
     "  --speed N     N times true pace; max, the default: as fast as it goes\n"
     "  --fresh DIR   start a new stack there first; it stays up\n"
     "  --dir DIR     which stack (" CLI_DEFAULT_DIR "); it must have been started with --conducted\n"
     "  --hold        leave the clocks standing at the end, for another replay\n"
     "The same log makes the same rows each time (koppel state-hash); a recording of such a stack makes\n"
     "what that had, but for personal data. A recording of a stack whose clocks ran by themselves has the\n"
     "inputs, not the moments at which each was handled: ids that were made then are others. Commands that\n"
     "name such an id (of a proposal, a duo, a session) are refused, counted, and make the status 1; those\n"
     "that name people and a programme find what they mean.\n",
     replay_run},
    {"log", "cat LOG | verify LOG | diff LOG LOG",
     "a log as JSON lines; its checks; what differs between two", "", log_run},
    {"state-hash", "[--json] [--dir DIR]", "one hash per service over its tables: equal for equal history",
     "  --json        with a hash for every table\n"
     "  --dir DIR     which stack (" CLI_DEFAULT_DIR ")\n",
     state_hash_run},
    {"dead", "list [--group] | show WHICH | retry WHICH | drop WHICH --note WHY", "dead letters",
     "  WHICH             a number of the list, or an event id\n"
     "  --fingerprint F   instead of WHICH: all of one cause, by its name in the list\n"
     "  --all             instead of WHICH: all of them\n"
     "  --group           the list by cause: how many, since when, in which services, an example\n"
     "  --note WHY        why it is given up; kept with it\n"
     "  --json            what is printed, as JSON\n"
     "  --dir DIR         which stack (" CLI_DEFAULT_DIR ")\n"
     "A retry handles a letter and then what waits behind it, in order; it has failed where one was not "
     "handled.\n"
     "A drop lets what waited behind it go on.\n",
     dead_run},
    {"trim", "[--json] [--dir DIR]", "drop the log's old partitions now, as every service does hourly",
     "  --json        what each service keeps, as one JSON object\n"
     "  --dir DIR     which stack (" CLI_DEFAULT_DIR ")\n"
     "How long the log is kept is a setting, BUS_LOG_KEEP_DAYS; what a known reader has not read is always "
     "kept.\n",
     trim_run},
    {"readers", "[--json] [--dir DIR] | forget SERVICE READER", "who reads which stream, and how far",
     "  forget S R    the log of service S is no longer kept for reader R, who will not come back\n"
     "  --json        the list as JSON\n"
     "  --dir DIR     which stack (" CLI_DEFAULT_DIR ")\n",
     readers_run},
    {"simulate", "OUT PARAMETERS… [--seed N] [--places FILE]",
     "write a log as adapters and coordinators would have sent it",
     "  PARAMETERS    a JSON file a partnership, such as data/simulation/asse.json\n"
     "  --seed N      another seed, another history (1)\n"
     "  --places FILE where the postcodes lie (data/places.csv)\n",
     simulate_run},
    {"match", "FILE|- [--prices]", "the optimal matching of lines LEFT RIGHT WEIGHT, and its total",
     "  FILE          whole numbers from -2^53 to 2^53; also takes `capacity left|right NAME N`; # begins a "
     "comment\n"
     "  --prices      the prices too, which prove the optimum: `price left|right NAME N`\n"
     "  The result has such a line for each pair, and ends with `total N`. The proof: a pair is worth no "
     "less than its\n"
     "  two prices, any other two no more, and who has room left has the price 0.\n",
     match_run},
    {"help", "[COMMAND | call NAME]", "this list, or all about one command", "", help_run},
    {0},
};

static const struct cli_command *command_find(const char *name)
{
    for (const struct cli_command *c = commands; c->name; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

static void help_all(FILE *to)
{
    fputs("koppel: social-integration programmes of cooperating municipalities, on one bus\n\n", to);
    for (const struct cli_command *c = commands; c->name; c++)
        fprintf(to, "  %-12s %s\n", c->name, c->summary);
    fputs("\nkoppel help COMMAND tells all about one of them; koppel --version, what this was built from.\n"
          "Commands talk to the stack in --dir. Without it, and with KOPPEL_PEERS set, they talk to the "
          "services named\n"
          "there (as in BUS_PEERS: name=events,requests;…), with the key koppel.key of the folder "
          "KOPPEL_KEYS_DIR.\n"
          "Exit status: 0 done, 1 failed, 2 wrong usage.\n",
          to);
}

static int unknown(const char *name)
{
    const char *names[sizeof commands / sizeof *commands];
    size_t n = 0;
    for (const struct cli_command *c = commands; c->name; c++)
        names[n++] = c->name;
    const char *near = bus_text_near(name, names, n);
    return cli_wrong("there is no command %s%s%s%s", name, near ? ": did you mean " : "", near ? near : "",
                     near ? "?" : "");
}

static void help_one(const struct cli_command *c)
{
    printf("koppel %s%s%s\n    %s\n", c->name, *c->usage ? " " : "", c->usage, c->summary);
    if (*c->details)
        printf("\n%s", c->details);
}

/* `operand`, which may be NULL, is what the command would be given: what is called has a page of its own. */
static int help_on(const struct cli_command *c, const char *operand)
{
    if (c->run == call_run && operand && operand[0] != '-')
        return call_help(operand);
    help_one(c);
    return CLI_DONE;
}

static int help_run(int argc, char **argv)
{
    if (argc > 2 && (argc > 3 || strcmp(argv[1], "call") != 0))
        return cli_wrong("help takes one command");
    if (argc < 2) {
        help_all(stdout);
        return CLI_DONE;
    }
    const struct cli_command *c = command_find(argv[1]);
    if (!c)
        return unknown(argv[1]);
    return help_on(c, argv[2]);
}

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}

/* Leaving as usual would end libzmq first, which waits for the name servers where it looks for a host. */
static int leave(int code)
{
#ifndef __SANITIZE_ADDRESS__ /* which looks for leaks as the last thing */
    if (fflush(NULL) == 0)
        quick_exit(code);
#endif
    return code;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        help_all(stderr);
        return CLI_WRONG;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return help_run(argc - 1, argv + 1);
    if (strcmp(argv[1], "--version") == 0) {
        puts("koppel " KOPPEL_VERSION);
        return CLI_DONE;
    }
    const struct cli_command *c = command_find(argv[1]);
    if (!c)
        return unknown(argv[1]);
    if (asks_for_help(argc - 1, argv + 1))
        return help_on(c, argv[2]);
    return leave(c->run(argc - 1, argv + 1));
}
