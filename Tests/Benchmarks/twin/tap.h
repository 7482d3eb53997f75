// The tap path in C, shared by the twin programs: frame, match form, table, entry. No library.
#pragma once
#include <stdint.h>
#include <stddef.h>

#define KEYS 10000
#define BITS 26

struct form { uint64_t high, low; };
/// Midstates of HMAC-SHA256 for one key.
struct code { uint32_t inner[8], outer[8]; };

void code_prepare(struct code *code, const uint8_t secret[32]);
/// The match form of 24 plain bits: layout 1, width 24, value as 16 bytes.
struct form match_form(const struct code *code, uint32_t value);

struct key { char id[24], holder[24]; uint32_t from, to; uint64_t doors; uint8_t state; };
struct table { struct form *forms; struct key *keys; uint32_t *slots; uint32_t mask; };
void table_fill(struct table *table, const struct code *code, int keys);
const struct key *table_find(const struct table *table, struct form form);

/// A 26-bit frame: facility 8, number 16, both parities.
uint32_t frame_encode(uint32_t value24);
/// Collects edges; returns 1 when the frame is over and right, with its 24 bits.
struct collector { uint32_t bits; int count; int64_t last, longest; };
void collect(struct collector *collector, int bit, int64_t at);
int64_t quiet_until(const struct collector *collector);
int frame_value(const struct collector *collector, uint32_t *value24);
