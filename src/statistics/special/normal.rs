//! The standard normal distribution.
//!
//! ```
//! use opine::internals::statistics::special::normal;
//!
//! // the 1.96 of a 95 per cent interval
//! let z = normal::quantile_upper(0.025)?;
//! assert!((z - 1.959963984540054).abs() < 1e-15);
//! assert!((normal::upper_tail(z)? - 0.025).abs() < 1e-16);
//! # Ok::<(), opine::internals::statistics::special::Error>(())
//! ```

use super::{Error, point, probability};

const ONE_OVER_SQRT_TAU: f64 = 0.398_942_280_401_432_7;

/// The probability below z: Φ(z) = ∫ exp(−t²/2)/√(2π) dt from −∞ to z.
///
/// # Errors
/// z is not a number.
///
/// In R: `pnorm(z)`. Source: Abramowitz and Stegun, chapter 26.2.
///
/// ```
/// let p = opine::internals::statistics::special::normal::cdf(-1.959963984540054)?;
/// assert!((p - 0.025).abs() < 1e-16);
/// # Ok::<(), opine::internals::statistics::special::Error>(())
/// ```
pub fn cdf(z: f64) -> Result<f64, Error> {
    upper_tail(-z)
}

/// The probability above z, 1 − Φ(z), to full relative accuracy: at z = 38 it is 2.9e-316.
///
/// # Errors
/// z is not a number.
///
/// In R: `pnorm(z, lower.tail = FALSE)`. Source: the density times Mills' ratio, its Chebyshev expansion in
/// (z − 4.5)/(z + 4.5) after J. L. Schonfelder, Chebyshev expansions for the error and related functions,
/// Mathematics of Computation 32 (1978).
///
/// ```
/// let p = opine::internals::statistics::special::normal::upper_tail(10.0)?;
/// assert!((p / 7.619853024160527e-24 - 1.0).abs() < 1e-14);
/// # Ok::<(), opine::internals::statistics::special::Error>(())
/// ```
pub fn upper_tail(z: f64) -> Result<f64, Error> {
    let z = point(z)?;
    // at 0 rounding must not lift the tail over one half
    let beyond = (density(z) * mills_ratio(z.abs())).min(0.5);
    Ok(if z < 0.0 { 1.0 - beyond } else { beyond })
}

/// The z with probability p below it, Φ(z) = p; −∞ and ∞ at p = 0 and 1.
///
/// # Errors
/// p is outside \[0, 1\].
///
/// In R: `qnorm(p)`. Source: M. J. Wichura, algorithm AS 241 (PPND16), Applied Statistics 37 (1988).
///
/// ```
/// let z = opine::internals::statistics::special::normal::quantile(1e-300)?;
/// assert!((z / -37.0471 - 1.0).abs() < 1e-6);
/// # Ok::<(), opine::internals::statistics::special::Error>(())
/// ```
pub fn quantile(p: f64) -> Result<f64, Error> {
    Ok(match probability(p)? {
        0.0 => f64::NEG_INFINITY,
        1.0 => f64::INFINITY,
        p => lower_quantile(p),
    })
}

/// The z with probability q above it, 1 − Φ(z) = q; ∞ and −∞ at q = 0 and 1.
///
/// # Errors
/// q is outside \[0, 1\].
///
/// In R: `qnorm(q, lower.tail = FALSE)`. Source: as [`quantile`], of which it is the mirror image.
///
/// ```
/// let z = opine::internals::statistics::special::normal::quantile_upper(0.05 / 2.0)?;
/// assert!((z - 1.959963984540054).abs() < 1e-15);
/// # Ok::<(), opine::internals::statistics::special::Error>(())
/// ```
pub fn quantile_upper(q: f64) -> Result<f64, Error> {
    Ok(-quantile(q)?)
}

/// exp(−z²/2)/√(2π); the rounding of z² matters in the tail and is put back.
fn density(z: f64) -> f64 {
    let square = z * z;
    // exp(-800) is 0 in floats, and of an infinite z the rounding would be NaN
    if square > 1600.0 {
        return 0.0;
    }
    let rounding = z.mul_add(z, -square);
    (-0.5 * square).exp() * (1.0 - 0.5 * rounding) * ONE_OVER_SQRT_TAU
}

/// Tail over density, for z ≥ 0: the expansion is that of (1 + z) × Mills' ratio.
fn mills_ratio(z: f64) -> f64 {
    if z.is_infinite() {
        return 0.0;
    }
    let t = (z - 4.5) / (z + 4.5);
    let (mut now, mut before) = (0.0, 0.0);
    // Clenshaw's recurrence
    for coefficient in MILLS.iter().skip(1).rev() {
        (now, before) = (2.0 * t * now - before + coefficient, now);
    }
    let half_first = MILLS.first().map_or(0.0, |c| 0.5 * c);
    (t * now - before + half_first) / (1.0 + z)
}

/// Chebyshev coefficients, computed with 50 digits; the first counts half.
const MILLS: [f64; 26] = [
    2.3245781887337076,
    -0.16244622078463714,
    -0.0204420878340828,
    0.03153832633685455,
    -0.014396293456628505,
    0.004174355739111582,
    -0.0007986591609294063,
    7.909827811208719e-05,
    4.839998445548529e-06,
    -2.6875369141045505e-06,
    1.8469327970966853e-07,
    6.065118777046067e-08,
    -1.0348101767189742e-08,
    -1.3782705896431845e-09,
    4.1438506799746544e-10,
    3.82129211147382e-11,
    -1.608166208256312e-11,
    -1.4793610582723638e-12,
    6.341710473685976e-13,
    7.63822929407988e-14,
    -2.4847197145454417e-14,
    -4.4899732086149836e-15,
    8.977340218480423e-16,
    2.6763696237508087e-16,
    -2.4120044880240295e-17,
    -1.5162266967670302e-17,
];

/// The quantile for 0 < p < 1.
pub(super) fn lower_quantile(p: f64) -> f64 {
    let from_half = p - 0.5;
    if from_half.abs() <= 0.425 {
        return from_half * rational(0.180625 - from_half * from_half, &CENTRE);
    }
    let r = (-p.min(1.0 - p).ln()).sqrt();
    let z = if r <= 5.0 {
        rational(r - 1.6, &TAIL)
    } else {
        rational(r - 5.0, &FAR_TAIL)
    };
    z.copysign(from_half)
}

/// Numerator and denominator, highest power first.
type Rational = ([f64; 8], [f64; 8]);

fn rational(x: f64, (numerator, denominator): &Rational) -> f64 {
    let horner = |c: &[f64; 8]| c.iter().fold(0.0, |sum, c| sum * x + c);
    horner(numerator) / horner(denominator)
}

/// |p − ½| ≤ 0.425, in 0.425² − (p − ½)².
const CENTRE: Rational = (
    [
        2509.0809287301227,
        33430.57558358813,
        67265.7709270087,
        45921.95393154987,
        13731.69376550946,
        1971.5909503065513,
        133.14166789178438,
        3.3871328727963665,
    ],
    [
        5226.495278852854,
        28729.085735721943,
        39307.89580009271,
        21213.794301586597,
        5394.196021424751,
        687.1870074920579,
        42.31333070160091,
        1.0,
    ],
);

/// √(−ln p) from 1.6 to 5.
const TAIL: Rational = (
    [
        0.0007745450142783414,
        0.022723844989269184,
        0.2417807251774506,
        1.2704582524523684,
        3.6478483247632045,
        5.769497221460691,
        4.630337846156546,
        1.4234371107496835,
    ],
    [
        1.0507500716444169e-09,
        0.0005475938084995345,
        0.015198666563616457,
        0.14810397642748008,
        0.6897673349851,
        1.6763848301838038,
        2.053191626637759,
        1.0,
    ],
);

/// √(−ln p) beyond 5.
const FAR_TAIL: Rational = (
    [
        2.0103343992922881e-07,
        2.7115555687434876e-05,
        0.0012426609473880784,
        0.026532189526576124,
        0.29656057182850487,
        1.7848265399172913,
        5.463784911164114,
        6.657904643501103,
    ],
    [
        2.0442631033899397e-15,
        1.421511758316446e-07,
        1.8463183175100548e-05,
        0.0007868691311456133,
        0.014875361290850615,
        0.1369298809227358,
        0.599832206555888,
        1.0,
    ],
);
