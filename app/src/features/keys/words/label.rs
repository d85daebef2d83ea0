use crate::features::records::label_fields::LabelWords;

/// The texts of the label and note fields of a key.
pub(crate) const LABEL_WORDS: LabelWords = LabelWords {
    empty: "Give the key a label.",
    hint: "What your list calls it, such as “Binance main”.",
    note_hint: "Found by search; sealed like the rest.",
};
