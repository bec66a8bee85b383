use crate::published::figures::store::{ALL, Sample};

/// `iseas2022:all@report`, `gallup2023:US:democrats`: a row of samples.csv.
pub fn sample_id(sample: &Sample) -> String {
    let mut id = format!("{}:{}", sample.poll, sample.country);
    if sample.base != ALL {
        id += &format!(":{}", sample.base);
    }
    match sample.reported_by.is_empty() {
        true => id,
        false => format!("{id}@{}", sample.reported_by),
    }
}
