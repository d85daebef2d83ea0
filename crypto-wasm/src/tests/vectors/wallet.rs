use crystallum_format::encoding::Encoder;
use serde_json::{Value, json};

use super::json::{array, bytes, hex, list, number, text};
use super::{Checked, File, Refusal, wallet_cases, wallet_shares};
use crate::DealtShare;
use crate::key::Key;
use crate::tests::support::{Fixed, Given};
use crate::{
    ColdRoot, Environment, RecordId, SealedPhrase, SealedShare, ShareSetId, StoreId, VaultId, WalletContext,
    WalletKey,
};

pub(super) const FILE: File = File { name: "wallet", section: "2 and 8", check, cases: wallet_cases::cases };

fn check(input: &Value) -> Checked {
    match text(&input["wallet"]) {
        "store" => Ok(store(input)),
        "dealing" => dealing(input),
        "combine" => combine(input),
        "share" => share(input),
        "phrase" => phrase(input),
        other => panic!("{other} is of wallets"),
    }
}

fn key(value: &Value) -> Key {
    Key::from_slice(&array::<32>(value)).expect("32 bytes")
}

pub(super) fn context(input: &Value) -> Result<WalletContext, Refusal> {
    Ok(WalletContext {
        vault: VaultId::new(array(&input["vault"])),
        epoch: number(&input["epoch"]),
        record: RecordId::new(array(&input["record"])),
        set: ShareSetId::new(array(&input["set"])),
        share_epoch: number(&input["share_epoch"]),
        k: number(&input["k"]),
        n: number(&input["n"]),
        environment: match number(&input["environment"]) {
            1 => Environment::Real,
            2 => Environment::Practice,
            other => panic!("{other} is an environment"),
        },
    })
}

/// Computes a store's keys step by step and compares them with the crate's own.
fn store(input: &Value) -> Value {
    let (vault, epoch) = (VaultId::new(array(&input["vault"])), number::<u32>(&input["epoch"]));
    let store = StoreId::new(array(&input["store"]));
    let derive = |name: &str| {
        let info = Encoder::new(&format!("crystallum/1/derive/{name}"))
            .field(1, vault.as_bytes())
            .field(2, &epoch.to_be_bytes())
            .field(3, store.as_bytes())
            .finish();
        key(&input["cold_root"]).expand::<32>(&info)
    };
    let (share_key, credential) = (derive("store.share"), derive("store.credential"));
    let keys = ColdRoot(key(&input["cold_root"])).store_keys(vault, epoch, store);
    assert_eq!(keys.expose_credential(), &*credential);
    let context = WalletContext { vault, epoch, ..crate::tests::support::wallet_context(2, 2) };
    let dealt = WalletKey(key(&input["cold_root"])).deal(&context, &mut Fixed::new(1)).expect("possible");
    let place = wallet_shares::place(&context, 1, &store);
    let raw = wallet_shares::sealed_share(&share_key, &place, &*dealt[0].value, &dealt[0].check);
    let raw = SealedShare::from_bytes(&raw).expect("a share");
    assert!(raw.open(&keys, &context, 1).is_ok_and(|opened| opened.value == dealt[0].value));
    json!({ "share_key": hex(*share_key), "credential": hex(*credential) })
}

fn dealing(input: &Value) -> Checked {
    let context = context(input)?;
    let drawn: Vec<u8> = list(&input["coefficients"]).iter().flat_map(bytes).collect();
    let dealt = WalletKey(key(&input["key"])).deal(&context, &mut Given(drawn))?;
    let shares: Vec<Value> = dealt.iter().map(|share| hex(*share.value)).collect();
    let check = dealt.first().map(|share| share.check).ok_or(Refusal(None))?;
    assert!(dealt.iter().all(|share| share.check == check));
    Ok(json!({ "check": hex(check), "shares": shares }))
}

fn combine(input: &Value) -> Checked {
    let context = context(input)?;
    let shares: Vec<DealtShare> = list(&input["shares"])
        .iter()
        .map(|share| DealtShare {
            context,
            index: number(&share["index"]),
            value: array::<32>(&share["value"]).into(),
            check: array(&share["check"]),
        })
        .collect();
    let combined = WalletKey::combine(&context, &shares)?;
    Ok(json!({ "key": hex(combined.key.0.expose()), "left_out": combined.left_out }))
}

fn share(input: &Value) -> Checked {
    let context = context(input)?;
    let keys = ColdRoot(key(&input["cold_root"])).store_keys(
        context.vault,
        context.epoch,
        StoreId::new(array(&input["store"])),
    );
    let share = SealedShare::from_bytes(&bytes(&input["share"]))?;
    let opened = share.open(&keys, &context, number(&input["index"]))?;
    Ok(json!({ "value": hex(*opened.value), "check": hex(opened.check), "hash": hex(share.hash()) }))
}

fn phrase(input: &Value) -> Checked {
    let sealed = SealedPhrase::from_bytes(&bytes(&input["sealed"]))?;
    let phrase = WalletKey(key(&input["key"])).open_phrase(&context(input)?, &sealed)?;
    assert_eq!(phrase.language(), crate::Language::English);
    Ok(json!({ "entropy": hex(phrase.expose_entropy()), "language": 1, "words": phrase.words() }))
}

#[test]
fn recorded() {
    FILE.run(39, 82);
}
