//! Weighted sums of chi-squares over a chi-square: the distribution of Rao and Scott's X² where a design is not simple.
//!
//! ```
//! use opine::internals::statistics::special::{fisher_f, mixture};
//!
//! // with one weight it is an F
//! let p = mixture::upper_tail(&[2.0], 6.0, 20.0)?;
//! assert!((p / fisher_f::upper_tail(3.0, 1.0, 20.0)? - 1.0).abs() < 1e-12);
//! # Ok::<(), opine::internals::statistics::special::Error>(())
//! ```

use super::{Error, chi_square, fisher_f, normal, point};

/// Terms of Ruben's series that are added at most: enough where the largest weight is a thousand times the smallest.
const MOST_TERMS: usize = 20_000;

/// P(Σ δ_k χ²₁ > x χ²_ν/ν), for weights δ_k above 0; with ν infinite P(Σ δ_k χ²₁ > x).
///
/// With β = min δ_k the sum is β times a chi-square whose degrees of freedom are K + 2J, J with the probabilities
/// c_0 = Π √(β/δ_k), c_j = (2j)⁻¹ Σ_{r<j} g_{j−r} c_r, g_m = Σ_k (1 − β/δ_k)^m: the tail is Σ c_j of that of F on K + 2j and ν.
/// All terms are above 0, so that small tails keep their digits. What the terms left out could add is below 1e-13 of the
/// tail, but for weights that are very far apart.
///
/// # Errors
/// x is not a number; ν is not above 0; weights that are not finite and above 0 are left out, and without any the tail is 0.
///
/// In R: `CompQuadForm::davies(0, c(delta, -x/nu), c(rep(1, K), nu))`, to six digits. Source: H. Ruben, "Probability content
/// of regions under spherical normal distributions, IV", Annals of Mathematical Statistics 33 (1962).
pub fn upper_tail(deltas: &[f64], x: f64, df: f64) -> Result<f64, Error> {
    let x = point(x)?;
    let deltas: Vec<f64> = deltas
        .iter()
        .copied()
        .filter(|d| *d > 0.0 && d.is_finite())
        .collect();
    let Some(beta) = deltas.iter().copied().reduce(f64::min) else {
        return Ok(0.0);
    };
    if x <= 0.0 {
        return Ok(1.0);
    }
    let count = deltas.len() as f64;
    let tail = |j: usize| {
        let own = count + 2.0 * j as f64;
        match df.is_infinite() {
            true => chi_square::upper_tail(x / beta, own),
            false => fisher_f::upper_tail(x / (beta * own), own, df),
        }
    };
    let mut shares = vec![
        deltas
            .iter()
            .map(|delta| (beta / delta).sqrt())
            .product::<f64>(),
    ];
    let mut powers: Vec<f64> = vec![1.0; deltas.len()];
    let mut g = vec![0.0];
    let mut sum = shares[0] * tail(0)?;
    let mut last = sum;
    for j in 1..MOST_TERMS {
        for (power, delta) in powers.iter_mut().zip(&deltas) {
            *power *= 1.0 - beta / delta;
        }
        g.push(powers.iter().sum::<f64>());
        let share: f64 = (0..j).map(|r| g[j - r] * shares[r]).sum::<f64>() / (2.0 * j as f64);
        shares.push(share);
        let own = share * tail(j)?;
        sum += own;
        // terms may rise at first, where the tails grow faster than the shares fall
        if own <= last && own <= 1e-16 * sum {
            break;
        }
        last = own;
    }
    Ok(sum.min(1.0))
}

/// The same by Lugannani and Rice's saddlepoint, 1 − Φ(w + ln(v/w)/w).
///
/// K(s) = −½ Σ ln(1 − 2 s δ_k) − ν/2 ln(1 + 2 s x/ν), K′(s) = 0, w = sign(s) √(−2 K(s)), v = s √K″(s).
///
/// # Errors
/// As [`upper_tail`].
///
/// In R: `survey:::saddle`, which leaves ν without its fraction. Source: D. Kuonen, "Saddlepoint approximations for
/// distributions of quadratic forms in normal variables", Biometrika 86 (1999).
pub fn saddlepoint(deltas: &[f64], x: f64, df: f64) -> Result<f64, Error> {
    let x = point(x)?;
    let deltas: Vec<f64> = deltas
        .iter()
        .copied()
        .filter(|d| *d > 0.0 && d.is_finite())
        .collect();
    let largest = deltas.iter().copied().fold(0.0, f64::max);
    if x <= 0.0 || largest == 0.0 {
        return Ok(f64::from(u8::from(x <= 0.0)));
    }
    let first = |s: f64| {
        let own: f64 = deltas.iter().map(|d| d / (1.0 - 2.0 * s * d)).sum();
        own - x / (1.0 + 2.0 * s * x / df)
    };
    // K′ rises from −∞ to ∞ between the poles
    let (mut low, mut high) = (-0.5 * df / x, 0.5 / largest);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        match first(middle) < 0.0 {
            true => low = middle,
            false => high = middle,
        }
    }
    let s = 0.5 * (low + high);
    let spread = high.abs().max(0.5 / largest);
    if s.abs() < 1e-8 * spread {
        // at the mean the formula is 0/0: both sides of it
        let (below, above) = (x * (1.0 - 1e-4), x * (1.0 + 1e-4));
        return Ok(0.5 * (saddlepoint(&deltas, below, df)? + saddlepoint(&deltas, above, df)?));
    }
    let k: f64 = deltas
        .iter()
        .map(|d| -0.5 * (-2.0 * s * d).ln_1p())
        .sum::<f64>()
        - 0.5 * df * (2.0 * s * x / df).ln_1p();
    let second: f64 = deltas
        .iter()
        .map(|d| 2.0 * (d / (1.0 - 2.0 * s * d)).powi(2))
        .sum::<f64>()
        + 2.0 * (x / (1.0 + 2.0 * s * x / df)).powi(2) / df;
    let w = s.signum() * (-2.0 * k).max(0.0).sqrt();
    let v = s * second.sqrt();
    normal::upper_tail(w + (v / w).ln() / w)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of two weights the tail is the mean over an angle of (1 + x/(ν q))^(−ν/2), q = δ_1 cos² + δ_2 sin².
    #[test]
    fn two_weights_have_an_integral_of_their_own() {
        for (one, other, x, df) in [
            (1.3, 0.7, 2.0, 40.0),
            (9.0, 0.1, 20.0, 7.5),
            (1.0, 1.0, 60.0, 300.0),
        ] {
            let steps = 2000;
            let at = |step: usize| {
                let angle = std::f64::consts::PI * (step as f64 + 0.5) / f64::from(steps);
                let q = one * angle.cos().powi(2) + other * angle.sin().powi(2);
                (-0.5 * df * (x / (df * q)).ln_1p()).exp()
            };
            let expected = (0..steps as usize).map(at).sum::<f64>() / f64::from(steps);
            let p = upper_tail(&[one, other], x, df).unwrap();
            assert!((p / expected - 1.0).abs() < 1e-10, "{p} {expected}");
        }
    }
}
