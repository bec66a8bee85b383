/// A share, 0..1, and the effective size of its sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    pub p: f64,
    pub n: f64,
}

impl Share {
    /// p(1 − p)/n.
    pub fn variance(self) -> f64 {
        self.p * (1.0 - self.p) / self.n
    }
}
