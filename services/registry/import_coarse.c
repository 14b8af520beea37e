/* The list again as registry may record it: without what is personal, and without empty columns. */
#include "import.h"
#include "import_columns.h"

static void put_texts(struct bus_buffer *out, const char *const *texts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        bus_buffer_printf(out, "%s%s", i > 0 ? " " : "", texts[i]);
}

static void put_word(struct bus_buffer *out, const char *const *words, int value)
{
    bus_buffer_text(out, bus_word(words, value));
}

static void put_cell(struct bus_buffer *out, const struct person *person, int column)
{
    const struct common_profile *profile = &person->profile;
    switch (column) {
    case COLUMN_POSTCODE:
        bus_buffer_text(out, person->postcode);
        break;
    case COLUMN_PREFERRED_LANGUAGE:
        bus_buffer_text(out, person->preferred_language);
        break;
    case COLUMN_CHANNEL:
        if (person->channel != COMMON_CHANNEL_NONE) /* what absent means where there are no addresses */
            put_word(out, common_channel_words, person->channel);
        break;
    case COLUMN_FOUND_THROUGH:
        put_word(out, registry_found_through_words, person->found_through);
        break;
    case COLUMN_BIRTH_YEAR:
        if (profile->has_birth_year)
            bus_buffer_printf(out, "%lld", (long long)profile->birth_year);
        break;
    case COLUMN_GENDER:
        put_word(out, common_gender_words, profile->gender);
        break;
    case COLUMN_LANGUAGES:
        put_texts(out, profile->languages, profile->languages_n);
        break;
    case COLUMN_DUTCH_LEVEL:
        put_word(out, common_cefr_words, profile->dutch_level);
        break;
    case COLUMN_INTERESTS:
        put_texts(out, profile->interests, profile->interests_n);
        break;
    case COLUMN_CHILD_BIRTH_YEARS:
        for (size_t i = 0; i < profile->child_birth_years_n; i++)
            bus_buffer_printf(out, "%s%lld", i > 0 ? " " : "", (long long)profile->child_birth_years[i]);
        break;
    case COLUMN_AVAILABILITY:
        for (size_t i = 0; i < profile->availability_n; i++)
            bus_buffer_printf(out, "%s%s", i > 0 ? " " : "",
                              bus_word(common_slot_words, profile->availability[i]));
        break;
    case COLUMN_PREFERS_GENDER:
        put_word(out, common_gender_preference_words, profile->prefers_gender);
        break;
    }
}

const char *import_coarse(const struct import *self, struct bus_arena *arena)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0}, cell_text = {0};
    bool used[COLUMNS] = {false};
    for (size_t i = 0; i < self->people_n; i++)
        for (int column = COLUMN_POSTCODE; column < COLUMNS; column++) {
            bus_buffer_clear(&cell_text);
            put_cell(&cell_text, &self->people[i], column);
            used[column] = used[column] || cell_text.size > 0;
        }
    used[COLUMN_POSTCODE] = used[COLUMN_PREFERRED_LANGUAGE] = true;
    for (size_t i = 0; i <= self->people_n; i++) { /* the first line names the columns */
        const char *separator = "";
        for (int column = COLUMN_POSTCODE; column < COLUMNS; column++) {
            if (!used[column])
                continue;
            bus_buffer_text(&out, separator);
            separator = ",";
            if (i == 0)
                bus_buffer_text(&out, import_columns[column].name);
            else
                put_cell(&out, &self->people[i - 1], column);
        }
        bus_buffer_text(&out, "\n");
    }
    return bus_strndup(arena, (const char *)out.data, out.size);
}
