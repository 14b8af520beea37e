/* koppel import: people from a CSV file, with every bad line told, and none of them taken unless all are
 * good. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "schema/registry.h"
#include "session.h"

#define CSV_BYTES_MAX 60000 /* of one import; see schemas/registry/import-people.v1.json */

struct import_options {
    const char *dir, *partnership, *file;
    bool dry_run;
};

static bool options_read(int argc, char **argv, struct import_options *ret)
{
    static const struct option options[] = {{"dir", required_argument, NULL, 'd'},
                                            {"partnership", required_argument, NULL, 'p'},
                                            {"dry-run", no_argument, NULL, 'n'},
                                            {0}};
    *ret = (struct import_options){.dir = CLI_DEFAULT_DIR};
    for (int found; (found = cli_option(argc, argv, options, 1)) != -1;) {
        if (found == '?')
            return false;
        if (found == 'd')
            ret->dir = optarg;
        if (found == 'p')
            ret->partnership = optarg;
        if (found == 'n')
            ret->dry_run = true;
    }
    ret->file = argv[optind];
    if (ret->file == NULL)
        cli_wrong("name the CSV file");
    else if (ret->partnership == NULL)
        cli_wrong("say with --partnership who serves these people");
    return ret->file != NULL && ret->partnership != NULL;
}

static enum bus_status csv_read(const char *path, json_t **ret_text, struct bus_error *err)
{
    static char text[CSV_BYTES_MAX + 1];
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return bus_fail(err, BUS_NOT_FOUND, "%s cannot be read: %s", path, strerror(errno));
    size_t n = fread(text, 1, sizeof text, file);
    bool whole = !ferror(file);
    fclose(file);
    if (!whole)
        return bus_fail(err, BUS_NOT_FOUND, "%s cannot be read", path);
    if (n > CSV_BYTES_MAX)
        return bus_fail(err, BUS_INVALID,
                        "%s has more than %d bytes: split it, each part with the first line", path,
                        CSV_BYTES_MAX);
    const char *bytes = text;
    if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) { /* as spreadsheets begin a file */
        bytes += 3;
        n -= 3;
    }
    *ret_text = json_stringn(bytes, n);
    return *ret_text != NULL ? BUS_OK
                             : bus_fail(err, BUS_INVALID, "%s is not UTF-8: save it as \"CSV UTF-8\"", path);
}

static long long number_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static const char *plural(long long n)
{
    return n == 1 ? "" : "s";
}

static void duplicates_tell(const json_t *reply)
{
    size_t i, k;
    json_t *one, *ground;
    json_array_foreach(json_object_get(reply, "possible_duplicates"), i, one)
    {
        printf("line %lld may be %s, who is registered:", number_of(one, "line"),
               json_string_value(json_object_get(one, "person_id")));
        json_array_foreach(json_object_get(one, "grounds"), k, ground)
            printf("%s %s", k > 0 ? "," : " same", json_string_value(ground));
        printf("\n");
    }
}

static int reply_tell(const struct import_options *given, const json_t *reply)
{
    size_t i;
    json_t *fault, *faults = json_object_get(reply, "faults");
    json_array_foreach(faults, i, fault)
    {
        const char *column = json_string_value(json_object_get(fault, "column"));
        fprintf(stderr, "%s, line %lld%s%s: %s\n", given->file, number_of(fault, "line"), column ? ", " : "",
                column ? column : "", json_string_value(json_object_get(fault, "text")));
    }
    duplicates_tell(reply);
    if (json_array_size(faults) > 0)
        return cli_fail(
            "nobody is imported: %zu fault%s in %lld line%s; put right what is wrong and give the file again",
            json_array_size(faults), plural((long long)json_array_size(faults)), number_of(reply, "lines"),
            plural(number_of(reply, "lines")));
    if (given->dry_run)
        printf(number_of(reply, "lines") == 1 ? "%lld line is good; nobody is imported yet\n"
                                              : "%lld lines are good; nobody is imported yet\n",
               number_of(reply, "lines"));
    else
        printf(number_of(reply, "imported") == 1 ? "%lld person is registered\n"
                                                 : "%lld people are registered\n",
               number_of(reply, "imported"));
    return CLI_DONE;
}

int import_run(int argc, char **argv)
{
    struct import_options given;
    if (!options_read(argc, argv, &given))
        return CLI_WRONG;
    struct bus_error err = {0};
    AUTO(session_close) struct session session = {0};
    json_t *csv = NULL, *reply = NULL;
    enum bus_status status = csv_read(given.file, &csv, &err);
    if (status == BUS_OK)
        status = session_open(given.dir, &session, &err);
    json_t *data =
        json_pack("{s:s, s:o*, s:b}", "partnership", given.partnership, "csv", csv, "dry_run", given.dry_run);
    if (status == BUS_OK)
        status = session_call(&session, &registry_import_people_type, NULL, data, &reply, &err);
    int result = status == BUS_OK ? reply_tell(&given, reply) : cli_fail_with(&err);
    json_decref(data);
    json_decref(reply);
    return result;
}
