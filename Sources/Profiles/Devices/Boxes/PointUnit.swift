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

    /// What people write instead.
    static let others = [
        "°C": "Cel", "℃": "Cel", "C": "Cel", "Wh": "W.h", "kWh": "W.h", "kW": "W", "mW": "W",
        "kV": "V", "mV": "V", "mA": "A", "Ah": "A.h", "mAh": "A.h", "kvar": "var", "varh": "var.h",
        "kvarh": "var.h", "kVA": "VA", "Ω": "Ohm", "l": "L", "ml": "L", "mL": "L", "m3": "L",
        "m³": "L", "l/min": "L/min", "L/h": "L/min", "kPa": "Pa", "bar": "Pa", "ppm": "[ppm]",
        "pH": "[pH]", "NTU": "[NTU]", "lux": "lx", "kg": "g", "sec": "s", "ms": "s", "B": "By",
        "%RH": "%", "µS/cm": "uS/cm", "μS/cm": "uS/cm", "cm": "mm",
    ]
}
