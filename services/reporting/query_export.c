/* A report as a file, in parts. The bytes follow from the figures and the period alone, so that the parts of
 * one file fit together whenever they are asked for. */
#include <sodium.h>
#include <string.h>

#include "bus/service.h"
#include "calendar.h"
#include "csv_out.h"
#include "durations.h"
#include "report.h"
#include "schema/reporting.h"
#include "xlsx_out.h"

#define PART_BYTES 98304 /* 131,072 characters in base64 */
#define ETAG_BYTES 16

static enum bus_status make_file(struct bus_context *ctx, const struct reporting_export *in,
                                 const struct report *report, const struct sheet *sheets,
                                 struct bus_buffer *out)
{
    if (in->format == REPORTING_EXPORT_FORMAT_CSV) {
        csv_write(sheets, SHEETS, out);
        return BUS_OK;
    }
    return xlsx_write(sheets, SHEETS, report->name, belgian_midnight_us(report->period.last), out, ctx->err);
}

static const char *file_name(struct bus_context *ctx, const struct reporting_export *in,
                             const struct report *report)
{
    const char *ending = in->format == REPORTING_EXPORT_FORMAT_CSV ? "csv" : "xlsx";
    if (report->period.project_year)
        return bus_printf(ctx->arena, "%s-%lld.%s", in->partnership, (long long)report->period.project_year,
                          ending);
    return bus_printf(ctx->arena, "%s-%s-%s.%s", in->partnership, in->from, in->to, ending);
}

static const char *etag_of(struct bus_context *ctx, const struct bus_buffer *file)
{
    uint8_t hash[ETAG_BYTES];
    char text[ETAG_BYTES * 2 + 1];
    crypto_generichash(hash, sizeof hash, file->data, file->size, NULL, 0);
    sodium_bin2hex(text, sizeof text, hash, sizeof hash);
    return bus_strdup(ctx->arena, text);
}

static const char *part_of(struct bus_context *ctx, const struct bus_buffer *file, size_t offset)
{
    size_t size = file->size - offset < PART_BYTES ? file->size - offset : PART_BYTES;
    size_t room = sodium_base64_encoded_len(size, sodium_base64_VARIANT_ORIGINAL);
    char *text = bus_alloc(ctx->arena, room);
    sodium_bin2base64(text, room, file->data + offset, size, sodium_base64_VARIANT_ORIGINAL);
    return text;
}

static enum bus_status reply_part(struct bus_context *ctx, const struct reporting_export *in,
                                  const struct report *report, const struct bus_buffer *file)
{
    size_t offset = (size_t)(in->has_offset ? in->offset : 0);
    if (offset > file->size)
        return bus_fail_at(ctx->err, BUS_INVALID, "/offset",
                           "the file has only %zu bytes: begin again without offset", file->size);
    bool csv = in->format == REPORTING_EXPORT_FORMAT_CSV;
    struct reporting_export_reply reply = {
        .file_name = file_name(ctx, in, report),
        .media_type = csv ? "text/csv" : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        .size_bytes = (int64_t)file->size,
        .content = part_of(ctx, file, offset),
        .etag = etag_of(ctx, file)};
    return bus_reply(ctx, &reply);
}

enum bus_status on_reporting_export(struct bus_context *ctx, const struct reporting_export *in)
{
    struct period period = {0};
    struct report report = {0};
    struct reporting_durations_reply durations = {0};
    bool published = in->has_published && in->published;
    enum bus_status status = period_read(ctx, in->has_project_year ? in->project_year : 0, in->from, in->to,
                                         PERIOD_THIS_YEAR, &period);
    if (status == BUS_OK)
        status = report_build(ctx, in->partnership, &period, published, &report);
    if (status == BUS_OK)
        status = durations_build(ctx, &(struct days_asked){.partnership = in->partnership, .period = period},
                                 published, &durations);
    if (status != BUS_OK)
        return status;
    struct sheet sheets[SHEETS];
    sheets_fill(ctx->arena, &report, &durations, sheets);
    AUTO(bus_buffer_done) struct bus_buffer file = {0};
    status = make_file(ctx, in, &report, sheets, &file);
    return status == BUS_OK ? reply_part(ctx, in, &report, &file) : status;
}
