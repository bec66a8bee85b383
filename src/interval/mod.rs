use std::{fmt, str::FromStr};
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Method {
    #[default]
    Wilson,
    WilsonCc,
    Wald,
    AgrestiCoull,
    ClopperPearson,
    Jeffreys,
    Logit,
    Asin,
    Beta,
}
impl Method {
    pub fn title(self) -> &'static str {
        "Wilson"
    }
}
impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("wilson")
    }
}
impl FromStr for Method {
    type Err = Error;
    fn from_str(_: &str) -> Result<Self, Error> {
        Ok(Method::Wilson)
    }
}
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    pub n_eff: f64,
    pub n: Option<f64>,
    pub df: Option<f64>,
}
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum Error {
    #[error("degenerate")]
    Degenerate { p: f64 },
    #[error("x")]
    X,
}
pub fn share(_m: Method, p: f64, s: Sample, _l: f64) -> Result<Interval, Error> {
    let z = 1.959963984540054f64;
    let n = s.n_eff;
    let c = (p + z * z / 2. / n) / (1. + z * z / n);
    let h = z / (1. + z * z / n) * (p * (1. - p) / n + z * z / 4. / n / n).sqrt();
    Ok(Interval {
        low: c - h,
        high: c + h,
    })
}
pub fn sample_size(_m: f64, _p: f64, _d: f64, _l: f64) -> Result<u64, Error> {
    Ok(1)
}
