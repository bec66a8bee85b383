//! The palette: contrast to the paper, and the six categories as colour-blind readers see them.
//!
//! Contrast as in WCAG 2; dichromacy by Machado, Oliveira and Fernandes (2009) at full severity;
//! differences by CIEDE2000 (Sharma, Wu and Dalal 2005).

use std::collections::HashSet;

use opine::internals::present::chart::{Role, Theme};

type Rgb = [f64; 3];

const DEUTERANOPIA: [Rgb; 3] = [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.011820, 0.042940, 0.968881],
];
const PROTANOPIA: [Rgb; 3] = [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
];

fn linear(theme: Theme, role: Role) -> Rgb {
    let (red, green, blue) = theme.rgb(role);
    [red, green, blue].map(|channel| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.04045 {
            share / 12.92
        } else {
            ((share + 0.055) / 1.055).powf(2.4)
        }
    })
}

fn times(matrix: &[Rgb; 3], colour: Rgb) -> Rgb {
    matrix.map(|row| row.iter().zip(colour).map(|(a, b)| a * b).sum())
}

fn luminance(colour: Rgb) -> f64 {
    0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]
}

fn contrast(theme: Theme, role: Role, ground: Role) -> f64 {
    let [a, b] = [role, ground].map(|role| luminance(linear(theme, role)) + 0.05);
    a.max(b) / a.min(b)
}

fn lab(colour: Rgb) -> Rgb {
    let xyz = times(
        &[
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ],
        colour,
    );
    let white = [0.95047, 1.0, 1.08883];
    let [x, y, z] = [0, 1, 2].map(|axis| {
        let t: f64 = xyz[axis] / white[axis];
        if t > 216.0 / 24389.0 {
            t.cbrt()
        } else {
            (24389.0 / 27.0 * t + 16.0) / 116.0
        }
    });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn ciede2000([l1, a1, b1]: Rgb, [l2, a2, b2]: Rgb) -> f64 {
    let seventh = |c: f64| (c.powi(7) / (c.powi(7) + 25f64.powi(7))).sqrt();
    let g = 0.5 * (1.0 - seventh((a1.hypot(b1) + a2.hypot(b2)) / 2.0));
    let (a1, a2) = (a1 * (1.0 + g), a2 * (1.0 + g));
    let (c1, c2) = (a1.hypot(b1), a2.hypot(b2));
    let hue = |a: f64, b: f64| {
        if a == 0.0 && b == 0.0 {
            0.0
        } else {
            b.atan2(a).to_degrees().rem_euclid(360.0)
        }
    };
    let (h1, h2) = (hue(a1, b1), hue(a2, b2));
    let grey = c1 * c2 == 0.0;
    let turn = match h2 - h1 {
        _ if grey => 0.0,
        turn if turn > 180.0 => turn - 360.0,
        turn if turn < -180.0 => turn + 360.0,
        turn => turn,
    };
    let (dl, dc, dh) = (
        l2 - l1,
        c2 - c1,
        2.0 * (c1 * c2).sqrt() * (turn / 2.0).to_radians().sin(),
    );
    let (l, c) = ((l1 + l2) / 2.0, (c1 + c2) / 2.0);
    let h = match h1 + h2 {
        sum if grey => sum,
        sum if (h1 - h2).abs() <= 180.0 => sum / 2.0,
        sum if sum < 360.0 => (sum + 360.0) / 2.0,
        sum => (sum - 360.0) / 2.0,
    };
    let cos = |degrees: f64| degrees.to_radians().cos();
    let t = 1.0 - 0.17 * cos(h - 30.0) + 0.24 * cos(2.0 * h) + 0.32 * cos(3.0 * h + 6.0)
        - 0.20 * cos(4.0 * h - 63.0);
    let sl = 1.0 + 0.015 * (l - 50.0).powi(2) / (20.0 + (l - 50.0).powi(2)).sqrt();
    let (sc, sh) = (1.0 + 0.045 * c, 1.0 + 0.015 * c * t);
    let turned = (60.0 * (-((h - 275.0) / 25.0).powi(2)).exp())
        .to_radians()
        .sin();
    let rt = -2.0 * seventh(c) * turned;
    ((dl / sl).powi(2) + (dc / sc).powi(2) + (dh / sh).powi(2) + rt * dc / sc * dh / sh).sqrt()
}

/// The least difference of any two categories, seen through this.
fn least(theme: Theme, seen: impl Fn(Rgb) -> Rgb, difference: impl Fn(Rgb, Rgb) -> f64) -> f64 {
    let colours: Vec<Rgb> = (0..6)
        .map(|step| lab(seen(linear(theme, Role::Category(step)))))
        .collect();
    let pairs = (0..6).flat_map(|a| (a + 1..6).map(move |b| (a, b)));
    pairs
        .map(|(a, b)| difference(colours[a], colours[b]))
        .fold(f64::INFINITY, f64::min)
}

fn clamped(colour: Rgb) -> Rgb {
    colour.map(|channel| channel.clamp(0.0, 1.0))
}

#[test]
fn ciede2000_agrees_with_published_pairs() {
    let pairs = [
        ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
        ([50.0, 2.49, -0.001], [50.0, -2.49, 0.0009], 7.1792),
        (
            [60.2574, -34.0099, 36.2677],
            [60.4626, -34.1751, 39.4387],
            1.2644,
        ),
        ([2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082),
    ];
    for (one, other, difference) in pairs {
        assert!(
            (ciede2000(one, other) - difference).abs() < 1e-4,
            "{one:?} {other:?}"
        );
    }
}

#[test]
fn the_six_categories_differ_for_everybody() {
    let told_apart = [(Theme::Light, 14.0, 15.0), (Theme::Dark, 14.0, 14.0)];
    for (theme, deuteranopia, protanopia) in told_apart {
        let deutan = least(
            theme,
            |colour| clamped(times(&DEUTERANOPIA, colour)),
            ciede2000,
        );
        let protan = least(
            theme,
            |colour| clamped(times(&PROTANOPIA, colour)),
            ciede2000,
        );
        assert!(
            deutan >= deuteranopia && protan >= protanopia,
            "{theme:?}: {deutan:.2} {protan:.2}"
        );
        let grey = least(
            theme,
            |colour| colour,
            |one, other| (one[0] - other[0]).abs(),
        );
        assert!(grey >= 5.6, "{theme:?} in grey print: {grey:.2}");
    }
}

#[test]
fn what_is_written_can_be_read() {
    for theme in [Theme::Light, Theme::Dark] {
        for role in [
            Role::Ink,
            Role::Ink2,
            Role::Muted,
            Role::Warn,
            Role::Conflict,
        ] {
            assert!(
                contrast(theme, role, Role::Paper) >= 4.5,
                "{theme:?} {role:?}"
            );
        }
        for role in [
            Role::Axis,
            Role::Category(0),
            Role::Category(1),
            Role::Category(2),
        ] {
            assert!(
                contrast(theme, role, Role::Paper) >= 3.0,
                "{theme:?} {role:?}"
            );
        }
    }
}

#[test]
fn every_role_has_its_own_hex_in_the_light_theme() {
    let plain = [
        Role::Paper,
        Role::Ink,
        Role::Ink2,
        Role::Muted,
        Role::Warn,
        Role::Grid,
        Role::Half,
        Role::Axis,
        Role::Possible,
        Role::Conflict,
        Role::DontKnow,
        Role::Neutral,
        Role::OnLight,
        Role::OnDark,
    ];
    let steps = (0..6)
        .map(Role::Category)
        .chain((0..5).map(Role::Diverging))
        .chain((0..5).map(Role::Sequential));
    let all: Vec<String> = plain
        .into_iter()
        .chain(steps)
        .map(|role| Theme::Light.hex(role))
        .collect();
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
    assert!(
        all.iter()
            .all(|hex| hex.len() == 7 && *hex == hex.to_uppercase())
    );
}

#[test]
fn a_number_on_a_segment_can_be_read_in_both_themes() {
    let on = [
        (Role::Diverging(0), Role::Paper),
        (Role::Diverging(1), Role::Ink),
        (Role::Diverging(2), Role::Ink),
        (Role::Diverging(3), Role::Ink),
        (Role::Diverging(4), Role::Paper),
        (Role::DontKnow, Role::Ink),
        (Role::Neutral, Role::OnLight),
        (Role::Category(0), Role::Paper),
        (Role::Category(1), Role::Paper),
        (Role::Category(2), Role::Paper),
        (Role::Category(3), Role::OnLight),
        (Role::Category(4), Role::OnDark),
        (Role::Category(5), Role::OnLight),
    ];
    for theme in [Theme::Light, Theme::Dark] {
        for (mark, text) in on {
            let contrast = contrast(theme, text, mark);
            assert!(
                contrast >= 4.5,
                "{theme:?} {text:?} on {mark:?}: {contrast:.2}"
            );
        }
    }
}
