// The seed's streams.

import EventLoop
import Simulation
import Testing

@Suite struct `A seed` {
    @Test func `gives Vigna's published numbers`() {
        // https://prng.di.unimi.it/splitmix64.c with seed 1234567, as rosettacode.org lists them.
        var stream = SplitMix64(seed: 1_234_567)
        let first = (0..<5).map { _ in stream.next() }
        #expect(
            first == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ])
    }

    @Test func `forks the same stream however much was drawn before`() {
        let seed = SplitMix64(seed: 7)
        var drawn = seed
        _ = drawn.next()
        var (a, b, other) = (seed.fork("disk"), drawn.fork("disk"), seed.fork("people"))
        let numbers = (a.next(), b.next(), other.next())
        #expect(numbers.0 == numbers.1)
        #expect(numbers.0 != numbers.2)
    }

    @Test func `draws intervals within both ends`() {
        var stream = SplitMix64(seed: 3)
        let drawn = (0..<2_000).map { _ in
            stream.between(.microseconds(50), .microseconds(52))
        }
        #expect(drawn.min()! >= .microseconds(50))
        #expect(drawn.max()! <= .microseconds(52))
    }

    @Test func `draws every swarm's faults from the seed alone`() {
        for number in UInt64(0)..<20 {
            #expect(Swarm(seed: SplitMix64(seed: number)) == Swarm(seed: SplitMix64(seed: number)))
        }
        let different = Set((0..<20).map { Swarm(seed: SplitMix64(seed: $0)).description })
        #expect(different.count > 10)
    }
}
