/* See people.h. */
#include "simulate/people.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "bus/clock.h"
#include "simulate/names.h"
#include "simulate/params.h"

static const char *const interests[] = {"cooking",     "walking", "cycling",  "gardening",
                                        "reading",     "music",   "football", "sewing",
                                        "board-games", "film",    "swimming", "crafts"};
#define INTERESTS (sizeof interests / sizeof *interests)

void people_init(struct people *self, struct world *world, const json_t *params, const struct places *places,
                 uint64_t seed)
{
    *self = (struct people){.world = world, .params = params, .places = places, .words = match_words_new()};
    self->random = random_seeded(seed, world->partnership);
}

void people_done(struct people *self)
{
    self->world->people_n += self->n;
    match_words_free(self->words);
    free(self->all);
}

/* A key of an object of weights, in proportion. */
static const char *pick(struct people *self, const json_t *weights)
{
    const char *keys[40];
    double of[40];
    size_t n = 0;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)weights, key, value)
    {
        if (n == 40)
            break;
        keys[n] = key;
        of[n++] = json_number_value(value);
    }
    if (n == 0)
        params_wrong("a table of weights among \"people\" is empty, or not there");
    return keys[random_weighted(&self->random, of, n)];
}

static const char *pick_postcode(struct people *self, enum common_side side)
{
    const json_t *places =
        side == COMMON_SIDE_VOLUNTEER ? param_array(self->params, "volunteer_places") : NULL;
    if (places == NULL)
        places = param_array(self->params, "places");
    double weights[40];
    size_t n = json_array_size(places) < 40 ? json_array_size(places) : 40;
    for (size_t i = 0; i < n; i++)
        weights[i] = json_number_value(json_array_get(json_array_get(places, i), 1));
    if (n == 0)
        params_wrong("the parameter \"places\" is empty");
    size_t i = random_weighted(&self->random, weights, n);
    const char *postcode = json_string_value(json_array_get(json_array_get(places, i), 0));
    if (postcode == NULL)
        params_wrong("a place is a postcode and a weight, such as [\"1730\", 3]");
    return postcode;
}

/* A mail address under example.org, which nobody owns. */
static const char *mail_address(struct people *self, const char *first, const char *last)
{
    char *email = bus_printf(self->world->arena, "%s.%s.%s%zu@example.org", first, last,
                             self->world->partnership, self->n);
    for (char *c = email; *c != '\0'; c++)
        *c = *c == ' ' ? '-' : (char)tolower((unsigned char)*c);
    return email;
}

struct drawn { /* a profile, with room for its lists */
    struct common_profile profile;
    const char *languages[2];
    const char *interests[4];
    int64_t children[4];
    int slots[21];
};

/* Those at home: fourteen at most, of a parent who was 18 to 45 then; who is too old for that has none. */
static void draw_children(struct random *r, int64_t year, struct drawn *drawn)
{
    struct common_profile *profile = &drawn->profile;
    int64_t first = profile->birth_year + 18, last = profile->birth_year + 45;
    first = first < year - 14 ? year - 14 : first;
    last = last > year ? year : last;
    for (int64_t k = random_between(r, 1, 3); k > 0; k--) {
        int64_t born = last - random_between(r, 0, first < last ? last - first : 0);
        if (born >= first)
            drawn->children[profile->child_birth_years_n++] = born;
    }
}

static void draw_lists(struct people *self, const char *language, int year, struct drawn *drawn)
{
    struct random *r = &self->random;
    struct common_profile *profile = &drawn->profile;
    if (strcmp(language, "nl") != 0)
        drawn->languages[profile->languages_n++] = language;
    if (strcmp(language, "nl") == 0 || random_chance(r, 0.3))
        drawn->languages[profile->languages_n++] =
            random_chance(r, 0.6) && strcmp(language, "en") != 0 ? "en" : "fr";
    if (profile->languages_n == 2 && strcmp(drawn->languages[0], drawn->languages[1]) == 0)
        profile->languages_n = 1;
    size_t first = (size_t)random_between(r, 0, INTERESTS - 1), n = (size_t)random_between(r, 2, 4);
    for (size_t i = 0; i < n; i++)
        drawn->interests[profile->interests_n++] = interests[(first + i * 5) % INTERESTS];
    if (random_chance(r, 0.55))
        draw_children(r, year, drawn);
    for (int slot = COMMON_SLOT_MON_MORNING; slot <= COMMON_SLOT_SUN_EVENING; slot++)
        if (random_chance(r, 0.55))
            drawn->slots[profile->availability_n++] = slot;
    profile->languages = drawn->languages;
    profile->interests = drawn->interests;
    profile->child_birth_years = drawn->children;
    profile->availability = drawn->slots;
}

static void draw(struct people *self, enum common_side side, const char *language, int year,
                 struct drawn *drawn)
{
    struct random *r = &self->random;
    *drawn = (struct drawn){0};
    bool volunteer = side == COMMON_SIDE_VOLUNTEER;
    drawn->profile.has_birth_year = true;
    drawn->profile.birth_year = year - (volunteer ? random_between(r, 24, 74) : random_between(r, 19, 58));
    drawn->profile.gender =
        random_chance(r, volunteer ? 0.68 : 0.6) ? COMMON_GENDER_WOMAN : COMMON_GENDER_MAN;
    drawn->profile.dutch_level =
        volunteer ? COMMON_CEFR_NATIVE : (enum common_cefr)random_between(r, COMMON_CEFR_A1, COMMON_CEFR_B1);
    if (!volunteer && drawn->profile.gender == COMMON_GENDER_WOMAN && random_chance(r, 0.06))
        drawn->profile.prefers_gender = COMMON_GENDER_PREFERENCE_WOMAN;
    draw_lists(self, language, year, drawn);
}

static struct match_person matchable(struct people *self, const struct common_profile *profile,
                                     const char *postcode)
{
    struct match_person about = {.birth_year = (int16_t)profile->birth_year,
                                 .gender = (uint8_t)profile->gender,
                                 .dutch_level = (uint8_t)profile->dutch_level};
    places_find(self->places, postcode, &about.lat_e4, &about.lon_e4);
    for (size_t i = 0; i < profile->languages_n; i++)
        about.languages[about.languages_n++] = match_language(profile->languages[i]);
    for (size_t i = 0; i < profile->interests_n; i++)
        about.interests[about.interests_n++] = match_words_number(self->words, profile->interests[i]);
    for (size_t i = 0; i < profile->child_birth_years_n; i++)
        about.child_years[about.children_n++] = (int16_t)profile->child_birth_years[i];
    for (size_t i = 0; i < profile->availability_n; i++)
        about.slots |= UINT32_C(1) << (profile->availability[i] - 1);
    return about;
}

static struct someone *add(struct people *self)
{
    if (self->n == self->capacity) {
        self->capacity = self->capacity ? 2 * self->capacity : 256;
        self->all = realloc(self->all, self->capacity * sizeof(struct someone *));
        if (self->all == NULL)
            bus_die("out of memory");
    }
    return self->all[self->n++] = bus_alloc(self->world->arena, sizeof(struct someone));
}

static void recruit(struct people *self, const struct someone *someone)
{
    char day[11];
    bus_date_format(someone->registered, day);
    world_send(
        self->world, world_at(someone->registered, 10, 40), &registry_recruit_volunteer_type,
        &(struct registry_recruit_volunteer){.person_id = someone->id, .capacity = 1, .informed_on = day});
}

struct someone *people_register(struct people *self, int32_t day, enum common_side side)
{
    const json_t *params = param_object(self->params, "people");
    bool volunteer = side == COMMON_SIDE_VOLUNTEER;
    const char *language = volunteer ? "nl" : pick(self, param_object(params, "languages"));
    const char *postcode = pick_postcode(self, side);
    char date[11];
    bus_date_format(day, date);
    struct drawn drawn;
    draw(self, side, language, atoi(date), &drawn);
    const struct names *names = names_of(language);
    struct someone *someone = add(self);
    bool woman = drawn.profile.gender == COMMON_GENDER_WOMAN;
    *someone = (struct someone){.side = side,
                                .registered = day,
                                .free_from = day + 1,
                                .first_name =
                                    (woman ? names->women : names->men)[random_between(&self->random, 0, 9)],
                                .last_name = names->families[random_between(&self->random, 0, 11)]};
    int64_t at = world_at(day, 9, (int)random_between(&self->random, 0, 59));
    someone->id = world_id(self->world, at, "person", (int64_t)self->n);
    someone->email = mail_address(self, someone->first_name, someone->last_name);
    someone->about = matchable(self, &drawn.profile, postcode);
    const char *found =
        pick(self, param_object(params, volunteer ? "volunteers_found_through" : "found_through"));
    bool sms = random_chance(&self->random, param_number(params, "sms", 0));
    struct registry_register_person person = {
        .person_id = someone->id,
        .partnership = self->world->partnership,
        .first_name = someone->first_name,
        .last_name = someone->last_name,
        .email = someone->email,
        .postcode = postcode,
        .profile = &drawn.profile,
        .preferred_language = language,
        .channel = sms ? COMMON_CHANNEL_SMS : COMMON_CHANNEL_MAIL,
        .phone =
            sms ? bus_printf(self->world->arena, "+32460%06zu", (self->world->people_n + self->n) % 1000000)
                : NULL,
        .found_through = (enum registry_found_through)bus_word_value(registry_found_through_words, found)};
    world_send(self->world, at, &registry_register_person_type, &person);
    if (volunteer)
        recruit(self, someone);
    return someone;
}

void people_intake(struct people *self, const struct someone *someone, const char *programme, int32_t day)
{
    struct registry_hold_intake intake = {
        .person_id = someone->id, .programme = programme, .side = someone->side};
    int64_t at = world_at(day, 11, (int)random_between(&self->random, 0, 59));
    intake.intake_id = world_id(self->world, at, "intake", (int64_t)self->world->sent_n);
    world_send(self->world, at, &registry_hold_intake_type, &intake);
}
