//! Labels of lines that end close to each other.

use super::bounds::Bounds;

/// Places from top to bottom moved so far apart, those that meet around their middle; none above the bounds or below.
pub(super) fn spread(places: Vec<f64>, apart: f64, bounds: Bounds) -> Vec<f64> {
    // Runs of places that touch: how many, and where their middle is.
    let mut runs: Vec<(f64, f64)> = Vec::new();
    for place in &places {
        let mut run = (1.0, *place);
        while let Some((count, middle)) = runs.pop() {
            if run.1 - middle >= apart * (count + run.0) / 2.0 {
                runs.push((count, middle));
                break;
            }
            let all = count + run.0;
            run = (all, (middle * count + run.1 * run.0) / all);
        }
        runs.push(run);
    }
    let mut spread = Vec::with_capacity(places.len());
    for (count, middle) in runs {
        let half = apart * (count - 1.0) / 2.0;
        for index in 0..count as usize {
            spread.push(middle - half + apart * index as f64);
        }
    }
    // Nothing above the plot or below it.
    let mut least = bounds.top;
    for place in &mut spread {
        *place = place.max(least);
        least = *place + apart;
    }
    let mut most = bounds.bottom;
    for place in spread.iter_mut().rev() {
        *place = place.min(most);
        most = *place - apart;
    }
    spread
}
