/* See profile.h. The enums of the schemas and of libmatch have the same numbers, which is asserted here. */
#include "profile.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static_assert(MATCH_WOMAN == (int)COMMON_GENDER_WOMAN && MATCH_MAN == (int)COMMON_GENDER_MAN, "gender");
static_assert(COMMON_CEFR_NONE == 1 && COMMON_CEFR_NATIVE == 8, "Dutch level");

static uint8_t at_most(size_t n)
{
    return (uint8_t)(n < MATCH_LIST_MAX ? n : MATCH_LIST_MAX);
}

void profile_read(const struct common_profile *profile, struct match_words *words,
                  struct match_person *ret_about)
{
    struct match_person about = {.lat_e4 = ret_about->lat_e4,
                                 .lon_e4 = ret_about->lon_e4,
                                 .birth_year = (int16_t)(profile->has_birth_year ? profile->birth_year : 0),
                                 .gender = (uint8_t)profile->gender,
                                 .dutch_level = (uint8_t)profile->dutch_level,
                                 .interests_n = at_most(profile->interests_n),
                                 .children_n = at_most(profile->child_birth_years_n)};
    if (profile->prefers_gender == COMMON_GENDER_PREFERENCE_WOMAN)
        about.prefers = MATCH_WOMAN;
    if (profile->prefers_gender == COMMON_GENDER_PREFERENCE_MAN)
        about.prefers = MATCH_MAN;
    for (size_t i = 0; i < profile->languages_n && about.languages_n < MATCH_LIST_MAX; i++)
        if (strcmp(profile->languages[i], "nl") !=
            0) /* everyone here learns or speaks it: nothing in common */
            about.languages[about.languages_n++] = match_language(profile->languages[i]);
    for (int i = 0; i < about.interests_n; i++)
        about.interests[i] = match_words_number(words, profile->interests[i]);
    for (int i = 0; i < about.children_n; i++)
        about.child_years[i] = (int16_t)profile->child_birth_years[i];
    for (size_t i = 0; i < profile->availability_n; i++)
        about.slots |= UINT32_C(1) << (profile->availability[i] - 1);
    *ret_about = about;
}

const int *profile_shared_slots(const struct match_person *a, const struct match_person *b,
                                struct bus_arena *arena, size_t *ret_n)
{
    uint32_t shared = a->slots & b->slots;
    size_t n = (size_t)__builtin_popcount(shared);
    int *slots = n > 0 ? bus_alloc_array(arena, n, sizeof *slots) : NULL;
    for (size_t i = 0; i < n; i++) {
        slots[i] = COMMON_SLOT_MON_MORNING + __builtin_ctz(shared);
        shared &= shared - 1;
    }
    *ret_n = n;
    return slots;
}

static const char *text_of(struct bus_buffer *buffer, struct bus_arena *arena)
{
    const char *text = buffer->size ? bus_strndup(arena, (const char *)buffer->data, buffer->size - 1) : "";
    bus_buffer_done(buffer);
    return text;
}

const char *profile_languages(const struct match_person *about, struct bus_arena *arena)
{
    struct bus_buffer out = {0};
    for (int i = 0; i < about->languages_n; i++) {
        char code[4];
        match_language_code(about->languages[i], code);
        bus_buffer_printf(&out, "%s ", code);
    }
    return text_of(&out, arena);
}

const char *profile_interests(const struct match_person *about, const struct match_words *words,
                              struct bus_arena *arena)
{
    struct bus_buffer out = {0};
    for (int i = 0; i < about->interests_n; i++)
        bus_buffer_printf(&out, "%s ", match_words_word(words, about->interests[i]));
    return text_of(&out, arena);
}

const char *profile_child_years(const struct match_person *about, struct bus_arena *arena)
{
    struct bus_buffer out = {0};
    for (int i = 0; i < about->children_n; i++)
        bus_buffer_printf(&out, "%d ", about->child_years[i]);
    return text_of(&out, arena);
}

/* The next word of a list, or false at its end. */
static bool next_word(const char **at, char word[32])
{
    size_t length = strcspn(*at, " ");
    if (length == 0)
        return false;
    size_t kept = length < 31 ? length : 31;
    memcpy(word, *at, kept);
    word[kept] = '\0';
    *at += length;
    *at += strspn(*at, " ");
    return true;
}

void profile_read_lists(const char *languages, const char *interests, const char *child_years,
                        struct match_words *words, struct match_person *about)
{
    char word[32];
    about->languages_n = about->interests_n = about->children_n = 0;
    while (about->languages_n < MATCH_LIST_MAX && next_word(&languages, word))
        about->languages[about->languages_n++] = match_language(word);
    while (about->interests_n < MATCH_LIST_MAX && next_word(&interests, word))
        about->interests[about->interests_n++] = match_words_number(words, word);
    while (about->children_n < MATCH_LIST_MAX && next_word(&child_years, word))
        about->child_years[about->children_n++] = (int16_t)atoi(word);
}
