use super::{example, poll};

#[test]
fn margins_are_met_and_known_to_the_variance() {
    let sample = poll();
    let targets = [("sex", "Female", 0.6), ("sex", "Male", 0.4)];
    let weighted = sample.weigh().rake_to(targets).unwrap().run().unwrap();
    let by_sex = weighted.run(sample.estimate("prop(sex)")).unwrap();
    for (row, (_, level, share)) in by_sex.rows().iter().zip(targets) {
        assert_eq!(row.level.as_deref(), Some(level));
        assert!((row.estimate.unwrap() - share).abs() < 1e-9);
        assert!(row.se.unwrap() < 1e-9);
    }
    assert!(weighted.tables().to_string().contains("Female"));
    assert!(weighted.frame().unwrap().height() > 2);
    assert!(!weighted.notes().is_empty());
}

#[test]
fn targets_come_from_files_too() {
    let sample = poll();
    let raked = sample.weigh().rake(example("targets.csv")).unwrap();
    let weighted = raked.clone().run().unwrap();
    let trimmed = raked.trim(0.5, 2.0).run().unwrap();
    let largest = |weights: &[f64]| weights.iter().copied().fold(0.0, f64::max);
    assert!(largest(trimmed.weights()) < largest(weighted.weights()));
    let one = [("sex", "Female", 0.5), ("sex", "Male", 0.5)];
    let strata = sample.weigh().poststratify_to(one).unwrap().run().unwrap();
    assert_eq!(strata.weights().len(), weighted.weights().len());
}
