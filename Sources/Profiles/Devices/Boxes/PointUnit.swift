// The units that points may have, as UCUM writes them, so that all surfaces mean the same.

enum PointUnit {
    /// Kilo and milli are left out where `x` does as well: one quantity, one unit.
    static let known = [
        "1", "%",
        // Electricity.
        "V", "A", "W", "W.h", "VA", "var", "var.h", "Hz", "A.h", "Ohm",
        // Warmth, water, air.
        "Cel", "L", "L/min", "m", "mm", "Pa", "uS/cm", "mg/L", "[pH]", "[NTU]", "[ppm]", "g",
        // Time, light, sound, data.
        "s", "min", "h", "lx", "dB", "By",
    ]
}
