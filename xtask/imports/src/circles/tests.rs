use std::path::Path;

use super::*;

/// Returns the circles of a crate whose files are given as pairs of path and text.
fn circles(files: &[(&str, &str)]) -> Vec<Circle> {
    let read = |path: &Path| {
        files.iter().find(|(name, _)| Path::new(name) == path).map(|(_, text)| (*text).to_owned())
    };
    find(&Crate::load(Path::new("lib.rs"), read).unwrap())
}

/// Returns the files of each circle.
fn files(files: &[(&str, &str)]) -> Vec<String> {
    circles(files).iter().map(|circle| circle.files.join(" ")).collect()
}

#[test]
fn a_circle_through_super_is_found_with_its_lines() {
    let found = circles(&[
        ("lib.rs", "mod a;\nmod b;\n"),
        ("a.rs", "//! First.\n\nuse super::b::B;\npub struct A(B);\n"),
        ("b.rs", "use super::a;\npub struct B;\nfn f() -> a::A { todo!() }\n"),
    ]);
    let [circle] = found.as_slice() else { panic!("{found:?}") };
    let expected = "  a.rs b.rs\n    a.rs:3 -> b.rs (super::b::B)\n    b.rs:1 -> a.rs (super::a)";
    assert_eq!(circle.to_string(), expected);
}

#[test]
fn a_circle_through_a_re_export_is_found() {
    let found = files(&[
        ("lib.rs", "mod a;\nmod b;\n"),
        ("a.rs", "mod inner;\npub use inner::Thing;\n"),
        ("a/inner.rs", "use crate::b::helper;\npub struct Thing;\n"),
        ("b.rs", "use crate::a::Thing;\npub fn helper(_: Thing) {}\n"),
    ]);
    assert_eq!(found, ["a.rs a/inner.rs b.rs"], "the re-exporting file is part of the circle");
}

#[test]
fn a_circle_through_the_front_door_is_found() {
    let found = files(&[
        ("lib.rs", "mod a;\nmod b;\npub use a::A;\npub use b::B;\n"),
        ("a.rs", "pub struct A;\n"),
        ("b.rs", "use crate::A;\npub struct B(A);\n"),
    ]);
    assert_eq!(found, ["b.rs lib.rs"]);
}

#[test]
fn a_circle_through_a_grouped_and_renamed_import_is_found() {
    let found = circles(&[
        ("lib.rs", "mod a;\nmod b;\nmod c;\n"),
        ("a.rs", "use crate::{\n    b::{B as Other, Rest},\n    c::C,\n};\npub fn f() {}\n"),
        ("b.rs", "use super::a::{self as first};\npub struct B;\npub struct Rest;\n"),
        ("c.rs", "pub struct C;\n"),
    ]);
    let [circle] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(circle.files, ["a.rs", "b.rs"]);
    assert_eq!(circle.arrows.first().map(|arrow| arrow.line), Some(2));
}

#[test]
fn a_circle_through_a_path_in_the_code_is_found() {
    for code in [
        "fn f() { crate::b::g(); }",
        "fn f() { println!(\"{}\", crate::b::g()); }",
        "fn f() { use crate::b::g; g() }",
        "#[serde(with = \"crate::b\")]\nstruct S;",
        "#[serde(with = \"crate::b::g\")]\nstruct S;",
        "struct S(Vec<crate::b::T>);",
        "use crate::b as other;\nfn f() { other::g() }",
        "macro_rules! m { () => { $crate::b::g() } }",
    ] {
        let found = files(&[
            ("lib.rs", "mod a;\nmod b;\n"),
            ("a.rs", code),
            ("b.rs", "use crate::a::anything;\npub fn g() {}\npub struct T;\n"),
        ]);
        // A name that only a macro could define counts as defined in its module.
        assert_eq!(found, ["a.rs b.rs"], "{code}");
    }
}

#[test]
fn a_parent_and_a_child_that_use_each_other_are_a_circle() {
    for parent in ["mod child;\nuse child::f;\npub struct T;\n", "mod child;\nfn g() { child::f() }\n"] {
        let found = files(&[
            ("lib.rs", "mod parent;\n"),
            ("parent.rs", parent),
            ("parent/child.rs", "use super::T;\npub fn f(_: T) {}\n"),
        ]);
        assert_eq!(found, ["parent.rs parent/child.rs"], "{parent}");
    }
}

#[test]
fn a_child_that_uses_its_parent_is_no_circle() {
    let found = files(&[
        ("lib.rs", "pub mod parent;\n"),
        ("parent.rs", "pub mod child;\npub struct T;\n"),
        ("parent/child.rs", "use super::T;\npub fn f(_: T) {}\n"),
    ]);
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn a_path_through_a_module_is_no_arrow_to_it() {
    let found = files(&[
        ("lib.rs", "mod a;\nmod b;\n"),
        ("a.rs", "pub mod inner;\nuse crate::b::f;\n"),
        ("a/inner.rs", "pub struct T;\n"),
        ("b.rs", "use crate::a::inner::T;\npub fn f(_: T) {}\n"),
    ]);
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn a_name_that_is_a_module_and_an_item_is_both_unless_it_is_used_as_a_module() {
    let with = |code: &str| {
        files(&[
            ("lib.rs", "mod a;\nmod b;\nuse a::a;\nuse b::f;\n"),
            ("a.rs", "pub fn a() {}\npub fn g() {}\n"),
            ("b.rs", code),
        ])
    };
    assert_eq!(with("use crate::a;\npub fn f() { a() }\n"), ["b.rs lib.rs"]);
    assert_eq!(with("use crate::a;\npub fn f() { a::g() }\n"), Vec::<String>::new());
}

#[test]
fn tests_and_other_crates_are_left_out() {
    let found = files(&[
        ("lib.rs", "mod a;\nmod b;\n"),
        ("a.rs", "use crate::b::B;\nuse std::fmt;\n#[cfg(test)]\nmod tests;\n#[cfg(test)]\nuse crate::b;\n"),
        ("b.rs", "use ::a::A;\npub struct B;\n#[cfg(all(test, unix))]\nmod tests { use crate::a::A; }\n"),
    ]);
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn what_is_not_only_for_tests_counts() {
    let found = files(&[
        ("lib.rs", "mod a;\nmod b;\n"),
        ("a.rs", "#[cfg(any(test, unix))]\nuse crate::b::B;\n"),
        ("b.rs", "#[cfg(not(test))]\nuse crate::a::A;\npub struct B;\n"),
    ]);
    assert_eq!(found, ["a.rs b.rs"]);
}

#[test]
fn names_are_found_behind_a_glob() {
    let found = files(&[
        ("lib.rs", "mod a;\nmod b;\n"),
        ("a.rs", "mod inner;\npub use inner::*;\n"),
        ("a/inner.rs", "use crate::b::f;\npub struct T;\n"),
        ("b.rs", "use crate::a::T;\npub fn f(_: T) {}\n"),
    ]);
    assert_eq!(found, ["a.rs a/inner.rs b.rs"]);
}

#[test]
fn separate_circles_are_separate() {
    let found = files(&[
        ("lib.rs", "mod a;\nmod b;\nmod c;\nmod d;\n"),
        ("a.rs", "use crate::b::B;\npub struct A;\n"),
        ("b.rs", "use crate::a::A;\nuse crate::c::C;\npub struct B;\n"),
        ("c.rs", "use crate::d::D;\npub struct C;\n"),
        ("d.rs", "use crate::c::C;\npub struct D;\n"),
    ]);
    assert_eq!(found, ["a.rs b.rs", "c.rs d.rs"]);
}

#[test]
fn files_in_folders_and_inline_modules_are_followed() {
    let found = files(&[
        ("lib.rs", "mod a;\nmod outer { pub mod b; pub use crate::a::A; }\n"),
        ("a/mod.rs", "use crate::outer::b::B;\npub struct A;\n"),
        ("outer/b.rs", "use super::A;\npub struct B;\n"),
    ]);
    assert_eq!(found, ["a/mod.rs lib.rs outer/b.rs"], "the inline module is part of lib.rs");
}

#[test]
fn imports_that_lead_to_themselves_end() {
    let found = files(&[
        ("lib.rs", "mod a;\nmod b;\n"),
        ("a.rs", "use qr::qr;\nuse crate::b::x;\nfn f() { qr::new() }\n"),
        ("b.rs", "pub use crate::a::x;\nfn f() { x::y::z() }\n"),
    ]);
    assert_eq!(found, ["a.rs b.rs"]);
}

#[test]
fn what_cannot_be_followed_is_an_error() {
    for text in ["mod missing;", "#[path = \"x.rs\"]\nmod x;", "fn f( {"] {
        let read = |path: &Path| (path == Path::new("lib.rs")).then(|| text.to_owned());
        assert!(Crate::load(Path::new("lib.rs"), read).is_err(), "{text}");
    }
}
