/* See files.h. */
#include "files.h"

#include <string.h>

#include "files/gateway.h"

const struct file *file_find(const char *name)
{
    for (size_t i = 0; i < files_all_n; i++)
        if (strcmp(files_all[i].name, name) == 0)
            return &files_all[i];
    return NULL;
}

void file_send(struct call *call, const struct file *file)
{
    bool known = call_knows(call, file->etag);
    call_set(call, "Cache-Control", "no-cache");
    call_set(call, "ETag", file->etag);
    call_reply_constant(call, known ? 304 : 200, file->type,
                        bus_bytes(file->content, known ? 0 : file->size));
}
