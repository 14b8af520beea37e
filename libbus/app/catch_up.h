/* HELLO and FETCH: who reads our stream compares its history with the log, and asks for what it missed. */
#ifndef APP_CATCH_UP_H
#define APP_CATCH_UP_H

#include "app/read_job.h"
#include "store/store.h"

void catch_up_answer(struct store_reader *store, const char *stream, struct read_job *job);

#endif
