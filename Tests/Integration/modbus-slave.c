/* A Modbus slave on libmodbus, for the station's master to ask: `modbus-slave DEVICE UNIT`.
 *
 * Input registers 0 to 9 are a Peacefair meter of 230.1 V, 1.234 A, 283.9 W, 123456 Wh; coils 0 to
 * 7 are relays that do what they are told. Input register 0x170 is answered by an exception, 0x172
 * half a second late: the idea is that of libmodbus's own test server. Prints `ready`, ends when
 * killed.
 */
#include <errno.h>
#include <modbus.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { INPUTS = 0x180, COILS = 16 };

static void fill(modbus_mapping_t *map) {
    const uint16_t meter[] = {2301, 1234, 0, 2839, 0, 0xE240, 0x0001, 500, 99, 0};
    for (int place = 0; place < 10; place++) map->tab_input_registers[place] = meter[place];
}

static int answer(modbus_t *line, const uint8_t *request, int length, modbus_mapping_t *map) {
    const int offset = modbus_get_header_length(line);
    const int address = request[offset + 1] << 8 | request[offset + 2];
    if (request[offset] == MODBUS_FC_READ_INPUT_REGISTERS && address == 0x170)
        return modbus_reply_exception(line, request, MODBUS_EXCEPTION_SLAVE_OR_SERVER_BUSY);
    if (request[offset] == MODBUS_FC_READ_INPUT_REGISTERS && address == 0x172) usleep(500000);
    return modbus_reply(line, request, length, map);
}

int main(int count, char **words) {
    if (count != 3) {
        fprintf(stderr, "usage: modbus-slave DEVICE UNIT\n");
        return 64;
    }
    modbus_t *line = modbus_new_rtu(words[1], 9600, 'N', 8, 1);
    modbus_mapping_t *map = modbus_mapping_new(COILS, COILS, 16, INPUTS);
    if (!line || !map || modbus_set_slave(line, atoi(words[2])) < 0 || modbus_connect(line) < 0) {
        fprintf(stderr, "modbus-slave: %s\n", modbus_strerror(errno));
        return 1;
    }
    fill(map);
    puts("ready");
    fflush(stdout);
    for (;;) {
        uint8_t request[MODBUS_RTU_MAX_ADU_LENGTH];
        int length = modbus_receive(line, request);
        if (length > 0) answer(line, request, length, map);
        if (length < 0 && errno == EIO) return 0;
    }
}
