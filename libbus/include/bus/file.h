/* Files that outlast a power cut. */
#ifndef BUS_FILE_H
#define BUS_FILE_H

#include <stdbool.h>

/* Takes the names in the folder of `path` to the disk: a file that was just made, renamed or linked there may
 * not be found after a power cut before. False with errno. */
bool bus_file_keep_name(const char *path);

/* Gives a file that is written its name, in the same folder, in the place of what had it: first all that is
 * in it goes to the disk, then its name, so that a power cut leaves the one before or the whole new one.
 * False with errno; the draft may still be there. */
bool bus_file_put(const char *draft, const char *path);

#endif
