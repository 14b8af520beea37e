/* koppel import: people from a CSV file, with every bad line told, and none of them taken unless all are
 * good. */
#include <getopt.h>
#include <stdio.h>

#include "cli.h"
#include "files/cli.h"
#include "import/list_file.h"
#include "import/report.h"
#include "schema/registry.h"
#include "session.h"

struct import_options {
    const char *dir, *partnership, *file;
    bool dry_run, template;
};

static bool options_read(int argc, char **argv, struct import_options *ret)
{
    static const struct option options[] = {{"dir", required_argument, NULL, 'd'},
                                            {"partnership", required_argument, NULL, 'p'},
                                            {"dry-run", no_argument, NULL, 'n'},
                                            {"template", no_argument, NULL, 't'},
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
        if (found == 't')
            ret->template = true;
    }
    if (ret->template)
        return true;
    ret->file = argv[optind];
    if (ret->file == NULL)
        cli_wrong("name the CSV file");
    else if (ret->partnership == NULL)
        cli_wrong("say with --partnership who serves these people");
    return ret->file != NULL && ret->partnership != NULL;
}

int import_run(int argc, char **argv)
{
    struct import_options given;
    if (!options_read(argc, argv, &given))
        return CLI_WRONG;
    if (given.template) {
        /* To open in a spreadsheet; the gateway serves the same. The postcode of its example does not exist.
         */
        const struct file *template = file_find("import-template.csv");
        fwrite(template->content, 1, template->size, stdout);
        return CLI_DONE;
    }
    struct bus_error err = {0};
    AUTO(session_close) struct session session = {0};
    struct list_file list = {0};
    json_t *reply = NULL;
    enum bus_status status = list_file_read(given.file, &list, &err);
    if (status == BUS_OK)
        status = session_open(given.dir, &session, &err);
    json_t *data = json_pack("{s:s, s:o*, s:b}", "partnership", given.partnership, "csv", list.text,
                             "dry_run", given.dry_run);
    if (status == BUS_OK)
        status = session_call(&session, &registry_import_people_type, NULL, data, &reply, &err);
    int result = status == BUS_OK ? import_report(given.file, list.windows_1252, given.dry_run, reply)
                                  : cli_fail_with(&err);
    json_decref(data);
    json_decref(reply);
    return result;
}
