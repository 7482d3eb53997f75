// SHA-256 (FIPS 180-4), the HMAC with midstates, the table and the frame, as a C programmer would.
#include "tap.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint32_t K[64] = {
    0x428a2f98,0x71374491,0xb5c0fbcf,0xe9b5dba5,0x3956c25b,0x59f111f1,0x923f82a4,0xab1c5ed5,
    0xd807aa98,0x12835b01,0x243185be,0x550c7dc3,0x72be5d74,0x80deb1fe,0x9bdc06a7,0xc19bf174,
    0xe49b69c1,0xefbe4786,0x0fc19dc6,0x240ca1cc,0x2de92c6f,0x4a7484aa,0x5cb0a9dc,0x76f988da,
    0x983e5152,0xa831c66d,0xb00327c8,0xbf597fc7,0xc6e00bf3,0xd5a79147,0x06ca6351,0x14292967,
    0x27b70a85,0x2e1b2138,0x4d2c6dfc,0x53380d13,0x650a7354,0x766a0abb,0x81c2c92e,0x92722c85,
    0xa2bfe8a1,0xa81a664b,0xc24b8b70,0xc76c51a3,0xd192e819,0xd6990624,0xf40e3585,0x106aa070,
    0x19a4c116,0x1e376c08,0x2748774c,0x34b0bcb5,0x391c0cb3,0x4ed8aa4a,0x5b9cca4f,0x682e6ff3,
    0x748f82ee,0x78a5636f,0x84c87814,0x8cc70208,0x90befffa,0xa4506ceb,0xbef9a3f7,0xc67178f2};
static const uint32_t START[8] = {0x6a09e667,0xbb67ae85,0x3c6ef372,0xa54ff53a,
                                  0x510e527f,0x9b05688c,0x1f83d9ab,0x5be0cd19};
static inline uint32_t rotate(uint32_t x, int n) { return x >> n | x << (32 - n); }

static void compress(uint32_t s[8], const uint32_t block[16]) {
    uint32_t w[64];
    memcpy(w, block, 64);
    for (int i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + w[i - 7]
            + (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
    }
    uint32_t a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
    for (int i = 0; i < 64; i++) {
        uint32_t t = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g))
            + K[i] + w[i];
        uint32_t u = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        h = g; g = f; f = e; e = d + t; d = c; c = b; b = a; a = t + u;
    }
    s[0] += a; s[1] += b; s[2] += c; s[3] += d; s[4] += e; s[5] += f; s[6] += g; s[7] += h;
}

void code_prepare(struct code *code, const uint8_t secret[32]) {
    for (int side = 0; side < 2; side++) {
        uint32_t *state = side ? code->outer : code->inner, block[16];
        uint8_t pad = side ? 0x5c : 0x36;
        for (int i = 0; i < 16; i++) {
            block[i] = 0;
            for (int j = 0; j < 4; j++)
                block[i] = block[i] << 8 | ((i * 4 + j < 32 ? secret[i * 4 + j] : 0) ^ pad);
        }
        memcpy(state, START, 32);
        compress(state, block);
    }
}

struct form match_form(const struct code *code, uint32_t value) {
    uint32_t block[16] = {0}, state[8];
    block[0] = 1u << 24 | 24u << 16;
    block[3] = value >> 16;
    block[4] = value << 16 | 0x8000;
    block[15] = (64 + 18) * 8;
    memcpy(state, code->inner, 32);
    compress(state, block);
    memcpy(block, state, 32);
    memset(block + 8, 0, 32);
    block[8] = 0x80000000;
    block[15] = (64 + 32) * 8;
    memcpy(state, code->outer, 32);
    compress(state, block);
    return (struct form){(uint64_t)state[0] << 32 | state[1], (uint64_t)state[2] << 32 | state[3]};
}

void table_fill(struct table *table, const struct code *code, int keys) {
    uint32_t capacity = 1;
    while (capacity < (uint32_t)keys * 2) capacity *= 2;
    table->mask = capacity - 1;
    table->slots = calloc(capacity, sizeof *table->slots);
    table->forms = calloc((size_t)keys, sizeof *table->forms);
    table->keys = calloc((size_t)keys, sizeof *table->keys);
    for (int i = 0; i < keys; i++) {
        struct key *key = &table->keys[i];
        snprintf(key->id, sizeof key->id, "k%07d", i);
        snprintf(key->holder, sizeof key->holder, "r%07d", i);
        key->to = UINT32_MAX;
        key->doors = 1;
        table->forms[i] = match_form(code, (uint32_t)i);
        uint32_t slot = (uint32_t)table->forms[i].low & table->mask;
        while (table->slots[slot]) slot = (slot + 1) & table->mask;
        table->slots[slot] = (uint32_t)i + 1;
    }
}

const struct key *table_find(const struct table *table, struct form form) {
    for (uint32_t slot = (uint32_t)form.low & table->mask; table->slots[slot];
         slot = (slot + 1) & table->mask) {
        uint32_t place = table->slots[slot] - 1;
        if (table->forms[place].low == form.low && table->forms[place].high == form.high)
            return &table->keys[place];
    }
    return NULL;
}

uint32_t frame_encode(uint32_t value) {
    uint32_t even = (uint32_t)__builtin_parity(value >> 12 & 0xFFF);
    uint32_t odd = !__builtin_parity(value & 0xFFF);
    return even << 25 | (value & 0xFFFFFF) << 1 | odd;
}

void collect(struct collector *c, int bit, int64_t at) {
    if (c->count && at - c->last > c->longest) c->longest = at - c->last;
    c->bits = c->bits << 1 | (uint32_t)bit;
    c->count++;
    c->last = at;
}

int64_t quiet_until(const struct collector *c) {
    int64_t quiet = 25000000;
    if (c->count == BITS) {
        quiet = 3 * c->longest < quiet ? 3 * c->longest : quiet;
        if (quiet < 1000000) quiet = 1000000;
    }
    return c->last + quiet;
}

int frame_value(const struct collector *c, uint32_t *value) {
    if (c->count != BITS) return 0;
    uint32_t v = c->bits >> 1 & 0xFFFFFF;
    if (frame_encode(v) != c->bits) return 0;
    *value = v;
    return 1;
}
