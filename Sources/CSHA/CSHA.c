// SHA-256's sixty-four rounds, four at a time, as x86 and ARMv8 processors have them.
//
// Intel, "Intel SHA Extensions" (2013), section "SHA-256"; Arm ARM, C7.2 SHA256H, SHA256H2,
// SHA256SU0, SHA256SU1. Written as a loop: a tap finds the caches cold, and sixteen copies of the
// same code cost it more than a jump.
#include "CSHA.h"

int station_sha256_has_instructions = 0;

#if defined(__x86_64__) || defined(__aarch64__)

// Section 4.2.2: the first 32 bits of the fractional parts of the cube roots of 64 primes.
static const uint32_t constants[64] __attribute__((aligned(64))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

#endif

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

__attribute__((constructor)) static void look(void) {
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSSE3) || !(c & bit_SSE4_1)) return;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return;
    station_sha256_has_instructions = b >> 29 & 1;
}

__attribute__((target("sha,ssse3,sse4.1")))
void station_sha256_block(uint32_t *state, const uint32_t *block) {
    const __m128i *words = (const __m128i *)block;
    // The instructions want a, b, e, f and c, d, g, h together.
    __m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xB1);
    __m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1B);
    __m128i abef = _mm_alignr_epi8(low, high, 8), cdgh = _mm_blend_epi16(high, low, 0xF0);
    const __m128i abef_before = abef, cdgh_before = cdgh;
    __m128i w0 = _mm_loadu_si128(words), w1 = _mm_loadu_si128(words + 1);
    __m128i w2 = _mm_loadu_si128(words + 2), w3 = _mm_loadu_si128(words + 3);
    for (int round = 0; round < 64; round += 4) {
        __m128i sum = _mm_add_epi32(w0, _mm_load_si128((const __m128i *)(constants + round)));
        cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
        abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0E));
        __m128i next = _mm_sha256msg1_epu32(w0, w1);
        next = _mm_sha256msg2_epu32(_mm_add_epi32(next, _mm_alignr_epi8(w3, w2, 4)), w3);
        w0 = w1, w1 = w2, w2 = w3, w3 = next;
    }
    abef = _mm_shuffle_epi32(_mm_add_epi32(abef, abef_before), 0x1B);
    cdgh = _mm_shuffle_epi32(_mm_add_epi32(cdgh, cdgh_before), 0xB1);
    _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(abef, cdgh, 0xF0));
    _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(cdgh, abef, 8));
}

#elif defined(__aarch64__)

#include <arm_neon.h>
#include <sys/auxv.h>

__attribute__((constructor)) static void look(void) {
    // HWCAP_SHA2 of linux/arch/arm64/include/uapi/asm/hwcap.h.
    if (getauxval(AT_HWCAP) & 1 << 6) station_sha256_has_instructions = 1;
}

#if defined(__clang__)
__attribute__((target("sha2")))
#else
__attribute__((target("+crypto")))
#endif
void station_sha256_block(uint32_t *state, const uint32_t *block) {
    uint32x4_t abcd = vld1q_u32(state), efgh = vld1q_u32(state + 4);
    const uint32x4_t abcd_before = abcd, efgh_before = efgh;
    uint32x4_t w0 = vld1q_u32(block), w1 = vld1q_u32(block + 4);
    uint32x4_t w2 = vld1q_u32(block + 8), w3 = vld1q_u32(block + 12);
    for (int round = 0; round < 64; round += 4) {
        uint32x4_t sum = vaddq_u32(w0, vld1q_u32(constants + round)), was = abcd;
        abcd = vsha256hq_u32(abcd, efgh, sum);
        efgh = vsha256h2q_u32(efgh, was, sum);
        uint32x4_t next = vsha256su1q_u32(vsha256su0q_u32(w0, w1), w2, w3);
        w0 = w1, w1 = w2, w2 = w3, w3 = next;
    }
    vst1q_u32(state, vaddq_u32(abcd, abcd_before));
    vst1q_u32(state + 4, vaddq_u32(efgh, efgh_before));
}

#else

void station_sha256_block(uint32_t *state, const uint32_t *block) {
    (void)state;
    (void)block;
}

#endif
