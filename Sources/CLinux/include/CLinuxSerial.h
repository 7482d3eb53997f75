#pragma once
// Serial lines, raw and exclusive, at any speed. Every function returns its result, or -errno.

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// Opens a serial line: 8 data bits, no flow control, no echo, not blocking, for this process
/// alone. May take long: call it on a worker.
///
/// `parity`: 0 none, 1 even, 2 odd. `stop_bits`: 1 or 2. What lay in its buffers is thrown away.
/// -ENOTTY: no serial line. -EBUSY: another program has it. -EINVAL: it cannot do that speed.
int station_serial_open(const char *path, uint32_t baud, int parity, int stop_bits);
/// Waits until everything was sent, then goes on at another speed. Blocks: call it on a worker.
///
/// `patience`: milliseconds. -ETIMEDOUT: the line took nothing for so long; its speed is as it was.
int station_serial_set_speed(int fd, uint32_t baud, int patience);
/// Bytes that were written and are not sent yet.
int station_serial_unsent(int fd);
/// Gives the line back and closes it.
void station_serial_close(int fd);

/// A pseudo-terminal for tests and simulated lines: the master's end; `path` gets the other's name.
int station_pty_open(char *path, size_t capacity);
/// The other end, raw and without echo, for whoever wants a line to stay while nobody is there:
/// without it the master's end reads as an error until somebody opens the other. Locks nothing.
int station_pty_hold(const char *path, uint32_t baud);
/// Bits a second that whoever opened the other end has set, asked at the master's end.
int station_pty_speed(int fd);
