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

#[test]
fn a_t_test_with_new_weights_is_the_model_of_two_groups() {
    let sample = poll();
    let raked = sample.weigh().rake(example("targets.csv")).unwrap();
    let weighted = raked.run().unwrap();
    let number = |results: &opine::Results, row: usize, column: &str| {
        let column = results.frame().column(column).unwrap();
        column.numbers().unwrap()[row].unwrap()
    };
    let test = weighted.test(sample.test("ttest(therm_us, sex)")).unwrap();
    let model = weighted.fit(sample.fit("therm_us ~ sex")).unwrap();
    for column in ["estimate", "se"] {
        let (one, other) = (number(&test, 0, column), number(&model, 2, column));
        assert!(
            (one - other).abs() < 1e-9 * one.abs(),
            "{column}: {one} {other}"
        );
    }
    // the variance knows of the targets: it is not that of weights that fell from the sky
    let before = sample.test("ttest(therm_us, sex)").run().unwrap();
    assert_ne!(number(&test, 0, "se"), number(&before, 0, "se"));
    assert!(test.tables().to_string().contains("new weights"));
    assert!(model.tables().to_string().contains("new weights"));
}
