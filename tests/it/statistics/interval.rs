//! Intervals of a share: golden values, the ends, messages, and what must always hold.

use opine::internals::statistics::interval::{
    Error, Interval, Method, Sample, Shares, sample_size, share,
};
use opine::internals::statistics::special::{normal, student_t};
use proptest::prelude::*;
use serde_json::Value;

fn close(value: f64, reference: f64) -> bool {
    (value - reference).abs() <= 1e-9 * reference.abs() + 1e-15
}

/// The entries of one kind.
fn golden(kind: &str) -> Vec<Value> {
    let entries: Vec<Value> =
        serde_json::from_str(include_str!("../../golden/interval.json")).unwrap();
    entries.into_iter().filter(|e| e["kind"] == kind).collect()
}

fn number(entry: &Value, key: &str) -> f64 {
    entry[key].as_f64().unwrap()
}

fn method(entry: &Value) -> Method {
    entry["method"].as_str().unwrap().parse().unwrap()
}

fn assert_golden(entry: &Value, ci: Interval) {
    let (low, high) = (number(entry, "ci_low"), number(entry, "ci_high"));
    assert!(
        close(ci.low, low) && close(ci.high, high),
        "{}: {ci:?}, not {low} to {high}",
        entry["id"]
    );
}

#[test]
fn golden_published_figures() {
    for entry in golden("interval") {
        let n_eff = number(&entry, "n") / number(&entry, "deff");
        let (p, level) = (number(&entry, "percent") / 100.0, number(&entry, "level"));
        assert_golden(&entry, share(method(&entry), p, n_eff, level).unwrap());
    }
}

/// Shares of respondents under a design, from their standard errors: n_eff = p(1 − p)/se².
#[test]
fn golden_designs() {
    for entry in golden("design_interval") {
        let (p, se) = (number(&entry, "estimate"), number(&entry, "se"));
        let sample = Sample {
            n_eff: p * (1.0 - p) / (se * se),
            respondents: Some(number(&entry, "n")),
            df: Some(number(&entry, "df")),
        };
        assert_golden(&entry, share(method(&entry), p, sample, 0.95).unwrap());
    }
}

/// Newcombe (1998), table I, has 81 of 263, 15 of 148, 0 of 20 and 1 of 29 to four digits.
#[test]
fn newcombe_table_one() {
    let rounded = |method, x: f64, n: f64| {
        let ci = share(method, x / n, n, 0.95).unwrap();
        [ci.low, ci.high].map(|bound| (bound * 1e4).round() / 1e4)
    };
    assert_eq!(rounded(Method::Wilson, 81.0, 263.0), [0.2553, 0.3662]);
    assert_eq!(rounded(Method::WilsonCc, 81.0, 263.0), [0.2535, 0.3682]);
    assert_eq!(rounded(Method::WilsonCc, 15.0, 148.0), [0.0598, 0.1644]);
    assert_eq!(rounded(Method::WilsonCc, 0.0, 20.0), [0.0, 0.2005]);
    assert_eq!(rounded(Method::WilsonCc, 1.0, 29.0), [0.0018, 0.1963]);
    assert_eq!(rounded(Method::ClopperPearson, 1.0, 29.0), [0.0009, 0.1776]);
}

#[test]
fn the_ends() {
    for method in Method::ALL {
        let sample = Sample {
            n_eff: 40.0,
            respondents: Some(60.0),
            df: Some(14.0),
        };
        for p in [0.0, 1.0] {
            match share(method, p, sample, 0.95) {
                Err(Error::Degenerate { .. }) => {
                    assert!(matches!(method, Method::Wald | Method::Logit));
                }
                ci if method == Method::Jeffreys => {
                    let Interval { low, high } = ci.unwrap();
                    assert!(0.0 < low && high < 1.0);
                }
                ci => {
                    let Interval { low, high } = ci.unwrap();
                    assert!(if p == 0.0 { low == 0.0 } else { high == 1.0 });
                    assert!(
                        high - low > 0.0 && high - low < 0.3,
                        "{method} {low} {high}"
                    );
                }
            }
        }
    }
}

/// On 14 degrees of freedom t is 2.1448 and z 1.9600.
#[test]
fn degrees_of_freedom_widen() {
    let sample = Sample {
        n_eff: 100.0,
        respondents: Some(150.0),
        df: Some(14.0),
    };
    let ci = share(Method::Wald, 0.5, sample, 0.95).unwrap();
    let t = |df| student_t::quantile_upper(0.025, df).unwrap();
    assert!(close(ci.high, 0.5 + t(14.0) * 0.05));
    let n = 100.0 * (t(149.0) / t(14.0)).powi(2);
    let beta = share(Method::Beta, 0.3, sample, 0.95).unwrap();
    let clopper_pearson = share(Method::ClopperPearson, 0.3, n, 0.95).unwrap();
    assert!(close(beta.low, clopper_pearson.low) && close(beta.high, clopper_pearson.high));
}

#[test]
fn messages() {
    let message = |result: Result<Interval, Error>| result.unwrap_err().to_string();
    assert_eq!(
        message(share(Method::Wald, 1.0, 100.0, 0.95)),
        "wald gives no interval at 0 or 100 per cent; wilson does"
    );
    assert!(message(share(Method::Wilson, 52.0, 100.0, 0.95)).contains("52 per cent is 0.52"));
    assert!(message(share(Method::Wilson, 0.5, 100.0, 95.0)).contains("95 per cent is 0.95"));
    assert!(message(share(Method::Wilson, 0.5, 0.0, 0.95)).contains("above 0, not 0"));
    assert_eq!(share(Method::Beta, 0.5, 100.0, 0.95), Err(Error::NeedsDf));
    let unknown = "Agresti_Coul".parse::<Method>().unwrap_err().to_string();
    assert_eq!(
        unknown,
        "there is no interval method \"Agresti_Coul\"; did you mean agresti-coull? There are wilson, wilson-cc, wald, \
         agresti-coull, clopper-pearson, jeffreys, logit, asin, beta; of respondents also likelihood and xlogit"
    );
    assert_eq!("arcsine".parse(), Ok(Method::Asin));
    for method in Method::ALL {
        assert_eq!(method.to_string().parse(), Ok(method));
    }
}

#[test]
fn sizes() {
    assert_eq!(sample_size(0.03, 0.5, 1.0, 0.95), Ok(1068));
    assert_eq!(sample_size(0.01, 0.5, 1.0, 0.95), Ok(9604));
    assert_eq!(sample_size(0.03, 0.0, 1.0, 0.95), Ok(1));
    assert_eq!(sample_size(3.0, 0.5, 1.0, 0.95), Err(Error::Margin(3.0)));
    assert!(matches!(
        sample_size(1e-300, 0.5, 1.0, 0.95),
        Err(Error::TooLarge(_))
    ));
    // a size that is whole by right is not pushed to the next by rounding
    let z = normal::quantile_upper(0.025).unwrap();
    for n in [100u32, 600, 1067, 2401, 1_000_000] {
        let moe = z * (0.25 / f64::from(n)).sqrt();
        assert_eq!(sample_size(moe, 0.5, 1.0, 0.95), Ok(u64::from(n)));
    }
}

/// Samples of any size, with more degrees of freedom among respondents than among PSUs, as in every survey.
fn sample() -> impl Strategy<Value = Sample> {
    (-0.5f64..12.0, 1.0f64..60.0).prop_map(|(exponent, df)| {
        let n_eff = 10f64.powf(exponent);
        Sample {
            n_eff,
            respondents: Some(1.5 * n_eff + df + 1.0),
            df: Some(df),
        }
    })
}

fn any_share() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(0.0),
        Just(1.0),
        0.0f64..1.0,
        (-12.0f64..0.0).prop_map(|exponent| 10f64.powf(exponent)),
        (-12.0f64..0.0).prop_map(|exponent| 1.0 - 10f64.powf(exponent)),
    ]
}

fn any_level() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.5), Just(0.9999999), 0.5f64..0.9999]
}

/// The interval, unless the method has none there.
fn interval_by(method: Method, p: f64, sample: Sample, level: f64) -> Option<Interval> {
    match share(method, p, sample, level) {
        Err(Error::Degenerate { .. }) => None,
        ci => Some(ci.unwrap()),
    }
}

proptest! {
    #[test]
    fn it_holds_the_estimate(p in any_share(), sample in sample(), level in any_level()) {
        for method in Method::ALL {
            let Some(Interval { low, high }) = interval_by(method, p, sample, level) else { continue };
            prop_assert!(0.0 <= low && low <= high && high <= 1.0, "{method} {low} {high}");
            let x = (p * sample.n_eff).min((1.0 - p) * sample.n_eff);
            if method != Method::Jeffreys || x > 0.5 {
                prop_assert!(low <= p && p <= high, "{method} {low} {high}");
            }
        }
    }

    #[test]
    fn a_higher_level_widens(p in any_share(), sample in sample(), level in 0.5f64..0.99, more in 0.001f64..0.009) {
        for method in Method::ALL {
            let (Some(one), Some(two)) = (interval_by(method, p, sample, level), interval_by(method, p, sample, level + more)) else { continue };
            prop_assert!(two.low <= one.low + 1e-15 && one.high <= two.high + 1e-15, "{method} {one:?} {two:?}");
        }
    }

    #[test]
    fn a_larger_sample_narrows(p in 0.0f64..1.0, n in 2.0f64..1e6, factor in 1.1f64..10.0, level in any_level()) {
        for method in Method::ALL.into_iter().filter(|&method| method != Method::Beta) {
            let (Some(one), Some(two)) = (interval_by(method, p, n.into(), level), interval_by(method, p, (n * factor).into(), level)) else { continue };
            prop_assert!(two.high - two.low <= one.high - one.low + 1e-12, "{method} {one:?} {two:?}");
        }
    }

    #[test]
    fn the_mirror_image(p in 0.0f64..1.0, sample in sample(), level in any_level()) {
        // so that p and q are both exact
        let p = (p * 1048576.0).round() / 1048576.0;
        for method in Method::ALL {
            let (Some(one), Some(two)) = (interval_by(method, p, sample, level), interval_by(method, 1.0 - p, sample, level)) else { continue };
            prop_assert!((one.low + two.high - 1.0).abs() < 1e-12, "{method} {one:?} {two:?}");
            prop_assert!((one.high + two.low - 1.0).abs() < 1e-12, "{method} {one:?} {two:?}");
        }
    }

    /// One more would do, one less would not.
    #[test]
    fn the_smallest_size(moe in 0.001f64..0.3, p in 0.01f64..0.99, deff in 0.5f64..5.0) {
        let n = sample_size(moe, p, deff, 0.95).unwrap() as f64;
        let z = normal::quantile_upper(0.025).unwrap();
        let margin = |n: f64| z * (deff * p * (1.0 - p) / n).sqrt();
        prop_assert!(margin(n) <= moe * (1.0 + 1e-11));
        prop_assert!(n == 1.0 || margin(n - 1.0) > moe);
    }
}

/// A million intervals are a matter of milliseconds; the test only keeps the prepared form honest.
#[test]
fn prepared_is_the_same() {
    for method in Method::ALL {
        let sample = Sample {
            n_eff: 850.0,
            respondents: Some(1000.0),
            df: Some(30.0),
        };
        let prepared = Shares::new(method, 0.9).unwrap();
        assert_eq!(
            prepared.interval(0.37, sample),
            share(method, 0.37, sample, 0.9)
        );
    }
}
