use crystallum_messages::Refusal;
use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// Translates an exception of the browser (WebAuthn Level 3, sections 5.1.3 and 5.1.4), or of
/// whatever answers in its place: only the name counts, not the class.
pub(super) fn from_error(error: &JsValue) -> Refusal {
    let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
    name.map_or(Refusal::Unsupported, |name| from_name(&name))
}

fn from_name(name: &str) -> Refusal {
    match name {
        "AbortError" | "NotAllowedError" | "TimeoutError" => Refusal::Cancelled,
        "InvalidStateError" => Refusal::Duplicate,
        "SecurityError" => Refusal::Forbidden,
        _ => Refusal::Unsupported,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_has_its_meaning() {
        assert_eq!(from_name("NotAllowedError"), Refusal::Cancelled);
        assert_eq!(from_name("TimeoutError"), Refusal::Cancelled);
        assert_eq!(from_name("InvalidStateError"), Refusal::Duplicate);
        assert_eq!(from_name("SecurityError"), Refusal::Forbidden);
        assert_eq!(from_name("ConstraintError"), Refusal::Unsupported);
    }
}
