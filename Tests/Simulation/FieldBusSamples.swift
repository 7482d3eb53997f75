// Boxes as profiles describe them, by the name that tests call them.

import Simulation

typealias Box = SampleBox
