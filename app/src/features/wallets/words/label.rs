use crate::features::records::label_fields::LabelWords;

/// The texts of the label and note fields of a wallet.
pub(crate) const LABEL_WORDS: LabelWords = LabelWords {
    empty: "Give the wallet a label.",
    hint: "What your list calls it, such as “Cold savings”.",
    note_hint: "Sealed like the label.",
};
