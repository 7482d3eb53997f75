#pragma once
// Input devices that type: opened for this process alone. Every function returns its result, or
// -errno.

/// Opens an input device, not blocking, and has its events stamped by the monotonic clock. May take
/// long: call it on a worker. -ENOTTY: no input device.
int station_input_open(const char *path);
/// Whether it can type what a card reader types: the ten digits, and Enter. 1 or 0.
int station_input_types_digits(int fd);
/// Takes it for this process alone (EVIOCGRAB): what it types reaches no console. -EBUSY: another
/// program has it.
int station_input_grab(int fd);
