//! How cells look. Arial, since Noto is on few machines; ink without fills.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder};

pub const INK: u32 = 0x1C_20_24;
pub const MUTED: u32 = 0x62_6B_74;
pub const AXIS: u32 = 0x8A_93_9B;
pub const GRID: u32 = 0xE3_E7_EA;
pub const CONFLICT: u32 = 0x8A_5A_00;
pub const LINK: u32 = 0x00_44_87;
pub const FONT: &str = "Arial";

/// Formats from which those of a cell are made.
pub struct Formats {
    pub text: Format,
    pub muted: Format,
    pub title: Format,
    pub link: Format,
    pub head: Format,
    pub conflict: Format,
    pub wrapped: Format,
}

impl Formats {
    pub fn new() -> Formats {
        let text = Format::new()
            .set_font_name(FONT)
            .set_font_size(10)
            .set_font_color(INK);
        Formats {
            muted: text.clone().set_font_color(MUTED),
            title: text.clone().set_bold().set_font_size(14),
            link: text
                .clone()
                .set_font_color(LINK)
                .set_underline(rust_xlsxwriter::FormatUnderline::Single),
            head: text
                .clone()
                .set_bold()
                .set_border_bottom(FormatBorder::Thin)
                .set_border_bottom_color(AXIS),
            conflict: text
                .clone()
                .set_font_color(CONFLICT)
                .set_text_wrap()
                .set_align(FormatAlign::Top),
            wrapped: text.clone().set_text_wrap().set_align(FormatAlign::Top),
            text,
        }
    }
}

/// Pixels of a row and of a column of which nothing is said.
pub const ROW: u32 = 17;
pub const COLUMN: u32 = 64;

/// What cells are set in of which nothing is said.
pub fn default() -> Format {
    Format::new().set_font_name(FONT).set_font_size(10)
}

/// A share in 0..1 as per cent: nobody, less than is shown, or so many decimals; with room at the right, since indents print
/// unevenly.
pub fn percent(decimals: usize) -> String {
    match decimals {
        0 => "[=0]\"-\"_);[<0.005]\"<1%\"_);0%_)".to_owned(),
        _ => {
            let zeros = "0".repeat(decimals);
            let least = format!("0.{}1", "0".repeat(decimals - 1));
            let half = format!("0.00{}5", "0".repeat(decimals));
            format!("[=0]\"-\"_);[<{half}]\"<{least}%\"_);0.{zeros}%_)")
        }
    }
}

/// A number with so many decimals.
pub fn number(decimals: usize) -> String {
    match decimals {
        0 => "#,##0_)".to_owned(),
        _ => format!("#,##0.{}_)", "0".repeat(decimals)),
    }
}

/// A number with its sign and so many decimals.
pub fn signed(decimals: usize) -> String {
    let digits = match decimals {
        0 => "#,##0".to_owned(),
        _ => format!("#,##0.{}", "0".repeat(decimals)),
    };
    format!("+{digits}_);\u{2212}{digits}_);{digits}_)")
}

/// A number on a base that is too small to show it.
pub const HIDDEN: &str = "\"**\"_)";
pub const TEXT: &str = "@_)";

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn the_smallest_share_that_is_shown_follows_the_decimals() {
        assert_eq!(percent(0), "[=0]\"-\"_);[<0.005]\"<1%\"_);0%_)");
        assert_eq!(percent(1), "[=0]\"-\"_);[<0.0005]\"<0.1%\"_);0.0%_)");
        assert_eq!(percent(2), "[=0]\"-\"_);[<0.00005]\"<0.01%\"_);0.00%_)");
    }
}
