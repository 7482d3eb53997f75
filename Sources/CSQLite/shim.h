#pragma once
// SQLite as Swift sees it: the header of the system library, nothing added.
#include <sqlite3.h>
