//! An ordered map that is cloned in constant time, so that a state can be advanced beside the one
//! that is known.

use std::sync::Arc;

use crate::tree::shared_bytes;

/// A key that is compared byte by byte.
pub(crate) trait MapKey: Copy + Eq {
    /// How many bytes every key has.
    const LENGTH: usize;

    /// Returns one of the bytes. The first is the most significant.
    fn byte(&self, at: usize) -> u8;
}

/// Values by key, in the order of the keys' bytes. Clones share what they hold until one of them
/// changes it, and a change copies one path. Branches are only where keys differ (a crit-bit tree),
/// so there is one fewer than keys, whichever keys somebody has chosen.
#[derive(Clone, Debug)]
pub(crate) struct SharedMap<K, V> {
    root: Option<Node<K, V>>,
}

#[derive(Debug)]
enum Node<K, V> {
    Entry(Arc<(K, V)>),
    Branch(Arc<Branch<K, V>>),
}

#[derive(Debug)]
struct Branch<K, V> {
    /// The first bit in which the keys below differ, counted from the most significant. It is 0 on
    /// the left.
    bit: usize,
    left: Node<K, V>,
    right: Node<K, V>,
}

impl<K, V> SharedMap<K, V> {
    /// The memory of an entry with the branch that leads to it.
    pub(crate) const BYTES_OF_ENTRY: usize =
        shared_bytes(size_of::<(K, V)>()) + shared_bytes(size_of::<Branch<K, V>>());
}

impl<K: MapKey, V> SharedMap<K, V> {
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        let entry = self.root.as_ref()?.nearest(key);
        (entry.0 == *key).then_some(&entry.1)
    }

    pub(crate) fn contains(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    /// Inserts a value, or replaces the one of the same key.
    pub(crate) fn insert(&mut self, key: K, value: V) {
        let entry = Node::Entry(Arc::new((key, value)));
        match &mut self.root {
            Some(root) => {
                let bit = first_difference(&root.nearest(&key).0, &key);
                root.insert(&key, bit, entry);
            }
            root => *root = Some(entry),
        }
    }

    /// Removes a key with its value, if it is there.
    pub(crate) fn remove(&mut self, key: &K) {
        if !self.contains(key) {
            return;
        }
        match &mut self.root {
            Some(branch @ Node::Branch(_)) => branch.remove(key),
            root => *root = None,
        }
    }

    /// Iterates over all entries.
    pub(crate) fn iter(&self) -> Entries<'_, K, V> {
        Entries(self.root.iter().collect())
    }

    /// Iterates over the entries whose first `length` bytes are those of `key`.
    pub(crate) fn sharing(&self, key: &K, length: usize) -> Entries<'_, K, V> {
        let mut node = self.root.as_ref();
        while let Some(Node::Branch(branch)) = node
            && branch.bit < 8 * length
        {
            node = Some(branch.side(key));
        }
        let same = |found: &K| (0..length).all(|at| found.byte(at) == key.byte(at));
        Entries(node.filter(|node| same(&node.nearest(key).0)).into_iter().collect())
    }
}

impl<K, V> Default for SharedMap<K, V> {
    fn default() -> Self {
        Self { root: None }
    }
}

impl<K: MapKey, V> Node<K, V> {
    /// Returns the entry that shares the most bits with a key, if any does.
    fn nearest(&self, key: &K) -> &(K, V) {
        let mut node = self;
        loop {
            match node {
                Self::Entry(entry) => return entry,
                Self::Branch(branch) => node = branch.side(key),
            }
        }
    }

    /// Puts an entry where its key first differs from those below, or in place of that key.
    fn insert(&mut self, key: &K, bit: Option<usize>, entry: Self) {
        match (self, bit) {
            (Self::Branch(branch), bit) if bit.is_none_or(|bit| branch.bit < bit) => {
                Arc::make_mut(branch).side_mut(key).insert(key, bit, entry);
            }
            (node, Some(bit)) => {
                let there = node.clone();
                let (left, right) = if is_set(key, bit) { (there, entry) } else { (entry, there) };
                *node = Self::Branch(Arc::new(Branch { bit, left, right }));
            }
            (node, None) => *node = entry,
        }
    }

    /// Removes a key that is below this branch. The other side takes the branch's place.
    fn remove(&mut self, key: &K) {
        let Self::Branch(branch) = self else { return };
        if matches!(branch.side(key), Self::Entry(_)) {
            let rest = if is_set(key, branch.bit) { &branch.left } else { &branch.right };
            *self = rest.clone();
        } else {
            Arc::make_mut(branch).side_mut(key).remove(key);
        }
    }
}

impl<K, V> Clone for Node<K, V> {
    fn clone(&self) -> Self {
        match self {
            Self::Entry(entry) => Self::Entry(Arc::clone(entry)),
            Self::Branch(branch) => Self::Branch(Arc::clone(branch)),
        }
    }
}

impl<K: MapKey, V> Branch<K, V> {
    fn side(&self, key: &K) -> &Node<K, V> {
        if is_set(key, self.bit) { &self.right } else { &self.left }
    }

    fn side_mut(&mut self, key: &K) -> &mut Node<K, V> {
        if is_set(key, self.bit) { &mut self.right } else { &mut self.left }
    }
}

impl<K, V> Clone for Branch<K, V> {
    fn clone(&self) -> Self {
        #[cfg(test)]
        crate::tree::copies::add(1);
        Self { bit: self.bit, left: self.left.clone(), right: self.right.clone() }
    }
}

/// The entries below some branches, in the order of their keys.
pub(crate) struct Entries<'a, K, V>(Vec<&'a Node<K, V>>);

impl<'a, K, V> Iterator for Entries<'a, K, V> {
    type Item = (&'a K, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.0.pop()? {
                Node::Entry(entry) => return Some((&entry.0, &entry.1)),
                Node::Branch(branch) => self.0.extend([&branch.right, &branch.left]),
            }
        }
    }
}

fn first_difference<K: MapKey>(one: &K, other: &K) -> Option<usize> {
    let difference = |at: usize| (at, one.byte(at) ^ other.byte(at));
    let (at, bits) = (0..K::LENGTH).map(difference).find(|(_, bits)| *bits != 0)?;
    usize::try_from(bits.leading_zeros()).ok().map(|bit| 8 * at + bit)
}

fn is_set<K: MapKey>(key: &K, bit: usize) -> bool {
    key.byte(bit / 8) & (0x80 >> (bit % 8)) != 0
}

#[cfg(test)]
mod tests;
