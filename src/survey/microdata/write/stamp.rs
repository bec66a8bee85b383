//! When a file was written, as the formats write it.

use std::time::SystemTime;

use crate::frames::calendar::civil;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A second, in universal time.
pub(super) struct Stamp(i64);

impl Stamp {
    pub(super) fn now() -> Stamp {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        Stamp(since.map_or(0, |since| since.as_secs() as i64))
    }

    fn day(&self) -> (i64, &'static str, i64) {
        let (year, month, day) = civil(self.0.div_euclid(86_400));
        let month = usize::try_from(month - 1)
            .ok()
            .and_then(|at| MONTHS.get(at));
        (year, month.copied().unwrap_or_default(), day)
    }

    /// `27 Nov 26`
    pub(super) fn short_date(&self) -> String {
        let (year, month, day) = self.day();
        format!("{day:02} {month} {:02}", year % 100)
    }

    /// `21:30:00`
    pub(super) fn time(&self) -> String {
        let rest = self.0.rem_euclid(86_400);
        format!("{:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60)
    }

    /// `27 Nov 2026 21:30`
    pub(super) fn long(&self) -> String {
        let (year, month, day) = self.day();
        let rest = self.0.rem_euclid(86_400);
        format!(
            "{day:02} {month} {year:04} {:02}:{:02}",
            rest / 3600,
            rest / 60 % 60
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_second() {
        let stamp = Stamp(1_685_608_205);
        assert_eq!(stamp.short_date(), "01 Jun 23");
        assert_eq!(stamp.time(), "08:30:05");
        assert_eq!(stamp.long(), "01 Jun 2023 08:30");
    }
}
