//! Collects what one module declares and which paths it writes.

use std::collections::BTreeSet;

use syn::{
    Attribute, Ident, ImplItemFn, Item, ItemMod, ItemUse, LitStr, Macro, Meta, Path, Token, UseTree,
    VisRestricted, braced, bracketed,
    ext::IdentExt as _,
    parenthesized,
    parse::ParseStream,
    punctuated::Punctuated,
    token,
    visit::{self, Visit},
};

/// The segments of a path, such as `["super", "store", "open"]`.
pub(crate) type Segments = Vec<String>;

/// What one module declares and which paths it writes, its test-only items left out.
#[derive(Default)]
pub(crate) struct Contents {
    /// The child modules.
    pub(crate) children: Vec<Child>,
    /// The names of items that are defined in the module, modules and imports left out.
    pub(crate) names: BTreeSet<String>,
    /// The imports of the module, each group taken apart.
    pub(crate) imports: Vec<Import>,
    /// The paths of two and more segments in its code.
    pub(crate) mentions: Vec<Segments>,
}

/// A `mod` declaration.
pub(crate) struct Child {
    pub(crate) name: String,
    /// What is between the braces of an inline module.
    pub(crate) inline: Option<Contents>,
    /// Whether a `path` attribute chooses its file.
    pub(crate) has_path: bool,
}

/// One imported path.
pub(crate) struct Import {
    pub(crate) segments: Segments,
    pub(crate) binding: Binding,
}

/// What an import makes visible in its module.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Binding {
    /// Everything in the module (`*`).
    Glob,
    /// One name.
    Name(String),
}

impl Contents {
    /// Collects the contents of a module from its items.
    pub(crate) fn of(items: &[Item]) -> Self {
        let mut contents = Self::default();
        for item in items.iter().filter(|item| !is_test(attributes(item))) {
            match item {
                Item::Mod(child) => contents.children.push(Child::of(child)),
                Item::Use(item) => contents.imports.extend(imports(item)),
                _ => {
                    contents.names.extend(name(item).map(|ident| ident.unraw().to_string()));
                    visit::visit_item(&mut Mentions(&mut contents.mentions), item);
                }
            }
        }
        contents
    }
}

impl Child {
    fn of(child: &ItemMod) -> Self {
        Self {
            name: child.ident.unraw().to_string(),
            inline: child.content.as_ref().map(|(_, items)| Contents::of(items)),
            has_path: child.attrs.iter().any(|attribute| attribute.path().is_ident("path")),
        }
    }
}

/// Returns whether these attributes leave an item out of everything but tests.
pub(crate) fn is_test(attributes: &[Attribute]) -> bool {
    fn requires_test(condition: &Meta) -> bool {
        match condition {
            Meta::Path(path) => path.is_ident("test"),
            Meta::List(list) if list.path.is_ident("all") => list
                .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
                .is_ok_and(|conditions| conditions.iter().any(requires_test)),
            _ => false,
        }
    }
    let mut cfgs = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    cfgs.any(|cfg| cfg.parse_args::<Meta>().is_ok_and(|condition| requires_test(&condition)))
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn name(item: &Item) -> Option<&Ident> {
    match item {
        Item::Const(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        Item::Fn(item) => Some(&item.sig.ident),
        Item::Macro(item) => item.ident.as_ref(),
        Item::Static(item) => Some(&item.ident),
        Item::Struct(item) => Some(&item.ident),
        Item::Trait(item) => Some(&item.ident),
        Item::Type(item) => Some(&item.ident),
        _ => None,
    }
}

/// Takes an import apart; one that begins with `::` leads into another crate.
fn imports(item: &ItemUse) -> Vec<Import> {
    fn flatten(tree: &UseTree, prefix: &[String], imports: &mut Vec<Import>) {
        let with = |ident: &Ident| [prefix, &[ident.unraw().to_string()]].concat();
        let mut add = |ident: &Ident, bound: Option<&Ident>| {
            let segments = if ident == "self" { prefix.to_vec() } else { with(ident) };
            let own = segments.last().cloned().unwrap_or_default();
            let binding = Binding::Name(bound.map_or(own, |bound| bound.unraw().to_string()));
            imports.push(Import { segments, binding });
        };
        match tree {
            UseTree::Path(path) => flatten(&path.tree, &with(&path.ident), imports),
            UseTree::Name(name) => add(&name.ident, None),
            UseTree::Rename(name) => add(&name.ident, Some(&name.rename)),
            UseTree::Glob(_) => {
                imports.push(Import { segments: prefix.to_vec(), binding: Binding::Glob });
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, prefix, imports)),
        }
    }
    let mut found = Vec::new();
    if item.leading_colon.is_none() {
        flatten(&item.tree, &[], &mut found);
    }
    found
}

/// Collects paths from code.
struct Mentions<'a>(&'a mut Vec<Segments>);

impl<'ast> Visit<'ast> for Mentions<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_test(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        if !is_test(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.0.extend(imports(item).into_iter().map(|import| import.segments));
    }

    fn visit_path(&mut self, path: &'ast Path) {
        self.add(path);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.add(&call.path);
        // A macro's tokens always nest correctly, so the scan reaches their end.
        let _ = call.parse_body_with(|input: ParseStream<'_>| self.scan(input, false));
    }

    /// Attributes name functions in strings, such as `#[serde(with = "crate::bytes")]`.
    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if let Meta::List(list) = &attribute.meta {
            let _ = list.parse_args_with(|input: ParseStream<'_>| self.scan(input, true));
        }
    }

    /// `pub(in crate::a)` uses nothing of `a`.
    fn visit_vis_restricted(&mut self, _: &'ast VisRestricted) {}
}

impl Mentions<'_> {
    fn add(&mut self, path: &Path) {
        if path.leading_colon.is_none() && path.segments.len() > 1 {
            let segments = path.segments.iter().map(|segment| segment.ident.unraw().to_string());
            self.0.push(segments.collect());
        }
    }

    /// Collects paths from tokens that are not parsed further.
    fn scan(&mut self, input: ParseStream<'_>, in_strings: bool) -> syn::Result<()> {
        while !input.is_empty() {
            let content;
            if input.peek(Ident::peek_any) {
                let mut segments = vec![Ident::parse_any(input)?.unraw().to_string()];
                while input.peek(Token![::]) {
                    input.parse::<Token![::]>()?;
                    if !input.peek(Ident::peek_any) {
                        break;
                    }
                    segments.push(Ident::parse_any(input)?.unraw().to_string());
                }
                if segments.len() > 1 {
                    self.0.push(segments);
                }
                continue;
            } else if input.peek(LitStr) {
                let text: LitStr = input.parse()?;
                if let (true, Ok(path)) = (in_strings, text.parse::<Path>()) {
                    self.add(&path);
                }
                continue;
            } else if input.peek(token::Paren) {
                parenthesized!(content in input);
            } else if input.peek(token::Bracket) {
                bracketed!(content in input);
            } else if input.peek(token::Brace) {
                braced!(content in input);
            } else {
                input.step(|cursor| match cursor.token_tree() {
                    Some((_, rest)) => Ok(((), rest)),
                    None => Err(cursor.error("expected a token")),
                })?;
                continue;
            }
            self.scan(&content, in_strings)?;
        }
        Ok(())
    }
}
