/* See files.h. */
#include "files.h"

void file_send(struct call *call, const struct file *file)
{
    bool known = call_knows(call, file->etag);
    call_set(call, "Cache-Control", "no-cache");
    call_set(call, "ETag", file->etag);
    call_reply_constant(call, known ? 304 : 200, file->type,
                        bus_bytes(file->content, known ? 0 : file->size));
}
