#pragma once
// One block of SHA-256 by the processor's own instructions, where it has them. No system call.

#include <stdint.h>

/// Set before main, and never again.
extern int station_sha256_has_instructions;

/// 1 when this processor has instructions for SHA-256 (x86 SHA extensions, ARMv8 SHA2), else 0.
static inline int station_sha256_is_native(void) { return station_sha256_has_instructions; }

/// FIPS 180-4 section 6.2.2: advances eight words of state by one block of sixteen words, which are
/// numbers, not bytes. No branch on the content. Only where `station_sha256_is_native` is 1.
void station_sha256_block(uint32_t *state, const uint32_t *block);
