/* See report.h. */
#include "report.h"

#include <stdio.h>
#include <string.h>

#include "cli.h"

static long long number_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static void faults_tell(const char *file, const json_t *faults, bool dutch)
{
    size_t i;
    json_t *fault;
    json_array_foreach(faults, i, fault)
    {
        const char *heading = text_of(fault, "heading");
        fprintf(stderr, "%s, %s %lld%s%s: %s\n", file, dutch ? "lijn" : "line", number_of(fault, "line"),
                heading ? ", " : "", heading ? heading : "", text_of(fault, "text"));
    }
}

static const char *ground_word(const char *ground, bool dutch)
{
    static const char *const words[][2] = {{"national-number", "rijksregisternummer"},
                                           {"email", "e-mail"},
                                           {"phone", "telefoon"},
                                           {"name", "naam"}};
    for (size_t i = 0; dutch && i < sizeof words / sizeof words[0]; i++)
        if (strcmp(ground, words[i][0]) == 0)
            return words[i][1];
    return ground;
}

static void grounds_tell(const json_t *one, bool dutch)
{
    size_t i;
    json_t *ground;
    json_array_foreach(json_object_get(one, "grounds"), i, ground)
        printf("%s %s",
               i > 0   ? ","
               : dutch ? " zelfde"
                       : " same",
               ground_word(json_string_value(ground), dutch));
    printf("\n");
}

/* Once the lines are people, who is like whom stands among those that are known. */
static void alike_tell(const json_t *reply, bool dutch)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(reply, "possible_duplicates"), i, one)
    {
        printf(dutch ? "lijn %lld is misschien %s, al bekend:" : "line %lld may be %s, who is registered:",
               number_of(one, "line"), text_of(one, "person_id"));
        grounds_tell(one, dutch);
    }
    if (number_of(reply, "imported") > 0)
        return;
    json_array_foreach(json_object_get(reply, "alike_lines"), i, one)
    {
        printf(dutch ? "lijn %lld is misschien dezelfde persoon als lijn %lld:"
                     : "line %lld may be the same person as line %lld:",
               number_of(one, "line"), number_of(one, "other_line"));
        grounds_tell(one, dutch);
    }
}

static void remarks_tell(const json_t *reply, bool dutch)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(reply, "remarks"), i, one)
        printf("%s %lld: %s\n", dutch ? "lijn" : "line", number_of(one, "line"), text_of(one, "text"));
}

/* On how many lines something is wrong. */
static long long lines_at_fault(const json_t *faults)
{
    long long lines = 0;
    size_t i, j;
    json_t *one;
    json_array_foreach(faults, i, one)
    {
        for (j = 0; j < i && number_of(json_array_get(faults, j), "line") != number_of(one, "line");)
            j++;
        lines += j == i;
    }
    return lines;
}

static int refusal_tell(const json_t *all, bool dutch)
{
    long long faults = (long long)json_array_size(all), lines = lines_at_fault(all);
    if (dutch)
        return cli_fail(
            "niemand is ingelezen: %lld fout%s op %lld lijn%s; verbeter de lijst en laad ze opnieuw op",
            faults, faults == 1 ? "" : "en", lines, lines == 1 ? "" : "en");
    return cli_fail(
        "nobody is imported: %lld fault%s on %lld line%s; put right what is wrong and give the file again",
        faults, faults == 1 ? "" : "s", lines, lines == 1 ? "" : "s");
}

static void success_tell(long long people, bool dry_run, bool dutch)
{
    bool one = people == 1;
    if (dutch)
        printf(dry_run ? (one ? "%lld lijn is goed; nog niemand is ingelezen\n"
                              : "%lld lijnen zijn goed; nog niemand is ingelezen\n")
                       : (one ? "%lld persoon is ingeschreven\n" : "%lld mensen zijn ingeschreven\n"),
               people);
    else
        printf(dry_run ? (one ? "%lld line is good; nobody is imported yet\n"
                              : "%lld lines are good; nobody is imported yet\n")
                       : (one ? "%lld person is registered\n" : "%lld people are registered\n"),
               people);
}

int import_report(const char *file, bool windows_1252, bool dry_run, const json_t *reply)
{
    const char *language = text_of(reply, "language");
    const json_t *faults = json_object_get(reply, "faults");
    bool dutch = language != NULL && strcmp(language, "nl") == 0;
    if (windows_1252)
        fprintf(stderr,
                dutch ? "%s is gelezen als Windows-1252: kijk de accenten na, of bewaar als \"CSV UTF-8\"\n"
                      : "%s is read as Windows-1252: look at the accents, or save it as \"CSV UTF-8\"\n",
                file);
    faults_tell(file, faults, dutch);
    alike_tell(reply, dutch);
    remarks_tell(reply, dutch);
    if (json_array_size(faults) > 0)
        return refusal_tell(faults, dutch);
    success_tell(number_of(reply, dry_run ? "lines" : "imported"), dry_run, dutch);
    return CLI_DONE;
}
