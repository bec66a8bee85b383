use opine::{ChartKind, Figures};

#[test]
fn figures_are_selected_compared_and_bounded() {
    let figures = Figures::shipped();
    let worried = figures.select("egf2023/worried").unwrap();
    assert!(!worried.rows().is_empty());
    assert_eq!(worried.frame().height(), worried.rows().len());
    assert!(worried.tables().to_string().contains("worried"));
    assert!(worried.chart().to_svg().unwrap().starts_with("<svg"));
    assert!(worried.chart().kind(ChartKind::Bars).to_png().is_ok());

    let countries = [
        "egf2023/consequences/polarise:KR",
        "egf2023/consequences/polarise:PH",
    ];
    let stored = figures.compare(countries).unwrap();
    let row = &stored.rows()[0];
    assert!(row.ci_low < row.estimate && row.estimate < row.ci_high);
    assert!(!row.sentence.is_empty());
    assert!(stored.chart().to_svg().unwrap().starts_with("<svg"));

    for bound in figures.bounds("egf2023/view_cn/*").unwrap() {
        assert!(
            0.0 <= bound.low && bound.low <= bound.high && bound.high <= 1.0,
            "{bound:?}"
        );
    }
}

#[test]
fn typed_figures_are_of_independent_samples() {
    let typed = Figures::shipped()
        .compare(["48@1000", "45@1000", "40@500"])
        .unwrap();
    assert_eq!(typed.rows().len(), 3);
    assert!(typed.rows().iter().all(|row| row.relation == "independent"));
    assert!(typed.rows().iter().all(|row| row.p_adjusted >= row.p_value));
}

#[test]
fn the_shipped_figures_are_sound() {
    let findings = Figures::shipped().check();
    assert!(findings.iter().all(|finding| !finding.is_error()));
    assert!(!findings.is_empty());
}

#[test]
fn a_folder_with_errors_computes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("figures.csv");
    std::fs::write(file, "poll,question,response,percent\nnowhere,q,yes,140\n").unwrap();
    let figures = Figures::open(folder.path()).unwrap();
    assert!(figures.check().iter().any(|finding| finding.is_error()));
    assert_eq!(figures.select("nowhere").err().unwrap().code(), "data");
}
