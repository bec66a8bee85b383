use super::respondents::truth;

/// Conditions and their truth for the seven respondents.
fn hold(table: &[(&str, &str)]) {
    for (condition, expected) in table {
        assert_eq!(truth(condition), *expected, "{condition}");
    }
}

// q1 is 1, 2, 3, 8 (don't know), 9 (refused), 95 (not asked), null

#[test]
fn labelled_numbers_go_by_code_label_or_written_code() {
    hold(&[
        ("q1 == 1", "TFF????"),
        ("q1 == 'Very worried'", "TFF????"),
        ("q1 == '1'", "TFF????"),
        ("q1 == 'very worried'", "FFF????"),
        ("q1 in ['Very worried', 2]", "TTF????"),
        ("q1 not in ['Very worried', 2]", "FFT????"),
        ("q1 != 'Very worried'", "FTT????"),
        ("q1 <= 2", "TTF????"),
        ("2 >= q1", "TTF????"),
        ("q1 <= '2'", "TTF????"),
        ("q1 between 2 and 8", "FTT????"),
    ]);
}

#[test]
fn a_missing_answer_is_found_by_its_own_name() {
    hold(&[
        ("q1 == 'Refused'", "FFF?T??"),
        ("q1 == 9", "FFF?T??"),
        ("q1 != 'Refused'", "TTT?F??"),
        ("q1 in [1, 'Refused', 'Don''t know']", "TFFTT??"),
        ("q1 not in ['Refused']", "TTT?F??"),
        ("q1 == 95", "FFF??T?"),
        ("region == 'n/a'", "FFT?FFF"),
        ("age == 999", "FFFFT?F"),
        ("age in [999, 30]", "FFFFT?T"),
        ("age != 999", "TTTTF?T"),
        ("q1 >= 9", "FFF????"),
    ]);
}

#[test]
fn null_is_every_kind_of_missing_and_never_unknown() {
    hold(&[
        ("q1 is null", "FFFTTTT"),
        ("q1 is not null", "TTTFFFF"),
        ("region is null", "FFTTFFF"),
        ("age is null", "FFFFTTF"),
        ("age is not null", "TTTTFFT"),
        ("age + q1 is null", "FFFTTTT"),
        ("(q1 == 1) is null", "FFFTTTT"),
        ("(q1 == 1) is not null", "TTTFFFF"),
        ("cut(age, 18) is null", "FFFFTTF"),
        ("region:q1 is null", "FFTTTTT"),
    ]);
}

#[test]
fn plain_numbers() {
    hold(&[
        ("age >= 65", "FFFT??F"),
        ("age < 18", "TFFF??F"),
        ("65 <= age", "FFFT??F"),
        ("age between 18 and 64.5", "FTTF??T"),
        ("not age between 18 and 64.5", "TFFT??F"),
        ("age not between 18 and 64.5", "TFFT??F"),
        ("age in [18, 30]", "FTFF??T"),
        ("age not in [18, 30]", "TFTT??F"),
        ("age == '18'", "FTFF??F"),
        ("income == 'None'", "FF?FFTF"),
        ("income > -1", "TT?TTTF"),
        ("income * 2 + 1 >= 5", "FT?TTFF"),
        ("income in [1, -6]", "TF?FFFT"),
        ("age + 1 between 18 and 20", "TTFF??F"),
        ("30 between age and 31", "TTFF??T"),
        ("age > income", "TT?T??T"),
        ("age == age", "TTTT??T"),
        ("2 > 1", "TTTTTTT"),
    ]);
}

#[test]
fn texts_and_dates() {
    hold(&[
        ("region == 'North'", "TF??FFT"),
        ("region = \"North\"", "TF??FFT"),
        ("'North' == region", "TF??FFT"),
        ("region <> 'North'", "FT??TTF"),
        ("region < 'North'", "FF??TTF"),
        ("region == `home region`", "TF???TF"),
        ("region != `home region`", "FT???FT"),
        ("day < '2023-06-01'", "TFF?FTF"),
        ("day between '2023-06-01' and '2023-12-31'", "FTT?FFT"),
        ("day >= '2024'", "FFF?TFF"),
        // without its zeros it is the same day, and stands where that one does
        ("day < '2023-6-1'", "TFF?FTF"),
        ("day between '2023-6-1' and '2023-12-31'", "FTT?FFT"),
        ("day == '2023-6-1'", "FTF?FFT"),
        ("day in ['2023-6-1', '2024-1-1']", "FTF?TFT"),
        ("day == '2023-06-01'", "FTF?FFT"),
    ]);
}

#[test]
fn numbers_that_are_written_as_texts() {
    hold(&[
        ("score == 9", "FTF?TFF"),
        ("score == '9'", "FTF?FFF"),
        ("score > 9", "TF??FTT"),
        ("score between 9 and 10", "TT??TFT"),
        ("score < '9'", "TFF?FTT"),
    ]);
}

#[test]
fn truths() {
    hold(&[
        ("urban == true", "TFT?TFF"),
        ("urban == false", "FTF?FTT"),
        ("true", "TTTTTTT"),
        ("not true", "FFFFFFF"),
        ("(q1 == 1) == (age < 18)", "TTT????"),
        ("(q1 == 1) == true", "TFF????"),
        ("(age < 18) + (income == 1) == 2", "TF?F??F"),
    ]);
}

/// Every pair of truths, made of what is known of the last respondent.
#[test]
fn three_valued_logic() {
    let given = |truth: char| match truth {
        'T' => "(q1 in [1, 2, 3, 8, 9, 95] or q1 is null)",
        'F' => "(q1 is null and q1 is not null)",
        _ => "(q1 == 77 and q1 is null)",
    };
    // the last respondent has null: unknown and true is unknown
    let of = |condition: &str| truth(condition).chars().last().unwrap();
    let and = ["FFF", "F??", "F?T"];
    let or = ["F?T", "??T", "TTT"];
    for (row, left) in "F?T".chars().enumerate() {
        for (column, right) in "F?T".chars().enumerate() {
            let (a, b) = (given(left), given(right));
            let expected = |table: [&str; 3]| table[row].chars().nth(column).unwrap();
            assert_eq!(
                of(&format!("{a} and {b}")),
                expected(and),
                "{left} and {right}"
            );
            assert_eq!(
                of(&format!("{a} or {b}")),
                expected(or),
                "{left} or {right}"
            );
        }
        let negation = "T?F".chars().nth(row).unwrap();
        assert_eq!(of(&format!("not {}", given(left))), negation, "not {left}");
        assert_eq!(of(given(left)), left);
    }
    hold(&[
        ("q1 == 1 and age < 18", "TFFF??F"),
        ("q1 == 1 or age < 18", "TFF????"),
        ("q1 == 1 or age == 65 or region == 'East'", "TF?TTT?"),
        ("not q1 == 1 and not age < 18", "FTT????"),
    ]);
}

/// A day and its parts in all ways of writing them: what compares with a date compares as the date.
#[test]
fn dates_without_their_zeros_are_the_same_dates() {
    for (year, month, day) in [(2023, 5, 31), (2023, 6, 1), (2022, 12, 9), (2024, 1, 1)] {
        for operator in ["==", "!=", "<", "<=", ">", ">="] {
            let padded = truth(&format!("day {operator} '{year}-{month:02}-{day:02}'"));
            let bare = truth(&format!("day {operator} '{year}-{month}-{day}'"));
            assert_eq!(bare, padded, "{operator} {year}-{month}-{day}");
            let turned = truth(&format!("'{year}-{month}-{day}' {operator} day"));
            let padded = truth(&format!("'{year}-{month:02}-{day:02}' {operator} day"));
            assert_eq!(turned, padded, "{year}-{month}-{day} {operator}");
        }
    }
}
