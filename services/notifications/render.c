/* See render.h. */
#include "render.h"

#include <string.h>

#include "fill.h"
#include "texts.h"

#define HOME   "nl"
#define OTHERS "en" /* for who reads a language we have no texts in */

struct rendering {
    struct bus_arena *arena;
    const struct letter *letter;
    struct filling with;
    struct bus_buffer *out;
};

static const char *second_language(const struct letter *letter)
{
    if (strcmp(letter->language, HOME) == 0)
        return NULL;
    return text_has_language(letter->language) ? letter->language : OTHERS;
}

static void line(struct rendering *self, const char *text, size_t size)
{
    if (!fill_line(self->out, &self->with, text, size))
        return;
    bus_buffer_text(self->out, self->with.medium == MEDIUM_HTML ? "<br>\n" : "\n");
}

static bool frame(struct rendering *self, const char *key)
{
    const char *text = text_word_find(self->with.language, key);
    self->with.part = NULL;
    if (text == NULL || !fill_line(self->out, &self->with, text, strlen(text)))
        return false;
    bus_buffer_text(self->out, self->with.medium == MEDIUM_HTML ? "<br>\n" : "\n");
    return true;
}

static void paragraph(struct rendering *self, bool begin)
{
    if (self->with.medium == MEDIUM_HTML)
        bus_buffer_text(self->out, begin ? "<p>" : "</p>\n");
    else if (!begin)
        bus_buffer_text(self->out, "\n");
}

static void heading(struct rendering *self, const struct text *text)
{
    bool html = self->with.medium == MEDIUM_HTML;
    size_t before = self->out->size;
    if (html)
        bus_buffer_text(self->out, "<strong>");
    if (fill_line(self->out, &self->with, text->subject, strlen(text->subject)))
        bus_buffer_text(self->out, html ? "</strong><br>\n" : "\n");
    else
        self->out->size = before;
}

static void part(struct rendering *self, const struct letter_part *told)
{
    const struct text *text = text_find(told->template, self->with.language);
    if (text == NULL)
        return;
    self->with.part = told;
    paragraph(self, true);
    if (self->letter->parts_n > 1)
        heading(self, text);
    for (const char *at = text->body; *at != '\0';) {
        const char *end = strchr(at, '\n');
        line(self, at, (size_t)(end - at));
        at = end + 1;
    }
    paragraph(self, false);
}

static void block(struct rendering *self, const char *language)
{
    self->with.language = language;
    if (self->with.medium == MEDIUM_HTML)
        bus_buffer_printf(self->out, "<div dir=\"%s\" lang=\"%s\">\n",
                          language_is_rtl(language) ? "rtl" : "ltr", language);
    paragraph(self, true);
    if (!frame(self, "greeting"))
        frame(self, "greeting-nameless");
    paragraph(self, false);
    for (size_t i = 0; i < self->letter->parts_n; i++)
        part(self, &self->letter->parts[i]);
    paragraph(self, true);
    frame(self, "question");
    frame(self, "link");
    paragraph(self, false);
    paragraph(self, true);
    frame(self, "closing");
    frame(self, "signed");
    paragraph(self, false);
    if (self->with.medium == MEDIUM_HTML)
        bus_buffer_text(self->out, "</div>\n");
}

static void subject(struct rendering *self, const char *language)
{
    self->with.language = language;
    self->with.medium = MEDIUM_BARE;
    if (self->letter->parts_n > 1) {
        const char *many = text_word_find(language, "many");
        self->with.part = NULL;
        if (many != NULL && fill_line(self->out, &self->with, many, strlen(many)))
            return;
    }
    self->with.part = &self->letter->parts[0];
    const struct text *text = text_find(self->with.part->template, language);
    if (text == NULL || !fill_line(self->out, &self->with, text->subject, strlen(text->subject)))
        bus_buffer_text(self->out, "Koppel");
}

static const char *finish(struct rendering *self)
{
    const char *written = self->out->size > 0 ? (const char *)self->out->data : "";
    const char *text = bus_strndup(self->arena, written, self->out->size);
    bus_buffer_clear(self->out);
    return text;
}

void render_mail(struct bus_arena *arena, const struct letter *letter, const char *first_name,
                 const char *url, struct rendered *ret_mail)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    struct rendering self = {
        .arena = arena,
        .letter = letter,
        .out = &out,
        .with = {.first_name = first_name,
                 .sender = letter->sender,
                 .url = url,
                 .count = bus_printf(arena, "%zu", letter->parts_n)},
    };
    const char *second = second_language(letter);
    subject(&self, HOME);
    if (second != NULL) {
        bus_buffer_text(&out, " | ");
        subject(&self, second);
    }
    ret_mail->subject = finish(&self);
    self.with.medium = MEDIUM_TEXT;
    block(&self, HOME);
    if (second != NULL) {
        bus_buffer_text(&out, "* * *\n\n");
        block(&self, second);
    }
    ret_mail->text = finish(&self);
    self.with.medium = MEDIUM_HTML;
    bus_buffer_text(&out, "<!DOCTYPE html>\n<html lang=\"" HOME
                          "\">\n<head><meta charset=\"utf-8\"></head>\n<body>\n");
    block(&self, HOME);
    if (second != NULL) {
        bus_buffer_text(&out, "<hr>\n");
        block(&self, second);
    }
    bus_buffer_text(&out, "</body>\n</html>\n");
    ret_mail->html = finish(&self);
}

const char *render_sms(struct bus_arena *arena, const struct letter *letter)
{
    AUTO(bus_buffer_done) struct bus_buffer out = {0};
    struct rendering self = {.arena = arena,
                             .letter = letter,
                             .out = &out,
                             .with = {.medium = MEDIUM_TEXT, .sender = letter->sender}};
    const char *languages[] = {HOME, second_language(letter)};
    for (size_t l = 0; l < 2 && languages[l] != NULL; l++) {
        self.with.language = languages[l];
        for (size_t i = 0; i < letter->parts_n; i++)
            part(&self, &letter->parts[i]);
    }
    frame(&self, "signed");
    return finish(&self);
}
