//! The dependency graph of the packages, from `cargo metadata`.

pub(crate) mod alone;
pub(crate) mod rules;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

use crate::{
    failure::{Failure, Outcome},
    run, workspace,
    workspace::Workspace,
};

/// The dependencies of every package, those of its tests alone left out.
#[derive(Default)]
pub(crate) struct Graph {
    /// The packages of this workspace.
    members: BTreeSet<String>,
    /// The direct dependencies by the name of the package. All versions of a package are one node,
    /// since no rule distinguishes them.
    dependencies: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    /// Reads the resolved graph of the workspace, all features and targets together.
    pub(crate) fn read(workspace: &Workspace) -> Outcome<Self> {
        let mut metadata = run::cargo(&workspace.root);
        metadata.args(["metadata", "--format-version", "1", "--locked"]);
        Self::from_metadata(&run::capture(&mut metadata, "cargo metadata")?)
    }

    fn from_metadata(text: &str) -> Outcome<Self> {
        Self::from_value(&workspace::parse_json(text)?)
            .ok_or_else(|| Failure::new("cargo metadata has another shape than expected"))
    }

    fn from_value(metadata: &Value) -> Option<Self> {
        let mut names = BTreeMap::new();
        for package in metadata.get("packages")?.as_array()? {
            names.insert(package.get("id")?.as_str()?, package.get("name")?.as_str()?);
        }
        let mut graph = Self::default();
        for id in metadata.get("workspace_members")?.as_array()? {
            graph.members.insert((*names.get(id.as_str()?)?).to_owned());
        }
        for node in metadata.get("resolve")?.get("nodes")?.as_array()? {
            let from = names.get(node.get("id")?.as_str()?)?;
            let direct = graph.dependencies.entry((*from).to_owned()).or_default();
            for dependency in node.get("deps")?.as_array()? {
                let kinds = dependency.get("dep_kinds")?.as_array()?;
                if kinds.iter().any(|kind| kind.get("kind").and_then(Value::as_str) != Some("dev")) {
                    direct.insert((*names.get(dependency.get("pkg")?.as_str()?)?).to_owned());
                }
            }
        }
        Some(graph)
    }

    /// Returns whether this is a package of the workspace.
    fn is_member(&self, name: &str) -> bool {
        self.members.contains(name)
    }

    /// Returns the direct dependencies of a package.
    fn direct(&self, name: &str) -> impl Iterator<Item = &str> {
        self.dependencies.get(name).into_iter().flatten().map(String::as_str)
    }

    /// Returns the shortest path from one package to another, both included.
    fn shortest_path(&self, from: &str, to: &str) -> Option<Vec<String>> {
        let mut came_from = BTreeMap::from([(from, None)]);
        let mut queue = VecDeque::from([from]);
        while let Some(name) = queue.pop_front() {
            if name == to && name != from {
                let back = std::iter::successors(Some(name), |step| came_from.get(step).copied().flatten());
                let mut path: Vec<_> = back.map(str::to_owned).collect();
                path.reverse();
                return Some(path);
            }
            for next in self.direct(name) {
                if !came_from.contains_key(next) {
                    came_from.insert(next, Some(name));
                    queue.push_back(next);
                }
            }
        }
        None
    }
}

#[cfg(test)]
impl Graph {
    /// Creates a graph from its members and edges.
    fn from_edges(members: &[&str], dependencies: &[(&str, &[&str])]) -> Self {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self {
            members: owned(members),
            dependencies: dependencies.iter().map(|(from, to)| ((*from).to_owned(), owned(to))).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const METADATA: &str = r#"{
        "packages": [{"id": "1", "name": "app"}, {"id": "2", "name": "lib"}, {"id": "3", "name": "tester"}],
        "workspace_members": ["1"],
        "resolve": {"nodes": [
            {"id": "1", "deps": [
                {"pkg": "2", "dep_kinds": [{"kind": null}]},
                {"pkg": "3", "dep_kinds": [{"kind": "dev"}]}]},
            {"id": "2", "deps": [{"pkg": "3", "dep_kinds": [{"kind": "dev"}, {"kind": "build"}]}]},
            {"id": "3", "deps": []}]}}"#;

    #[test]
    fn needs_of_tests_alone_are_left_out() {
        let graph = Graph::from_metadata(METADATA).unwrap();
        assert!(graph.is_member("app") && !graph.is_member("lib"));
        assert_eq!(graph.direct("app").collect::<Vec<_>>(), ["lib"]);
        assert_eq!(graph.direct("lib").collect::<Vec<_>>(), ["tester"]);
    }

    #[test]
    fn other_shapes_are_refused() {
        assert!(Graph::from_metadata("{}").is_err());
        assert!(Graph::from_metadata("not json").is_err());
        assert!(Graph::from_metadata(&METADATA.replace("dep_kinds", "kinds")).is_err());
    }

    #[test]
    fn paths_are_found_through_others_and_circles() {
        let graph = Graph::from_edges(&[], &[("a", &["b"]), ("b", &["a", "c"]), ("c", &[])]);
        assert_eq!(graph.shortest_path("a", "c").unwrap(), ["a", "b", "c"]);
        assert_eq!(graph.shortest_path("c", "a"), None);
        assert_eq!(graph.shortest_path("a", "a"), None);
    }
}
