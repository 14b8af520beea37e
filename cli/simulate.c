/* koppel simulate: a log as adapters and coordinators would have sent it, from parameter files. */
#include <getopt.h>
#include <stdio.h>

#include "cli.h"
#include "log/logfile.h"
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

static enum bus_status simulate(struct world *world, const char *path, const struct places *places, uint64_t seed,
                                struct bus_error *err)
{
    json_t *params = NULL;
    enum bus_status status = params_read(path, &params, err);
    if (status != BUS_OK)
        return status;
    const char *id = bus_strdup(world->arena, param_text(param_object(params, "partnership"), "id"));
    world->partnership = id;
    world->actor = bus_printf(world->arena, "coordinator:%s", id);
    struct people people;
    people_init(&people, world, params, places, seed);
    simulate_partnership(&people);
    if (param_object(params, "duos") != NULL)
        simulate_duos(&people, param_object(params, "duos"));
    if (param_object(params, "help") != NULL)
        simulate_help(&people, param_object(params, "help"));
    size_t i;
    const json_t *series;
    json_array_foreach(param_array(params, "series"), i, series) simulate_series(&people, series);
    if (param_object(params, "referrals") != NULL)
        simulate_referrals(&people, param_object(params, "referrals"));
    people_done(&people);
    /* The texts of the parameters are borrowed until all is written. */
    json_object_set_new(world->kept, path, params);
    return BUS_OK;
}

static enum bus_status write_log(struct world *world, const struct simulate_options *options, struct bus_error *err)
{
    AUTO(logfile_close) struct logfile *log = NULL;
    struct logfile_info info = {.tick_s = TICK_S,
                                .note = bus_printf(world->arena, "koppel simulate --seed %ld", options->seed)};
    enum bus_status status = logfile_create(options->out, &info, &log, err);
    if (status == BUS_OK)
        status = world_write(world, log, err);
    return status == BUS_OK ? logfile_finish(log, err) : status;
}

int simulate_run(int argc, char **argv)
{
    struct simulate_options options;
    struct bus_error err = {0};
    AUTO(places_close) struct places *places = NULL;
    if (!options_read(argc, argv, &options))
        return CLI_WRONG;
    struct world world;
    world_init(&world, (uint64_t)options.seed);
    enum bus_status status = places_open(options.places, &places, &err);
    for (int i = optind + 1; status == BUS_OK && i < argc; i++)
        status = simulate(&world, argv[i], places, (uint64_t)options.seed, &err);
    if (status == BUS_OK)
        status = write_log(&world, &options, &err);
    if (status == BUS_OK)
        printf("%s: %zu messages\n", options.out, world.sent_n);
    world_done(&world);
    return status == BUS_OK ? CLI_DONE : cli_fail_with(&err);
}
