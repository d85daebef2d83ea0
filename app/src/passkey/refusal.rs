use crystallum_messages::Refusal;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DomException;

/// What the browser's refusal means (WebAuthn Level 3, sections 5.1.3 and 5.1.4).
pub(super) fn from(error: &JsValue) -> Refusal {
    error.dyn_ref::<DomException>().map_or(Refusal::Unsupported, |exception| named(&exception.name()))
}

fn named(name: &str) -> Refusal {
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
        assert_eq!(named("NotAllowedError"), Refusal::Cancelled);
        assert_eq!(named("TimeoutError"), Refusal::Cancelled);
        assert_eq!(named("InvalidStateError"), Refusal::Duplicate);
        assert_eq!(named("SecurityError"), Refusal::Forbidden);
        assert_eq!(named("ConstraintError"), Refusal::Unsupported);
    }
}
