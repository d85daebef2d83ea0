use crystallum_messages::{PasskeyFault, Refusal};
use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// Translates an exception of the browser (WebAuthn Level 3, sections 5.1.3 and 5.1.4), or of
/// whatever answers in its place: only the members count, not the class. `excludes` says whether
/// the authenticator was to refuse because of the passkeys that it holds.
pub(super) fn from_error(error: &JsValue, excludes: bool) -> Refusal {
    let text = |name: &str| {
        Reflect::get(error, &name.into()).ok().and_then(|text| text.as_string()).unwrap_or_default()
    };
    from_texts(&text("name"), &text("message"), excludes)
}

fn from_texts(name: &str, message: &str, excludes: bool) -> Refusal {
    // Chromium: `OperationError`, "A request is already pending."
    if message.to_lowercase().contains("already pending") {
        return Refusal::Fault(PasskeyFault::Busy);
    }
    match name {
        "AbortError" | "NotAllowedError" | "TimeoutError" => Refusal::Cancelled,
        "InvalidStateError" if excludes => Refusal::Duplicate,
        "SecurityError" => Refusal::Forbidden,
        "ConstraintError" | "NotSupportedError" | "TypeError" => Refusal::Unsupported,
        // Whatever else went wrong, it says nothing about what the browser can do.
        _ => Refusal::Fault(PasskeyFault::Device),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_has_its_meaning() {
        for name in ["AbortError", "NotAllowedError", "TimeoutError"] {
            assert_eq!(from_texts(name, "", true), Refusal::Cancelled, "{name}");
        }
        assert_eq!(from_texts("SecurityError", "", true), Refusal::Forbidden);
        for name in ["ConstraintError", "NotSupportedError", "TypeError"] {
            assert_eq!(from_texts(name, "", true), Refusal::Unsupported, "{name}");
        }
        let fault = Refusal::Fault(PasskeyFault::Device);
        for name in ["UnknownError", "NotReadableError", "OperationError", "NetworkError", "Error", ""] {
            assert_eq!(from_texts(name, "The device is in a bad state.", false), fault, "{name}");
        }
    }

    #[test]
    fn only_an_authenticator_that_was_told_to_refuse_holds_a_passkey_already() {
        assert_eq!(from_texts("InvalidStateError", "", true), Refusal::Duplicate);
        assert_eq!(from_texts("InvalidStateError", "", false), Refusal::Fault(PasskeyFault::Device));
    }

    #[test]
    fn another_request_is_told_from_a_bad_device() {
        for name in ["OperationError", "NotAllowedError", "InvalidStateError", "Error"] {
            let refusal = from_texts(name, "A request is already pending.", true);
            assert_eq!(refusal, Refusal::Fault(PasskeyFault::Busy), "{name}");
        }
    }
}
