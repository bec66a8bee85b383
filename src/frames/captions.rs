use serde_json::{Value, json};

/// What is said around estimates. It travels beside the frame: in memory, and in the metadata of a Parquet file; CSV and
/// JSON carry the rows alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Captions {
    pub title: String,
    /// What is measured.
    pub subtitle: Option<String>,
    /// Paragraphs: weights, design, method, what was left out, source.
    pub foot: Vec<String>,
}

impl Captions {
    /// The key in the metadata of a Parquet file.
    pub const KEY: &str = "opine.captions";

    pub fn to_json(&self) -> String {
        json!({ "title": self.title, "subtitle": self.subtitle, "foot": self.foot }).to_string()
    }

    /// Reads them back; what another program wrote there is no captions.
    pub fn from_json(text: &str) -> Option<Captions> {
        let value: Value = serde_json::from_str(text).ok()?;
        let object = value.as_object()?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let foot = object.get("foot").and_then(Value::as_array);
        Some(Captions {
            title: object.get("title").and_then(text).unwrap_or_default(),
            subtitle: object.get("subtitle").and_then(text),
            foot: foot.into_iter().flatten().filter_map(text).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Captions;

    #[test]
    fn captions_come_back() {
        let captions = Captions {
            title: "“How worried?”".to_owned(),
            subtitle: None,
            foot: vec!["Weighted by w.".to_owned(), "Source: p.csv.".to_owned()],
        };
        assert_eq!(Captions::from_json(&captions.to_json()), Some(captions));
        assert_eq!(Captions::from_json("[1]"), None);
        assert_eq!(
            Captions::from_json("{\"foot\": 3}"),
            Some(Captions::default())
        );
    }
}
