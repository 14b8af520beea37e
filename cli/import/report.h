/* What came of an import, in the language of the list: English, or Dutch. */
#ifndef CLI_IMPORT_REPORT_H
#define CLI_IMPORT_REPORT_H

#include <jansson.h>
#include <stdbool.h>

/* Faults go to stderr. The exit status. */
int import_report(const char *file, bool windows_1252, bool dry_run, const json_t *reply);

#endif
