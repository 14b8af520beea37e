/* See import_words.h. */
#include "import_words.h"

#include <string.h>
#include <strings.h>

#include "bus/text.h"
#include "facts/facts.h"
#include "import_columns.h"
#include "names.h"

#define SMALL_LETTERS "abcdefghijklmnopqrstuvwxyz"
#define ITEM_ENDS     ",;/&\r\n"
#define PARTS         3 /* of a day */

/* All folded, as by name_fold(). */
static const struct {
    int column;
    const char *dutch, *word; /* of several for one word, the first is told */
} values[] = {
    {COLUMN_GENDER, "vrouw", "woman"},
    {COLUMN_GENDER, "v", "woman"},
    {COLUMN_GENDER, "vrouwelijk", "woman"},
    {COLUMN_GENDER, "man", "man"},
    {COLUMN_GENDER, "m", "man"},
    {COLUMN_GENDER, "mannelijk", "man"},
    {COLUMN_GENDER, "andere", "other"},
    {COLUMN_GENDER, "anders", "other"},
    {COLUMN_GENDER, "x", "other"},
    {COLUMN_PREFERS_GENDER, "alle", "any"},
    {COLUMN_PREFERS_GENDER, "geen", "any"},
    {COLUMN_PREFERS_GENDER, "geen voorkeur", "any"},
    {COLUMN_PREFERS_GENDER, "vrouw", "woman"},
    {COLUMN_PREFERS_GENDER, "v", "woman"},
    {COLUMN_PREFERS_GENDER, "man", "man"},
    {COLUMN_PREFERS_GENDER, "m", "man"},
    {COLUMN_DUTCH_LEVEL, "geen", "none"},
    {COLUMN_DUTCH_LEVEL, "moedertaal", "native"},
    {COLUMN_CHANNEL, "mail", "mail"},
    {COLUMN_CHANNEL, "e mail", "mail"},
    {COLUMN_CHANNEL, "email", "mail"},
    {COLUMN_CHANNEL, "geen", "none"},
    {COLUMN_FOUND_THROUGH, "zelf", "self"},
    {COLUMN_FOUND_THROUGH, "nt2 les", "nt2-class"},
    {COLUMN_FOUND_THROUGH, "nederlandse les", "nt2-class"},
    {COLUMN_FOUND_THROUGH, "kerk", "church"},
    {COLUMN_FOUND_THROUGH, "infopunt", "info-point"},
    {COLUMN_FOUND_THROUGH, "markt", "market"},
    {COLUMN_FOUND_THROUGH, "krant", "newspaper"},
    {COLUMN_FOUND_THROUGH, "mond tot mond", "word-of-mouth"},
    {COLUMN_FOUND_THROUGH, "vereniging", "association"},
    {COLUMN_FOUND_THROUGH, "andere", "other"},
};

struct pair {
    const char *dutch, *ours;
};

static const struct pair languages[] = {
    {"afrikaans", "af"},   {"albanees", "sq"},    {"amhaars", "am"},
    {"arabisch", "ar"},    {"armeens", "hy"},     {"azerbeidzjaans", "az"},
    {"bengaals", "bn"},    {"berbers", "ber"},    {"bosnisch", "bs"},
    {"bulgaars", "bg"},    {"chinees", "zh"},     {"dari", "prs"},
    {"deens", "da"},       {"duits", "de"},       {"engels", "en"},
    {"ests", "et"},        {"farsi", "fa"},       {"filipijns", "tl"},
    {"fins", "fi"},        {"frans", "fr"},       {"georgisch", "ka"},
    {"grieks", "el"},      {"hausa", "ha"},       {"hebreeuws", "he"},
    {"hindi", "hi"},       {"hongaars", "hu"},    {"igbo", "ig"},
    {"indonesisch", "id"}, {"italiaans", "it"},   {"japans", "ja"},
    {"kazachs", "kk"},     {"kinyarwanda", "rw"}, {"kirundi", "rn"},
    {"koerdisch", "ku"},   {"koreaans", "ko"},    {"kroatisch", "hr"},
    {"lets", "lv"},        {"lingala", "ln"},     {"litouws", "lt"},
    {"macedonisch", "mk"}, {"mandarijn", "zh"},   {"mongools", "mn"},
    {"nederlands", "nl"},  {"nepalees", "ne"},    {"nepali", "ne"},
    {"noors", "no"},       {"oeigoers", "ug"},    {"oekraiens", "uk"},
    {"oezbeeks", "uz"},    {"oromo", "om"},       {"pashto", "ps"},
    {"pasjtoe", "ps"},     {"perzisch", "fa"},    {"peul", "ff"},
    {"pools", "pl"},       {"portugees", "pt"},   {"punjabi", "pa"},
    {"roemeens", "ro"},    {"romani", "rom"},     {"russisch", "ru"},
    {"servisch", "sr"},    {"singalees", "si"},   {"slowaaks", "sk"},
    {"sloveens", "sl"},    {"somali", "so"},      {"somalisch", "so"},
    {"spaans", "es"},      {"swahili", "sw"},     {"tagalog", "tl"},
    {"tamil", "ta"},       {"thai", "th"},        {"tibetaans", "bo"},
    {"tigrinya", "ti"},    {"tigrigna", "ti"},    {"tsjechisch", "cs"},
    {"tsjetsjeens", "ce"}, {"turks", "tr"},       {"twi", "tw"},
    {"urdu", "ur"},        {"vietnamees", "vi"},  {"vlaams", "nl"},
    {"wolof", "wo"},       {"yoruba", "yo"},      {"zweeds", "sv"},
};

/* Those of the board first; the others are what people write most. */
static const struct pair interests[] = {
    {"koken", "cooking"},
    {"wandelen", "walking"},
    {"fietsen", "cycling"},
    {"tuinieren", "gardening"},
    {"spelletjes", "board-games"},
    {"film", "film"},
    {"zwemmen", "swimming"},
    {"knutselen", "crafts"},
    {"voetbal", "football"},
    {"muziek", "music"},
    {"lezen", "reading"},
    {"naaien", "sewing"},
    {"basketbal", "basketball"},
    {"computers", "computers"},
    {"klussen", "diy"},
    {"fitness", "fitness"},
    {"fotograferen", "photography"},
    {"tennis", "tennis"},
    {"theater", "theatre"},
    {"volleybal", "volleyball"},
    {"bakken", "baking"},
    {"breien", "knitting"},
    {"dansen", "dancing"},
    {"dieren", "animals"},
    {"films", "film"},
    {"fotografie", "photography"},
    {"geschiedenis", "history"},
    {"gezelschapsspelen", "board-games"},
    {"lopen", "running"},
    {"natuur", "nature"},
    {"reizen", "travel"},
    {"schaken", "chess"},
    {"schilderen", "painting"},
    {"tekenen", "drawing"},
    {"tuin", "gardening"},
    {"vissen", "fishing"},
    {"zingen", "singing"},
};

static const char *ours(const struct pair *table, size_t n, const char *folded)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(folded, table[i].dutch) == 0)
            return table[i].ours;
    return NULL;
}

int word_value(struct bus_arena *arena, int column, const char *const *words, const char *text)
{
    const char *folded = name_fold(arena, text), *wanted = text;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        if (values[i].column == column && strcmp(folded, values[i].dutch) == 0)
            wanted = values[i].word;
    for (int i = 0; words[i] != NULL; i++)
        if (strcasecmp(wanted, words[i]) == 0)
            return i + 1;
    return 0;
}

static const char *dutch_of(int column, const char *word)
{
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        if (values[i].column == column && strcmp(word, values[i].word) == 0)
            return values[i].dutch;
    return word;
}

const char *word_list(struct bus_arena *arena, int column, const char *const *words, bool dutch)
{
    const char *text = "";
    for (size_t i = 0; words[i] != NULL; i++)
        text = bus_printf(arena, "%s%s%s", text, i > 0 ? ", " : "",
                          dutch ? dutch_of(column, words[i]) : words[i]);
    return text;
}

const char *word_language(struct bus_arena *arena, const char *text)
{
    const char *folded = name_fold(arena, text);
    const char *code = ours(languages, sizeof languages / sizeof languages[0], folded);
    bool is_code = strlen(folded) == strlen(text) && facts_is_language(folded);
    return code != NULL ? code : is_code ? folded : NULL;
}

/* Of the words of a cell, the nearest name of the first that has one; `knows` says which are right. */
static const char *first_near(struct bus_arena *arena, const char *text, const char *const *names, size_t n,
                              bool knows(struct bus_arena *, const char *))
{
    char *rest = NULL, *words = bus_strdup(arena, name_fold(arena, text));
    for (char *word = strtok_r(words, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
        const char *near = knows(arena, word) ? NULL : bus_text_near(word, names, n);
        if (near != NULL)
            return near;
    }
    return NULL;
}

static bool knows_language(struct bus_arena *arena, const char *word)
{
    return strcmp(word, "en") == 0 || word_language(arena, word) != NULL;
}

const char *word_language_near(struct bus_arena *arena, const char *text)
{
    const char *names[sizeof languages / sizeof languages[0]];
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++)
        names[i] = languages[i].dutch;
    return first_near(arena, text, names, sizeof names / sizeof names[0], knows_language);
}

/* As it is written in Dutch where that is what it nearly is. */
static const char *interest_meant(const char *folded)
{
    const size_t n = sizeof interests / sizeof interests[0];
    if (facts_is_interest(folded) || ours(interests, n, folded) != NULL)
        return NULL;
    for (size_t i = 0; i < n; i++)
        if (facts_is_slip(folded, interests[i].dutch))
            return interests[i].dutch;
    return facts_interest_meant(folded);
}

const char *word_interest_near(struct bus_arena *arena, const char *text)
{
    char *rest = NULL, *items = bus_strdup(arena, text);
    for (char *item = strtok_r(items, ITEM_ENDS, &rest); item != NULL;
         item = strtok_r(NULL, ITEM_ENDS, &rest)) {
        const char *meant = interest_meant(name_fold(arena, item));
        if (meant != NULL)
            return meant;
    }
    return NULL;
}

const char *word_interest(struct bus_arena *arena, const char *text)
{
    char *folded = bus_strdup(arena, name_fold(arena, text));
    const char *known = ours(interests, sizeof interests / sizeof interests[0], folded);
    if (known != NULL)
        return known;
    if (interest_meant(folded) != NULL)
        return NULL;
    for (char *c = folded; *c != '\0'; c++)
        *c = *c == ' ' ? '-' : *c;
    size_t n = strlen(folded);
    return n >= 2 && n <= 30 && strspn(folded, SMALL_LETTERS "-") == n ? folded : NULL;
}

bool word_is_interest(struct bus_arena *arena, const char *text)
{
    const char *word = word_interest(arena, text);
    for (size_t i = 0; word != NULL && i < sizeof interests / sizeof interests[0]; i++)
        if (strcmp(word, interests[i].ours) == 0)
            return true;
    return false;
}

/* ---- parts of the week */

/* -1 when it is none. */
static int part_of_day(const char *word)
{
    static const char *const parts[PARTS][6] = {{"voormiddag", "ochtend", "morgen", "vm", "morning"},
                                                {"namiddag", "middag", "nm", "afternoon"},
                                                {"avond", "evening"}};
    for (int part = 0; part < PARTS; part++)
        for (size_t i = 0; parts[part][i] != NULL; i++)
            if (strcmp(word, parts[part][i]) == 0)
                return part;
    return -1;
}

/* "maandag", "ma" or "mon", also with a part of the day behind it, which is -1 without. */
static bool day_of(const char *word, int *ret_day, int *ret_part)
{
    static const char *const days[][3] = {
        {"maandag", "ma", "mon"},   {"dinsdag", "di", "tue"}, {"woensdag", "wo", "wed"},
        {"donderdag", "do", "thu"}, {"vrijdag", "vr", "fri"}, {"zaterdag", "za", "sat"},
        {"zondag", "zo", "sun"},
    };
    for (int day = 0; day < WORD_SLOTS_MAX / PARTS; day++)
        for (size_t i = 0; i < sizeof days[0] / sizeof days[0][0]; i++) {
            size_t n = strlen(days[day][i]);
            if (strncmp(word, days[day][i], n) != 0 || (word[n] != '\0' && part_of_day(word + n) < 0))
                continue;
            *ret_day = day;
            *ret_part = part_of_day(word + n);
            return true;
        }
    return false;
}

static bool knows_slot(struct bus_arena *arena, const char *word)
{
    int day, part;
    (void)arena;
    return strcmp(word, "en") == 0 || part_of_day(word) >= 0 || day_of(word, &day, &part);
}

/* Days and parts of them, alone and together. */
const char *word_slot_near(struct bus_arena *arena, const char *text)
{
    static const char *const days[] = {"maandag", "dinsdag",  "woensdag", "donderdag",
                                       "vrijdag", "zaterdag", "zondag"};
    static const char *const parts[PARTS] = {"voormiddag", "namiddag", "avond"};
    enum { DAYS = sizeof days / sizeof days[0] };
    const char *names[DAYS + PARTS + DAYS * PARTS];
    size_t n = 0;
    for (size_t part = 0; part < PARTS; part++)
        names[n++] = parts[part];
    for (size_t day = 0; day < DAYS; day++) {
        names[n++] = days[day];
        for (size_t part = 0; part < PARTS; part++)
            names[n++] = bus_printf(arena, "%s%s", days[day], parts[part]);
    }
    return first_near(arena, text, names, n, knows_slot);
}

static bool has_slot(const int *slots, size_t n, int slot)
{
    for (size_t i = 0; i < n; i++)
        if (slots[i] == slot)
            return true;
    return false;
}

const char *word_slots(struct bus_arena *arena, const char *text, int slots[WORD_SLOTS_MAX], size_t *ret_n)
{
    static const char unknown[] =
        "give parts of the week, such as maandagvoormiddag or mon-morning, with a comma between them";
    int day = -1;
    bool bare = false; /* the day has no part yet: "ma-vr" must not pass for two days */
    size_t n = 0;
    char *rest = NULL, *words = bus_strdup(arena, name_fold(arena, text));
    for (char *word = strtok_r(words, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
        int part = part_of_day(word);
        if (strcmp(word, "en") == 0)
            continue;
        if (part < 0 && (bare || !day_of(word, &day, &part)))
            return unknown;
        bare = part < 0;
        if (bare)
            continue;
        int slot = day * PARTS + part + 1;
        if (day < 0)
            return unknown;
        if (has_slot(slots, n, slot))
            return "holds an item twice";
        slots[n++] = slot;
    }
    *ret_n = n;
    return n == 0 || bare ? unknown : NULL;
}
