/// The largest request body that the server accepts, in bytes.
pub const MAX_BODY: usize = 1_048_576;
/// The largest body of a request that carries a proof, a share or the first commit of a vault, in
/// bytes. A proof has a few kB, a new vault some ten.
pub const MAX_SMALL_BODY: usize = 131_072;
/// The largest number of changes in one commit.
pub const MAX_CHANGES: usize = 500;
/// The largest blob, in bytes: a record part of the largest size class (format, suite, salt,
/// commitment, 16384 bytes of plaintext, tag).
pub const MAX_BLOB: usize = 2 + 32 + 32 + 16_384 + 16;
/// The largest signed head, in bytes: 162 fixed bytes, two parents, two signatures.
pub const MAX_HEAD: usize = 162 + 64 + 128;
/// The largest number of commits in one page of a [`Delta`](crate::Delta).
pub const PAGE_COMMITS: usize = 500;
/// The largest sealed share, in bytes.
pub const MAX_SHARE: usize = 1_024;
/// How many earlier versions of a secret the server keeps besides the newest.
pub const KEPT_VERSIONS: usize = 10;
/// The largest number of commits that are put back at once. Each costs two signatures and some
/// writes while nobody else can write.
pub const MAX_PUT_BACK: usize = 200;
