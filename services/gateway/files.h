/* Files that were built in, served as they stand. */
#ifndef GATEWAY_FILES_H
#define GATEWAY_FILES_H

#include "call.h"
#include "files/gateway.h"

/* Replies with it, or that the one who asks has it already. */
void file_send(struct call *call, const struct file *file);

#endif
