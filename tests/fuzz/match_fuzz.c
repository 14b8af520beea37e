/* Matching problems from anyone: refused line by line, or solved; then the total is that of the pairs, every
 * pair is worth something, and no name has more partners than it may. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/instance.h"
#include "require.h"

static void check_faults(const struct match_faults *faults)
{
    require(faults->count > 0);
    for (long i = 0; i < faults->count && i < MATCH_FAULTS_MAX; i++)
        require(strlen(faults->kept[i].text) > 0);
}

static void check_result(const struct match_instance *instance)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    require(out != NULL && match_instance_write(instance, out) == 0);
    require(match_instance_write_prices(instance, out) == 0 && fclose(out) == 0);
    long long sum = 0, told = -1;
    for (char *line = text, *end; (end = strchr(line, '\n')) != NULL && told < 0; line = end + 1) {
        *end = '\0';
        const char *weight = strrchr(line, ' ');
        require(weight != NULL);
        const char *first = strchr(line, ' ');
        if (first == weight) { /* two words: the last line before the prices */
            told = atoll(weight);
            continue;
        }
        require(atoll(weight) > 0);
        sum += atoll(weight);
    }
    require(told == sum);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    FILE *in = fmemopen((void *)(uintptr_t)data, size, "r");
    require(in != NULL);
    static struct match_faults faults;
    struct match_instance *instance = match_instance_read(in, &faults);
    (void)fclose(in);
    if (instance == NULL) {
        check_faults(&faults);
        return 0;
    }
    require(faults.count == 0);
    match_instance_solve(instance);
    check_result(instance);
    match_instance_free(instance);
    return 0;
}
