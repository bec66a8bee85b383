//! Generated input.

use opine::internals::published::figures::store::Table as File;

/// The SplitMix64 generator: small, and the same everywhere.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap_or(0)
    }

    pub fn one<'x>(&mut self, of: &[&'x str]) -> &'x str {
        let at = self.below(of.len());
        of.get(at).copied().unwrap_or("")
    }

    pub fn chance(&mut self, in_100: usize) -> bool {
        self.below(100) < in_100
    }
}

const POLLS: &str = "poll,title,countries,sampling,field_start,field_end,published,url\n\
    alpha,First,KR PH SG,probability,2023-04,2023-05,2023-06-07,https://example.org/a\n\
    beta,Second,KR PH,unknown,2022,2022,2022-09,\n";
const SAMPLES: &str = "poll,country,base,n,n_kind,moe,moe_level,deff,deff_kind,reported_by\n\
    alpha,all,all,1500,as_printed,,,,,report\n\
    alpha,KR,all,500,as_printed,4.4,95,1.2,kish,report\n\
    alpha,PH,all,500,exact,,,,,report\n\
    beta,all,all,1000,exact,,,,,report\n";
const QUESTIONS: &str = "poll,question,text,kind,responses,series,joint_of\n\
    alpha,view,View,single,good;fair;bad;dont_know,views,\n\
    alpha,other,Other,single,good;bad,,\n\
    alpha,both,Both,single,both,,view:good & other:good\n\
    alpha,many,Several,multiple,one;two;three,,\n\
    alpha,score,Score,score,mean,,\n\
    beta,view,View,single,good;fair;bad,views,\n";
const FIGURES: &str = "poll,question,response,country,base,percent,qualifier,aggregate,net_of,n,reported_by,first_hand,url,note\n\
    alpha,view,good,all,all,40,exact,respondents,,,report,yes,,\n\
    alpha,view,fair,all,all,25.5,exact,respondents,,,report,yes,,\n\
    alpha,view,bad,all,all,30,about,respondents,,,press,no,,\n\
    alpha,view,positive,all,all,66,exact,respondents,good;fair,,press,no,,\n\
    alpha,view,good,KR,all,45.1,exact,,,,report,yes,,\n\
    alpha,view,good,PH,all,38,exact,,,,report,yes,,\n\
    alpha,view,bad,KR,all,31,exact,,,,report,yes,,\n\
    alpha,view,bad,PH,all,29,exact,,,,report,yes,,\n\
    alpha,other,good,all,all,52,exact,respondents,,,report,yes,,\n\
    alpha,both,both,all,all,33,exact,respondents,,,press,no,,\n\
    alpha,many,one,all,all,71,exact,,,,report,yes,,\n\
    alpha,many,two,all,all,64,at_least,,,,report,yes,,\n\
    alpha,score,mean,all,all,-12.5,,,,,report,yes,,\n\
    beta,view,good,all,all,47,exact,median,,,report,yes,,\n\
    beta,view,bad,all,all,47,exact,equal_countries,,,report,yes,,\n";

/// Words that mean something somewhere, and some that don't.
const WORDS: [&str; 46] = [
    "alpha",
    "beta",
    "view",
    "other",
    "both",
    "many",
    "score",
    "good",
    "fair",
    "bad",
    "positive",
    "one",
    "two",
    "mean",
    "KR",
    "PH",
    "SG",
    "all",
    "*",
    "report",
    "press",
    "48",
    "52.0",
    "0",
    "100",
    "100.1",
    "-3",
    "≈62",
    "1e308",
    "NaN",
    "inf",
    "1,500",
    "2023",
    "2023-05",
    "2023-02-30",
    "99999999999999999999",
    "0.95",
    "95",
    "",
    " ",
    "\u{0}",
    "é",
    "한국",
    "=1+1",
    "'",
    "\"",
];
const SIGNS: [&str; 12] = [
    "/", ":", "@", "+", "-", "*", ",", "=", ";", "//", "::", "\n",
];
/// Figures that are there, or can be made.
const KNOWN: [&str; 16] = [
    "alpha/view/good",
    "alpha/view/bad",
    "alpha/view/good:KR",
    "alpha/view/good:PH",
    "alpha/view/good:*",
    "alpha/view/positive",
    "alpha/other/good",
    "alpha/both/both",
    "alpha/many/one",
    "beta/view/good",
    "beta/view/bad",
    "alpha/view/good-bad",
    "alpha/view/good-bad:KR",
    "alpha/view/good-bad:*",
    "alpha/view/good:KR+PH",
    "alpha/view/good+fair-bad",
];
const OPTIONS: [&str; 34] = [
    "-n",
    "--deff",
    "--relation",
    "--share",
    "--average",
    "--population",
    "--net",
    "--assume-n",
    "--adjust",
    "--ci",
    "--level",
    "--with",
    "--against",
    "--effects",
    "--format",
    "--json",
    "--csv",
    "--row",
    "--strict",
    "--ignore",
    "--rules",
    "--moe",
    "--percent",
    "--rounding",
    "-q",
    "same-question",
    "independent",
    "part-of",
    "panel",
    "first",
    "wald",
    "newcombe",
    "equal",
    "population",
];

pub fn small() -> Vec<(File, Vec<u8>)> {
    let files = [
        (File::Polls, POLLS),
        (File::Samples, SAMPLES),
        (File::Questions, QUESTIONS),
        (File::Figures, FIGURES),
    ];
    files
        .map(|(file, text)| (file, text.as_bytes().to_vec()))
        .into()
}

/// Words with signs between them.
pub fn words(random: &mut Random, most: usize) -> String {
    let mut text = String::new();
    for _ in 0..random.below(most + 1) {
        text += random.one(&WORDS);
        if random.chance(40) {
            text += random.one(&SIGNS);
        }
    }
    text
}

/// Something like `poll/question/r1+r2-r3:KR+PH:base@source`.
pub fn id(random: &mut Random) -> String {
    if random.chance(10) {
        return words(random, 8);
    }
    if random.chance(45) {
        return random.one(&KNOWN).to_owned();
    }
    let mut text = format!(
        "{}/{}/{}",
        random.one(&["alpha", "alpha", "beta", "*", ""]),
        random.one(&["view", "view", "other", "both", "many", "score", "*"]),
        random.one(&[
            "good", "bad", "fair", "positive", "Positive", "both", "one", "mean", "*"
        ]),
    );
    for _ in 0..random.below(3) {
        text += random.one(&["+", "-", "-", "--"]);
        text += random.one(&["good", "bad", "fair", "two", "Positive", ""]);
    }
    if random.chance(60) {
        text += ":";
        text += random.one(&[
            "KR", "PH", "KR+PH", "PH+SG+KR", "all", "*", "KR+KR", "XX", "",
        ]);
    }
    if random.chance(10) {
        text += random.one(&[":all", ":*", ":democrats", ":"]);
    }
    if random.chance(15) {
        text += random.one(&["@report", "@press", "@*", "@", "@nobody"]);
    }
    text
}

/// A command line; those that open a store open the small one.
pub fn command(random: &mut Random, folder: Option<&tempfile::TempDir>) -> Vec<String> {
    let name = random.one(&[
        "compare", "compare", "compare", "interval", "size", "summary", "list", "check", "bounds",
        "card", "schema", "chart", "add", "nothing",
    ]);
    let mut args = vec!["opine".to_owned(), name.to_owned()];
    if name == "list" {
        args.push(
            random
                .one(&["polls", "samples", "questions", "figures"])
                .to_owned(),
        );
    }
    for _ in 0..random.below(4) {
        args.push(match random.below(4) {
            0 => words(random, 3),
            1 => format!(
                "{}@{}",
                random.one(&["48", "45.5", "0", "100", "101"]),
                random.one(&["1000", "1", "0", "16168"])
            ),
            _ => id(random),
        });
    }
    for _ in 0..random.below(4) {
        args.push(random.one(&OPTIONS).to_owned());
        if random.chance(60) {
            args.push(random.one(&WORDS).to_owned());
        }
    }
    if let Some(folder) = folder
        && ["compare", "summary", "list", "check", "bounds", "card"].contains(&name)
    {
        args.push("--data".to_owned());
        args.push(folder.path().display().to_string());
    }
    args
}

/// One of the files, changed in a few places: its number, then its text.
pub fn changed_file(random: &mut Random) -> Vec<String> {
    let files = small();
    let at = random.below(files.len());
    let text = files.get(at).map_or(String::new(), |(_, bytes)| {
        String::from_utf8_lossy(bytes).into_owned()
    });
    let mut cells: Vec<String> = text.split(',').map(str::to_owned).collect();
    for _ in 0..1 + random.below(4) {
        let place = random.below(cells.len());
        if let Some(cell) = cells.get_mut(place) {
            let word = random.one(&WORDS);
            // a line's end stays, so that rows are rows
            *cell = match cell.split_once('\n') {
                Some((_, next)) => format!("{word}\n{next}"),
                None => word.to_owned(),
            };
        }
    }
    vec![at.to_string(), cells.join(",")]
}

/// A list or estimates as CSV, or any text.
pub fn list(random: &mut Random) -> String {
    let head = random.one(&[
        "label,percent,n",
        "label,response,percent,n",
        "series,date,percent,n",
        "label,year,percent",
        "country,population",
        "source,variable,level,wave,statistic,estimate,se,ci_low,ci_high,n",
        "source,variable,level,region,year,statistic,estimate,n_eff,flags,note",
        "a,b,relation,estimate,ci_low,ci_high",
    ]);
    let mut text = format!("{head}\n");
    for _ in 0..random.below(6) {
        for at in 0..head.split(',').count() {
            text += if at > 0 { "," } else { "" };
            let word = match random.below(4) {
                0 => random.one(&WORDS),
                1 => random.one(&["proportion", "mean", "2019", "2021", "R1", "R2"]),
                _ => random.one(&["0.4", "12", "40", "500", "Agree", "Disagree", "yes"]),
            };
            text += &word.replace([',', '"', '\n'], " ");
        }
        text += "\n";
    }
    if random.chance(10) {
        text += &words(random, 5);
    }
    text
}
