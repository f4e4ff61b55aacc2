/// What rounding may do to a sum of up to 64 terms whose absolute values add up to `magnitude`: 256
/// units in the last place, four a term.
func rounding(of magnitude: Double) -> Double { 256 * .ulpOfOne * magnitude }
