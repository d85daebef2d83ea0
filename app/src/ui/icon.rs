use leptos::prelude::*;

/// The icons: 1.5-unit strokes in a 20-unit square.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Glyph {
    Add,
    Back,
    Check,
    Copy,
    Cross,
    Delete,
    Device,
    Download,
    Edit,
    Help,
    Hide,
    Key,
    Lock,
    LogOut,
    Offline,
    Passkey,
    Print,
    Reveal,
    Sealed,
    Search,
    Settings,
    Sheet,
    Shield,
    Stop,
    Sync,
    Unknown,
    Vault,
    Wallet,
    Warn,
}

impl Glyph {
    /// Returns the SVG path of the icon.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Add => "M10 4.5v11M4.5 10h11",
            Self::Back => "M12 4.5 6.5 10l5.5 5.5",
            Self::Check => "m4.5 10.5 3.5 3.5 7.5-8",
            Self::Copy => {
                "M8 7h6.5A1.5 1.5 0 0 1 16 8.5v6.5a1.5 1.5 0 0 1-1.5 1.5H8A1.5 1.5 0 0 1 6.5 15V8.5A1.5 1.5 0 0 1 8 7ZM4 12.5V5a1.5 1.5 0 0 1 1.5-1.5H13"
            }
            Self::Cross => "m5.5 5.5 9 9m0-9-9 9",
            Self::Delete => {
                "M4 5.5h12M8 5.5V4a.75.75 0 0 1 .75-.75h2.5A.75.75 0 0 1 12 4v1.5m-6.5 0 .6 10a1.5 1.5 0 0 0 1.5 1.4h4.8a1.5 1.5 0 0 0 1.5-1.4l.6-10M8.5 9v4.5m3-4.5v4.5"
            }
            Self::Device => "M4.5 4.5h11a1 1 0 0 1 1 1v7h-13v-7a1 1 0 0 1 1-1ZM2 15.5h16",
            Self::Download => "M10 3.5v9M6.5 9l3.5 3.5L13.5 9M4 16.5h12",
            Self::Edit => "m12.5 4.5 3 3L7 16H4v-3l8.5-8.5ZM10.8 6.2l3 3",
            Self::Help => {
                "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14ZM8 8.2a2 2 0 1 1 2.9 1.78c-.6.3-.9.68-.9 1.32M10 13.7h.01"
            }
            Self::Hide => {
                "m3.5 3.5 13 13M8.2 5.2A7 7 0 0 1 10 5c5 0 7.5 5 7.5 5a12 12 0 0 1-2 2.7m-3.1 1.8A7 7 0 0 1 10 15c-5 0-7.5-5-7.5-5a12 12 0 0 1 3-3.5"
            }
            Self::Key => {
                "M12.75 3.5a3.75 3.75 0 1 1-1.3 7.27L9.5 12.75H7.75v1.75H6v1.75H3.5V14l5.73-5.73A3.75 3.75 0 0 1 12.75 3.5ZM13.7 6.3h.01"
            }
            Self::Lock => {
                "M5.5 9h9a1.5 1.5 0 0 1 1.5 1.5v5a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 4 15.5v-5A1.5 1.5 0 0 1 5.5 9Zm1.25 0V6.25a3.25 3.25 0 0 1 6.5 0V9"
            }
            Self::LogOut => {
                "M8 3.5H5A1.5 1.5 0 0 0 3.5 5v10A1.5 1.5 0 0 0 5 16.5h3M12.5 6.5 16 10l-3.5 3.5M16 10H8"
            }
            Self::Offline => {
                "m3.5 3.5 13 13M6.2 7.5A4.25 4.25 0 0 0 6.5 16h8m2.3-1.7a3.5 3.5 0 0 0-2.3-6A5 5 0 0 0 8.5 5.7"
            }
            Self::Passkey => {
                "M7.5 3.5a2.75 2.75 0 1 1 0 5.5 2.75 2.75 0 0 1 0-5.5ZM2.5 16.5v-1a4 4 0 0 1 4-4h2.75M14 8.5a2.5 2.5 0 0 1 1.1 4.75v3.05L14 17.4l-1.1-1.1v-3.05A2.5 2.5 0 0 1 14 8.5ZM14 10.9h.01"
            }
            Self::Print => {
                "M6 7.5v-4h8v4M6 14H4.5A1.5 1.5 0 0 1 3 12.5V9a1.5 1.5 0 0 1 1.5-1.5h11A1.5 1.5 0 0 1 17 9v3.5a1.5 1.5 0 0 1-1.5 1.5H14M6 11.5h8v5H6z"
            }
            Self::Reveal => {
                "M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5ZM10 7.75a2.25 2.25 0 1 1 0 4.5 2.25 2.25 0 0 1 0-4.5Z"
            }
            Self::Sealed => "m10 3 6.25 3.5v7L10 17l-6.25-3.5v-7L10 3ZM3.75 6.5 10 10l6.25-3.5M10 10v7",
            Self::Search => "M9 3.5A5.5 5.5 0 1 1 9 14.5 5.5 5.5 0 0 1 9 3.5Zm4 9.5 3.5 3.5",
            Self::Settings => {
                "M3.5 6h5m4 0h4M3.5 14h2m4 0h7M10.5 4a2 2 0 1 1 0 4 2 2 0 0 1 0-4Zm-3 8a2 2 0 1 1 0 4 2 2 0 0 1 0-4Z"
            }
            Self::Sheet => {
                "M6 3.5h5.5l3.5 3.5v8a1.5 1.5 0 0 1-1.5 1.5H6A1.5 1.5 0 0 1 4.5 15V5A1.5 1.5 0 0 1 6 3.5Zm5.5 0V7H15M7.5 10h5m-5 3h3"
            }
            Self::Shield => "m10 3 6 2v5c0 3.5-2.5 6-6 7-3.5-1-6-3.5-6-7V5l6-2Zm-2.5 7 1.75 1.75L12.75 8",
            Self::Stop => "M7 3h6l4 4v6l-4 4H7l-4-4V7l4-4Zm3 3.5v4.25M10 13.4h.01",
            Self::Sync => "M16 10a6 6 0 0 1-10.5 4M4 10a6 6 0 0 1 10.5-4m.25-3v3.25H11.5M5.25 17v-3.25H8.5",
            Self::Unknown => "M5 10h.01M10 10h.01M15 10h.01",
            Self::Vault => {
                "M5 3.5h10a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2Zm5 3.25a2.75 2.75 0 1 1 0 5.5 2.75 2.75 0 0 1 0-5.5Zm0 0V5.5m0 8v-1.25m2.75-2.75H14m-8 0h1.25M5.5 15.5V17m9-1.5V17"
            }
            Self::Wallet => {
                "M15.5 7V5A1.5 1.5 0 0 0 14 3.5H5a2 2 0 0 0 0 4h10.5A1.5 1.5 0 0 1 17 9v6a1.5 1.5 0 0 1-1.5 1.5H5a2 2 0 0 1-2-2v-9M13.5 12h.01"
            }
            Self::Warn => "m10 3.5 7.25 12.5H2.75L10 3.5Zm0 5v3.5m0 2.2h.01",
        }
    }
}

/// A decorative icon. The text beside it carries the meaning.
#[component]
pub(crate) fn Icon(glyph: Glyph) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
            <path d=glyph.path()></path>
        </svg>
    }
}
