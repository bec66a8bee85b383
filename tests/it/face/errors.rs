use opine::{Column, Error, Figures, Method, Sums, Survey};

use super::{example, poll};

/// An error of the face: its code, its place and its hint.
fn told<T>(result: Result<T, Error>) -> (&'static str, Option<String>, Option<String>) {
    let error = result.err().expect("an error");
    assert!(!error.to_string().is_empty());
    let owned = |text: Option<&str>| text.map(str::to_owned);
    (error.code(), owned(error.place()), owned(error.hint()))
}

#[test]
fn errors_have_a_code_a_place_and_a_hint() {
    let some = |text: &str| Some(text.to_owned());
    let poll = poll();
    assert_eq!(
        told(poll.estimate("mean(therm)").run()),
        ("unknown_variable", some("therm"), some("therm_us"))
    );
    assert_eq!(
        told(poll.clone().weights("wt").estimate("prop(q1)").run()).0,
        "unknown_variable"
    );
    assert_eq!(told(poll.estimate("mean(therm_us").run()).0, "expression");
    assert_eq!(told(poll.estimate("mean(q1)").run()).0, "expression");
    assert_eq!(told(poll.estimate("prop(q1)").level(95.0).run()).0, "range");
    assert_eq!(
        told(poll.estimate("prop(q1)").ci("wilsen").run()),
        ("request", some("ci"), None)
    );
    assert_eq!(
        told(poll.estimate("prop(q1)").by("note").run()).0,
        "request"
    );
    assert_eq!(
        told(poll.estimate("mean(therm_us)").run().unwrap().pairwise()).0,
        "request"
    );

    let nowhere = example("nowhere.csv");
    assert_eq!(
        told(Survey::open(&nowhere)),
        ("file", Some(nowhere.display().to_string()), None)
    );
    assert_eq!(
        told(Survey::from_bytes("poll.sav", b"id,q1\n1,yes\n")).0,
        "format"
    );
    assert_eq!(
        told(Survey::from_bytes("poll.sav", b"id,q1\n1,yes\n")).1,
        some("poll.sav")
    );
    let twice = vec![Column::new("a", vec![1.0]), Column::new("a", vec![2.0])];
    assert_eq!(told(Survey::from_columns("twice", twice)).0, "table");

    assert_eq!(told(opine::interval(63.0, 1500.0)).0, "range");
    assert_eq!(told(Method::Wald.interval(0.0, 1500.0, 0.95)).0, "range");
    assert_eq!(told(opine::sample_size(3.0, 0.5, 1.0)).0, "range");

    let figures = Figures::shipped();
    assert_eq!(told(figures.select("egf2023/worrid")).0, "unknown_figure");
    assert_eq!(
        told(figures.bounds("egf2023/nothing/x")).0,
        "unknown_figure"
    );
    assert_eq!(told(figures.compare(["48@1000"])).0, "comparison");
    assert_eq!(told(figures.compare(["48", "45"])).0, "comparison");

    assert_eq!(told(poll.weigh().rake(nowhere)).0, "file");
    let unknown = poll.weigh().rake_to([("sx", "Female", 0.5)]).unwrap();
    assert_eq!(
        told(unknown.run()),
        ("unknown_variable", some("sx"), some("sex"))
    );
    assert_eq!(
        told(poll.weigh().rake_to([("sex", "Female", f64::NAN)])).0,
        "table"
    );
    assert_eq!(told(Sums::estimate([example("poll.csv")])).0, "sums");
}

#[test]
fn charts_say_why_they_can_t_be_drawn() {
    let poll = poll();
    let worried = poll.estimate("prop(q1)").run().unwrap();
    assert_eq!(told(worried.chart().width(10).to_svg()).0, "chart");
    assert_eq!(told(worried.chart().title("民意").to_png()).0, "chart");
}
