//! Recorded JSON of the types that cross a border. A changed name, a new type or a new variant
//! fails a test until its JSON is recorded with `UPDATE_EXPECT=1 cargo test`.

mod layout;
mod source;

use std::collections::BTreeSet;
use std::fmt::{Debug, Write};
use std::path::Path;

use expect_test::ExpectFile;
pub use expect_test::expect_file;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::layout::write_value;
use crate::source::serialized_types;

/// The JSON of one sample of each type and variant of a module.
#[derive(Default)]
pub struct Samples(Vec<(String, Value)>);

impl Samples {
    /// Adds a sample, which must be read back as it was. Its name is that of the type, or of the
    /// type and the variant with `::` between them, with a note after a space where a type has
    /// several samples.
    pub fn add<T: Serialize + DeserializeOwned + PartialEq + Debug>(&mut self, name: &str, sample: T) {
        let value = serde_json::to_value(&sample).expect("a serialized type is JSON");
        let back: T = serde_json::from_value(value.clone()).expect("JSON of ours is read back");
        assert_eq!(back, sample, "{name} is read back as something else");
        assert!(self.0.iter().all(|(known, _)| known != name), "{name} has two samples");
        self.0.push((name.to_owned(), value));
    }

    /// Compares the samples with the recorded ones.
    pub fn compare(&self, recorded: ExpectFile) {
        let mut text = String::from("{\n");
        for (at, (name, value)) in self.0.iter().enumerate() {
            let comma = if at + 1 < self.0.len() { "," } else { "" };
            writeln!(text, "  {name:?}: {}{comma}", write_value(value, 1)).expect("a text takes a line");
        }
        text.push_str("}\n");
        recorded.assert_eq(&text);
    }

    /// Returns the names of the types that have samples.
    fn types(&self) -> BTreeSet<String> {
        let name = |(name, _): &(String, Value)| {
            name.split([':', ' ']).next().map(str::to_owned).unwrap_or_default()
        };
        self.0.iter().map(name).collect()
    }
}

/// Adds one sample of every variant of an enum. It does not compile while a variant has none.
#[macro_export]
macro_rules! add_variants {
    ($samples:ident, $enum:ident { $($variant:ident => $sample:expr,)+ }) => {
        let _ = |value: &$enum| match value { $($enum::$variant { .. } => (),)+ };
        $(
            let sample: $enum = $sample;
            assert!(matches!(sample, $enum::$variant { .. }), "{sample:?} is another variant");
            $samples.add(concat!(stringify!($enum), "::", stringify!($variant)), sample);
        )+
    };
}

/// Asserts that every serialized type in a folder of sources has a sample. Each source file has the
/// samples with its name.
pub fn assert_complete(sources: &Path, modules: &[(&str, Samples)]) {
    let mut missing = Vec::new();
    for (module, types) in serialized_types(sources) {
        let samples = modules.iter().find(|(name, _)| *name == module);
        let known = samples.map(|(_, samples)| samples.types()).unwrap_or_default();
        missing.extend(types.difference(&known).map(|name| format!("{module}::{name}")));
    }
    assert!(missing.is_empty(), "no recorded JSON of {}", missing.join(", "));
}
