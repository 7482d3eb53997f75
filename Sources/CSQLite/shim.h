#pragma once
// SQLite's C API, and the one call of it that Swift cannot make: a variadic one.
#include <sqlite3.h>

/// Sets one of sqlite3_db_config's switches; SQLite's result code.
static inline int station_sqlite_switch(sqlite3 *database, int option, int on) {
    return sqlite3_db_config(database, option, on, (int *)0);
}
