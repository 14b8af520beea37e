/* One line an entry to stderr: time, level, service, text. Never payloads, never personal data. */
#ifndef BUS_LOG_H
#define BUS_LOG_H

enum bus_level { BUS_LOG_ERROR, BUS_LOG_WARN, BUS_LOG_INFO, BUS_LOG_DEBUG };

/* `name` stands in every line; `level` is "error", "warn", "info" or "debug" (NULL: info). */
void bus_log_open(const char *name, const char *level);
void bus_log(enum bus_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#define bus_log_error(...) bus_log(BUS_LOG_ERROR, __VA_ARGS__)
#define bus_log_warn(...)  bus_log(BUS_LOG_WARN, __VA_ARGS__)
#define bus_log_info(...)  bus_log(BUS_LOG_INFO, __VA_ARGS__)
#define bus_log_debug(...) bus_log(BUS_LOG_DEBUG, __VA_ARGS__)

#endif
