use crystallum_messages::{SecretText, Sheet};
use leptos::{html, prelude::*, svg};

use crate::{
    browser::time,
    features::sheet::{address::recovery_address, qr, words},
    ui::{
        digits,
        icon::{Glyph, Icon},
        mark::Mark,
        words::general,
    },
};

/// The number of groups in a code.
const GROUPS: usize = 8;
/// The quiet zone around a QR code, in modules.
const QUIET: u32 = 4;

/// The sheet as a document, and the only thing that is printed. The code is written into the
/// elements and removed from them; no signal ever holds it.
#[component]
pub(super) fn Paper(sheet: Sheet) -> impl IntoView {
    let groups: [NodeRef<html::Li>; GROUPS] = std::array::from_fn(|_| NodeRef::new());
    let squares = NodeRef::<svg::Path>::new();
    let (change, made) = (sheet.change, time::format_date(time::to_js_time(sheet.created)));
    let (vault, fingerprint) = (sheet.vault.clone(), digits::group_digits(&sheet.fingerprint));
    let side = u32::from(sheet.qr.size) + 2 * QUIET;
    let secret = StoredValue::new(Some(sheet));
    Effect::new(move || {
        // All elements are mounted at the same time, so waiting for one is enough.
        let Some(squares) = squares.get() else { return };
        let Some(sheet) = secret.try_update_value(Option::take).flatten() else { return };
        for (node, group) in groups.iter().zip(&sheet.groups) {
            write(*node, group);
        }
        let path = qr::path(sheet.qr.size, sheet.qr.squares.expose(), QUIET);
        drop(squares.set_attribute("d", &path));
    });
    on_cleanup(move || {
        for node in groups {
            write(node, &SecretText::default());
        }
        if let Some(squares) = squares.try_get_untracked().flatten() {
            drop(squares.remove_attribute("d"));
        }
    });
    view! {
        <article class="sheet" aria-labelledby="sheet-heading">
            <header class="sheet__head">
                <Mark/>
                <span>{general::NAME}</span>
                <h2 id="sheet-heading">{words::PAPER}</h2>
            </header>
            <dl class="sheet__facts">
                <div><dt>{words::VAULT}</dt><dd translate="no">{vault}</dd></div>
                <div><dt>{words::MADE}</dt><dd>{made}</dd></div>
                <div><dt>{words::ADDRESS}</dt><dd translate="no">{recovery_address()}</dd></div>
            </dl>
            <div class="sheet__key">
                <ol class="sheet__code" aria-label=words::CODE translate="no">
                    {groups.map(|node| view! { <li node_ref=node></li> }).into_iter().collect_view()}
                </ol>
                <svg class="sheet__qr" viewBox=format!("0 0 {side} {side}") role="img" aria-label=words::QR>
                    <rect width=side height=side fill="#fff"></rect>
                    <path fill="#000" shape-rendering="crispEdges" node_ref=squares></path>
                </svg>
            </div>
            <dl class="sheet__facts">
                <div><dt>{words::CHANGE}</dt><dd class="number" translate="no">{change}</dd></div>
                <div><dt>{words::FINGERPRINT}</dt><dd><code translate="no">{fingerprint}</code></dd></div>
            </dl>
            <p class="sheet__warning"><Icon glyph=Glyph::Key/>{words::IS_A_KEY}</p>
            <dl class="sheet__advice">
                <div><dt>{words::HOW}</dt><dd>{words::HOW_TEXT}</dd></div>
                <div><dt>{words::WHERE}</dt><dd>{words::WHERE_TEXT}</dd></div>
                <div><dt>{words::WHERE_NOT}</dt><dd>{words::WHERE_NOT_TEXT}</dd></div>
            </dl>
        </article>
    }
}

fn write(node: NodeRef<html::Li>, text: &SecretText) {
    if let Some(node) = node.try_get_untracked().flatten() {
        node.set_text_content(Some(text.expose()));
    }
}
