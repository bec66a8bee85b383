//! The tool server, as a client talks to it: lines of JSON over the pipes of the real program.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};

use crate::cli::program::{Deadline, command, opine, opine_in, rows};

/// A server in a folder, greeted.
struct Client {
    _deadline: Deadline,
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    calls: u64,
}

impl Client {
    fn start(folder: &Path, args: &[&str]) -> Client {
        let args = [&["mcp"], args].concat();
        let mut child = command(folder, &args)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let input = child.stdin.take();
        let mut client = Client {
            _deadline: Deadline::new(&child),
            child,
            input,
            output,
            calls: 0,
        };
        let hello = json!({
            "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"},
        });
        let answer = client.ask("initialize", hello);
        assert_eq!(answer["result"]["serverInfo"]["name"], "opine");
        assert!(answer["result"]["capabilities"]["tools"].is_object());
        client.tell("notifications/initialized", json!({}));
        client
    }

    fn send(&mut self, line: &str) {
        let input = self.input.as_mut().unwrap();
        input.write_all(line.as_bytes()).unwrap();
        input.write_all(b"\n").unwrap();
        input.flush().unwrap();
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}).to_string());
    }

    fn request(&mut self, method: &str, params: Value) -> u64 {
        self.calls += 1;
        let id = self.calls;
        let request = json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params});
        self.send(&request.to_string());
        id
    }

    fn next(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.request(method, params);
        let answer = self.next();
        assert_eq!(answer["id"], id, "{answer}");
        answer
    }

    fn call(&mut self, tool: &str, arguments: Value) -> Value {
        let params = json!({"name": tool, "arguments": arguments});
        let answer = self.ask("tools/call", params);
        assert!(answer["result"].is_object(), "{tool} {arguments}: {answer}");
        answer["result"].clone()
    }

    /// What a call that must work answers to calculate with; whatever it says to be read has the notes in it.
    fn well(&mut self, tool: &str, arguments: Value) -> Value {
        let result = self.call(tool, arguments.clone());
        assert_eq!(result["isError"], false, "{tool} {arguments}: {result}");
        result["structuredContent"].clone()
    }

    /// The error of a call that can't be answered.
    fn refused(&mut self, tool: &str, arguments: Value) -> Value {
        let result = self.call(tool, arguments.clone());
        assert_eq!(result["isError"], true, "{tool} {arguments}: {result}");
        let error = result["structuredContent"]["error"].clone();
        let text = result["content"][0]["text"].as_str().unwrap();
        let code = error["code"].as_str().unwrap();
        assert!(text.starts_with(&format!("error {code}: ")), "{text}");
        assert!(
            !error["message"].as_str().unwrap().is_empty() && !text.contains("panicked"),
            "{text}"
        );
        error
    }

    /// Closes standard input; what is still written, and the exit code.
    fn end(mut self) -> (Vec<Value>, i32) {
        drop(self.input.take());
        let lines = (&mut self.output).lines().map(Result::unwrap);
        let rest = lines.map(|line| serde_json::from_str(&line).unwrap());
        let rest: Vec<Value> = rest.collect();
        (rest, self.child.wait().unwrap().code().unwrap_or(-1))
    }
}

/// A folder with a poll, targets and a list, beside a file that is none of the client’s business.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let polls = folder.path().join("polls");
    fs::create_dir(&polls).unwrap();
    for file in ["poll.csv", "targets.csv", "tonight.csv"] {
        fs::copy(Path::new("examples").join(file), polls.join(file)).unwrap();
    }
    fs::write(folder.path().join("secret.csv"), "name,w\nAnn,1\nBob,2\n").unwrap();
    folder
}

fn start(folder: &tempfile::TempDir) -> Client {
    Client::start(folder.path(), &["polls"])
}

fn designed(mut arguments: Value) -> Value {
    for (name, value) in [
        ("weights", json!("weight")),
        ("strata", json!(["stratum"])),
        ("psu", json!(["psu"])),
    ] {
        arguments[name] = value;
    }
    arguments
}

#[test]
fn tools_tell_what_they_take_and_give() {
    let folder = folder();
    let mut client = start(&folder);
    let tools = client.ask("tools/list", json!({}))["result"]["tools"].clone();
    let tools = tools.as_array().unwrap();
    assert_eq!(tools.len(), 11);
    for tool in tools {
        let properties = tool["inputSchema"]["properties"].as_object().unwrap();
        for (name, property) in properties {
            let about = property["description"].as_str().unwrap_or_default();
            assert!(about.len() > 3, "{} {name}: {property}", tool["name"]);
        }
        for needed in tool["inputSchema"]["required"].as_array().unwrap() {
            assert!(properties.contains_key(needed.as_str().unwrap()), "{tool}");
        }
        assert_eq!(tool["outputSchema"]["type"], "object");
        let writes = properties.contains_key("output");
        assert_eq!(tool["annotations"]["readOnlyHint"], !writes, "{tool}");
    }
    assert_eq!(client.end(), (Vec::new(), 0));
}

#[test]
fn respondents_are_described_estimated_crossed_and_weighted() {
    let folder = folder();
    let mut client = start(&folder);
    let files = client.well("describe", json!({}));
    let names: Vec<&Value> = files["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["file"])
        .collect();
    assert_eq!(names, ["poll.csv", "targets.csv", "tonight.csv"]);
    let described = client.well("describe", json!({"file": "poll.csv"}));
    assert_eq!(described["rows"][0]["variable"], "id");
    let design = client.well("design", designed(json!({"file": "poll.csv"})));
    assert_eq!(design["rows"][0]["df"], 72);

    // the rows are those of the program, and what it says goes with them
    let question = designed(json!({"file": "poll.csv", "items": ["prop(q1)"], "by": ["party"]}));
    let estimated = client.well("estimate", question);
    let line =
        "estimate poll.csv prop(q1) --by party --weights weight --strata stratum --psu psu --json";
    let words: Vec<&str> = line.split(' ').collect();
    let program = opine_in(&folder.path().join("polls"), &words, "");
    assert_eq!(estimated["rows"], json!(rows(&program)));
    let said = estimated["said"].to_string();
    assert!(said.contains("72 degrees of freedom") && said.contains("Source: poll.csv"));
    assert_eq!(
        estimated["notes"],
        json!(["without an answer, left out: 64"])
    );
    assert_eq!(
        estimated["command"],
        "opine estimate --by=party --weights=weight --strata=stratum --psu=psu poll.csv 'prop(q1)'"
    );

    let table = json!({"file": "poll.csv", "rows": ["q1"], "columns": ["party", "age"], "output": "tabs.xlsx"});
    let table = client.well("crosstab", designed(table));
    assert_eq!(table["written"], "tabs.xlsx");
    assert!(
        table["said"]
            .to_string()
            .contains("Letters: the share is higher")
    );
    assert!(folder.path().join("polls/tabs.xlsx").is_file());

    let targets = json!([
        {"variable": "sex", "level": "Female", "target": 0.51},
        {"variable": "sex", "level": "Male", "target": 0.49},
    ]);
    let weights = json!({"file": "poll.csv", "weights": "weight", "rake": targets, "output": "w.sav", "name": "raked"});
    let weights = client.well("weight", weights);
    assert!(!weights["warnings"].as_array().unwrap().is_empty());
    let by_file = json!({"file": "poll.csv", "weights": "weight", "rake": "targets.csv"});
    client.well("weight", by_file);
    let raked = json!({"file": "w.sav", "items": ["prop(sex)"], "weights": "raked"});
    let share = client.well("estimate", raked)["rows"][0]["estimate"].clone();
    assert!((share.as_f64().unwrap() - 0.51).abs() < 1e-9, "{share}");
    assert_eq!(client.end(), (Vec::new(), 0));
}

#[test]
fn published_figures_are_compared_and_checked() {
    let folder = folder();
    let mut client = start(&folder);
    let one = client.well("interval", json!({"percents": ["63"], "n": 1500}));
    assert!((one["rows"][0]["ci_low"].as_f64().unwrap() - 0.605).abs() < 0.001);
    let lead = json!({"figures": ["48", "45"], "n": 1000, "relation": "same-question"});
    let lead = client.well("compare", lead);
    assert!(
        lead["said"][0]
            .as_str()
            .unwrap()
            .contains("does not show which is higher")
    );
    let stored = client.well("figures", json!({"selectors": ["egf2023/worried"]}));
    assert_eq!(stored["rows"].as_array().unwrap().len(), 3);
    let polls = client.well(
        "figures",
        json!({"what": "polls", "selectors": ["egf2023"]}),
    );
    assert_eq!(polls["command"], "opine list polls egf2023");
    let card = client.well("figures", json!({"what": "card", "selectors": ["egf2023"]}));
    assert!(
        card["said"]
            .to_string()
            .contains("no “margin of sampling error”")
    );
    let list = "label,percent,n\nBoth,70,1000\nA,40,1000\nB,20,1000\n";
    client.well("check", json!({"table": list}));
    let strict = client.well(
        "check",
        json!({"selectors": ["egf2023/worried"], "strict": true}),
    );
    assert_eq!(
        (&strict["findings"], &strict["rows"][0]["rule"]),
        (&json!(true), &json!("net-parts"))
    );
    let left = client.well("bounds", json!({"selectors": ["egf2023/view_both/both"]}));
    assert!(left["rows"][0]["high"].as_f64().unwrap() < 0.32);
    assert_eq!(client.end(), (Vec::new(), 0));
}

#[test]
fn a_chart_is_a_picture_with_its_numbers() {
    let folder = folder();
    let mut client = start(&folder);
    let estimate = designed(json!({"file": "poll.csv", "items": ["prop(q1)"], "by": ["party"]}));
    let crosstab =
        json!({"file": "poll.csv", "rows": ["q1"], "columns": ["party"], "against": "total"});
    for arguments in [
        json!({"input": "egf2023/worried"}),
        json!({"input": "tonight.csv", "kind": "bar", "title": "Most would stay neutral"}),
        json!({"table": "label,percent,n\nYes,62,1000\nNo,38,1000\n"}),
        json!({"kind": "stacked", "estimate": estimate, "output": "q1.png"}),
        json!({"kind": "banner", "crosstab": crosstab, "row": "Very worried"}),
    ] {
        let result = client.call("chart", arguments.clone());
        assert_eq!(result["isError"], false, "{arguments}: {result}");
        assert_eq!(result["content"][0]["mimeType"], "image/png");
        // the eight bytes that a PNG begins with
        let data = result["content"][0]["data"].as_str().unwrap();
        assert!(data.starts_with("iVBORw0KGgo") && data.len().is_multiple_of(4));
        let answer = &result["structuredContent"];
        assert!(
            answer["numbers"]
                .as_str()
                .unwrap()
                .starts_with("source,variable,level")
        );
        assert!(!answer["said"].as_array().unwrap().is_empty(), "{answer}");
    }
    let png = fs::read(folder.path().join("polls/q1.png")).unwrap();
    assert!(png.starts_with(b"\x89PNG"));
    assert_eq!(client.end(), (Vec::new(), 0));
}

#[test]
fn errors_have_code_place_and_hint() {
    let folder = folder();
    let mut client = start(&folder);
    for (tool, arguments, code, place, hint) in [
        (
            "estimate",
            json!({"file": "poll.csv", "items": ["prop(q11)"]}),
            "unknown_variable",
            json!("q11"),
            json!("q1"),
        ),
        (
            "estimate",
            json!({"file": "poll.csv", "itms": []}),
            "request",
            json!("itms"),
            json!("items"),
        ),
        (
            "estimate",
            json!({"file": "poll.csv"}),
            "request",
            json!("items"),
            json!(null),
        ),
        (
            "estimate",
            json!({"file": "pol.csv", "items": ["count()"]}),
            "file",
            json!("pol.csv"),
            json!("poll.csv"),
        ),
        (
            "estimate",
            json!({"file": "poll.csv", "items": ["count()"], "ci": "wilsn"}),
            "request",
            json!("ci"),
            json!(null),
        ),
        (
            "estimate",
            json!({"file": "poll.csv", "items": ["count()"], "pairwise": "yes"}),
            "request",
            json!("pairwise"),
            json!(null),
        ),
        (
            "estimate",
            json!({"file": "poll.csv", "items": ["prop(q1"]}),
            "expression",
            json!("("),
            json!(null),
        ),
        (
            "interval",
            json!({"percents": ["163"], "n": 100}),
            "request",
            json!("percent"),
            json!(null),
        ),
        (
            "figures",
            json!({"selectors": ["egf2032"]}),
            "unknown_figure",
            json!(null),
            json!(null),
        ),
        (
            "figures",
            json!({"what": "pols"}),
            "request",
            json!("what"),
            json!("polls"),
        ),
        (
            "compare",
            json!({"figures": ["48", "45"], "n": 1000}),
            "request",
            json!(null),
            json!(null),
        ),
        (
            "weight",
            json!({"file": "poll.csv", "rake": [{"variable": "sex"}]}),
            "request",
            json!("rake"),
            json!(null),
        ),
        ("chart", json!({}), "request", json!("input"), json!(null)),
    ] {
        let error = client.refused(tool, arguments.clone());
        let parts = (&error["code"], &error["where"], &error["hint"]);
        assert_eq!(
            parts,
            (&json!(code), &place, &hint),
            "{tool} {arguments}: {error}"
        );
    }
    let unknown = client.ask("tools/call", json!({"name": "estimat", "arguments": {}}));
    assert_eq!(
        (&unknown["error"]["code"], &unknown["error"]["data"]["hint"]),
        (&json!(-32602), &json!("estimate"))
    );
    assert_eq!(client.end(), (Vec::new(), 0));
}

#[test]
fn no_file_outside_of_the_folders_is_read_or_written() {
    let folder = folder();
    let polls = folder.path().join("polls");
    let secret = folder.path().join("secret.csv");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&secret, polls.join("link.csv")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.path(), polls.join("up")).unwrap();
    assert_eq!(opine_in(folder.path(), &["init", "store"], "").code, 0);
    let mut client = start(&folder);
    let secret = secret.display().to_string();
    for outside in [
        secret.as_str(),
        "../secret.csv",
        "link.csv",
        "up/secret.csv",
        "../polls/../secret.csv",
    ] {
        for (tool, arguments) in [
            ("describe", json!({"file": outside})),
            ("estimate", json!({"file": outside, "items": ["count()"]})),
            (
                "estimate",
                json!({"file": "poll.csv", "items": ["count()"], "codebook": outside}),
            ),
            ("weight", json!({"file": "poll.csv", "rake": outside})),
            ("compare", json!({"figures": [outside]})),
            ("check", json!({"selectors": [outside]})),
            ("chart", json!({"input": outside})),
        ] {
            let error = client.refused(tool, arguments.clone());
            assert_eq!(error["code"], "outside", "{tool} {arguments}: {error}");
        }
    }
    let store = client.refused("figures", json!({"data": "../store"}));
    assert_eq!(store["code"], "outside");
    for output in ["../out.csv", "up/out.csv", "/out.csv"] {
        let arguments = json!({"file": "poll.csv", "items": ["count()"], "output": output});
        assert_eq!(client.refused("estimate", arguments)["code"], "outside");
    }
    // none that is there is replaced, and no text is an option
    let over = json!({"file": "poll.csv", "items": ["count()"], "output": "targets.csv"});
    assert_eq!(client.refused("estimate", over)["code"], "file");
    let option = json!({"file": "poll.csv", "items": ["--output=stolen.csv", "count()"]});
    assert_eq!(client.refused("estimate", option)["code"], "expression");
    let option = json!({"figures": ["--data=../store", "48@1000"]});
    client.refused("compare", option);
    assert!(!polls.join("stolen.csv").exists() && !folder.path().join("out.csv").exists());
    client.refused("describe", json!({"file": "."}));
    assert_eq!(client.end(), (Vec::new(), 0));
}

/// A poll that takes the program a while.
fn large(folder: &Path) {
    let poll = fs::read_to_string("examples/poll.csv").unwrap();
    let (head, rows) = poll.split_once('\n').unwrap();
    fs::write(
        folder.join("large.csv"),
        format!("{head}\n{}", rows.repeat(100)),
    )
    .unwrap();
}

#[test]
fn long_work_stops() {
    let folder = folder();
    large(&folder.path().join("polls"));
    let mut client = Client::start(folder.path(), &["polls", "--timeout", "0.000001"]);
    let arguments =
        json!({"file": "large.csv", "items": ["prop(q1)"], "by": ["party", "age", "region"]});
    let error = client.refused("estimate", arguments);
    assert_eq!(error["code"], "limit");
    assert!(error["message"].as_str().unwrap().contains("--timeout"));
    client.end();
}

#[test]
fn a_call_that_is_taken_back_has_no_answer() {
    let folder = folder();
    large(&folder.path().join("polls"));
    let mut client = start(&folder);
    let arguments =
        json!({"file": "large.csv", "items": ["prop(q1)"], "by": ["party", "age", "region"]});
    let taken_back = client.request(
        "tools/call",
        json!({"name": "estimate", "arguments": arguments}),
    );
    client.tell(
        "notifications/cancelled",
        json!({"requestId": taken_back, "reason": "never mind"}),
    );
    client.well("interval", json!({"percents": ["63"], "n": 1500}));
    assert_eq!(client.end(), (Vec::new(), 0));
}

#[test]
fn a_client_that_asks_for_it_hears_how_far_the_work_is() {
    let folder = folder();
    large(&folder.path().join("polls"));
    let mut client = start(&folder);
    let arguments = json!({"file": "large.csv", "items": ["prop(q1)"], "by": ["party"]});
    let call = client.request(
        "tools/call",
        json!({"name": "estimate", "arguments": arguments, "_meta": {"progressToken": "how far"}}),
    );
    let mut read = Vec::new();
    let answer = loop {
        let message = client.next();
        if message["method"] != "notifications/progress" {
            break message;
        }
        let step = &message["params"];
        assert_eq!(step["progressToken"], "how far");
        assert!(step["message"].as_str().unwrap().contains("respondents"));
        read.push(step["progress"].as_f64().unwrap());
    };
    assert_eq!(answer["id"], call);
    assert_eq!(answer["result"]["isError"], false, "{answer}");
    assert!(
        !read.is_empty() && read[0] > 0.0 && read.is_sorted_by(|a, b| a < b),
        "{read:?}"
    );
    // who does not ask is not told, and typed figures have no respondents
    client.well(
        "estimate",
        json!({"file": "large.csv", "items": ["prop(q1)"]}),
    );
    assert_eq!(client.end(), (Vec::new(), 0));
}

#[test]
fn answers_have_a_size() {
    let folder = folder();
    let mut client = Client::start(folder.path(), &["polls", "--max-rows", "3"]);
    let answer = client.well("figures", json!({"selectors": ["egf2023"]}));
    assert_eq!(answer["rows"].as_array().unwrap().len(), 3);
    let left_out = answer["rows_left_out"].as_u64().unwrap();
    assert!(left_out > 50 && answer["notes"].to_string().contains(&left_out.to_string()));
    client.end();
    let mut client = start(&folder);
    let all = client.call("figures", json!({"selectors": ["*"]}));
    let text = all["content"][0]["text"].as_str().unwrap();
    assert!(
        text.len() < 60_000 && text.contains("… cut here"),
        "{}",
        text.len()
    );
    client.end();
}

#[test]
fn garbage_is_left_alone() {
    let folder = folder();
    let mut client = start(&folder);
    for line in ["", "not json", "{\"jsonrpc\": \"2.0\"", "\u{feff}", "]]]]"] {
        client.send(line);
    }
    client.send(&json!({"jsonrpc": "2.0", "method": "notifications/of-no-kind"}).to_string());
    client.well("interval", json!({"percents": ["63"], "n": 1500}));
    // what is JSON and no request is answered as such
    client.send("{\"jsonrpc\": \"2.0\", \"id\": 77}");
    client.send("[1, 2]");
    let unknown = client.request("tools/none", json!({}));
    let answers = [client.next(), client.next(), client.next()];
    assert!(answers.iter().all(|answer| answer["error"].is_object()));
    assert!(answers.iter().any(|answer| answer["id"] == unknown));
    client.well("interval", json!({"percents": ["63"], "n": 1500}));
    assert_eq!(client.end().1, 0);
    // a client that never greets
    for input in [
        "",
        "hello\n",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}\n",
    ] {
        let run = opine_in(folder.path(), &["mcp", "polls"], input);
        assert!(
            [0, 2].contains(&run.code) && !run.err.contains("panicked"),
            "{}",
            run.err
        );
    }
}

#[test]
fn it_is_said_what_the_server_needs() {
    let nowhere = opine(&["mcp", "nowhere"]);
    assert_eq!(nowhere.code, 3);
    assert!(nowhere.err.contains("nowhere"), "{}", nowhere.err);
    for option in [["--timeout", "0"], ["--max-rows", "0"]] {
        assert_eq!(opine(&["mcp", option[0], option[1]]).code, 2);
    }
    // commands within another program have no standard input of their own
    let mut error = Vec::new();
    let streams = opine::cli::Streams::buffers(std::io::empty(), std::io::sink(), &mut error);
    let code = opine::cli::run_from(["opine", "mcp"], streams);
    assert_eq!(code, opine::cli::ExitCode::Usage);
    assert!(
        String::from_utf8(error)
            .unwrap()
            .contains("opine mcp is for agents")
    );
}
