//! `opine import`: each form with its traps, and every change said.

use std::fs;

use crate::cli::program::{Run, opine_in};

/// What a table became, and what was said.
fn imported(text: &str, more: &[&str]) -> (Run, Vec<Vec<String>>) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("t.csv"), text).unwrap();
    let run = opine_in(
        folder.path(),
        &[&["import", "t.csv", "-o", "p.csv"], more].concat(),
        "",
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let csv = fs::read_to_string(folder.path().join("p.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows = reader.records().map(|record| {
        let record = record.unwrap();
        record.iter().map(str::to_owned).collect()
    });
    let rows = rows.collect();
    (run, rows)
}

/// Pollster, start, end, n, population, response and per cent of a row.
fn short(row: &[String]) -> String {
    [2, 4, 5, 7, 8, 12, 13].map(|k| row[k].as_str()).join(" ")
}

fn says(run: &Run, words: &str) {
    assert!(run.err.contains(words), "{words}: {}", run.err);
}

#[test]
fn polls_of_538() {
    let text = "poll_id,question_id,pollster,sponsors,start_date,end_date,sample_size,population,methodology,tracking,partisan,answer,pct\n\
                1,10,YouGov,Economist,1/25/20,1/28/20,1500,lv,Online,,,Biden,47.5\n\
                1,10,YouGov,Economist,1/25/20,1/28/20,1500,lv,Online,,,Trump,42\n\
                2,11,Rasmussen,,1/30/20,2/3/20,1200,lv,IVR,TRUE,REP,Biden,45\n";
    let (run, rows) = imported(text, &["--as", "538"]);
    assert_eq!(rows.len(), 3);
    assert_eq!(
        short(&rows[0]),
        "YouGov 2020-01-25 2020-01-28 1500 lv Biden 47.5"
    );
    assert_eq!(rows[0][3], "Economist");
    assert_eq!((rows[2][10].as_str(), rows[2][11].as_str()), ("REP", "yes"));
    says(&run, "6 dates written as ISO");
    let wide = "question_id,pollster,start_date,end_date,sample_size,population,yes,no\n\
                9,YouGov,1/25/20,1/28/20,,a,41,53\n";
    let (_, rows) = imported(wide, &["--as", "538"]);
    assert_eq!(short(&rows[1]), "YouGov 2020-01-25 2020-01-28  a no 53");
}

#[test]
fn raw_polls_of_538_have_results_beside_them() {
    let text = "poll_id,question_id,race,pollster,partisan,polldate,samplesize,cand1_name,cand1_pct,cand2_name,cand2_pct,electiondate,cand1_actual,cand2_actual\n\
                1,5,2020_Pres-G_US,Ipsos,,10/25/20,915,Biden,52,Trump,43,11/3/20,51.3,46.8\n\
                2,6,2020_Pres-G_US,YouGov,,10/26/20,1360,Biden,53,Trump,43,11/3/20,51.3,46.8\n";
    let (run, rows) = imported(text, &["--as", "raw538"]);
    assert_eq!(rows.len(), 6);
    assert_eq!(
        short(&rows[2]),
        "election 2020-11-03 2020-11-03   Biden 51.3"
    );
    says(&run, "2 rows with the middle day of a poll alone");
    says(&run, "2 results taken from the columns beside the polls");
}

#[test]
fn wahlrecht_has_no_years_in_its_periods() {
    let text = "Datum;CDU/CSU;SPD;Sonstige;Befragte;Zeitraum\n\
                03.01.2024;31,5 %;14 %;5 %;T • 1.008;28.12.–02.01.\n\
                14.05.2023;29 %;20 %;–;2.501;08.05.–12.05.\n\
                26.09.2021;24,1 %;25,7 %;8,7 %;;Bundestagswahl\n";
    let (run, rows) = imported(text, &["--as", "wahlrecht", "--pollster", "Forsa"]);
    assert_eq!(rows.len(), 8);
    assert_eq!(
        short(&rows[0]),
        "Forsa 2023-12-28 2024-01-02 1008  CDU/CSU 31.5"
    );
    assert_eq!(
        short(&rows[3]),
        "Forsa 2023-05-08 2023-05-12 2501  CDU/CSU 29"
    );
    assert_eq!(
        short(&rows[5]),
        "election 2021-09-26 2021-09-26   CDU/CSU 24.1"
    );
    says(&run, "2 periods parted into first and last day");
    says(&run, "1 rows of an election taken as results");
}

#[test]
fn europe_elects_says_not_available() {
    let text = "Polling Firm,Commissioners,Fieldwork Start,Fieldwork End,Scope,Sample Size,Sample Size Qualification,Participation,Precision,ÖVP,SPÖ,Other\n\
                Market,Standard,2019-01-07,2019-01-10,National,800,Not Available,Not Available,1%,35%,27%,3%\n\
                OGM,,2019-01-11,2019-01-12,National,Not Available,Not Available,70%,0.1%,34.5%,Not Available,Not Available\n";
    let (_, rows) = imported(text, &["--as", "europeelects"]);
    assert_eq!(rows.len(), 4);
    assert_eq!(short(&rows[1]), "Market 2019-01-07 2019-01-10 800  SPÖ 27");
    assert_eq!(short(&rows[3]), "OGM 2019-01-11 2019-01-12   ÖVP 34.5");
    assert_eq!(rows[3][0], "National");
}

#[test]
fn swedish_polls_leave_the_undecided_out() {
    let text = "PublYearMonth,Company,M,S,Uncertain,n,PublDate,collectPeriodFrom,collectPeriodTo,approxPeriod,house\n\
                2022-sep,Novus,19.1,30.2,6.4,1050,2022-09-09,2022-09-05,2022-09-08,FALSE,Novus\n\
                2022-aug,Sifo,18,31,NA,NA,2022-08-20,NA,NA,TRUE,Kantar\n";
    let (_, rows) = imported(text, &["--as", "swedishpolls"]);
    let all: Vec<String> = rows.iter().map(|row| short(row)).collect();
    assert_eq!(all[0], "Novus 2022-09-05 2022-09-08 1050  M 19.1");
    assert_eq!(all[3], "Kantar     S 31");
    assert_eq!(rows[3][6], "2022-08-20");
    assert_eq!(all.len(), 4);
}

#[test]
fn a_table_of_wikipedia_has_notes_events_and_results() {
    let text = "Polling firm,Fieldwork date,Sample size,Con,Lab,Lead\n\
                YouGov[12],28 Feb – 3 Mar 2024,\"2,062\",24%,44%[a],20\n\
                Opinion,3–5 May 2024,1500,25,43,18\n\
                Rishi Sunak calls an election for July,22 May 2024,,,,\n\
                2019 general election,12 Dec 2019,–,44.7,33.0,11.7\n";
    let (run, rows) = imported(text, &["--as", "wikipedia"]);
    let all: Vec<String> = rows.iter().map(|row| short(row)).collect();
    assert_eq!(all.len(), 6, "{all:?}");
    assert_eq!(all[1], "YouGov 2024-02-28 2024-03-03 2062  Lab 44");
    assert_eq!(all[2], "Opinion 2024-05-03 2024-05-05 1500  Con 25");
    assert_eq!(all[4], "election 2019-12-12 2019-12-12   Con 44.7");
    says(&run, "footnotes taken out of cells");
    says(&run, "1 rows left out: no per cent in them (events, notes)");
}

#[test]
fn huffpost_has_a_mark_and_parts_of_samples() {
    let text = "\u{feff}state,pollster,number.of.observations,population,mode,start.date,end.date,clinton,trump\n\
                --,NBC/SurveyMonkey,3000,Likely Voters,Internet,10/27/16,11/2/16,47,41\n\
                --,YouGov,900,Likely Voters - Democrat,Internet,10/27/16,11/2/16,90,5\n";
    let (run, rows) = imported(text, &["--as", "huffpost"]);
    assert_eq!(rows.len(), 2);
    assert_eq!(
        short(&rows[0]),
        "NBC 2016-10-27 2016-11-02 3000 lv clinton 47"
    );
    assert_eq!(rows[0][3], "SurveyMonkey");
    says(&run, "1 rows left out: a party’s part of a sample");
    says(&run, "1 pollsters parted from a sponsor");
}

#[test]
fn any_other_table_is_mapped() {
    let text = "Institut;Am;Leute;Ja;Nein\nA;14.06.2023;1.000;51,5;40\nB;15.06.2023;900;50;41\n";
    let map = "pollster=Institut,end=Am,n=Leute,answers=Ja+Nein";
    let (_, rows) = imported(text, &["--map", map]);
    assert_eq!(short(&rows[0]), "A  2023-06-14 1000  Ja 51.5");
    assert_eq!(rows.len(), 4);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("t.csv"), text).unwrap();
    for (args, words) in [
        (&["--map", "polster=Institut"][..], "did you mean pollster?"),
        (&["--map", "pollster"], "write pollster=Institute"),
        (&["--map", "end=Am"], "no pollster"),
        (&["--map", "pollster=Haus"], "Haus"),
        (&["--as", "539"], "none of 538"),
        (&["--as", "europeelects"], "polling firm"),
        (&[], "--as"),
    ] {
        let args = [&["import", "t.csv", "-o", "p.csv"], args].concat();
        let run = opine_in(folder.path(), &args, "");
        assert_eq!(run.code, 2, "{args:?}: {}", run.err);
        assert!(run.err.contains(words), "{words}: {}", run.err);
    }
}

#[test]
fn what_is_imported_makes_a_trend() {
    let mut text =
        "question_id,pollster,start_date,end_date,sample_size,population,answer,pct\n".to_owned();
    for k in 0..12 {
        let house = ["Alpha", "Beta", "Gamma"][k % 3];
        text += &format!(
            "{k},{house},{0}/{1}/20,{0}/{1}/20,900,lv,Biden,{2}\n",
            9 + k / 6,
            14 + k % 6,
            50 + k % 3
        );
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("t.csv"), text).unwrap();
    let run = opine_in(
        folder.path(),
        &["import", "t.csv", "--as", "538", "-o", "p.csv"],
        "",
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let trend = opine_in(folder.path(), &["trend", "p.csv"], "");
    assert!(
        trend.out.starts_with("Biden 5"),
        "{}{}",
        trend.out,
        trend.err
    );
}

#[test]
fn which_day_a_date_is_shows_in_the_table_or_is_asked() {
    let table = |start: &str, end: &str| {
        format!(
            "question_id,pollster,start_date,end_date,sample_size,population,answer,pct\n\
             1,YouGov,{start},{end},1500,lv,Biden,47\n2,YouGov,3/4/22,3/5/22,1500,lv,Biden,48\n"
        )
    };
    // the form has the month first, and says so where no row does
    let (run, rows) = imported(&table("5/1/22", "5/3/22"), &["--as", "538"]);
    assert_eq!(
        short(&rows[0]),
        "YouGov 2022-05-01 2022-05-03 1500 lv Biden 47"
    );
    says(
        &run,
        "dates read with the month before the day, as this form has it",
    );
    // a row of another column tells
    let (run, rows) = imported(&table("1/5/22", "13/5/22"), &["--as", "538"]);
    assert_eq!(
        short(&rows[1]),
        "YouGov 2022-04-03 2022-05-03 1500 lv Biden 48"
    );
    says(
        &run,
        "dates read with the day before the month, as other rows have it",
    );
    // a table without a form is asked for
    let folder = tempfile::tempdir().unwrap();
    let map =
        "pollster=pollster,start=start_date,end=end_date,n=sample_size,response=answer,percent=pct";
    let into = "pollster=pollster,field_start=start_date,field_end=end_date,n=sample_size,answer=answer,percent=pct";
    let with = |table: &str, args: &[&str]| {
        fs::write(folder.path().join("t.csv"), table).unwrap();
        opine_in(folder.path(), &[&["import", "t.csv"], args].concat(), "")
    };
    let set = ["--set", "question=vote,source=a", "--dry-run"];
    for args in [
        &["--map", map, "-o", "p.csv"][..],
        &[&["--map", into, "--into", "a"], &set[..]].concat(),
    ] {
        let run = with(&table("5/1/22", "5/3/22"), args);
        assert_eq!(run.code, 2, "{}", run.err);
        says(
            &run,
            "line 2, column start_date: “5/1/22” may be 2022-01-05 or 2022-05-01; say which with --dates",
        );
        let run = with(&table("5/1/22", "5/13/22"), args);
        assert_eq!(run.code, 0, "{}", run.err);
        says(&run, "the month before the day");
    }
    // a period has two ends
    let period = "Institute,Period,A\nX,1/2/2024 – 3/2/2024,40\n";
    let map = [
        "--map",
        "pollster=Institute,period=Period,answers=A",
        "-o",
        "p.csv",
    ];
    assert_eq!(with(period, &map).code, 2);
    assert_eq!(with(&period.replace("3/2", "13/2"), &map).code, 0);
}
