//! The graph of a crate's files and the circles in it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use crate::{line, modules::Crate, paths::Segments};

/// Files that can all reach each other.
#[derive(Debug)]
pub(crate) struct Circle {
    /// The paths of the files, sorted.
    pub(crate) files: Vec<String>,
    /// The arrows between these files.
    pub(crate) arrows: Vec<Arrow>,
}

/// An import, or a path in the code.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Arrow {
    pub(crate) from: String,
    /// The line in `from`, counted from 1.
    pub(crate) line: usize,
    pub(crate) to: String,
    /// The path as it is written.
    pub(crate) written: String,
}

/// The arrows from each file, with the first path that makes each of them.
type Graph<'a> = BTreeMap<usize, BTreeMap<usize, &'a Segments>>;

/// Returns every circle of more than one file.
pub(crate) fn find(of: &Crate) -> Vec<Circle> {
    let graph = graph(of);
    let reached: BTreeMap<usize, BTreeSet<usize>> =
        graph.keys().map(|&file| (file, reachable(&graph, file))).collect();
    let reaches = |from: usize, to: usize| reached.get(&from).is_some_and(|files| files.contains(&to));
    let mut done = BTreeSet::new();
    let mut circles = Vec::new();
    for &file in graph.keys() {
        let members: BTreeSet<usize> =
            graph.keys().copied().filter(|&other| reaches(file, other) && reaches(other, file)).collect();
        if !members.is_empty() && done.insert(members.clone()) {
            circles.push(circle(of, &graph, &members));
        }
    }
    circles
}

fn graph(of: &Crate) -> Graph<'_> {
    let mut graph = Graph::new();
    for (index, module) in of.modules.iter().enumerate() {
        let contents = &module.contents;
        let imports = contents
            .imports
            .iter()
            .map(|import| (&import.segments, contents.mentions.iter().any(|path| import.starts(path))));
        let mentions = contents.mentions.iter().map(|segments| (segments, false));
        for (segments, as_module) in imports.chain(mentions) {
            let targets = of.targets(index, segments, as_module);
            for to in targets.into_iter().filter(|&to| to != module.file) {
                graph.entry(module.file).or_default().entry(to).or_insert(segments);
            }
        }
    }
    graph
}

/// Returns the files that a file reaches by one arrow or more.
fn reachable(graph: &Graph<'_>, file: usize) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    let mut queue = vec![file];
    while let Some(next) = queue.pop() {
        let targets = graph.get(&next).into_iter().flat_map(BTreeMap::keys);
        queue.extend(targets.copied().filter(|&to| reached.insert(to)));
    }
    reached
}

fn circle(of: &Crate, graph: &Graph<'_>, members: &BTreeSet<usize>) -> Circle {
    let mut files: Vec<_> =
        members.iter().filter_map(|&file| Some(of.files.get(file)?.path.clone())).collect();
    files.sort();
    let mut arrows = Vec::new();
    for (&file, targets) in graph.iter().filter(|(file, _)| members.contains(file)) {
        for (&to, &segments) in targets.iter().filter(|(to, _)| members.contains(to)) {
            if let (Some(from), Some(to)) = (of.files.get(file), of.files.get(to)) {
                arrows.push(Arrow {
                    from: from.path.clone(),
                    line: line::of(&from.text, segments),
                    to: to.path.clone(),
                    written: segments.join("::"),
                });
            }
        }
    }
    arrows.sort_by(|a, b| (&a.from, a.line, &a.to).cmp(&(&b.from, b.line, &b.to)));
    Circle { files, arrows }
}

impl fmt::Display for Circle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "  {}", self.files.join(" "))?;
        for Arrow { from, line, to, written } in &self.arrows {
            write!(f, "\n    {from}:{line} -> {to} ({written})")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
