//! The committed `plots/` is what the program draws: SVG and CSV to the byte, PNG by pixels.

use opine::internals::present::chart::Style;
use opine::internals::present::report;
use opine::internals::published::figures::store::Store;
use opine::internals::published::figures::topline::Intervals;

/// Where a pixel differs by more than this in a channel it counts as different.
const TOLERANCE: u8 = 24;

#[test]
fn the_committed_plots_are_those_of_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let pictures =
        report::pictures(&Store::embedded(), &Style::default(), Intervals::default()).unwrap();
    let paths = report::write(&pictures, folder.path(), None).unwrap();
    assert_eq!(paths.len(), 15);
    for path in paths {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let drawn = std::fs::read(&path).unwrap();
        let committed = std::fs::read(format!("plots/{name}")).unwrap_or_default();
        let same = match name.ends_with(".png") {
            true => pixels_differing(&drawn, &committed) < 1e-3,
            false => drawn == committed,
        };
        assert!(
            same,
            "plots/{name} is not what the program draws: run `opine report`, look, commit"
        );
    }
}

/// The share of pixels that differ; all of them where the sizes do.
fn pixels_differing(a: &[u8], b: &[u8]) -> f64 {
    let (Some((a, size_a)), Some((b, size_b))) = (decoded(a), decoded(b)) else {
        return 1.0;
    };
    if size_a != size_b {
        return 1.0;
    }
    let differing = a
        .iter()
        .zip(&b)
        .filter(|(a, b)| a.abs_diff(**b) > TOLERANCE)
        .count();
    differing as f64 / a.len() as f64
}

fn decoded(bytes: &[u8]) -> Option<(Vec<u8>, (u32, u32))> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().ok()?;
    let mut pixels = vec![0; reader.output_buffer_size()?];
    let info = reader.next_frame(&mut pixels).ok()?;
    Some((pixels, (info.width, info.height)))
}
