//! Keeps the relocations in the linked Wasm: by them `xtask/bindgen` finds out which functions and
//! data each part of the split app needs.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
}
