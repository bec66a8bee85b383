//! The distribution functions: against 50-digit values, at the ends, and what must always hold.

use opine::internals::statistics::special::{Error, beta, chi_square, fisher_f, normal, student_t};
use proptest::prelude::*;
use serde_json::Value;

fn golden() -> Vec<Value> {
    serde_json::from_str(include_str!("../../golden/special.json")).unwrap()
}

/// The value our functions give for an entry.
fn ours(entry: &Value) -> f64 {
    let at = |key: &str| entry[key].as_f64().unwrap();
    match entry["kind"].as_str().unwrap() {
        "normal_quantile" => normal::quantile(at("p")),
        "t_quantile" => student_t::quantile(at("p"), at("df")),
        "t_two_sided_p" => student_t::two_sided_p(at("t"), at("df")),
        "chi2_upper_p" => chi_square::upper_tail(at("x"), at("df")),
        "f_upper_p" => fisher_f::upper_tail(at("x"), at("df1"), at("df2")),
        "beta_cdf" => beta::cdf(at("x"), at("a"), at("b")),
        "beta_quantile" => beta::quantile(at("p"), at("a"), at("b")),
        kind => panic!("no function for {kind}"),
    }
    .unwrap()
}

/// A last digit of x that JSON does not carry moves the cdf of a large beta by more than our own error.
fn tolerance(entry: &Value) -> f64 {
    let shape = |key: &str| entry[key].as_f64().unwrap_or(0.0);
    let large = entry["kind"] == "beta_cdf" && shape("a").max(shape("b")) > 1e6;
    if large { 1e-8 } else { 1e-10 }
}

#[test]
fn golden_values() {
    for entry in golden() {
        let (value, tolerance) = (ours(&entry), tolerance(&entry));
        let reference = entry["value"].as_f64().unwrap();
        assert!(
            (value - reference).abs() <= tolerance * reference.abs() + 1e-300,
            "{}: {value:e}, not {reference:e}",
            entry["id"]
        );
    }
}

fn assert_close(value: Result<f64, Error>, reference: f64, tolerance: f64) {
    let value = value.unwrap();
    assert!(
        (value / reference - 1.0).abs() <= tolerance,
        "{value:e}, not {reference:e}"
    );
}

/// Computed with 70 digits from continued fractions of another form.
#[test]
fn far_places() {
    assert_close(normal::upper_tail(37.0), 5.725571222524577e-300, 1e-12);
    assert_close(normal::quantile_upper(1e-300), 37.0470962993612, 1e-12);
    assert_close(
        student_t::quantile_upper(1e-300, 1.0),
        3.1830988618379066e+299,
        1e-12,
    );
    assert_close(
        student_t::quantile_upper(1e-12, 0.5),
        1.02849115631634e+23,
        1e-12,
    );
    assert_close(student_t::quantile(0.975, 1e9), 1.959963986912325, 1e-12);
    assert_close(
        student_t::quantile_upper(1e-12, 1e9),
        7.034483914083288,
        1e-12,
    );
    assert_close(
        student_t::quantile(0.5000001, 7.3),
        2.5936866679746654e-07,
        1e-12,
    );
    assert_close(
        student_t::two_sided_p(1e200, 1.0),
        6.3661977236758134e-201,
        1e-12,
    );
    assert_close(
        student_t::upper_tail(37.0, 1e6),
        9.149865430901131e-300,
        1e-12,
    );
    assert_close(
        chi_square::upper_tail(1200.0, 0.1),
        3.1189855683105853e-265,
        1e-12,
    );
    assert_close(chi_square::upper_tail(1e9, 1e9), 0.49999405291961274, 1e-12);
    assert_close(
        chi_square::upper_tail(1000500000.0, 1e9),
        2.598275517178494e-29,
        1e-12,
    );
    assert_close(
        chi_square::quantile(0.01, 1.0),
        0.00015708785790970197,
        1e-12,
    );
    assert_close(
        fisher_f::upper_tail(3.0, 4.0, 1e9),
        0.017351265682839904,
        1e-12,
    );
    assert_close(
        fisher_f::upper_tail(50.0, 0.5, 0.7),
        0.13129609282711469,
        1e-12,
    );
    assert_close(
        fisher_f::upper_tail(1.0001, 1e9, 1e9),
        0.05693218516814938,
        1e-12,
    );
    assert_close(
        fisher_f::cdf(1e-12, 3.0, 1e9),
        1.3819765989205806e-18,
        1e-12,
    );
    assert_close(beta::cdf(0.3, 1e-3, 1e-3), 0.49957696213967645, 1e-12);
    assert_close(beta::cdf(1e-9, 0.5, 1e9), 0.8427007930016033, 1e-12);
    assert_close(
        beta::upper_tail(0.999999999, 1e9, 0.5),
        0.8427007871315823,
        1e-12,
    );
    assert_close(beta::quantile(1e-60, 1e9, 1e9), 0.49981667286249043, 1e-12);
    assert_close(beta::quantile(1e-60, 1e9, 1e-3), 0.9999998735945479, 1e-12);
    assert_close(
        beta::quantile(1e-300, 3.0, 1e6),
        1.8171187757139696e-106,
        1e-12,
    );
}

#[test]
fn ends_of_the_support() {
    assert_eq!(normal::quantile(0.0), Ok(f64::NEG_INFINITY));
    assert_eq!(normal::quantile_upper(0.0), Ok(f64::INFINITY));
    assert_eq!(normal::cdf(f64::INFINITY), Ok(1.0));
    assert_eq!(normal::upper_tail(0.0), Ok(0.5));
    assert_eq!(student_t::quantile(1.0, 3.0), Ok(f64::INFINITY));
    assert_eq!(student_t::quantile(0.5, 3.0), Ok(0.0));
    assert_eq!(student_t::two_sided_p(0.0, 3.0), Ok(1.0));
    assert_eq!(student_t::two_sided_p(f64::NEG_INFINITY, 3.0), Ok(0.0));
    assert_eq!(chi_square::quantile(0.0, 3.0), Ok(0.0));
    assert_eq!(chi_square::quantile_upper(0.0, 3.0), Ok(f64::INFINITY));
    assert_eq!(chi_square::upper_tail(-1.0, 3.0), Ok(1.0));
    assert_eq!(fisher_f::upper_tail(f64::INFINITY, 3.0, 4.0), Ok(0.0));
    assert_eq!(fisher_f::cdf(0.0, 3.0, 4.0), Ok(0.0));
    assert_eq!(beta::quantile(1.0, 3.0, 4.0), Ok(1.0));
    assert_eq!(beta::cdf(2.0, 3.0, 4.0), Ok(1.0));
    assert_eq!(beta::quantile(1e-60, 1e-3, 1.0), Ok(0.0));
}

#[test]
fn infinite_degrees_of_freedom() {
    let infinite = f64::INFINITY;
    assert_eq!(
        student_t::quantile(0.975, infinite),
        normal::quantile(0.975)
    );
    assert_close(
        fisher_f::upper_tail(3.0, 4.0, infinite),
        chi_square::upper_tail(12.0, 4.0).unwrap(),
        1e-14,
    );
    assert_eq!(
        chi_square::cdf(1.0, infinite),
        Err(Error::DegreesOfFreedom(infinite))
    );
    assert_eq!(
        fisher_f::cdf(1.0, infinite, 3.0),
        Err(Error::DegreesOfFreedom(infinite))
    );
}

#[test]
fn what_is_refused() {
    assert_eq!(normal::cdf(f64::NAN), Err(Error::Point));
    assert_eq!(normal::quantile(-0.1), Err(Error::Probability(-0.1)));
    assert!(matches!(
        normal::quantile(f64::NAN),
        Err(Error::Probability(_))
    ));
    assert_eq!(
        student_t::quantile(0.9, 0.0),
        Err(Error::DegreesOfFreedom(0.0))
    );
    assert!(matches!(
        student_t::cdf(0.9, f64::NAN),
        Err(Error::DegreesOfFreedom(_))
    ));
    assert_eq!(
        chi_square::cdf(0.9, -1.0),
        Err(Error::DegreesOfFreedom(-1.0))
    );
    assert_eq!(beta::cdf(0.9, -1.0, 1.0), Err(Error::Shape(-1.0)));
    assert_eq!(
        beta::quantile(0.9, 1.0, f64::INFINITY),
        Err(Error::Shape(f64::INFINITY))
    );
    assert_eq!(beta::quantile(1.5, 1.0, 1.0), Err(Error::Probability(1.5)));
}

/// Nothing that can be written as a number makes a function panic, hang or answer with no number.
#[test]
fn any_number_is_answered() {
    let numbers = [
        5e-324,
        1e-300,
        1e-100,
        1e-17,
        1e-3,
        0.5,
        1.0 - f64::EPSILON / 2.0,
        1.0,
        1.5,
        30.0,
        1e5,
        1e9,
        1e17,
        2e20,
        1e100,
        f64::MAX,
    ];
    let number = |value: Result<f64, Error>| value.map_or(0.0, |v| v);
    for x in numbers {
        for a in numbers {
            for b in numbers {
                let values = [
                    number(student_t::cdf(x, a)),
                    number(student_t::quantile(x, a)),
                    number(chi_square::upper_tail(x, a)),
                    number(chi_square::quantile(x, a)),
                    number(fisher_f::upper_tail(x, a, b)),
                    number(fisher_f::quantile(x, a, b)),
                    number(beta::upper_tail(x, a, b)),
                    number(beta::quantile(x, a, b)),
                ];
                assert!(values.iter().all(|v| !v.is_nan()), "{x:e} {a:e} {b:e}");
            }
        }
    }
}

/// Powers of ten between two exponents.
fn decades(from: f64, to: f64) -> impl Strategy<Value = f64> {
    (from..to).prop_map(|exponent| 10f64.powf(exponent))
}

proptest! {
    /// A quantile leads back to its probability, where the point is not too coarse to say so.
    #[test]
    fn quantiles_invert(p in decades(-200.0, -0.001), df in decades(-0.5, 9.0), df2 in decades(0.0, 9.0)) {
        let close = |back: Result<f64, Error>| (back.unwrap() / p - 1.0).abs() < 1e-9;
        prop_assert!(close(normal::cdf(normal::quantile(p).unwrap())));
        let t = student_t::quantile(p, df).unwrap();
        prop_assert!(t.is_infinite() || close(student_t::cdf(t, df)));
        let x = chi_square::quantile_upper(p, df).unwrap();
        prop_assert!(df > 1e4 || close(chi_square::upper_tail(x, df)));
        let f = fisher_f::quantile_upper(p, df, df2).unwrap();
        prop_assert!(df.min(df2) > 1e4 || f > 1e300 || close(fisher_f::upper_tail(f, df, df2)));
        let y = beta::quantile(p, df, df2).unwrap();
        prop_assert!(df.max(df2) > 1e4 || y < 1e-300 || close(beta::cdf(y, df, df2)));
    }

    /// The two tails make one, and mirrored they change places.
    #[test]
    fn tails_add_up(x in 0.001f64..0.999, a in decades(-2.0, 9.0), b in decades(-2.0, 9.0)) {
        let (low, high) = (beta::cdf(x, a, b).unwrap(), beta::upper_tail(x, a, b).unwrap());
        prop_assert!((low + high - 1.0).abs() < 1e-14);
        prop_assert!((0.0..=1.0).contains(&low));
        let f = 2.0 * x;
        let (low, high) = (fisher_f::cdf(f, a, b).unwrap(), fisher_f::upper_tail(1.0 / f, b, a).unwrap());
        prop_assert!((low - high).abs() <= 1e-6 * low + 1e-10);
    }

    /// A cdf never falls, also where one way of computing it gives over to another.
    #[test]
    fn no_cdf_falls(df in decades(-1.0, 9.0), at in -6.0f64..6.0, step in 1e-4f64..1.0) {
        let point = |s: f64| (df + s * (2.0 * df).sqrt()).max(0.0);
        let (near, far) = (point(at), point(at + step));
        prop_assert!(chi_square::cdf(near, df).unwrap() <= chi_square::cdf(far, df).unwrap() + 1e-15);
        prop_assert!(student_t::cdf(at, df).unwrap() <= student_t::cdf(at + step, df).unwrap());
    }
}
