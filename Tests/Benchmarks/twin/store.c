// SQLite by its C API, SHA-256 by libcrypto, salts by getrandom: as the Swift store does it.
#include "store.h"
#include <openssl/sha.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct store {
    sqlite3 *db;
    sqlite3_stmt *begin, *commit, *insert;
    uint8_t id[16], boot[16], digest[32], salts[64 * 32];
    int salts_left;
    uint64_t sequence;
};

static void run(sqlite3 *db, const char *sql) {
    char *error = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK) {
        fprintf(stderr, "%s: %s\n", sql, error);
        exit(1);
    }
}

struct store *store_open(const char *directory) {
    char path[512];
    snprintf(path, sizeof path, "%s/twin.sqlite", directory);
    remove(path);
    struct store *store = calloc(1, sizeof *store);
    if (sqlite3_open(path, &store->db) != SQLITE_OK) exit(1);
    run(store->db, "PRAGMA page_size=4096; PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL;"
                   "PRAGMA synchronous=FULL; PRAGMA cell_size_check=ON; PRAGMA trusted_schema=OFF;"
                   "PRAGMA wal_autocheckpoint=0;"
                   "CREATE TABLE entry(sequence INTEGER PRIMARY KEY, epoch INTEGER NOT NULL,"
                   " boot BLOB NOT NULL, boottime INTEGER NOT NULL, wall INTEGER NOT NULL,"
                   " quality INTEGER NOT NULL, class INTEGER NOT NULL, kind TEXT NOT NULL,"
                   " device TEXT, key TEXT, holder TEXT, payload TEXT NOT NULL, salt BLOB,"
                   " commitment BLOB NOT NULL, digest BLOB NOT NULL) STRICT;");
    sqlite3_prepare_v2(store->db, "BEGIN IMMEDIATE", -1, &store->begin, NULL);
    sqlite3_prepare_v2(store->db, "COMMIT", -1, &store->commit, NULL);
    sqlite3_prepare_v2(store->db, "INSERT INTO entry VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", -1,
                       &store->insert, NULL);
    if (getrandom(store->id, 16, 0) != 16) exit(1);
    return store;
}

static uint8_t *put(uint8_t *to, const void *from, size_t count) {
    memcpy(to, from, count);
    return to + count;
}
static uint8_t *put_big(uint8_t *to, uint64_t value) {
    for (int i = 7; i >= 0; i--) *to++ = (uint8_t)(value >> (8 * i));
    return to;
}

static int append(struct store *s, const struct entry *e) {
    if (!s->salts_left) {
        if (getrandom(s->salts, sizeof s->salts, 0) != (ssize_t)sizeof s->salts) return 1;
        s->salts_left = 64;
    }
    const uint8_t *salt = s->salts + 32 * --s->salts_left;
    uint8_t bytes[512], *end = bytes, commitment[32], lengths[2];
    uint8_t key = (uint8_t)strlen(e->key), holder = (uint8_t)strlen(e->holder);
    size_t payload = strlen(e->payload);
    end = put(end, salt, 32);
    *end++ = key; end = put(end, e->key, key);
    *end++ = holder; end = put(end, e->holder, holder);
    end = put(end, e->payload, payload);
    SHA256(bytes, (size_t)(end - bytes), commitment);
    uint64_t sequence = s->sequence + 1;
    lengths[0] = (uint8_t)strlen(e->kind);
    lengths[1] = (uint8_t)strlen(e->device);
    end = put(bytes, s->digest, 32);
    *end++ = 1;
    end = put(end, s->id, 16);
    end = put_big(end, sequence);
    end = put(end, s->boot, 16);
    end = put_big(end, (uint64_t)e->boottime);
    end = put_big(end, (uint64_t)e->wall);
    *end++ = e->quality; *end++ = e->class;
    end = put(end, lengths, 2);
    end = put(end, e->kind, lengths[0]);
    end = put(end, e->device, lengths[1]);
    end = put(end, commitment, 32);
    SHA256(bytes, (size_t)(end - bytes), s->digest);
    sqlite3_stmt *i = s->insert;
    sqlite3_bind_int64(i, 1, (int64_t)sequence);
    sqlite3_bind_int64(i, 2, 1);
    sqlite3_bind_blob(i, 3, s->boot, 16, SQLITE_STATIC);
    sqlite3_bind_int64(i, 4, e->boottime);
    sqlite3_bind_int64(i, 5, e->wall);
    sqlite3_bind_int64(i, 6, e->quality);
    sqlite3_bind_int64(i, 7, e->class);
    sqlite3_bind_text(i, 8, e->kind, lengths[0], SQLITE_STATIC);
    sqlite3_bind_text(i, 9, e->device, lengths[1], SQLITE_STATIC);
    if (key) sqlite3_bind_text(i, 10, e->key, key, SQLITE_STATIC); else sqlite3_bind_null(i, 10);
    if (holder) sqlite3_bind_text(i, 11, e->holder, holder, SQLITE_STATIC);
    else sqlite3_bind_null(i, 11);
    sqlite3_bind_text(i, 12, e->payload, (int)payload, SQLITE_STATIC);
    sqlite3_bind_blob(i, 13, salt, 32, SQLITE_STATIC);
    sqlite3_bind_blob(i, 14, commitment, 32, SQLITE_STATIC);
    sqlite3_bind_blob(i, 15, s->digest, 32, SQLITE_STATIC);
    int done = sqlite3_step(i);
    sqlite3_reset(i);
    if (done != SQLITE_DONE) return 1;
    s->sequence = sequence;
    return 0;
}

static int step(sqlite3_stmt *statement) {
    int done = sqlite3_step(statement);
    sqlite3_reset(statement);
    return done != SQLITE_DONE;
}

int store_commit(struct store *s, const struct entry *entries, int count) {
    if (step(s->begin)) return 1;
    for (int i = 0; i < count; i++)
        if (append(s, &entries[i])) return 1;
    return step(s->commit);
}

void store_close(struct store *s) {
    sqlite3_finalize(s->begin);
    sqlite3_finalize(s->commit);
    sqlite3_finalize(s->insert);
    sqlite3_close(s->db);
    free(s);
}
