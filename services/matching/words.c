/* See words.h. A line is worth saying when its factor has at least half of its points. */
#include "words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/bytes.h"
#include "bus/clock.h"

#define WORTH_SAYING 50

static int year_of(int64_t time_us)
{
    char text[11];
    bus_date_format((int32_t)(time_us / BUS_DAY_US), text);
    return atoi(text);
}

static const char *text_of(struct bus_buffer *buffer, struct bus_arena *arena)
{
    const char *text = buffer->size ? bus_strndup(arena, (const char *)buffer->data, buffer->size - 1) : "";
    bus_buffer_done(buffer);
    return text;
}

static void write_rows(struct pair_words *words, struct bus_arena *arena)
{
    struct bus_buffer factors = {0}, lines = {0};
    for (int i = 0; i < MATCH_FACTORS; i++) {
        const struct matching_factor_score *f = &words->factors[i];
        bus_buffer_printf(&factors, "%s %d %d ", bus_word(matching_factor_words, (int)f->factor),
                          (int)f->points, (int)f->weight);
        if (f->has_value)
            bus_buffer_printf(&factors, "%d\n", (int)f->value);
        else
            bus_buffer_text(&factors, "-\n");
    }
    for (size_t i = 0; i < words->lines_n; i++)
        bus_buffer_printf(&lines, "%s\n", words->lines[i]);
    words->factors_row = text_of(&factors, arena);
    words->lines_row = text_of(&lines, arena);
}

static int waited_days(const struct member *newcomer, const struct member *volunteer)
{
    return match_waited_days(newcomer->since_us - newcomer->credit_us, volunteer->entered_us);
}

static void score_pair(const struct member *newcomer, const struct member *volunteer,
                       struct match_scores *ret)
{
    const struct programme *programme = newcomer->programme;
    match_score(&newcomer->person->about, &volunteer->person->about, &programme->rules, &programme->weights,
                waited_days(newcomer, volunteer), ret);
}

static const char *first_line(const struct member *newcomer, const struct member *volunteer,
                              struct bus_arena *arena)
{
    int waited = waited_days(newcomer, volunteer);
    return bus_printf(arena,
                      "the %s had waited %d days when the %s came: after %d days, who waits goes first",
                      waited < 0 ? "volunteer" : "newcomer", abs(waited),
                      waited < 0 ? "newcomer" : "volunteer", newcomer->programme->rules.first_after_days);
}

void pair_words(const struct member *newcomer, const struct member *volunteer, int64_t now_us,
                struct bus_arena *arena, struct pair_words *ret_words)
{
    const struct programme *programme = newcomer->programme;
    const struct match_person *n = &newcomer->person->about, *v = &volunteer->person->about;
    struct match_scores scores;
    struct match_verdict verdict;
    score_pair(newcomer, volunteer, &scores);
    match_judge(n, v, &programme->rules, &(struct match_circumstances){0}, &verdict);
    match_scores_sort(&scores);
    struct pair_words words = {
        .score = scores.total, .distance_m = verdict.distance_m, .first_days = scores.first_days};
    char text[MATCH_TEXT_MAX];
    if (scores.first_days > 0)
        words.lines[words.lines_n++] = first_line(newcomer, volunteer, arena);
    for (int i = 0; i < MATCH_FACTORS; i++) {
        const struct match_factor_score *s = &scores.of[i];
        words.factors[i] = (struct matching_factor_score){.factor = (enum matching_factor)s->factor,
                                                          .points = s->points,
                                                          .weight = s->weight,
                                                          .score = s->score,
                                                          .has_value = s->known,
                                                          .value = s->value};
        words.texts[i] =
            bus_strdup(arena, match_factor_text(s, n, v, programme->state->words, year_of(now_us), text));
        if (s->known && s->weight > 0 && (s->points >= WORTH_SAYING || s->factor == MATCH_DISTANCE))
            words.lines[words.lines_n++] = words.texts[i];
    }
    if (*match_slots_text(verdict.shared_slots, text))
        words.lines[words.lines_n++] = bus_strdup(arena, text);
    write_rows(&words, arena);
    *ret_words = words;
}

struct difference {
    int by; /* the other pair has so much more of the score in this factor */
    int factor;
};

static int most_first(const void *a, const void *b)
{
    const struct difference *x = a, *y = b;
    int by = abs(y->by) - abs(x->by);
    return by ? by : x->factor - y->factor;
}

size_t pair_differences(const struct pair *asked, const struct pair *other, struct bus_arena *arena,
                        const char *lines[MATCH_FACTORS + 1])
{
    struct match_scores here, there;
    struct difference found[MATCH_FACTORS];
    size_t n = 0, lines_n = 0;
    score_pair(asked->newcomer, asked->volunteer, &here);
    score_pair(other->newcomer, other->volunteer, &there);
    for (int i = 0; i < MATCH_FACTORS; i++)
        if (there.of[i].score != here.of[i].score)
            found[n++] = (struct difference){.by = there.of[i].score - here.of[i].score, .factor = i};
    qsort(found, n, sizeof *found, most_first);
    if (there.first_days != here.first_days)
        lines[lines_n++] = bus_printf(
            arena, "going first: they for %d days of waiting, these two for %d (%d %s)", there.first_days,
            here.first_days, abs(there.first_days - here.first_days) * MATCH_AHEAD_A_DAY,
            there.first_days > here.first_days ? "more" : "less");
    for (size_t i = 0; i < n; i++) {
        char this_text[MATCH_TEXT_MAX], that_text[MATCH_TEXT_MAX];
        const struct match_factor_score *this = &here.of[found[i].factor], *that = &there.of[found[i].factor];
        match_factor_clause(this, &asked->newcomer->person->about, &asked->volunteer->person->about,
                            this_text);
        match_factor_clause(that, &other->newcomer->person->about, &other->volunteer->person->about,
                            that_text);
        lines[lines_n++] = bus_printf(arena, "%s: they %s, these two %s (%d %s)",
                                      bus_word(matching_factor_words, (int)this->factor), that_text,
                                      this_text, abs(found[i].by), found[i].by > 0 ? "more" : "less");
    }
    return lines_n;
}

const char *no_place_text(const struct member *member, struct bus_arena *arena)
{
    bool volunteer = member->side == COMMON_SIDE_VOLUNTEER;
    const char *who = bus_word(common_side_words, (int)member->side);
    if (volunteer && member->person->volunteer == VOLUNTEER_RESTING)
        return "the volunteer rests";
    if (volunteer && member->person->volunteer == VOLUNTEER_STOPPED)
        return "the volunteer has stopped";
    if (!member->waiting)
        return bus_printf(arena, "the %s %s", who,
                          member->duos > 0 ? "is in a duo, and waits for no other" : "does not wait");
    if (!volunteer)
        return "the newcomer has a proposal that was accepted, or made by hand";
    return bus_printf(arena,
                      "the volunteer has %d in a duo, %d in a proposal that was accepted or made by hand, "
                      "%d to help, and takes %d",
                      member->duos, member->held, member->tasks, member->capacity);
}

static size_t count_lines(const char *row)
{
    size_t n = *row != '\0';
    for (; *row; row++)
        n += *row == '\n';
    return n;
}

const struct matching_factor_score *factors_read(const char *row, struct bus_arena *arena, size_t *ret_n)
{
    size_t n = count_lines(row);
    struct matching_factor_score *factors = bus_alloc_array(arena, n, sizeof *factors);
    for (size_t i = 0; i < n; i++, row += strcspn(row, "\n"), row += *row == '\n') {
        char name[20] = "", value[12] = "";
        int points = 0, weight = 0;
        if (sscanf(row, "%19s %d %d %11s", name, &points, &weight, value) != 4)
            continue;
        factors[i] = (struct matching_factor_score){
            .factor = (enum matching_factor)bus_word_value(matching_factor_words, name),
            .points = points,
            .weight = weight,
            .score = points * weight,
            .has_value = value[0] != '-',
            .value = atoi(value)};
    }
    *ret_n = n;
    return factors;
}

const char *const *lines_read(const char *row, struct bus_arena *arena, size_t *ret_n)
{
    size_t n = count_lines(row);
    const char **lines = bus_alloc_array(arena, n, sizeof *lines);
    for (size_t i = 0; i < n; i++) {
        size_t length = strcspn(row, "\n");
        lines[i] = bus_strndup(arena, row, length);
        row += length + (row[length] == '\n');
    }
    *ret_n = n;
    return lines;
}
