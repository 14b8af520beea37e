/* koppel simulate: a log as adapters and coordinators would have sent it, from parameter files. */
#include <getopt.h>
#include <stdio.h>

#include "cli.h"
#include "log/logfile.h"
#include "simulate/everywhere.h"
#include "simulate/params.h"
#include "simulate/programmes.h"

#define TICK_S 86400

struct simulate_options {
    const char *out;
    const char *places;
    long seed;
};

static bool options_read(int argc, char **argv, struct simulate_options *ret)
{
    static const struct option options[] = {
        {"seed", required_argument, NULL, 's'}, {"places", required_argument, NULL, 'p'}, {0}};
    *ret = (struct simulate_options){.places = "data/places.csv", .seed = 1};
    for (int found; (found = cli_option(argc, argv, options, 100)) != -1;) {
        if (found == '?' || (found == 's' && !cli_number("--seed", optarg, 0, 1000000000, &ret->seed)))
            return false;
        if (found == 'p')
            ret->places = optarg;
    }
    if (argc - optind < 2) {
        (void)cli_wrong("name the log to write and at least one parameter file");
        return false;
    }
    ret->out = argv[optind];
    return true;
}

static enum bus_status read_all(struct world *world, char **paths, size_t n, const struct places *places,
                                uint64_t seed, struct bus_error *err)
{
    enum bus_status status = BUS_OK;
    for (size_t i = 0; status == BUS_OK && i < n; i++) {
        json_t *params = NULL;
        status = params_read(paths[i], &params, err);
        if (status == BUS_OK && everywhere_is(params))
            status = bus_fail(err, BUS_INVALID, "%s is for many municipalities: name it alone", paths[i]);
        else if (status == BUS_OK)
            simulate_programmes(world, params, places, seed);
        json_object_set_new(world->kept, paths[i], params);
    }
    return status;
}

static enum bus_status write_log(const struct simulate_options *options, char **paths, size_t n,
                                 const struct places *places, size_t *ret_messages, struct bus_error *err)
{
    AUTO(world_done) struct world world;
    uint64_t seed = (uint64_t)options->seed;
    json_t *first = NULL;
    world_init(&world, seed);
    struct logfile_info info = {.tick_s = TICK_S,
                                .note = bus_printf(world.arena, "koppel simulate --seed %ld", options->seed)};
    enum bus_status status = n == 1 ? params_read(paths[0], &first, err) : BUS_OK;
    if (status == BUS_OK && everywhere_is(first)) {
        status = everywhere_simulate(first, places, seed, options->out, &info, ret_messages, err);
    } else if (status == BUS_OK) {
        status = read_all(&world, paths, n, places, seed, err);
        if (status == BUS_OK)
            status = world_write(&world, options->out, &info, err);
        *ret_messages = world.sent_n;
    }
    json_decref(first);
    return status;
}

int simulate_run(int argc, char **argv)
{
    struct simulate_options options;
    struct bus_error err = {0};
    AUTO(places_close) struct places *places = NULL;
    if (!options_read(argc, argv, &options))
        return CLI_WRONG;
    size_t messages = 0;
    enum bus_status status = places_open(options.places, &places, &err);
    if (status == BUS_OK)
        status = write_log(&options, argv + optind + 1, (size_t)(argc - optind - 1), places, &messages, &err);
    if (status != BUS_OK)
        return cli_fail_with(&err);
    printf("%s: %zu messages\n", options.out, messages);
    return CLI_DONE;
}
