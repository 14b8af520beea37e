/* Names that are common among speakers of a language; for invented people. */
#ifndef CLI_SIMULATE_NAMES_H
#define CLI_SIMULATE_NAMES_H

struct names {
    const char *language;
    const char *women[10];
    const char *men[10];
    const char *families[12];
};

/* The names for a language; those of "en" for one without names of its own. */
const struct names *names_of(const char *language);

#endif
