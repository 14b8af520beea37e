/* Whatever events pass the scan one by one, a batch of them passes it too: a reader that refused it could
 * never get past. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "bus/pack.h"
#include "bus/scan.h"

static void pack_batch(struct bus_buffer *out, uint32_t n, struct bus_bytes data)
{
    static const char *const names[] = {"req", "from", "to", "head", "epoch"};
    bus_pack_map(out, 6);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        bus_pack_text(out, names[i]);
        bus_pack_int(out, 1);
    }
    bus_pack_text(out, "events");
    bus_pack_array(out, n);
    for (uint32_t i = 0; i < n; i++) {
        bus_pack_array(out, 2);
        bus_pack_map(out, 0);
        bus_pack_raw(out, data);
    }
}

static void assert_passes_in_a_batch(struct bus_bytes data, uint32_t n)
{
    AUTO(bus_buffer_done) struct bus_buffer batch = {0};
    struct bus_error err = {0};
    assert_int_equal(bus_scan_map(data, &bus_scan_data, &err), BUS_OK);
    pack_batch(&batch, n, data);
    enum bus_status status = bus_scan_map(bus_buffer_bytes(&batch), &bus_scan_events, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(status, BUS_OK);
}

static void many_small_values(void **state)
{
    (void)state;
    AUTO(bus_buffer_done) struct bus_buffer data = {0};
    bus_pack_map(&data, 1);
    bus_pack_text(&data, "n");
    bus_pack_array(&data, 4000);
    for (int i = 0; i < 4000; i++)
        bus_pack_int(&data, 1);
    assert_passes_in_a_batch(bus_buffer_bytes(&data), 250); /* one FETCH: a mebibyte */
}

static void many_keys(void **state)
{
    (void)state;
    AUTO(bus_buffer_done) struct bus_buffer data = {0};
    bus_pack_map(&data, BUS_SCAN_KEYS);
    for (int i = 0; i < BUS_SCAN_KEYS; i++) {
        char key[16];
        snprintf(key, sizeof key, "k%d", i);
        bus_pack_text(&data, key);
        bus_pack_int(&data, i);
    }
    assert_passes_in_a_batch(bus_buffer_bytes(&data), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_small_values),
        cmocka_unit_test(many_keys),
    };
    return cmocka_run_group_tests_name("scan of batches", tests, NULL, NULL);
}
