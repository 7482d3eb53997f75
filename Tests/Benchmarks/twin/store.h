// The journal in C: the same SQL, the same hashing with libcrypto, the same durability.
#pragma once
#include <stdint.h>

struct entry {
    uint64_t ticket; int64_t boottime, wall; uint8_t quality, class;
    const char *kind; char device[24], key[24], holder[24], payload[160];
};
struct store;
struct store *store_open(const char *directory);
/// One transaction; returns 0 when it is on the medium.
int store_commit(struct store *store, const struct entry *entries, int count);
void store_close(struct store *store);
