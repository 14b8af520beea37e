/* Reads a matching problem from text, line by line, and says what is wrong with each faulty line.
 * Writing stands in instance_write.c. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "instance_internal.h"

#define FIELDS_MAX 5
#define BLANK      " \t\r\n\v\f"
#define LINE_BYTES 4096

static void fault(struct match_faults *faults, long line, const char *text)
{
    if (faults->count < MATCH_FAULTS_MAX) {
        struct match_fault *kept = &faults->kept[faults->count];
        kept->line = line;
        snprintf(kept->text, sizeof kept->text, "%s", text);
    }
    faults->count++;
}

struct wanted_name {
    const struct match_instance *instance;
    const char *name;
    enum match_side side;
};

static bool is_name(const void *context, int32_t node)
{
    const struct wanted_name *wanted = context;
    const struct named_node *named = &wanted->instance->nodes[node];
    return named->side == wanted->side && strcmp(wanted->instance->text + named->name, wanted->name) == 0;
}

static size_t keep_text(struct match_instance *instance, const char *name)
{
    size_t length = strlen(name) + 1;
    while (instance->text_used + length > instance->text_room) {
        size_t room = instance->text_room == 0 ? 4096 : 2 * instance->text_room;
        char *larger = realloc(instance->text, room);
        if (larger == NULL)
            abort();
        instance->text = larger;
        instance->text_room = room;
    }
    size_t at = instance->text_used;
    memcpy(instance->text + at, name, length);
    instance->text_used += length;
    return at;
}

/* The node of this name, made at its first mention. Handles count up from zero in a fresh assignment,
 * so they index the array of names. */
static int32_t node_of(struct match_instance *instance, enum match_side side, const char *name)
{
    struct wanted_name wanted = {.instance = instance, .name = name, .side = side};
    uint64_t hash = match_hash_bytes(name, strlen(name)) + (uint64_t)side;
    int32_t node = match_table_find(&instance->node_table, hash, is_name, &wanted);
    if (node >= 0)
        return node;
    if (match_assignment_add_node(instance->assignment, side, 1, NULL, 0, &node) != MATCH_OK)
        abort();
    instance->nodes = match_grow(instance->nodes, &instance->node_room, node + 1, sizeof *instance->nodes);
    instance->nodes[node] = (struct named_node){.name = keep_text(instance, name), .side = side};
    match_table_add(&instance->node_table, hash, node);
    return node;
}

/* Whole numbers only: strtoll alone would take leading space and saturate. */
static bool parse_number(const char *text, int64_t least, int64_t most, int64_t *ret_number)
{
    char *end = NULL;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || number < least || number > most)
        return false;
    *ret_number = number;
    return true;
}

struct wanted_edge {
    const struct match_instance *instance;
    int32_t left, right;
};

static bool is_edge(const void *context, int32_t index)
{
    const struct wanted_edge *wanted = context;
    const struct match_edge *edge = &wanted->instance->edges[index];
    return edge->left == wanted->left && edge->right == wanted->right;
}

static void read_edge(struct match_instance *instance, struct match_faults *faults, long line, char **field)
{
    int64_t weight = 0;
    if (!parse_number(field[2], -MATCH_WEIGHT_MAX, MATCH_WEIGHT_MAX, &weight)) {
        fault(faults, line, "the weight must be a whole number from -2^53 to 2^53");
        return;
    }
    struct wanted_edge wanted = {.instance = instance};
    wanted.left = node_of(instance, MATCH_LEFT, field[0]);
    wanted.right = node_of(instance, MATCH_RIGHT, field[1]);
    int32_t pair[2] = {wanted.left, wanted.right};
    uint64_t hash = match_hash_bytes(pair, sizeof pair);
    int32_t earlier = match_table_find(&instance->edge_table, hash, is_edge, &wanted);
    if (earlier >= 0) {
        fault(faults, line, "this pair has been given on an earlier line: keep one of the two");
        return;
    }
    int32_t index = instance->edge_count++;
    instance->edges = match_grow(instance->edges, &instance->edge_room, index + 1, sizeof *instance->edges);
    instance->edges[index] =
        (struct match_edge){.left = wanted.left, .right = wanted.right, .weight = weight};
    match_table_add(&instance->edge_table, hash, index);
}

static void read_capacity(struct match_instance *instance, struct match_faults *faults, long line,
                          char **field)
{
    int64_t capacity = 0;
    bool left = strcmp(field[1], "left") == 0;
    if (strcmp(field[0], "capacity") != 0 || (!left && strcmp(field[1], "right") != 0)) {
        fault(faults, line, "four fields must read: capacity left|right NAME N");
        return;
    }
    if (!parse_number(field[3], 0, MATCH_CAPACITY_MAX, &capacity)) {
        fault(faults, line, "the capacity must be a whole number from 0 to 1000000");
        return;
    }
    int32_t node = node_of(instance, left ? MATCH_LEFT : MATCH_RIGHT, field[2]);
    if (instance->nodes[node].has_capacity) {
        fault(faults, line,
              "the capacity of this node has been given on an earlier line: keep one of the two");
        return;
    }
    instance->nodes[node].has_capacity = true;
    if (match_assignment_set_capacity(instance->assignment, node, (int)capacity) != MATCH_OK)
        abort();
}

static void read_line(struct match_instance *instance, struct match_faults *faults, long line, char *text,
                      size_t length)
{
    char *field[FIELDS_MAX];
    int count = 0;
    char *rest = NULL;
    if (memchr(text, '\0', length) != NULL) {
        fault(faults, line, "the line holds a zero byte: this is not a text file");
        return;
    }
    if (text[strspn(text, BLANK)] == '#')
        return;
    for (char *f = strtok_r(text, BLANK, &rest); f != NULL && count < FIELDS_MAX;
         f = strtok_r(NULL, BLANK, &rest)) {
        if (strlen(f) > MATCH_NAME_MAX) {
            fault(faults, line, "a field is longer than 255 bytes");
            return;
        }
        field[count++] = f;
    }
    if (count == 3)
        read_edge(instance, faults, line, field);
    else if (count == 4)
        read_capacity(instance, faults, line, field);
    else if (count != 0)
        fault(
            faults, line,
            "a line must read: LEFT RIGHT WEIGHT, or: capacity left|right NAME N, with blanks between them");
}

/* The next line with its end, as far as there is room for it and a NUL, and its whole length; zero at the end
 * of the file. A file without line ends must not fill the memory. */
static size_t next_line(FILE *in, char text[LINE_BYTES])
{
    size_t length = 0;
    for (int c; (c = getc_unlocked(in)) != EOF;) {
        if (length < LINE_BYTES - 1)
            text[length] = (char)c;
        length++;
        if (c == '\n')
            break;
    }
    text[length < LINE_BYTES ? length : LINE_BYTES - 1] = '\0';
    return length;
}

struct match_instance *match_instance_read(FILE *in, struct match_faults *faults)
{
    *faults = (struct match_faults){0};
    struct match_instance *instance = calloc(1, sizeof *instance);
    if (instance == NULL)
        abort();
    instance->assignment = match_assignment_new();
    char text[LINE_BYTES];
    long line = 0;
    for (size_t length; (length = next_line(in, text)) > 0;) {
        line++;
        if (length < LINE_BYTES)
            read_line(instance, faults, line, text, length);
        else
            fault(faults, line, "the line is longer than 4095 bytes");
    }
    if (ferror(in))
        fault(faults, 0, "the file could not be read to its end");
    if (faults->count > 0) {
        match_instance_free(instance);
        return NULL;
    }
    match_table_done(&instance->edge_table);
    return instance;
}

void match_instance_free(struct match_instance *instance)
{
    if (instance == NULL)
        return;
    match_assignment_free(instance->assignment);
    match_table_done(&instance->node_table);
    match_table_done(&instance->edge_table);
    free(instance->nodes);
    free(instance->edges);
    free(instance->text);
    free(instance);
}
