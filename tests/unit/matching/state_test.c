/* The state in memory: finding, counting places, moving what runs, and the forms a profile takes in a row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../services/matching/places.h"
#include "../../../services/matching/profile.h"
#include "../../../services/matching/state.h"
#include "../../../services/matching/words.h"

static struct bus_id id(int n)
{
    struct bus_id made = {{0}};
    made.bytes[14] = (uint8_t)(n >> 8);
    made.bytes[15] = (uint8_t)n;
    return made;
}

static struct pair *new_pair(size_t size, enum pair_kind kind, int n, struct member *newcomer,
                             struct member *volunteer)
{
    struct pair *pair = calloc(1, size);
    assert_non_null(pair);
    pair->id = id(n);
    pair->kind = kind;
    pair->newcomer = newcomer;
    pair->volunteer = volunteer;
    return pair;
}

struct scene {
    struct state *state;
    struct programme *programme;
    struct member *newcomer, *volunteer;
};

static struct scene set_scene(void)
{
    struct scene s = {.state = state_new()};
    s.programme = state_add_programme(s.state, "asse-duo");
    s.newcomer = state_add_member(state_add_person(s.state, id(1)), s.programme, COMMON_SIDE_NEWCOMER);
    s.volunteer = state_add_member(state_add_person(s.state, id(2)), s.programme, COMMON_SIDE_VOLUNTEER);
    s.newcomer->waiting = s.volunteer->waiting = true;
    s.volunteer->capacity = 2;
    return s;
}

static void finds_what_is_there_and_nothing_else(void **unused)
{
    (void)unused;
    struct scene s = set_scene();
    for (int i = 10; i < 500; i++)
        state_add_person(s.state, id(i));
    for (int i = 10; i < 500; i++)
        assert_true(bus_id_equal(state_person(s.state, id(i))->id, id(i)));
    assert_null(state_person(s.state, id(999)));
    assert_ptr_equal(state_programme(s.state, "asse-duo"), s.programme);
    assert_null(state_programme(s.state, "asse"));
    assert_null(state_member(s.newcomer->person, s.programme, COMMON_SIDE_VOLUNTEER));
    assert_null(state_proposal(s.state, id(1)));
    state_free(s.state);
    state_free(NULL);
}

static void places_are_what_is_not_taken(void **unused)
{
    (void)unused;
    struct scene s = set_scene();
    assert_int_equal(member_places(s.newcomer), 1);
    assert_int_equal(member_places(s.volunteer), 2);
    struct proposal *open =
        (struct proposal *)new_pair(sizeof *open, PAIR_PROPOSAL, 5, s.newcomer, s.volunteer);
    open->held = true;
    state_add_pair(s.state, &open->pair);
    assert_int_equal(member_places(s.newcomer), 0);
    assert_int_equal(member_places(s.volunteer), 1);
    struct duo *duo = (struct duo *)new_pair(sizeof *duo, PAIR_DUO, 6, s.newcomer, s.volunteer);
    state_add_pair(s.state, &duo->pair);
    assert_int_equal(member_places(s.volunteer), 0);
    assert_ptr_equal(state_proposal_of(s.newcomer, s.volunteer), open);
    assert_ptr_equal(state_duo_of(s.newcomer, s.volunteer), duo);
    assert_false(member_may_meet(s.newcomer, s.volunteer, s.state));
    state_remove_pair(s.state, &open->pair);
    state_remove_pair(s.state, &duo->pair);
    assert_int_equal(member_places(s.newcomer), 1);
    assert_int_equal(member_places(s.volunteer), 2);
    assert_null(state_duo(s.state, id(6)));
    s.volunteer->waiting = false;
    assert_int_equal(member_places(s.volunteer), 0);
    state_free(s.state);
}

static void a_request_takes_a_place_unless_the_two_are_a_duo(void **unused)
{
    (void)unused;
    struct scene s = set_scene();
    struct request *request = calloc(1, sizeof *request);
    assert_non_null(request);
    *request = (struct request){.id = id(7), .programme = s.programme, .person = s.newcomer->person};
    state_add_request(s.state, request);
    state_give_request(request, s.volunteer);
    assert_int_equal(member_places(s.volunteer), 1);
    struct duo *duo = (struct duo *)new_pair(sizeof *duo, PAIR_DUO, 6, s.newcomer, s.volunteer);
    state_add_pair(s.state, &duo->pair);
    state_give_request(request, s.volunteer);
    assert_int_equal(s.volunteer->tasks, 0);
    assert_int_equal(member_places(s.volunteer), 1);
    state_remove_request(s.state, request);
    assert_null(s.programme->requests);
    assert_null(state_request(s.state, id(7)));
    state_free(s.state);
}

static void requests_stand_by_age(void **unused)
{
    (void)unused;
    struct scene s = set_scene();
    static const int opened[] = {30, 10, 20};
    for (int i = 0; i < 3; i++) {
        struct request *request = calloc(1, sizeof *request);
        assert_non_null(request);
        *request = (struct request){
            .id = id(i), .programme = s.programme, .person = s.newcomer->person, .opened_us = opened[i]};
        state_add_request(s.state, request);
    }
    assert_int_equal(s.programme->requests->opened_us, 10);
    assert_int_equal(s.programme->requests->next->opened_us, 20);
    assert_int_equal(s.programme->requests->next->next->opened_us, 30);
    state_free(s.state);
}

static void an_exclusion_forbids_until_it_is_lifted(void **unused)
{
    (void)unused;
    struct scene s = set_scene();
    assert_true(member_may_meet(s.newcomer, s.volunteer, s.state));
    struct exclusion *e = state_add_exclusion(s.state, id(1), id(2));
    assert_ptr_equal(state_add_exclusion(s.state, id(1), id(2)), e);
    assert_true(member_may_meet(s.newcomer, s.volunteer, s.state));
    due_at(&s.state->resting, &e->rests, 1);
    assert_false(member_may_meet(s.newcomer, s.volunteer, s.state));
    due_at(&s.state->resting, &e->rests, 0);
    e->declined = true;
    assert_false(member_may_meet(s.newcomer, s.volunteer, s.state));
    assert_null(state_exclusion(s.state, id(2), id(1)));
    state_free(s.state);
}

static void assert_order(const struct due_list *list, const int64_t *at_us, size_t n)
{
    const struct due *d = list->first, *last = NULL;
    for (size_t i = 0; i < n; i++, last = d, d = d->after) {
        assert_non_null(d);
        assert_int_equal(d->at_us, at_us[i]);
        assert_ptr_equal(d->before, last);
    }
    assert_null(d);
    assert_ptr_equal(list->last, last);
}

static void what_comes_due_stands_by_its_moment(void **unused)
{
    (void)unused;
    struct due_list list = {0};
    struct due a = {0}, b = {0}, c = {0};
    due_at(&list, &b, 20);
    due_at(&list, &c, 30);
    due_at(&list, &a, 10);
    assert_order(&list, (int64_t[]){10, 20, 30}, 3);
    due_at(&list, &b, 40);
    assert_order(&list, (int64_t[]){10, 30, 40}, 3);
    due_at(&list, &b, 0);
    due_at(&list, &b, 0);
    due_at(&list, &a, 0);
    assert_order(&list, (int64_t[]){30}, 1);
    due_at(&list, &c, 0);
    assert_order(&list, NULL, 0);
}

static void more_is_due_in_a_programme_until_the_last_is_handled(void **unused)
{
    (void)unused;
    struct scene s = set_scene();
    struct programme *other = state_add_programme(s.state, "other");
    struct proposal *first =
        (struct proposal *)new_pair(sizeof *first, PAIR_PROPOSAL, 7, s.newcomer, s.volunteer);
    first->state = MATCHING_PROPOSAL_STATE_PROPOSED;
    first->valid_until_us = 10;
    state_add_pair(s.state, &first->pair);
    assert_true(state_more_due(s.state, s.programme, 10, 10));
    assert_false(state_more_due(s.state, s.programme, 5, 9));
    assert_false(state_more_due(s.state, s.programme, 11, 20)); /* whose timer failed */
    assert_false(state_more_due(s.state, other, 10, 10));
    struct exclusion *e = state_add_exclusion(s.state, id(1), id(2));
    due_at(&s.state->resting, &e->rests, 10);
    state_remove_pair(s.state, &first->pair);
    assert_true(state_more_due(s.state, s.programme, 10, 10));
    assert_false(state_more_due(s.state, other, 10, 10));
    due_at(&s.state->resting, &e->rests, 0);
    assert_false(state_more_due(s.state, s.programme, 10, 10));
    state_free(s.state);
}

static void what_runs_can_move_to_another_member(void **unused)
{
    (void)unused;
    struct scene s = set_scene();
    struct member *other =
        state_add_member(state_add_person(s.state, id(3)), s.programme, COMMON_SIDE_NEWCOMER);
    for (int i = 0; i < 3; i++) {
        struct duo *duo = (struct duo *)new_pair(sizeof *duo, PAIR_DUO, 20 + i, s.newcomer, s.volunteer);
        state_add_pair(s.state, &duo->pair);
    }
    state_move_pairs(s.newcomer, other);
    assert_int_equal(s.newcomer->duos, 0);
    assert_int_equal(other->duos, 3);
    assert_int_equal(s.volunteer->duos, 3);
    assert_null(first_duo(s.newcomer));
    assert_ptr_equal(state_duo(s.state, id(21))->pair.newcomer, other);
    state_free(s.state);
}

static void programmes_and_members_stand_by_id(void **unused)
{
    (void)unused;
    struct state *state = state_new();
    struct programme *c = state_add_programme(state, "c-duo"), *a = state_add_programme(state, "a-duo");
    struct person *person = state_add_person(state, id(1));
    state_add_member(person, c, COMMON_SIDE_NEWCOMER);
    state_add_member(person, a, COMMON_SIDE_VOLUNTEER);
    state_add_member(person, a, COMMON_SIDE_NEWCOMER);
    assert_ptr_equal(state->first_programme, a);
    assert_ptr_equal(person->members->programme, a);
    assert_int_equal(person->members->side, COMMON_SIDE_NEWCOMER);
    assert_int_equal(person->members->next_of_person->side, COMMON_SIDE_VOLUNTEER);
    assert_ptr_equal(person->members->next_of_person->next_of_person->programme, c);
    state_free(state);
}

static void a_profile_survives_its_row(void **unused)
{
    (void)unused;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct match_words *words = match_words_new();
    struct common_profile profile = {.has_birth_year = true,
                                     .birth_year = 1990,
                                     .gender = COMMON_GENDER_WOMAN,
                                     .languages = (const char *const[]){"ar", "prs"},
                                     .languages_n = 2,
                                     .dutch_level = COMMON_CEFR_A2,
                                     .interests = (const char *const[]){"cooking", "board-games"},
                                     .interests_n = 2,
                                     .child_birth_years = (const int64_t[]){2015, 2020},
                                     .child_birth_years_n = 2,
                                     .availability =
                                         (const int[]){COMMON_SLOT_MON_MORNING, COMMON_SLOT_SUN_EVENING},
                                     .availability_n = 2,
                                     .prefers_gender = COMMON_GENDER_PREFERENCE_WOMAN};
    struct match_person about = {.lat_e4 = 5}, again = {0};
    profile_read(&profile, words, &about);
    assert_int_equal(about.lat_e4, 5);
    assert_int_equal(about.slots, 1 | 1 << 20);
    assert_int_equal(about.prefers, MATCH_WOMAN);
    assert_string_equal(profile_languages(&about, arena), "ar prs");
    assert_string_equal(profile_interests(&about, words, arena), "cooking board-games");
    assert_string_equal(profile_child_years(&about, arena), "2015 2020");
    profile_read_lists("ar prs", "cooking board-games", "2015 2020", words, &again);
    assert_memory_equal(again.languages, about.languages, sizeof about.languages);
    assert_memory_equal(again.interests, about.interests, sizeof about.interests);
    assert_memory_equal(again.child_years, about.child_years, sizeof about.child_years);
    profile_read_lists("", "", "", words, &again);
    assert_int_equal(again.languages_n + again.interests_n + again.children_n, 0);
    match_words_free(words);
}

/* People may write what they like as interests, and change it. */
static void interests_that_nobody_has_any_more_take_no_room(void **unused)
{
    (void)unused;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct scene s = set_scene();
    struct person *changes = s.newcomer->person, *stays = s.volunteer->person;
    struct common_profile profile = {.interests = (const char *const[]){"cooking", "chess"},
                                     .interests_n = 2};
    profile_read(&profile, s.state->words, &stays->about);
    for (int i = 0; i < 20000; i++) {
        char word[16];
        snprintf(word, sizeof word, "word-%d", i);
        profile.interests = (const char *const[]){word, "chess"};
        state_tidy_words(s.state);
        profile_read(&profile, s.state->words, &changes->about);
        assert_in_range(match_words_count(s.state->words), 3, 1100);
    }
    assert_string_equal(profile_interests(&stays->about, s.state->words, arena), "cooking chess");
    assert_string_equal(profile_interests(&changes->about, s.state->words, arena), "word-19999 chess");
    assert_int_equal(changes->about.interests[1], stays->about.interests[1]);
    state_free(s.state);
}

static void the_words_of_a_pair_survive_their_row(void **unused)
{
    (void)unused;
    AUTO(bus_arena_free) struct bus_arena *arena = bus_arena_new();
    struct scene s = set_scene();
    s.programme->rules.max_distance_m = 15000;
    s.programme->weights = (struct match_weights){.of = {0, 30, 15, 15, 20, 10, 10}};
    struct pair_words words;
    pair_words(s.newcomer, s.volunteer, INT64_C(1790000000000000), arena, &words);
    size_t n = 0;
    const struct matching_factor_score *factors = factors_read(words.factors_row, arena, &n);
    assert_int_equal(n, MATCH_FACTORS);
    int64_t total = 0;
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(factors[i].factor, words.factors[i].factor);
        assert_int_equal(factors[i].score, words.factors[i].score);
        assert_int_equal(factors[i].has_value, words.factors[i].has_value);
        total += factors[i].score;
    }
    assert_int_equal(total, words.score);
    const char *const *lines = lines_read(words.lines_row, arena, &n);
    assert_int_equal(n, words.lines_n);
    assert_string_equal(lines[0], "live in the same postcode");
    lines_read("", arena, &n);
    assert_int_equal(n, 0);
    state_free(s.state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_is_there_and_nothing_else),
        cmocka_unit_test(places_are_what_is_not_taken),
        cmocka_unit_test(a_request_takes_a_place_unless_the_two_are_a_duo),
        cmocka_unit_test(requests_stand_by_age),
        cmocka_unit_test(an_exclusion_forbids_until_it_is_lifted),
        cmocka_unit_test(what_comes_due_stands_by_its_moment),
        cmocka_unit_test(more_is_due_in_a_programme_until_the_last_is_handled),
        cmocka_unit_test(what_runs_can_move_to_another_member),
        cmocka_unit_test(programmes_and_members_stand_by_id),
        cmocka_unit_test(a_profile_survives_its_row),
        cmocka_unit_test(interests_that_nobody_has_any_more_take_no_room),
        cmocka_unit_test(the_words_of_a_pair_survive_their_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
