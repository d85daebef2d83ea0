use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Returns the names of the types in each source file of a folder that can be serialized.
pub(crate) fn serialized_types(folder: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let mut modules = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry of the folder").path();
        let module = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() {
            modules.extend(serialized_types(&path));
        } else {
            let text = fs::read_to_string(&path).expect("a source file");
            modules.insert(module.to_owned(), types_in(&text));
        }
    }
    modules
}

/// Returns the names of the public types in this source that derive or implement `Serialize`. Types
/// whose names a macro makes up are left out.
fn types_in(text: &str) -> BTreeSet<String> {
    let mut types = BTreeSet::new();
    let mut derived = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with("#[derive(") {
            derived = line.contains("Serialize");
        }
        let item = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "));
        let implemented = line.strip_prefix("impl Serialize for ");
        if let Some(item) = item.filter(|_| std::mem::take(&mut derived)).or(implemented) {
            let name = item.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next();
            types.extend(name.filter(|name| !name.is_empty()).map(str::to_owned));
        }
    }
    types
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_found_by_what_they_derive_or_implement() {
        let source = "
            #[derive(Clone, Serialize)]
            #[serde(rename_all = \"snake_case\")]
            pub enum One { A }
            #[derive(Clone)]
            pub struct Two;
            pub struct Three(Vec<u8>);
            impl Serialize for Three {}
            #[derive(Serialize)]
            pub struct $name(pub [u8; 16]);
            #[derive(Serialize, Deserialize)]
            pub(crate) enum Inner { A }
        ";
        let expected = ["One", "Three"].map(str::to_owned);
        assert_eq!(types_in(source), BTreeSet::from(expected));
    }
}
