/* What an import says of a list, in English and in Dutch: a list whose columns have their Dutch names is
 * answered in Dutch. Pure. */
#ifndef REGISTRY_IMPORT_TEXTS_H
#define REGISTRY_IMPORT_TEXTS_H

/* The Dutch of an English text, with the same places to fill in; the text itself where there is none. */
const char *import_text_dutch(const char *english);

#endif
