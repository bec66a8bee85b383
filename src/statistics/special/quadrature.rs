//! A tail by Gauss-Legendre quadrature.

/// Positive nodes and weights of the 16-point rule on [−1, 1].
const RULE: [(f64, f64); 8] = [
    (0.095_012_509_837_637_44, 0.189_450_610_455_068_5),
    (0.281_603_550_779_258_9, 0.182_603_415_044_923_58),
    (0.458_016_777_657_227_4, 0.169_156_519_395_002_54),
    (0.617_876_244_402_643_7, 0.149_595_988_816_576_73),
    (0.755_404_408_355_003, 0.124_628_971_255_533_88),
    (0.865_631_202_387_831_8, 0.095_158_511_682_492_79),
    (0.944_575_023_073_232_6, 0.062_253_523_938_647_894),
    (0.989_400_934_991_65, 0.027_152_459_411_754_096),
];

/// A log-concave tail has decayed to nothing long before this many panels.
const MOST_PANELS: usize = 40;

/// ∫ f(s) ds over s from 0 to ∞ for a function that falls from 1 on the given scale, as a log-concave density does from
/// a point at or beyond its mode. Panels of two scales each are added until they no longer count.
pub(super) fn decaying(f: impl Fn(f64) -> f64, scale: f64) -> f64 {
    let mut total = 0.0;
    for panel in 0..MOST_PANELS {
        let middle = (2.0 * panel as f64 + 1.0) * scale;
        let part: f64 = RULE
            .iter()
            .map(|&(node, weight)| weight * (f(middle - node * scale) + f(middle + node * scale)))
            .sum();
        total += part;
        if part <= f64::EPSILON / 16.0 * total {
            break;
        }
    }
    total * scale
}
