//! The tools: each is a command of the program with the arguments that an agent needs of it.
//!
//! What an argument means and which values it takes is what the command line says of the option of that name, so that tools
//! and program can't drift apart; the columns of the rows are those of `opine schema`.

use clap::{Arg, Command, CommandFactory};
use serde_json::{Map, Value, json};

use crate::cli::Cli;
use crate::cli::schema::{Topic, entries};

/// A tool.
pub struct Tool {
    pub name: &'static str,
    pub title: &'static str,
    pub about: &'static str,
    /// The command, unless an argument of kind [`Kind::Command`] names one.
    pub command: &'static str,
    /// What stands on the command line without a name, in its order.
    pub positional: &'static [Param],
    pub options: &'static [&'static [Param]],
    /// The columns of its rows.
    pub topic: Option<Topic>,
    pub form: Form,
}

/// What comes of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A table and its rows; `output` is a file with them.
    Table,
    /// Text and rows of a command that knows no Markdown.
    Text,
    /// Diagnostics; `output` is the respondents with their weights.
    Respondents,
    /// A picture.
    Picture,
}

/// An argument of a tool: the option of that name, with a hyphen for an underscore.
pub struct Param {
    pub name: &'static str,
    pub kind: Kind,
    pub needed: bool,
    /// What it means, where it is no option.
    pub about: &'static str,
}

#[derive(Clone, Copy)]
pub enum Kind {
    Text,
    Number,
    Flag,
    /// Texts, an option each.
    List,
    /// Texts, one option with commas between.
    Joined,
    /// A file that is read.
    Input,
    /// A folder with figures.
    Store,
    /// Selectors, figures as typed, or files with a list.
    Selectors,
    /// A table as text, in the place of a file.
    Table,
    /// A file with targets, or the targets.
    Targets,
    /// A file that is written.
    Output,
    /// Which command it is: what the client says, and the words of the program.
    Command(&'static [(&'static str, &'static str)]),
    /// The arguments of another tool, whose rows are drawn.
    Rows(&'static str),
}

const fn option(name: &'static str, kind: Kind) -> Param {
    Param {
        name,
        kind,
        needed: false,
        about: "",
    }
}

const fn argument(name: &'static str, kind: Kind, about: &'static str) -> Param {
    Param {
        about,
        ..option(name, kind)
    }
}

const fn needed(name: &'static str, kind: Kind, about: &'static str) -> Param {
    Param {
        needed: true,
        ..argument(name, kind, about)
    }
}

const FILE: Param = needed(
    "file",
    Kind::Input,
    "File of respondents in the folders of the server: .csv, .sav, .dta, .parquet, .xlsx and others",
);

const READING: &[Param] = &[option("na", Kind::Joined), option("codebook", Kind::Input)];

const DESIGN: &[Param] = &[
    option("weights", Kind::Text),
    option("strata", Kind::Joined),
    option("psu", Kind::Joined),
    option("fpc", Kind::Joined),
    option("nest", Kind::Flag),
    option("lonely", Kind::Text),
    option("replicates", Kind::Text),
    option("rep_type", Kind::Text),
    option("design", Kind::Input),
];

const DATA: &[Param] = &[option("data", Kind::Store)];

const INTERVAL: &[Param] = &[option("level", Kind::Number), option("ci", Kind::Text)];

pub const TOOLS: [Tool; 11] = [
    Tool {
        name: "describe",
        title: "What there is",
        about: "Begin here. Without a file: which files the folders hold. With one: its variables, labels, answers and what \
                is missing. Numbers are unweighted counts of respondents, no estimates.",
        command: "describe",
        positional: &[argument(
            "file",
            Kind::Input,
            "File of respondents; without it, the files that there are",
        )],
        options: &[READING, &[option("all", Kind::Flag)]],
        topic: Some(Topic::Describe),
        form: Form::Table,
    },
    Tool {
        name: "design",
        title: "Who was sampled and how",
        about: "Strata, sampled units, degrees of freedom and weights of a file of respondents, and what looks wrong with \
                them. Run it before the first estimate.",
        command: "design",
        positional: &[FILE],
        options: &[DESIGN, READING],
        topic: Some(Topic::Design),
        form: Form::Table,
    },
    Tool {
        name: "estimate",
        title: "Estimates from respondents",
        about: "Shares, means, totals, ratios, quantiles of respondents with standard errors and intervals by the design of \
                the sample. Name weights, strata and psu where the file has them: without, the errors are too small. A share \
                on a base under 100 is flagged small_base: do not report it as firm.",
        command: "estimate",
        positional: &[
            FILE,
            needed(
                "items",
                Kind::List,
                "What to estimate: prop(q1), mean(x), total(y), ratio(y, x), median(y), quantile(y, 0.25, 0.5), count(), \
                 'Worried = prop(q1 in [\"Very\", \"Somewhat\"])', mean(a) - mean(b)",
            ),
        ],
        options: &[
            &[
                option("by", Kind::Joined),
                option("where", Kind::Text),
                option("net", Kind::List),
                option("without", Kind::List),
                option("pairwise", Kind::Flag),
                option("adjust", Kind::Text),
                option("missing", Kind::Text),
                option("standardise", Kind::Input),
                option("separator", Kind::Text),
                option("codes", Kind::Flag),
                option("output", Kind::Output),
            ],
            INTERVAL,
            DESIGN,
            READING,
        ],
        topic: Some(Topic::Estimate),
        form: Form::Table,
    },
    Tool {
        name: "crosstab",
        title: "Banner tables",
        about: "Questions by columns side by side, with letters for the columns that a share is higher than by more than \
                chance alone explains. A missing letter does not show that two columns are equal.",
        command: "crosstab",
        positional: &[FILE],
        options: &[
            &[
                option("rows", Kind::Joined),
                option("columns", Kind::Joined),
                option("where", Kind::Text),
                option("net", Kind::List),
                option("column_net", Kind::List),
                option("set", Kind::List),
                option("grid", Kind::List),
                option("scores", Kind::List),
                option("without", Kind::List),
                option("percent", Kind::Text),
                option("show", Kind::Joined),
                option("test", Kind::Text),
                option("against", Kind::Text),
                option("adjust", Kind::Text),
                option("alpha", Kind::Joined),
                option("pairs", Kind::Flag),
                option("missing", Kind::Text),
                option("output", Kind::Output),
            ],
            INTERVAL,
            DESIGN,
            READING,
        ],
        topic: Some(Topic::Crosstab),
        form: Form::Table,
    },
    Tool {
        name: "weight",
        title: "Weights from a raw sample",
        about: "Weights respondents to what is known of the population: rake to margins, poststratify to one variable or \
                crossing, calibrate to totals. Shows shares before and after and what unequal weights cost. With output, \
                writes the respondents with their new weights into a new file.",
        command: "weight",
        positional: &[FILE],
        options: &[
            &[
                option("rake", Kind::Targets),
                option("poststratify", Kind::Targets),
                option("calibrate", Kind::Targets),
                option("distance", Kind::Text),
                option("bounds", Kind::Joined),
                option("trim", Kind::Joined),
                option("trim_unit", Kind::Text),
                option("strict", Kind::Flag),
                option("no_answer", Kind::Text),
                option("normalise", Kind::Text),
                option("population", Kind::Number),
                option("name", Kind::Text),
                option("then", Kind::List),
                option("by", Kind::Joined),
                option("where", Kind::Text),
                option("output", Kind::Output),
            ],
            DESIGN,
            READING,
        ],
        topic: Some(Topic::Weight),
        form: Form::Respondents,
    },
    Tool {
        name: "interval",
        title: "How sure is a printed per cent",
        about: "The interval of published percentages from n and design effect, or from a printed margin of error. Give \
                percentages as they were printed: 63 stands for 62.5 to 63.5.",
        command: "interval",
        positional: &[needed(
            "percents",
            Kind::List,
            "As printed, \"63\" or \"62.5\"; with a name and their own n, \"Germany=62@1004\"",
        )],
        options: &[
            &[
                option("n", Kind::Number),
                option("deff", Kind::Number),
                option("moe", Kind::Text),
                option("moe_level", Kind::Number),
                option("population", Kind::Number),
                option("without", Kind::Text),
                option("rounding", Kind::Flag),
            ],
            INTERVAL,
        ],
        topic: Some(Topic::Interval),
        form: Form::Table,
    },
    Tool {
        name: "compare",
        title: "Is that a difference",
        about: "The difference of published figures, with its interval and a sentence that may be printed. The relation of \
                the samples decides: two answers of one question are not two polls. Do not call a gap a lead where the \
                sentence does not.",
        command: "compare",
        positional: &[needed(
            "figures",
            Kind::Selectors,
            "\"48@1000\" \"45@1200\", bare percentages with n and relation, ids of stored figures, or a file with a list",
        )],
        options: &[
            &[
                option("n", Kind::Number),
                option("deff", Kind::Number),
                option("relation", Kind::Text),
                option("share", Kind::Number),
                option("average", Kind::Text),
                option("net", Kind::List),
                option("without", Kind::List),
                option("assume_n", Kind::Number),
                option("adjust", Kind::Text),
                option("with", Kind::Text),
                option("against", Kind::Text),
                option("row", Kind::List),
            ],
            INTERVAL,
            DATA,
        ],
        topic: Some(Topic::Compare),
        form: Form::Table,
    },
    Tool {
        name: "check",
        title: "Can these figures all be true",
        about: "What is wrong in stored figures, or can’t hold together; or of a list with label, percent and n: does it add \
                up, are its nets sums, is its lead one? A finding says that something must give, not which figure is wrong.",
        command: "check",
        positional: &[
            argument(
                "selectors",
                Kind::Selectors,
                "Polls, questions or figures; or a folder with figures; or a file with a list",
            ),
            argument(
                "table",
                Kind::Table,
                "A list as CSV text, in the place of a file: label,percent,n",
            ),
        ],
        options: &[
            &[option("ignore", Kind::Joined), option("strict", Kind::Flag)],
            DATA,
        ],
        topic: Some(Topic::Check),
        form: Form::Text,
    },
    Tool {
        name: "bounds",
        title: "What the printed figures leave",
        about: "The range that a share can have if all other printed figures of its poll hold, for one that was not printed \
                or is doubted. A range, no estimate: its middle means nothing.",
        command: "bounds",
        positional: &[needed(
            "selectors",
            Kind::Selectors,
            "poll/question/response:country, printed or not",
        )],
        options: &[DATA],
        topic: Some(Topic::Bounds),
        form: Form::Table,
    },
    Tool {
        name: "figures",
        title: "Published figures",
        about: "What pollsters printed, with intervals, sources and flags; lists of what there is; a card of what is \
                disclosed about a poll and which words may be used of it.",
        command: "summary",
        positional: &[argument(
            "selectors",
            Kind::Selectors,
            "A leading part of poll/question/response:country; * stands for one part. A card needs a poll.",
        )],
        options: &[
            &[
                argument(
                    "what",
                    Kind::Command(&[
                        ("figures", "summary"),
                        ("polls", "list polls"),
                        ("samples", "list samples"),
                        ("questions", "list questions"),
                        ("card", "card"),
                    ]),
                    "Figures with intervals, a list, or the card of a poll",
                ),
                option("assume_n", Kind::Number),
                option("without", Kind::List),
            ],
            INTERVAL,
            DATA,
        ],
        topic: None,
        form: Form::Table,
    },
    Tool {
        name: "chart",
        title: "A chart",
        about: "A picture for print (PNG) with the numbers that it is drawn from: of stored figures, a file, a list, or of \
                what estimate and crosstab give. Let the title say what the figures say, and no more.",
        command: "chart dot",
        positional: &[
            argument(
                "input",
                Kind::Selectors,
                "A selector of stored figures, or a file: a list, or rows",
            ),
            argument(
                "table",
                Kind::Table,
                "A list as CSV text: label,percent,n; with date for a trend",
            ),
            argument(
                "estimate",
                Kind::Rows("estimate"),
                "Arguments of the tool estimate",
            ),
            argument(
                "crosstab",
                Kind::Rows("crosstab"),
                "Arguments of the tool crosstab",
            ),
        ],
        options: &[
            &[
                argument(
                    "kind",
                    Kind::Command(&[
                        ("dot", "chart dot"),
                        ("bar", "chart bar"),
                        ("stacked", "chart stacked"),
                        ("banner", "chart banner"),
                        ("difference", "chart difference"),
                        ("trend", "chart trend"),
                        ("polls", "chart polls"),
                    ]),
                    "dot and bar: a row a figure; stacked: answers to 100; banner: one row of a crosstab",
                ),
                option("title", Kind::Text),
                option("subtitle", Kind::Text),
                option("row", Kind::Text),
                option("diverging", Kind::Flag),
                option("width", Kind::Number),
                argument("theme", Kind::Text, "Light or dark"),
                option("without", Kind::List),
                option("output", Kind::Output),
            ],
            INTERVAL,
            DATA,
        ],
        topic: None,
        form: Form::Picture,
    },
];

impl Tool {
    pub fn params(&self) -> impl Iterator<Item = &'static Param> {
        let options = self.options.iter().flat_map(|group| group.iter());
        self.positional.iter().chain(options)
    }

    /// The words of all commands that it may be.
    fn commands(&self) -> Vec<&'static str> {
        let named = self.params().filter_map(|param| match param.kind {
            Kind::Command(commands) => Some(commands.iter().map(|(_, words)| *words)),
            _ => None,
        });
        std::iter::once(self.command)
            .chain(named.flatten())
            .collect()
    }

    /// JSON Schema of its arguments.
    pub fn input_schema(&self) -> Map<String, Value> {
        let program = Cli::command();
        let mut properties = Map::new();
        for param in self.params() {
            properties.insert(param.name.to_owned(), self.property(param, &program));
        }
        let needed: Vec<&str> = self
            .params()
            .filter(|param| param.needed)
            .map(|param| param.name)
            .collect();
        object(json!({
            "type": "object",
            "properties": properties,
            "required": needed,
            "additionalProperties": false,
        }))
    }

    fn property(&self, param: &Param, program: &Command) -> Value {
        let arg = self
            .commands()
            .into_iter()
            .find_map(|words| option_of(program, words, param.name));
        let about = match (param.about, arg) {
            ("", Some(arg)) => arg.get_help().map(ToString::to_string).unwrap_or_default(),
            (about, _) => about.to_owned(),
        };
        let mut property = object(match param.kind {
            Kind::Text | Kind::Input | Kind::Store | Kind::Table | Kind::Output => {
                json!({"type": "string"})
            }
            Kind::Number => json!({"type": "number"}),
            Kind::Flag => json!({"type": "boolean"}),
            Kind::List | Kind::Joined | Kind::Selectors => {
                json!({"type": "array", "items": {"type": "string"}})
            }
            Kind::Targets => json!({"anyOf": [
                {"type": "string", "description": "A file with the columns variable, level and target"},
                {"type": "array", "items": {"type": "object", "properties": {
                    "variable": {"type": "string"}, "level": {"type": "string"}, "target": {"type": "number"},
                }, "required": ["variable", "target"]}},
            ]}),
            Kind::Command(commands) => {
                json!({"type": "string", "enum": commands.iter().map(|(name, _)| *name).collect::<Vec<_>>()})
            }
            Kind::Rows(_) => json!({"type": "object"}),
        });
        let values: Vec<String> = match param.kind {
            Kind::Text => arg.map(possible_values).unwrap_or_default(),
            _ => Vec::new(),
        };
        if !values.is_empty() {
            property.insert("enum".to_owned(), json!(values));
        }
        property.insert("description".to_owned(), json!(about));
        Value::Object(property)
    }

    /// JSON Schema of what it answers, beside the text.
    pub fn output_schema(&self) -> Map<String, Value> {
        let texts = |about: &str| json!({"type": "array", "items": {"type": "string"}, "description": about});
        let mut columns = Map::new();
        for (name, kind, meaning) in self.topic.map(entries).unwrap_or_default() {
            // GROUP stands for a column under its own name
            if name.chars().all(|c| c.is_lowercase() || c == '_') {
                let about = format!("{kind}: {meaning}");
                columns.insert(name.to_owned(), json!({"description": about}));
            }
        }
        object(json!({
            "type": "object",
            "properties": {
                "command": {"type": "string", "description": "The command line that gives the same"},
                "rows": {"type": "array", "items": {"type": "object", "properties": columns}},
                "rows_left_out": {"type": "integer", "description": "Rows beyond the limit of the server"},
                "said": texts("What may be said of the numbers, and what may not: hand it on with them"),
                "warnings": texts("What may make the answer another than was meant"),
                "notes": texts("What was assumed or left out"),
                "findings": {"type": "boolean", "description": "Whether something is wrong in the data"},
                "written": {"type": "string", "description": "The file that was written"},
            },
            "required": ["command"],
        }))
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// The option that an argument is, of the command of those words.
fn option_of<'c>(program: &'c Command, words: &str, name: &str) -> Option<&'c Arg> {
    let mut command = program;
    for word in words.split(' ') {
        match command.find_subcommand(word) {
            Some(below) => command = below,
            None => break,
        }
    }
    let long = name.replace('_', "-");
    command.get_arguments().find(|arg| {
        arg.get_long() == Some(&long) || arg.get_short().map(String::from) == Some(long.clone())
    })
}

fn possible_values(arg: &Arg) -> Vec<String> {
    let values = arg.get_possible_values();
    values
        .iter()
        .map(|value| value.get_name().to_owned())
        .collect()
}
