//! Resolves a path to the files that it leads to. The rules are in the documentation of the crate.

use std::collections::BTreeSet;

use crate::{
    modules::{Crate, Module},
    paths::{Binding, Import},
};

impl Crate {
    /// Returns the indices of the files that a path leads to when `module` writes it.
    /// `as_module` says that a last name which is a module stands for nothing else.
    pub(crate) fn targets(&self, module: usize, segments: &[String], as_module: bool) -> BTreeSet<usize> {
        let mut walk = Walk { of: self, as_module, followed: BTreeSet::new(), files: BTreeSet::new() };
        walk.path(module, segments);
        walk.files
    }

    fn module(&self, index: usize) -> &Module {
        self.modules.get(index).expect("indices of modules come from this crate")
    }

    /// Follows `crate`, `self` and `super` and returns the module where the rest of the path
    /// begins.
    fn start<'a>(&self, module: usize, segments: &'a [String]) -> (usize, &'a [String]) {
        let (mut start, mut rest) = (module, segments);
        while let [first, others @ ..] = rest {
            start = match first.as_str() {
                "crate" => 0,
                "self" => start,
                "super" => self.module(start).parent.unwrap_or(0),
                _ => break,
            };
            rest = others;
        }
        (start, rest)
    }
}

/// The search for the targets of one path.
struct Walk<'a> {
    of: &'a Crate,
    as_module: bool,
    /// The imports followed so far, by module and position. Following each only once ends the
    /// search when imports go round or when `use name::name` binds its own first segment.
    followed: BTreeSet<(usize, usize)>,
    files: BTreeSet<usize>,
}

impl Walk<'_> {
    fn path(&mut self, module: usize, segments: &[String]) {
        let (start, rest) = self.of.start(module, segments);
        self.rest(start, rest);
    }

    fn rest(&mut self, module: usize, rest: &[String]) {
        let of = self.of;
        let here = of.module(module);
        let Some((head, others)) = rest.split_first() else {
            self.files.insert(here.file);
            return;
        };
        if let Some(&child) = here.children.get(head) {
            self.rest(child, others);
            if !others.is_empty() || self.as_module {
                return;
            }
        }
        let mut imported = false;
        let imports = here.contents.imports.iter().enumerate();
        for (position, import) in imports.filter(|(_, import)| import.binds(head)) {
            imported = true;
            self.files.insert(here.file);
            if self.followed.insert((module, position)) {
                self.path(module, &[import.segments.as_slice(), others].concat());
            }
        }
        if here.contents.names.contains(head) {
            self.files.insert(here.file);
        } else if !imported && !here.children.contains_key(head) {
            self.files.insert(here.file);
            self.globs(module, head, others);
        }
    }

    /// Looks for a name that nothing in the module declares in the modules that it imports as `*`.
    fn globs(&mut self, module: usize, head: &String, others: &[String]) {
        let of = self.of;
        let imports = of.module(module).contents.imports.iter();
        for import in imports.filter(|import| import.binding == Binding::Glob) {
            if let Some(target) = of.module_at(module, &import.segments)
                && of.module(target).declares(head)
            {
                self.rest(target, &[std::slice::from_ref(head), others].concat());
            }
        }
    }
}

impl Crate {
    /// Returns the module that a path names, when it names one by `mod` declarations alone.
    fn module_at(&self, module: usize, segments: &[String]) -> Option<usize> {
        let (start, rest) = self.start(module, segments);
        rest.iter().try_fold(start, |at, name| self.module(at).children.get(name).copied())
    }
}

impl Module {
    fn declares(&self, name: &str) -> bool {
        self.children.contains_key(name)
            || self.contents.names.contains(name)
            || self.contents.imports.iter().any(|import| import.binds(name))
    }
}

impl Import {
    /// Returns whether a path begins with the name that this import binds.
    pub(crate) fn starts(&self, path: &[String]) -> bool {
        path.first().is_some_and(|first| self.binds(first))
    }

    fn binds(&self, name: &str) -> bool {
        matches!(&self.binding, Binding::Name(bound) if bound == name)
    }
}
