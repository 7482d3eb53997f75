// swift-tools-version: 6.2
// The house: which target may know which. docs/architecture.md draws it; Tests/Tidy checks it.

import PackageDescription

/// Without the network side: quick builds for the thread sanitizer and for fuzzing.
let coreOnly = Context.environment["STATION_CORE_ONLY"] == "1"

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let arguments: Target.Dependency =
    .product(name: "ArgumentParser", package: "swift-argument-parser")

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// No program is asked for its symbols by name at run time. Exported, the names alone take a
/// megabyte, and every function that has one stays in the program whether it is called or not.
/// Addresses that the loader mends are written as a bitmap, a tenth of the table that they were:
/// lld does that (the toolchain has it), and glibc 2.36, Debian 12's, reads it.
let programs: [LinkerSetting] = [
    .unsafeFlags(
        [
            "-use-ld=lld", "-Xlinker", "--no-export-dynamic",
            "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs",
        ], .when(configuration: .release))
]

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, swiftSettings: strict, linkerSettings: programs)
}

/// `Tests/Name` tests the target of the same name.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: dependencies, path: "Tests/" + name,
        swiftSettings: strict)
}

let package = Package(
    name: "stationd",
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
    ],
    targets: [
        // C, as thin as it can be.
        .target(name: "CLinux"),
        .target(name: "CSHA"),
        .target(name: "CGPIO", linkerSettings: [.linkedLibrary("gpiod")]),
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(
            name: "CUSB", pkgConfig: "libusb-1.0", providers: [.apt(["libusb-1.0-0-dev"])]),

        // The quiet room.
        library("EventLoop", ["CLinux"]),
        library("StationCore", ["EventLoop", "CSHA", crypto, cryptoExtras]),
        library("Journal", ["CSQLite", "StationCore", "EventLoop", crypto]),
        library("Control", ["StationCore", "EventLoop", "CLinux"]),
        library("Profiles", ["StationCore", "EventLoop", .product(name: "Yams", package: "Yams")]),

        // The world, and the simulated world.
        library(
            "Ports",
            ["CLinux", "CGPIO", "CUSB", "EventLoop", "StationCore", "Journal", "Control"]),
        library(
            "Simulation",
            ["CSQLite", "EventLoop", "StationCore", "Journal", "Control", "Profiles"]),

        // Programs.
        program("stationd", ["Ports", "Control", "Journal", "StationCore", "EventLoop"]),
        program(
            "stationctl",
            ["Control", "Profiles", "StationCore", "EventLoop", "CLinux", arguments]),
        program(
            "station-simulator",
            [
                "Simulation", "Ports", "Profiles", "Control", "Journal", "StationCore",
                "EventLoop", arguments,
            ]),

        tests("EventLoop", ["EventLoop", "CLinux"]),
        tests("StationCore", ["StationCore", "EventLoop", "CSHA", crypto]),
        tests("Journal", ["Journal", "StationCore", "EventLoop", "CSQLite", crypto]),
        tests("Control", ["Control", "StationCore", "EventLoop", "CLinux"]),
        tests(
            "Ports",
            ["Ports", "Control", "Journal", "StationCore", "EventLoop", "CLinux", "CGPIO"]),
        tests("Profiles", ["Profiles", "StationCore", "EventLoop"]),
        tests(
            "Simulation",
            ["Simulation", "Profiles", "Journal", "StationCore", "EventLoop", crypto]),
        tests(
            "stationctl",
            [
                "stationctl", "Control", "Profiles", "StationCore", "EventLoop", "CLinux",
                arguments,
            ]),
        tests("stationd", ["stationd", "Journal", "StationCore"]),
        tests("Tidy", ["StationCore"]),
    ],
    swiftLanguageModes: [.v6]
)

if !coreOnly {
    let nio: [Target.Dependency] = [
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
    ]
    let hummingbird: [Target.Dependency] = [
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "Logging", package: "swift-log"),
    ]
    // Hummingbird's own dependencies, named because the gateway imports them too.
    package.dependencies += [
        .package(
            url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1",
            traits: []),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(
            url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ]
    package.targets += [
        library("Telemetry", ["Control", crypto] + nio + hummingbird),
        program(
            "station-gateway",
            [
                "Telemetry", "Control", "StationCore", "CLinux", arguments,
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),
        tests(
            "Telemetry",
            [
                "Telemetry", "Control", "StationCore", "EventLoop", "Ports",
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ] + nio + hummingbird),
    ]
}

// Random bytes into the decoders. Apart, because their flags would break every other build.
if Context.environment["FUZZ"] == "1" {
    func fuzzer(_ name: String, _ path: String, _ dependencies: [Target.Dependency]) -> Target {
        .executableTarget(
            name: name, dependencies: dependencies, path: "Tests/Fuzz/" + path, exclude: ["seeds"],
            swiftSettings: strict)
    }
    /// What several of them check.
    func shared(_ name: String, _ path: String) -> Target {
        .target(
            name: name, dependencies: ["StationCore"], path: "Tests/Fuzz/" + path,
            swiftSettings: strict)
    }
    package.targets += [
        fuzzer("FuzzWire", "Wire", ["StationCore", "EventLoop"]),
        fuzzer("FuzzCCID", "CCID", ["StationCore", "EventLoop"]),
        fuzzer("FuzzEM4100", "EM4100", ["StationCore", "EventLoop"]),
        fuzzer("FuzzPN532", "PN532", ["StationCore", "EventLoop"]),
        fuzzer("FuzzKeyboard", "Keyboard", ["StationCore", "EventLoop"]),
        fuzzer("FuzzDayPass", "DayPass", ["StationCore"]),
        fuzzer("FuzzOSDP", "OSDP", ["StationCore", "EventLoop"]),
        fuzzer("FuzzControl", "Control", ["Control", "StationCore", "EventLoop"]),
        fuzzer("FuzzProfiles", "Profiles", ["Profiles", "StationCore"]),
        shared("FuzzBus", "Bus"),
        fuzzer("FuzzModbus", "Modbus", ["FuzzBus", "StationCore"]),
        fuzzer("FuzzFrames", "Frames", ["FuzzBus", "StationCore"]),
        fuzzer("FuzzDLT645", "DLT645", ["FuzzBus", "StationCore"]),
        fuzzer("FuzzFiles", "Files", ["StationCore"]),
        fuzzer("FuzzJBD", "JBD", ["FuzzBus", "StationCore"]),
        fuzzer("FuzzJUY", "JUY", ["FuzzBus", "StationCore"]),
        fuzzer("FuzzDianchuan", "Dianchuan", ["FuzzBus", "StationCore"]),
    ]
}

// `make hardware`: a USB reader alone, a serial line or a keyboard reader alone, for the guest.
if Context.environment["HARDWARE"] == "1" {
    package.targets += [
        .executableTarget(
            name: "usb-probe", dependencies: ["Ports", "StationCore", "EventLoop", "CLinux"],
            path: "Tests/Hardware/usb-probe", swiftSettings: strict),
        .executableTarget(
            name: "channel-probe", dependencies: ["Ports", "StationCore", "EventLoop", "CLinux"],
            path: "Tests/Hardware/channel-probe", swiftSettings: strict),
    ]
}

// `make bench`: the station's own code under the driver of its C twin.
if Context.environment["BENCH"] == "1" {
    package.targets += [
        .executableTarget(
            name: "station-bench",
            dependencies: ["Ports", "Journal", "StationCore", "EventLoop", "CGPIO", crypto],
            path: "Tests/Benchmarks/station-bench", swiftSettings: strict),
        .executableTarget(
            name: "reader-bench", dependencies: ["Simulation", "StationCore", "EventLoop"],
            path: "Tests/Benchmarks/reader-bench", swiftSettings: strict),
        .executableTarget(
            name: "bus-bench",
            dependencies: ["Simulation", "Profiles", "StationCore", "EventLoop"],
            path: "Tests/Benchmarks/bus-bench", swiftSettings: strict),
    ]
}
